// migrate/verify.h - what a plan is worth: every unit that an edited file reaches is parsed again over an overlay with
// the edits in place.
//
// An edit after which something does not compile, or does something else (meaning.h), or whose place does not resolve
// to the canonical symbol, is tried in its other spellings and then taken out, with the compiler's message. What
// remains has been seen to compile as a whole.
#pragma once

#include "config/config.h"
#include "facts/facts.h"
#include "migrate/plan.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>

#include <map>
#include <string>
#include <vector>

namespace ssot {

/// One unit as it parsed, before the migration or over the overlay.
struct UnitOutcome {
  UnitFacts facts;
  std::string failure; ///< why there are no facts at all (crash, time-out); a compile error stands in the facts
};

/// Parses units, by number, with the given files (relative path to text) in place of those on disk.
using ExtractUnits = llvm::function_ref<std::vector<UnitOutcome>(llvm::ArrayRef<std::size_t>,
                                                                 const std::map<std::string, std::string> &)>;

struct Verification {
  std::vector<Edit> edits; ///< those that hold
  std::vector<Rejection> rejected;
  /// Errors that no edit could be found for. While there is one, nothing is proven.
  std::vector<std::string> unproven;
  /// The units that were parsed again, with what they say now.
  std::map<std::size_t, UnitFacts> facts;
};

/// \param before every unit as it is on disk; units that failed there judge nothing and are left alone.
/// \param rules say which names are one thing before and after.
Verification verifyEdits(std::vector<Edit> edits, const std::vector<UnitOutcome> &before, llvm::ArrayRef<Rule> rules,
                         ReadFile read, ExtractUnits extract);

} // namespace ssot
