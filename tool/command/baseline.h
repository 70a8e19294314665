// command/baseline.h - `ssot baseline`: writes, shrinks and merges the list of accepted violations.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

/// Writes the violations of this run; refuses when the file is there already.
int runBaselineCreate(const SharedOptions &shared, const BaselineOptions &options, Streams streams);
/// Takes new violations in and what no longer matches out.
int runBaselineUpdate(const SharedOptions &shared, const BaselineOptions &options, Streams streams);
/// Takes out what no longer matches, and adds nothing.
int runBaselinePrune(const SharedOptions &shared, const BaselineOptions &options, Streams streams);
/// Merges three baselines into the second one, as git asks of a merge driver. Exit code 2 leaves it as it is: a
/// conflict.
int runBaselineMerge(const BaselineMergeOptions &options, Streams streams);

} // namespace ssot
