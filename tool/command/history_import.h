// command/history_import.h - `ssot history import`: past commits are checked out beside the project and analysed.
//
// The rules are those of now, so that all points of a trend mean the same. The compile commands are those of now as
// well, moved to the other folder, or what --configure makes of each commit. A commit that cannot be analysed so is
// named and gets no line: nothing is guessed.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

int runHistoryImport(const SharedOptions &shared, const HistoryImportOptions &options, Streams streams);

} // namespace ssot
