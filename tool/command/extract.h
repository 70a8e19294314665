// command/extract.h - `ssot extract`: the map step alone, for build systems and clusters.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

int runExtract(const SharedOptions &shared, const ExtractOptions &options, Streams streams);

} // namespace ssot
