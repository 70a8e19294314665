// report/rule_help.h - what a report says about a rule beside its findings.
#pragma once

#include "config/config.h"

#include <llvm/ADT/StringRef.h>

#include <string>

namespace ssot {

struct RuleHelp {
  std::string brief;    ///< one line
  std::string full;     ///< one paragraph
  std::string text;     ///< plain, with example
  std::string markdown; ///< the same as Markdown
};

RuleHelp helpFor(const Rule &rule);
/// For what the gate itself finds: unused-suppression, canonical-missing and the like.
RuleHelp helpForGateKind(llvm::StringRef kind);

} // namespace ssot
