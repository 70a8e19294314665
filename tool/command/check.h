// command/check.h - `ssot check`: analyses, reports, gates.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

int runCheck(const SharedOptions &shared, const CheckOptions &options, Streams streams);

} // namespace ssot
