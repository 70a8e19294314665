// lsp/actions.h - from diagnostics to code actions, and from a proven migration to the edit of a workspace.
//
// What an action would change is not known when it is offered: to prove it takes a parse. An action carries what it is
// for, and its edit is made when somebody picks it.
#pragma once

#include "lsp/protocol.h"
#include "migrate/journal.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/JSON.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// The command for clients that want an action's edit at once or not at all.
inline constexpr llvm::StringLiteral kFixCommand = "ssot.fix";
inline constexpr llvm::StringLiteral kFixAllKind = "source.fixAll.ssot";
/// Not below `source.fixAll`: editors run those when a file is saved.
inline constexpr llvm::StringLiteral kFixProjectKind = "source.ssot.fixProject";

/// What an action is for: one finding, all of a file, or all of the project.
struct FixRequest {
  std::string path;        ///< of the file, absolute and real
  std::string fingerprint; ///< of the finding; empty: all of the file
  bool ofProject = false;  ///< all there is
};

/// \param data of an action, or the argument of the command.
std::optional<FixRequest> fixRequestOf(const llvm::json::Object &data);

/// What `textDocument/codeAction` asks for.
struct ActionQuestion {
  std::string uri; ///< as the client writes it
  EditorRange range;
  std::vector<std::string> only; ///< kinds; empty: all
};

ActionQuestion actionQuestionOf(const llvm::json::Object &parameters);

/// \param diagnostics of the file, as they were published.
llvm::json::Array codeActions(const llvm::json::Array &diagnostics, const ActionQuestion &question,
                              const ClientSupport &support);

/// What a proof came to: the edits of each file and a digest of the text that they are for. Refused when an editor
/// cannot hold a file as it is.
llvm::json::Object provenFix(llvm::ArrayRef<FileChange> changes, const std::string &root, const ClientSupport &support);
llvm::json::Object refusedFix(llvm::StringRef why);

} // namespace ssot
