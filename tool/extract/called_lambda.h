// extract/called_lambda.h - a lambda that is called where it stands, or by the variable that always holds it: what it
// does is done by who calls it.
#pragma once

#include "extract/clang_headers.h"

#include <optional>
#include <utility>

namespace ssot {

struct CalledLambda {
  const clang::LambdaExpr *lambda = nullptr;
  const clang::CompoundStmt *body = nullptr; ///< of what a generic one is made into here
  llvm::SmallVector<std::pair<const clang::ParmVarDecl *, const clang::Expr *>, 4> given; ///< with their arguments
  bool inPlace = false;

  /// \returns what it is when nothing but a value is asked for: `return value;` is all of it. Else null.
  const clang::Expr *onlyResult() const;
};

/// \param heldBy gives what a variable holds as long as it lives, or null.
/// \returns nothing where it is no such call, or where the lambda stops what it throws or runs later.
std::optional<CalledLambda> calledLambda(const clang::Expr *expression,
                                         llvm::function_ref<const clang::Expr *(const clang::ValueDecl *)> heldBy);

/// The variables that \p lambda makes for itself: `[n = next()]`.
llvm::SmallVector<const clang::VarDecl *, 2> initCaptures(const clang::LambdaExpr &lambda);

} // namespace ssot
