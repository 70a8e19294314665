// extract/values.h - which expression a value comes from, and which variables get another one later.
#pragma once

#include "extract/clang_headers.h"

#include <llvm/ADT/DenseSet.h>

namespace ssot {

/// Strips what the compiler put around an expression and what changes nothing about where its value comes from.
const clang::Expr *bare(const clang::Expr *expression);

/// Smart pointers, optionals, std::move and the like: the value that comes out is the one that went in.
/// \returns the expression that goes in, or null when the call makes a value of its own.
const clang::Expr *passedThrough(const clang::CallExpr &call);

/// The variables and parameters that a piece of code names.
struct Changes {
  llvm::DenseSet<const clang::ValueDecl *> referenced;
  /// Those that change after their initialisation: what they hold later is not what they began with.
  llvm::DenseSet<const clang::ValueDecl *> changed;
  /// Those of them that are another object since, and not the same one in another state.
  llvm::DenseSet<const clang::ValueDecl *> assigned;
};
Changes changesIn(clang::Stmt &code);

} // namespace ssot
