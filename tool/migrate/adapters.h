// migrate/adapters.h - duplicates that stay for outside callers, written anew: their bodies hand the work on.
//
// An adapter is derived from two signatures and never guessed: each parameter has its place in the canonical call, and
// what the call gives back is what the duplicate gave. Where that cannot be told, the duplicate stays as it is and the
// residue says why. Whether the new text is a delegating adapter is for the compiler and for the judge to say.
#pragma once

#include "migrate/plan.h"

#include <llvm/ADT/ArrayRef.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

/// A duplicate that could become an adapter: all of its edits or none.
struct DerivedAdapter {
  std::string id; ///< `Edit::adapter` of all its edits
  Place place;    ///< of the duplicate
  const Rule *rule = nullptr;
  std::vector<Edit> edits;
  /// Headers that the new bodies need, each with the file (of the index) that needs it.
  std::vector<std::pair<std::uint32_t, std::string>> headers;
  std::vector<Place> bodies; ///< what is written in them goes away
};

struct AdapterPlan {
  std::vector<DerivedAdapter> adapters;
  std::vector<Residue> residue;
  /// The duplicates that were considered, by rule and place: the residue says of them what there is to say.
  std::set<std::pair<const Rule *, Place>> considered;
};

/// What a duplicate is known by, before the migration and after it.
std::string adapterId(const Rule &rule, const Site &site, const Index &index);

/// \param refused ids of adapters that were tried already and did not hold.
AdapterPlan planAdapters(const Index &index, llvm::ArrayRef<JudgedRule> judged, const std::set<std::string> &refused,
                         ReadFile read);

} // namespace ssot
