// command/discover.h - `ssot discover`: families of duplicates that no rule names yet.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

int runDiscover(const SharedOptions &shared, const DiscoverOptions &options, Streams streams);

} // namespace ssot
