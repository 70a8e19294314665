// The work of a session: one piece after the other, and what becomes of each.
#include "lsp/session.h"

#include "lsp/uri.h"
#include "migrate/text.h"
#include "project/paths.h"
#include "project/project.h"

namespace ssot {

// --- what is done next

void EditorSession::wantAnalysis() {
  WantsAnalysis = true;
  startNext();
}

void EditorSession::wantFix(WantedFix fix) {
  std::optional<std::string> onDisk = Host.read(fix.request.path);
  std::string why = onDisk ? whyNotSaved(fix.request.path, *onDisk) : nameOf(fix.request.path) + " cannot be read";
  if (!why.empty())
    return refuse(fix.id, RpcError::RequestFailed, why);
  Waiting.push_back(std::move(fix));
  startNext();
}

/// Somebody waits for a fix; an analysis can wait, and one run serves all who asked for it until it began.
void EditorSession::startNext() {
  if (IsAnalysing || Fixing)
    return;
  if (!Waiting.empty()) {
    Fixing = std::move(Waiting.front());
    Waiting.pop_front();
    Host.start({Fixing->request, Support});
    return;
  }
  if (!WantsAnalysis)
    return;
  WantsAnalysis = false;
  IsAnalysing = true;
  if (Support.progress) {
    Token = "ssot-" + std::to_string(++Asked);
    Host.send(llvm::json::Object{{"jsonrpc", "2.0"},
                                 {"id", Token},
                                 {"method", "window/workDoneProgress/create"},
                                 {"params", llvm::json::Object{{"token", Token}}}});
  }
  Host.start({std::nullopt, Support});
}

void EditorSession::finished(const llvm::json::Object &result, const std::string &failure) {
  if (Fixing) {
    WantedFix fix = std::move(*Fixing);
    Fixing.reset();
    fixed(fix, result, failure);
  } else if (IsAnalysing) {
    IsAnalysing = false;
    endProgress();
    analysed(result, failure);
  }
  startNext();
}

// --- an analysis

void EditorSession::analysed(const llvm::json::Object &result, const std::string &failure) {
  if (!failure.empty()) // what is known stays
    return show("the analysis failed: " + failure);
  if (const llvm::json::Object *files = result.getObject("files"))
    publish(*files);
  show(textAt(result, {"problem"}).str());
  log(MessageType::Log, textAt(result, {"log"}));
}

void EditorSession::send(const std::string &uri, const llvm::json::Array &diagnostics) {
  Host.send(notification("textDocument/publishDiagnostics",
                         llvm::json::Object{{"uri", uri}, {"diagnostics", llvm::json::Array(diagnostics)}}));
}

/// Tells of each file whose diagnostics are others than before.
void EditorSession::publish(const llvm::json::Object &files) {
  std::map<std::string, PublishedFile> now;
  for (const auto &[file, list] : files)
    if (const llvm::json::Array *diagnostics = list.getAsArray())
      now[file.str()] = {clientUri(file), *diagnostics};
  for (const auto &[file, before] : Published)
    if (auto after = now.find(file); after == now.end() || after->second.uri != before.uri)
      send(before.uri, {});
  for (const auto &[file, after] : now) {
    auto before = Published.find(file);
    if (before == Published.end() || before->second.uri != after.uri || before->second.diagnostics != after.diagnostics)
      send(after.uri, after.diagnostics);
  }
  Published = std::move(now);
}

void EditorSession::log(MessageType type, llvm::StringRef text) {
  if (!text.empty())
    Host.send(notification("window/logMessage",
                           llvm::json::Object{{"type", static_cast<int>(type)}, {"message", jsonText(text)}}));
}

/// A problem is told once, and again when it is another one.
void EditorSession::show(const std::string &problem) {
  if (!problem.empty() && problem != Shown)
    Host.send(notification("window/showMessage", llvm::json::Object{{"type", static_cast<int>(MessageType::Error)},
                                                                    {"message", jsonText("ssot: " + problem)}}));
  log(MessageType::Error, problem);
  Shown = problem;
}

void EditorSession::beginProgress(llvm::StringRef token) {
  if (!IsAnalysing || token != Token || HasProgress)
    return;
  HasProgress = true;
  Host.send(notification(
      "$/progress",
      llvm::json::Object{{"token", Token},
                         {"value", llvm::json::Object{{"kind", "begin"}, {"title", "ssot analyses the project"}}}}));
}

void EditorSession::endProgress() {
  if (HasProgress)
    Host.send(notification("$/progress",
                           llvm::json::Object{{"token", Token}, {"value", llvm::json::Object{{"kind", "end"}}}}));
  HasProgress = false;
}

// --- a fix

std::string EditorSession::nameOf(llvm::StringRef path) const { return relativeTo(RealRoot, path); }

/// \returns why no edit can be made of the file's text on disk: it is open and has another one; empty: it can.
std::string EditorSession::whyNotSaved(const std::string &path, llvm::StringRef onDisk) const {
  const OpenDocument *document = Open.find(path);
  if (!document || isSaved(document->text, onDisk))
    return std::string();
  return nameOf(path) + " has unsaved changes; save it first: an edit is proven for the saved text";
}

/// \returns why the files are not what the edits were proven for; empty: they are.
std::string EditorSession::whyNotFit(const llvm::json::Array &files) {
  for (const llvm::json::Value &each : files) {
    const llvm::json::Object *file = each.getAsObject();
    std::optional<std::string> path = file ? pathOfUri(textAt(*file, {"uri"})) : std::nullopt;
    if (!path)
      return "the proof cannot be read";
    std::optional<std::string> onDisk = Host.read(*path);
    if (!onDisk || digest(*onDisk) != textAt(*file, {"digest"}))
      return nameOf(*path) + " was changed while the edit was proven; try again";
    if (std::string why = whyNotSaved(*path, *onDisk); !why.empty())
      return why;
  }
  return std::string();
}

llvm::json::Object EditorSession::workspaceEdit(const llvm::json::Array &files) const {
  llvm::json::Array documents;
  llvm::json::Object changes;
  for (const llvm::json::Value &each : files) {
    const llvm::json::Object &file = *each.getAsObject();
    std::string uri = clientUri(textAt(file, {"uri"}));
    const OpenDocument *document = Open.find(*pathOfUri(textAt(file, {"uri"})));
    const llvm::json::Array *edits = file.getArray("edits");
    if (!edits)
      continue;
    // A client drops edits of a version that it does not have any more.
    documents.push_back(llvm::json::Object{
        {"textDocument",
         llvm::json::Object{{"uri", uri},
                            {"version", document ? llvm::json::Value(document->version) : llvm::json::Value(nullptr)}}},
        {"edits", llvm::json::Array(*edits)}});
    changes[uri] = llvm::json::Array(*edits);
  }
  if (Support.documentChanges)
    return llvm::json::Object{{"documentChanges", std::move(documents)}};
  return llvm::json::Object{{"changes", std::move(changes)}};
}

void EditorSession::fixed(const WantedFix &fix, const llvm::json::Object &result, const std::string &failure) {
  if (!failure.empty())
    return refuse(fix.id, RpcError::RequestFailed, "the proof failed: " + failure);
  const llvm::json::Array *files = result.getArray("files");
  if (!files)
    return refuse(fix.id, RpcError::RequestFailed, textAt(result, {"refused"}));
  if (std::string why = whyNotFit(*files); !why.empty())
    return refuse(fix.id, RpcError::RequestFailed, why);
  llvm::json::Object edit = workspaceEdit(*files);
  if (fix.action) {
    llvm::json::Object action = *fix.action;
    action["edit"] = std::move(edit);
    Host.send(response(fix.id, std::move(action)));
    return;
  }
  Host.send(llvm::json::Object{{"jsonrpc", "2.0"},
                               {"id", "ssot-" + std::to_string(++Asked)},
                               {"method", "workspace/applyEdit"},
                               {"params", llvm::json::Object{{"label", "ssot"}, {"edit", std::move(edit)}}}});
  Host.send(response(fix.id, nullptr));
}

/// \param uri of a file without symbolic links.
std::string EditorSession::clientUri(llvm::StringRef uri) const {
  std::string path = pathOfUri(uri).value_or("");
  if (const OpenDocument *document = Open.find(path))
    return document->uri;
  std::string name = relativeTo(RealRoot, path);
  return Root == RealRoot || name == path ? uri.str() : fileUri(joined(Root, name));
}

} // namespace ssot
