// judge/copies.h - copies of copies.
//
// A copy drifts, and is copied in turn. The last one may resemble what was copied first less than other code does, and
// still resemble the copy it was made from. So the search goes on from what was found, with a bar of its own: each step
// may only be small, or everything is a copy of everything in the end.
#pragma once

#include "judge/site.h"
#include "similar/likeness.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/STLFunctionalExtras.h>

#include <optional>
#include <vector>

namespace ssot {

/// What a rule may select.
template <typename Fact>
struct Candidate {
  const Fact *fact;
  std::optional<Likeness> likeness; ///< to the canonical definition, when the rule asks
};

template <typename Fact>
struct CopyOf {
  const Fact *copy = nullptr;
  Likeness likeness;
};

/// Finds what resembles a candidate that is a copy by \p least or more, then what resembles that, until nothing is
/// added.
/// \param similar the likeness to the canonical definition from which a candidate is a copy.
/// \returns for each other candidate that was found the copy that it resembles most, of the first step that found it.
template <typename Fact>
llvm::DenseMap<const Fact *, CopyOf<Fact>>
copiesOfCopies(llvm::ArrayRef<Candidate<Fact>> candidates, double similar, double least,
               llvm::function_ref<Likeness(const Fact &, const Fact &)> likenessOf) {
  std::vector<const Fact *> copies, others;
  for (const Candidate<Fact> &candidate : candidates)
    if (candidate.likeness)
      (candidate.likeness->score >= similar ? copies : others).push_back(candidate.fact);
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

/// Says in a note of \p site why likeness selected \p fact, when it did.
/// \param likeness to the canonical definition, which selects from \p least on.
template <typename Fact>
void noteLikeness(Site &site, const Fact &fact, const std::optional<Likeness> &likeness, std::optional<double> least,
                  const llvm::DenseMap<const Fact *, CopyOf<Fact>> &throughCopies) {
  if (likeness && likeness->score >= *least)
    site.notes.push_back({std::nullopt, "alike in " + describe(*likeness)});
  else if (auto through = throughCopies.find(&fact); through != throughCopies.end())
    site.notes.push_back({through->second.copy->place, "alike to this copy in " + describe(through->second.likeness)});
}

} // namespace ssot
