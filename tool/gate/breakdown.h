// gate/breakdown.h - where the violations are: by folder and by owner.
#pragma once

#include "gate/gate.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ssot {

/// Violations of rules, counted whether they are excused or not, as in the rules' compliance.
struct Tally {
  std::string name;
  std::size_t violations = 0;
  std::size_t fresh = 0; ///< those that nothing excuses
  Share files;           ///< without a violation of a rule above note, of those analysed; for folders and files
};

struct Breakdown {
  std::vector<Tally> folders; ///< sorted; each with what lies below it; "." is the project
  std::vector<Tally> files;   ///< sorted; those with a violation
  /// Of severity error only, so that they add up to what SSOT compliance lacks; sorted. Who owns a file together is one
  /// owner; `nobody` when there is none.
  std::vector<Tally> owners;
};

/// \returns the finding's owners in one string, `nobody` when there is none.
std::string ownersText(const Finding &finding);

/// \returns whether \p finding is one that its rule's compliance counts.
bool countsAgainstRule(const Finding &finding);

Breakdown breakdownOf(const Result &result);

} // namespace ssot
