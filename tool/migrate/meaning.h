// migrate/meaning.h - an edit that compiles may still change what the program does.
//
// The new function may have other defaults, take or give another type, so that a number is cut off on the way or a
// temporary is made. What each unit says of the conversions at the uses of what moves is compared before and after.
#pragma once

#include "config/config.h"
#include "facts/facts.h"
#include "gate/gate.h"
#include "migrate/plan.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringRef.h>

#include <string>
#include <vector>

namespace ssot {

/// The flag of a diagnostic that says what differs.
inline constexpr char kBehaviourDiffers[] = "behaviour-differs";

class MeaningGuard {
public:
  explicit MeaningGuard(llvm::ArrayRef<Rule> rules);
  explicit MeaningGuard(llvm::ArrayRef<JudgedRule> rules);

  /// \param edits those that \p after was parsed with, sorted by file and place.
  /// \returns what is converted or left to a default otherwise than before, each at its place in the edited file.
  std::vector<DiagnosticFact> differences(const UnitFacts &before, const UnitFacts &after,
                                          llvm::ArrayRef<Edit> edits) const;

  /// \p text with the old names in it as the new ones, and all without what qualifies them.
  std::string renamed(llvm::StringRef text) const;

private:
  void add(const Rule &rule);

  llvm::StringMap<std::string> New; ///< old name -> new name
};

} // namespace ssot
