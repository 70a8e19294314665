// command/registry.h - `ssot registry`: prints, writes or checks the import registry.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

int runRegistry(const SharedOptions &shared, const RegistryOptions &options, Streams streams);

} // namespace ssot
