// command/rules.h - `ssot rules`: the rules in force, and the format they are written in.
#pragma once

#include "config/config.h"

#include <llvm/Support/raw_ostream.h>

namespace ssot {

/// Prints one line a rule: id, kind, severity, description.
int runRulesList(const Config &config, llvm::raw_ostream &out);

/// Says that the rule files are sound; a configuration that was loaded is.
int runRulesValidate(const Config &config, llvm::raw_ostream &out);

/// Prints the JSON Schema of rule files.
int runRulesSchema(llvm::raw_ostream &out);

} // namespace ssot
