// command/examples.h - `ssot rules test`: whether rules find in annotated examples what is marked there, and nothing
// else.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

int runRulesExamples(const SharedOptions &shared, const RulesTestOptions &options, Streams streams);

} // namespace ssot
