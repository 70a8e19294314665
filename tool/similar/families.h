// similar/families.h - groups of definitions that are all alike, found without comparing everything with everything.
//
// Each definition is known by a few fingerprints, such as the smallest hashes of its runs of nodes. Only definitions
// that share some are compared, so the cost grows with the code and not with its square. A group grows as long as each
// of its members resembles each other one: a chain of resemblances is no family.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLExtras.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ssot {

struct LikeFamily {
  std::vector<std::size_t> members; ///< sorted
  double least = 0;                 ///< likeness of the two that are least alike
};

using Fingerprints = std::vector<std::uint64_t>;

/// Hashes of the runs of nodes and of the statements of a body, each once.
Fingerprints fingerprintsOf(const BodyShape &body);

/// What a comparison of two definitions says.
struct PairLikeness {
  double likeness = 0; ///< from 0 to 1
  double strength = 0; ///< the stronger pairs come together first
  bool joins = false;  ///< makes one group of two, unless some of their members cannot be in one
  bool keeps = false;  ///< the two can be in one group
};

/// \param prints of each definition; by these candidates are found.
/// \param compare two definitions by number.
/// \returns the groups of two and more, by their first members. The same input gives the same groups.
std::vector<LikeFamily> familiesOf(llvm::ArrayRef<Fingerprints> prints,
                                   llvm::function_ref<PairLikeness(std::size_t, std::size_t)> compare);

} // namespace ssot
