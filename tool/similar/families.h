// similar/families.h - groups of definitions that are all alike, found without comparing everything with everything.
//
// Each body is known by a few of its fingerprints, the smallest hashes of its runs of nodes. Only bodies that share
// some are compared, so the cost grows with the code and not with its square. A group grows as long as each of its
// members resembles each other one: a chain of resemblances is no family.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLExtras.h>

#include <cstddef>
#include <vector>

namespace ssot {

struct LikeFamily {
  std::vector<std::size_t> members; ///< sorted
  double least = 0;                 ///< likeness of the two that are least alike
};

/// \param bodies what each definition does; by this candidates are found.
/// \param likeness of two definitions by number, from 0 to 1.
/// \param join likeness that brings two groups together, \p keep what any two members of one have at least.
/// \returns the groups of two and more, by their first members. The same input gives the same groups.
std::vector<LikeFamily> familiesOf(llvm::ArrayRef<const BodyShape *> bodies,
                                   llvm::function_ref<double(std::size_t, std::size_t)> likeness, double join,
                                   double keep);

} // namespace ssot
