// config/path_language.h - whether one set of globs speaks of more paths than another: of paths that may come as well.
//
// A glob is a small automaton, so the question has an exact answer, with a path to show for it.
#pragma once

#include "config/pattern.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>

#include <optional>
#include <string>

namespace ssot {

struct PathSearch {
  std::optional<std::string> path; ///< a shortest one that was found
  bool exhausted = true;           ///< false: too many combinations were left to try
};

/// Looks for a path of a C++ source or header.
/// \param wanted is told which of \p globs match, in their order.
PathSearch findPath(llvm::ArrayRef<const Glob *> globs, llvm::function_ref<bool(llvm::ArrayRef<bool>)> wanted);

} // namespace ssot
