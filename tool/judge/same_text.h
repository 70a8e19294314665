// judge/same_text.h - whether two bodies do the same, shown by their statements.
//
// The comparison of steps (drift.h) finds what differs and can say so. That nothing differs takes more: each statement
// must name the same things in the same places (facts.h, StatementFact), and what is called must be the same as well.
#pragma once

#include "facts/facts.h"

#include <optional>

namespace ssot {

class BodyMemory;

/// What two bodies do not have in common.
struct FirstDifference {
  std::string text; ///< without a subject: "says something else here"
  std::optional<Place> canonical;
  std::optional<Place> duplicate;
};

/// Logging and counting, and checks for null and locks that only \p canonical has, do not count.
/// \returns nothing when \p duplicate does what \p canonical does.
std::optional<FirstDifference> firstDifference(BodyMemory &memory, const FunctionFact &canonical,
                                               const FunctionFact &duplicate);

} // namespace ssot
