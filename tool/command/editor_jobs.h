// command/editor_jobs.h - what the language server does for its client: `check`, and `migrate` of one site or one file.
#pragma once

#include "command/options.h"
#include "lsp/session.h"

#include <llvm/Support/JSON.h>

namespace ssot {

/// Runs in a process of its own, with the project's folder as the current one.
/// \returns what EditorSession::finished takes.
llvm::json::Object runEditorJob(const SharedOptions &shared, const LspOptions &options, const EditorJob &job);

} // namespace ssot
