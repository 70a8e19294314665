// gate/weakening.h - how the gate itself changed: what would have failed before and passes now.
//
// Two configurations are compared by what they mean. Whatever cannot be shown to be at least as strict as before is
// told: the person who answers for the file decides, not the one who wrote the change.
#pragma once

#include "config/config.h"
#include "gate/baseline.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>

#include <map>
#include <string>
#include <vector>

namespace ssot {

/// One way in which less fails than before.
struct Weakening {
  std::string rule;  ///< "gate" when it is about no rule in particular
  Mark mark;         ///< of the change, or of what is gone
  bool gone = false; ///< the mark is a place in the file as it was
  std::string message;
};

struct ChangedProject {
  std::vector<std::string> files;             ///< sources and headers as they are now, in scope or not
  std::map<std::string, std::string> renamed; ///< new name -> old name
};

/// Compares all rules, scopes, allowances and the minimum.
/// \returns what is weaker in \p now, in the order of the rules of \p before. A rule is known by its id, or, when that
/// is gone, by being the same rule under another id.
std::vector<Weakening> weakenings(const Config &before, const Config &now, const ChangedProject &project);

/// \returns the entries of \p now that \p before did not hold. When \p before is null, there was no baseline.
std::vector<Weakening> grownBaseline(const Baseline *before, const Baseline &now,
                                     llvm::function_ref<bool(llvm::StringRef)> fileExists);

/// \returns what a rule lets pass that it did not before, in words, for rules of the same kind; empty: nothing.
std::vector<std::string> weakerInBody(const RuleBody &before, const RuleBody &now);

/// \returns whether \p wide surely matches whatever \p narrow does. May be false although it does.
bool surelyCovers(const Pattern &wide, const Pattern &narrow);

} // namespace ssot
