// judge/copies.h - copies of copies.
//
// A copy drifts, and is copied in turn. The last one may resemble what was copied first less than other code does, and
// still resemble the copy it was made from. So the search goes on from what was found, with a bar of its own: each step
// may only be small, or everything is a copy of everything in the end.
#pragma once

#include "judge/site.h"
#include "similar/likeness.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLFunctionalExtras.h>

#include <vector>

namespace ssot {

template <typename Fact>
struct CopyOf {
  const Fact *copy = nullptr;
  Likeness likeness;
};

/// Finds what resembles one of \p copies by \p least or more, then what resembles that, until nothing is added.
/// \param others what may be found.
/// \returns for each of \p others that was found the copy that it resembles most, of the first step that found it.
template <typename Fact>
llvm::DenseMap<const Fact *, CopyOf<Fact>>
copiesOfCopies(std::vector<const Fact *> copies, std::vector<const Fact *> others, double least,
               llvm::function_ref<Likeness(const Fact &, const Fact &)> likenessOf) {
  llvm::DenseMap<const Fact *, CopyOf<Fact>> found;
  while (!copies.empty()) {
    std::vector<const Fact *> added, left;
    for (const Fact *other : others) {
      CopyOf<Fact> best;
      for (const Fact *copy : copies)
        if (Likeness likeness = likenessOf(*copy, *other);
            likeness.score >= least && likeness.score > best.likeness.score)
          best = {copy, likeness};
      (best.copy ? added : left).push_back(other);
      if (best.copy)
        found.try_emplace(other, best);
    }
    copies = std::move(added);
    others = std::move(left);
  }
  return found;
}

template <typename Fact>
Note noteOf(const CopyOf<Fact> &through) {
  return {through.copy->place, "alike to this copy in " + describe(through.likeness)};
}

} // namespace ssot
