// command/lsp.h - `ssot lsp`: the language server, on the standard input and output.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

/// \returns 0 when the client has shut the server down before it ended it, else 1.
int runLsp(const SharedOptions &shared, const LspOptions &options, Streams streams);

} // namespace ssot
