// lsp/session.h - one conversation with an editor: what is asked, what is answered, what is still to be done.
//
// The session does no work itself and waits for nothing: it asks its host for one piece of work at a time and is told
// when that has ended. So everything that an editor may send in any order can be tried without a process.
#pragma once

#include "lsp/actions.h"
#include "lsp/documents.h"
#include "lsp/framing.h"
#include "lsp/protocol.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/JSON.h>

#include <deque>
#include <map>
#include <optional>
#include <string>

namespace ssot {

/// A piece of work: to analyse the project, or to prove a fix.
struct EditorJob {
  std::optional<FixRequest> fix; ///< nothing: the analysis
  ClientSupport support;
};

/// What a session needs of the world.
class EditorHost {
public:
  virtual ~EditorHost() = default;
  virtual void send(llvm::json::Object message) = 0;
  /// The project is here. \returns why it cannot be; empty when it is.
  virtual std::string enter(const std::string &root) = 0;
  /// Begins a piece of work; there is no other. The session is told of its end, also when it could not begin.
  virtual void start(const EditorJob &job) = 0;
  /// Ends it at once; the session is not told.
  virtual void stop() = 0;
  /// \returns the text of a file on disk.
  virtual std::optional<std::string> read(const std::string &path) = 0;
};

class EditorSession {
public:
  EditorSession(EditorHost &host, std::string version) : Host(host), Version(std::move(version)) {}

  void receive(const Frame &frame);
  /// The work that was begun last is done.
  /// \param result of an analysis: `files` (diagnostics by URI), `log`, `problem`; of a fix, as actions.h has it.
  /// \param failure why there is no result; empty: there is one.
  void finished(const llvm::json::Object &result, const std::string &failure);

  /// \returns the exit code once the client has said that it is over.
  std::optional<int> exitCode() const { return Code; }

private:
  enum class Stage { Started, Initialized, ShutDown };
  /// A fix that somebody waits for.
  struct WantedFix {
    llvm::json::Value id;
    FixRequest request;
    std::optional<llvm::json::Object> action; ///< to be completed with the edit; nothing: the command
  };

  // session.cpp: what is asked
  void dispatch(const llvm::json::Object &message);
  void request(const llvm::json::Value &id, llvm::StringRef method, const llvm::json::Object &parameters);
  void notify(llvm::StringRef method, const llvm::json::Object &parameters);
  void initialize(const llvm::json::Value &id, const llvm::json::Object &parameters);
  void initialized();
  void opened(const llvm::json::Object &parameters);
  void actions(const llvm::json::Value &id, const llvm::json::Object &parameters);
  void resolve(const llvm::json::Value &id, const llvm::json::Object &action);
  void execute(const llvm::json::Value &id, const llvm::json::Object &parameters);
  void cancel(const llvm::json::Object &parameters);
  void shutDown(const llvm::json::Value &id);
  void refuse(const llvm::json::Value &id, RpcError code, llvm::StringRef why) { Host.send(failure(id, code, why)); }

  // session_work.cpp: what is to be done
  void wantAnalysis();
  void wantFix(WantedFix fix);
  void startNext();
  void analysed(const llvm::json::Object &result, const std::string &failure);
  void fixed(const WantedFix &fix, const llvm::json::Object &result, const std::string &failure);
  void publish(const llvm::json::Object &files);
  void send(const std::string &uri, const llvm::json::Array &diagnostics);
  void log(MessageType type, llvm::StringRef text);
  void show(const std::string &problem);
  void beginProgress(llvm::StringRef token);
  void endProgress();
  std::string clientUri(llvm::StringRef uri) const;
  std::string whyNotSaved(const std::string &path, llvm::StringRef onDisk) const;
  std::string nameOf(llvm::StringRef path) const;
  std::string whyNotFit(const llvm::json::Array &files);
  llvm::json::Object workspaceEdit(const llvm::json::Array &files) const;

  EditorHost &Host;
  const llvm::json::Object NoParameters;
  std::string Version;
  Stage Now = Stage::Started;
  std::optional<int> Code;
  ClientSupport Support;
  std::string Root;     ///< as the client has it
  std::string RealRoot; ///< without symbolic links
  Documents Open;

  bool IsAnalysing = false;
  bool WantsAnalysis = false;
  std::optional<WantedFix> Fixing;
  std::deque<WantedFix> Waiting;
  struct PublishedFile {
    std::string uri; ///< that the client was told
    llvm::json::Array diagnostics;
  };
  std::map<std::string, PublishedFile> Published; ///< by the URI of the file without symbolic links
  std::string Shown;                              ///< the problem that the user was told of last
  std::size_t Asked = 0;                          ///< requests to the client
  std::string Token;                              ///< of the progress of this analysis
  bool HasProgress = false;                       ///< the client has been told that it began
};

} // namespace ssot
