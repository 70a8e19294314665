// command/mutation.h - `ssot rules test --mutate RULE`: what a rule finds of variants of real definitions.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

int runRulesTest(const SharedOptions &shared, const RulesTestOptions &options, Streams streams);

} // namespace ssot
