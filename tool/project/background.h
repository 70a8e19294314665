// project/background.h - one piece of work in a process of its own, while this one goes on.
//
// A server that answers while it works needs no thread for that: the work is done by a copy of it, which may start
// workers in turn (workers.h), may crash, and is ended at any time without a trace.
#pragma once

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>

#include <string>
#include <sys/types.h>

namespace ssot {

/// Writes all of \p bytes to a pipe. \returns whether somebody takes them.
bool writeAll(int file, llvm::StringRef bytes);

class BackgroundWork {
public:
  BackgroundWork() = default;
  BackgroundWork(const BackgroundWork &) = delete;
  BackgroundWork &operator=(const BackgroundWork &) = delete;
  ~BackgroundWork() { stop(); }

  /// Begins \p work, whose bytes are the result. What it reads from the standard input is nothing, and what it writes
  /// to the standard output goes to the standard error. There is no other work, and one thread.
  /// \returns why it could not begin; empty when it has.
  std::string start(llvm::function_ref<std::string()> work);
  /// Ends the work where it is.
  void stop();

  bool isBusy() const { return Process >= 0; }
  /// What to poll for while it is busy; then `collect` is to be called.
  int descriptor() const { return Result; }
  /// Takes what there is. \returns whether the work is done; it is not busy any more then.
  bool collect();

  /// Of work that is done.
  std::string takeBytes() { return std::move(Bytes); }
  std::string failure; ///< why there is no result: "crashed (signal 11, SIGSEGV)"; empty: there is one

private:
  int end();

  pid_t Process = -1;
  int Result = -1;
  std::string Bytes;
};

} // namespace ssot
