// migrate/left_edits.h - edits that were proven one by one and do not hold together with what others leave as it is.
#pragma once

#include "migrate/verify.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

struct LeftEdit {
  Edit edit;
  std::string why;
};

/// What a unit says after the edits of \p proof; what it said before when none of them reaches it.
inline const UnitFacts &factsNow(const Verification &proof, llvm::ArrayRef<UnitOutcome> before, std::size_t unit) {
  auto now = proof.facts.find(unit);
  return now == proof.facts.end() ? before[unit].facts : now->second;
}

/// The numbers of the edits between two bytes of a file as it was, but for those of includes.
inline std::vector<std::size_t> editsWithin(llvm::ArrayRef<Edit> edits, llvm::StringRef file, std::size_t begin,
                                            std::size_t end) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < edits.size(); ++i)
    if (const Edit &edit = edits[i]; edit.file == file && !edit.isInclude() && begin <= edit.begin && edit.end <= end)
      found.push_back(i);
  return found;
}

/// Takes those edits out of \p edits that \p reasons, by their numbers, says why to leave.
inline std::vector<LeftEdit> takeOut(std::vector<Edit> &edits, const std::map<std::size_t, std::string> &reasons) {
  std::vector<LeftEdit> taken;
  std::vector<Edit> rest;
  for (std::size_t i = 0; i < edits.size(); ++i)
    if (auto why = reasons.find(i); why != reasons.end())
      taken.push_back({std::move(edits[i]), why->second});
    else
      rest.push_back(std::move(edits[i]));
  edits = std::move(rest);
  return taken;
}

} // namespace ssot
