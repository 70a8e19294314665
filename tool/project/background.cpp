#include "project/background.h"

#include "project/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace ssot {

bool writeAll(int file, llvm::StringRef bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    bytes = bytes.drop_front(static_cast<std::size_t>(written));
  }
  return true;
}

std::string BackgroundWork::start(llvm::function_ref<std::string()> work) {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0)
    return std::strerror(errno);
  failure.clear();
  Bytes.clear();
  std::fflush(nullptr);
  pid_t parent = getpid();
  pid_t process = ::fork();
  if (process < 0) {
    std::string why = std::strerror(errno);
    ::close(pipe[0]);
    ::close(pipe[1]);
    return why;
  }
  if (process == 0) {
    becomeChild(parent);
    ::close(pipe[0]);
    int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool isApart = nothing >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
    // Not exit(): what the parent has in its buffers is the parent's to write.
    _exit(isApart && writeAll(pipe[1], work()) ? 0 : 1);
  }
  ::close(pipe[1]);
  Process = process;
  Result = pipe[0];
  return std::string();
}

int BackgroundWork::end() {
  ::close(Result);
  int status = waitFor(Process);
  Process = Result = -1;
  return status;
}

void BackgroundWork::stop() {
  if (!isBusy())
    return;
  ::kill(Process, SIGKILL);
  end();
}

bool BackgroundWork::collect() {
  std::array<char, 1 << 16> buffer;
  ssize_t got = ::read(Result, buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR)
    return false;
  if (got > 0) {
    Bytes.append(buffer.data(), static_cast<std::size_t>(got));
    return false;
  }
  if (int status = end())
    failure = causeOfDeath(status);
  return true;
}

} // namespace ssot
