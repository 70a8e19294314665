#include "lsp/session.h"

#include "lsp/uri.h"
#include "project/paths.h"

#include <llvm/ADT/StringSwitch.h>

namespace ssot {

namespace {

/// The folder that the client works in; empty when it names none.
std::string rootOf(const llvm::json::Object &parameters) {
  const llvm::json::Array *folders = parameters.getArray("workspaceFolders");
  const llvm::json::Object *first = folders && !folders->empty() ? folders->front().getAsObject() : nullptr;
  llvm::StringRef uri = first ? textAt(*first, {"uri"}) : "";
  if (uri.empty())
    uri = textAt(parameters, {"rootUri"});
  return uri.empty() ? textAt(parameters, {"rootPath"}).str() : pathOfUri(uri).value_or("");
}

llvm::json::Object capabilities(const ClientSupport &support) {
  constexpr int kWholeText = 1;
  return llvm::json::Object{
      {"positionEncoding", support.encoding == PositionEncoding::Utf8 ? "utf-8" : "utf-16"},
      {"textDocumentSync", llvm::json::Object{{"openClose", true},
                                              {"change", kWholeText},
                                              {"save", llvm::json::Object{{"includeText", false}}}}},
      {"codeActionProvider",
       llvm::json::Object{{"codeActionKinds", llvm::json::Array{"quickfix", kFixAllKind, kFixProjectKind}},
                          {"resolveProvider", true}}},
      {"executeCommandProvider", llvm::json::Object{{"commands", llvm::json::Array{kFixCommand}}}}};
}

/// The files whose changes outside of the editor change what is found.
llvm::json::Object watched(const std::string &id) {
  llvm::json::Array watchers;
  for (const char *pattern :
       {"**/*.{h,hh,hpp,hxx,inc,inl,ipp,c,cc,cpp,cxx,c++}", "**/.ssot.yaml", "**/compile_commands.json"})
    watchers.push_back(llvm::json::Object{{"globPattern", pattern}});
  return llvm::json::Object{
      {"jsonrpc", "2.0"},
      {"id", id},
      {"method", "client/registerCapability"},
      {"params", llvm::json::Object{{"registrations", llvm::json::Array{llvm::json::Object{
                                                          {"id", "ssot-files"},
                                                          {"method", "workspace/didChangeWatchedFiles"},
                                                          {"registerOptions",
                                                           llvm::json::Object{{"watchers", std::move(watchers)}}}}}}}}};
}

} // namespace

void EditorSession::receive(const Frame &frame) {
  if (!frame.problem.empty())
    return refuse(nullptr, RpcError::Parse, frame.problem);
  llvm::Expected<llvm::json::Value> message = llvm::json::parse(frame.content);
  if (!message)
    return refuse(nullptr, RpcError::Parse, llvm::toString(message.takeError()));
  const llvm::json::Object *object = message->getAsObject();
  if (!object)
    return refuse(nullptr, RpcError::InvalidRequest, "a message is an object");
  dispatch(*object);
}

void EditorSession::dispatch(const llvm::json::Object &message) {
  std::optional<llvm::StringRef> method = message.getString("method");
  const llvm::json::Value *id = message.get("id");
  const llvm::json::Object *given = message.getObject("params");
  const llvm::json::Object &parameters = given ? *given : NoParameters;
  if (method && id)
    return request(*id, *method, parameters);
  if (method)
    return notify(*method, parameters);
  if (!id)
    return refuse(nullptr, RpcError::InvalidRequest, "a message has a method or an id");
  // An answer of the client: of all that it is asked, only whether it shows progress matters.
  if (!message.get("error"))
    beginProgress(id->getAsString().value_or(""));
}

void EditorSession::request(const llvm::json::Value &id, llvm::StringRef method, const llvm::json::Object &parameters) {
  if (Now == Stage::Started && method != "initialize")
    return refuse(id, RpcError::ServerNotInitialized, "the first request is 'initialize'");
  if (Now == Stage::ShutDown)
    return refuse(id, RpcError::InvalidRequest, "the server is shut down; only 'exit' may follow");
  if (method == "initialize")
    return initialize(id, parameters);
  if (method == "shutdown")
    return shutDown(id);
  if (method == "textDocument/codeAction")
    return actions(id, parameters);
  if (method == "codeAction/resolve")
    return resolve(id, parameters);
  if (method == "workspace/executeCommand")
    return execute(id, parameters);
  refuse(id, RpcError::MethodNotFound, ("there is no method '" + method + "'").str());
}

void EditorSession::notify(llvm::StringRef method, const llvm::json::Object &parameters) {
  if (method == "exit") {
    Host.stop();
    Code = Now == Stage::ShutDown ? 0 : 1;
    return;
  }
  if (Now != Stage::Initialized)
    return;
  if (method == "initialized")
    initialized();
  else if (method == "textDocument/didOpen")
    opened(parameters);
  else if (method == "textDocument/didChange")
    Open.change(parameters);
  else if (method == "textDocument/didClose")
    Open.close(parameters);
  else if (method == "textDocument/didSave" || method == "workspace/didChangeWatchedFiles")
    wantAnalysis();
  else if (method == "$/cancelRequest")
    cancel(parameters);
}

void EditorSession::initialize(const llvm::json::Value &id, const llvm::json::Object &parameters) {
  if (Now != Stage::Started)
    return refuse(id, RpcError::InvalidRequest, "the server is initialized already");
  Root = rootOf(parameters);
  if (std::string why = Host.enter(Root); !why.empty())
    return refuse(id, RpcError::InvalidParams, why);
  if (Root.empty())
    Root = currentDirectory();
  RealRoot = realOrNormalised(Root);
  if (const llvm::json::Object *client = parameters.getObject("capabilities"))
    Support = supportOf(*client);
  Now = Stage::Initialized;
  Host.send(
      response(id, llvm::json::Object{{"capabilities", capabilities(Support)},
                                      {"serverInfo", llvm::json::Object{{"name", "ssot"}, {"version", Version}}}}));
}

void EditorSession::initialized() {
  if (Support.watchesFiles)
    Host.send(watched("ssot-" + std::to_string(++Asked)));
  wantAnalysis();
}

void EditorSession::opened(const llvm::json::Object &parameters) {
  std::string path = Open.open(parameters);
  if (path.empty())
    return;
  // A client that forgets what it was told of a file before it was open is told again.
  if (auto known = Published.find(fileUri(path)); known != Published.end()) {
    known->second.uri = Open.find(path)->uri;
    send(known->second.uri, known->second.diagnostics);
  }
}

void EditorSession::actions(const llvm::json::Value &id, const llvm::json::Object &parameters) {
  ActionQuestion question = actionQuestionOf(parameters);
  std::optional<std::string> path = pathOfUri(question.uri);
  if (!path)
    return refuse(id, RpcError::InvalidParams, "textDocument.uri names no file");
  auto known = Published.find(fileUri(realEvenIfGone(*path)));
  Host.send(response(id, known == Published.end() ? llvm::json::Array()
                                                  : codeActions(known->second.diagnostics, question, Support)));
}

void EditorSession::resolve(const llvm::json::Value &id, const llvm::json::Object &action) {
  const llvm::json::Object *data = action.getObject("data");
  std::optional<FixRequest> request = data ? fixRequestOf(*data) : std::nullopt;
  if (!request)
    return refuse(id, RpcError::InvalidParams, "this is no action of ssot");
  wantFix({id, std::move(*request), action});
}

void EditorSession::execute(const llvm::json::Value &id, const llvm::json::Object &parameters) {
  if (textAt(parameters, {"command"}) != kFixCommand)
    return refuse(id, RpcError::InvalidParams, ("the one command is '" + kFixCommand + "'").str());
  const llvm::json::Array *arguments = parameters.getArray("arguments");
  const llvm::json::Object *data = arguments && arguments->size() == 1 ? arguments->front().getAsObject() : nullptr;
  std::optional<FixRequest> request = data ? fixRequestOf(*data) : std::nullopt;
  if (!request)
    return refuse(id, RpcError::InvalidParams, ("'" + kFixCommand + "' takes what an action of ssot carries").str());
  wantFix({id, std::move(*request), std::nullopt});
}

void EditorSession::cancel(const llvm::json::Object &parameters) {
  const llvm::json::Value *id = parameters.get("id");
  if (!id)
    return;
  if (Fixing && Fixing->id == *id) {
    Host.stop();
    Fixing.reset();
    refuse(*id, RpcError::RequestCancelled, "cancelled");
    return startNext();
  }
  // What is answered already cannot be cancelled.
  if (std::erase_if(Waiting, [&](const WantedFix &fix) { return fix.id == *id; }))
    refuse(*id, RpcError::RequestCancelled, "cancelled");
}

void EditorSession::shutDown(const llvm::json::Value &id) {
  Host.stop();
  Now = Stage::ShutDown;
  auto end = [&](const WantedFix &fix) { refuse(fix.id, RpcError::RequestCancelled, "the server shuts down"); };
  if (Fixing)
    end(*Fixing);
  for (const WantedFix &fix : Waiting)
    end(fix);
  Fixing.reset();
  Waiting.clear();
  IsAnalysing = WantsAnalysis = false;
  Host.send(response(id, nullptr));
}

} // namespace ssot
