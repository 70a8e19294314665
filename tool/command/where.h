// command/where.h - `ssot where`: "is there already one?", before anyone writes a second one.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

int runWhere(const SharedOptions &shared, const WhereOptions &options, Streams streams);

} // namespace ssot
