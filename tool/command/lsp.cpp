// The server's process: bytes from the client and from the work in the background, one after the other.
#include "command/lsp.h"

#include "command/editor_jobs.h"
#include "lsp/session.h"
#include "migrate/exchange.h"
#include "project/background.h"

#include <llvm/Support/FileSystem.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace ssot {

namespace {

/// The client's end of the protocol. Whatever else writes to the standard output writes to the standard error.
class ProtocolOutput {
public:
  ProtocolOutput() : File(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)) {
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  ProtocolOutput(const ProtocolOutput &) = delete;
  ProtocolOutput &operator=(const ProtocolOutput &) = delete;
  ~ProtocolOutput() { ::close(File); }

  void write(llvm::StringRef bytes) { IsGone = IsGone || !writeAll(File, bytes); }
  /// Whether nobody reads any more.
  bool isGone() const { return IsGone; }

private:
  int File;
  bool IsGone = false;
};

class LspProcess : public EditorHost {
public:
  LspProcess(SharedOptions shared, LspOptions options, llvm::raw_ostream &err)
      : Shared(std::move(shared)), Options(std::move(options)), Err(err), Session(*this, kVersion) {}

  int run() {
    while (!Session.exitCode()) {
      if (Client.isGone() || !wait()) {
        Work.stop();
        return 1; // the client is gone without a word
      }
    }
    return *Session.exitCode();
  }

  // --- what the session needs

  void send(llvm::json::Object message) override {
    std::string content;
    llvm::raw_string_ostream(content) << llvm::json::Value(std::move(message));
    Client.write(framed(content));
  }

  /// What the command line leaves to be found is found from the client's folder, as by a user who stands there.
  std::string enter(const std::string &root) override {
    if (!Shared.root.empty() || root.empty())
      return std::string();
    if (std::error_code error = llvm::sys::fs::set_current_path(root))
      return root + ": " + error.message();
    return std::string();
  }

  void start(const EditorJob &job) override {
    NotStarted = Work.start([&] {
      std::string bytes;
      llvm::raw_string_ostream(bytes) << llvm::json::Value(runEditorJob(Shared, Options, job));
      return bytes;
    });
  }

  void stop() override {
    Work.stop();
    NotStarted.clear();
  }

  std::optional<std::string> read(const std::string &path) override { return readAll(path); }

private:
  /// Waits for bytes and deals with them. \returns false when the client says nothing more.
  bool wait() {
    if (!NotStarted.empty()) {
      Session.finished({}, std::exchange(NotStarted, std::string()));
      return true;
    }
    pollfd files[] = {{STDIN_FILENO, POLLIN, 0}, {Work.isBusy() ? Work.descriptor() : -1, POLLIN, 0}};
    if (::poll(files, std::size(files), -1) < 0)
      return errno == EINTR;
    if (files[0].revents && !receive())
      return false;
    // What was read may have ended the work.
    if (files[1].revents && Work.isBusy() && Work.descriptor() == files[1].fd)
      collect();
    return true;
  }

  bool receive() {
    std::array<char, 1 << 16> buffer;
    ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got <= 0)
      return got < 0 && errno == EINTR;
    Reader.feed(llvm::StringRef(buffer.data(), static_cast<std::size_t>(got)));
    while (!Session.exitCode()) {
      std::optional<Frame> frame = Reader.next();
      if (!frame)
        break;
      Session.receive(*frame);
    }
    return true;
  }

  void collect() {
    if (!Work.collect())
      return;
    std::string failure = Work.failure;
    llvm::Expected<llvm::json::Value> result = llvm::json::parse(failure.empty() ? Work.takeBytes() : "{}");
    if (!result)
      failure = "no result that can be read: " + llvm::toString(result.takeError());
    const llvm::json::Object *object = failure.empty() ? result->getAsObject() : nullptr;
    if (!failure.empty())
      Err << "ssot: " << failure << '\n';
    Session.finished(object ? *object : llvm::json::Object(), failure);
  }

  SharedOptions Shared;
  LspOptions Options;
  llvm::raw_ostream &Err;
  ProtocolOutput Client;
  FrameReader Reader;
  BackgroundWork Work;
  std::string NotStarted; ///< why the work could not begin
  EditorSession Session;
};

} // namespace

int runLsp(const SharedOptions &shared, const LspOptions &options, Streams streams) {
  // A client that is gone is an answer, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  SharedOptions quiet = shared;
  quiet.progress = "never";
  return LspProcess(std::move(quiet), options, streams.err).run();
}

} // namespace ssot
