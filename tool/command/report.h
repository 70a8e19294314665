// command/report.h - `ssot report`: the bundle of documents about one run.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

int runReport(const SharedOptions &shared, const ReportOptions &options, Streams streams);

} // namespace ssot
