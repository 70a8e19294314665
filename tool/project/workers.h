// project/workers.h - runs a function over many items in separate processes.
//
// A unit that crashes Clang, exhausts the stack or hangs must cost itself only, and memory must go back after each
// unit; threads can give neither. So a few child processes are forked once, each takes one item at a time and sends
// bytes back. A child that dies or runs out of time is replaced and its item reported as failed.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace ssot {

struct WorkerOptions {
  unsigned jobs = 1;
  std::optional<std::chrono::milliseconds> timeout; ///< per item
};

struct WorkerResult {
  std::size_t item = 0;
  std::string bytes; ///< what the function returned
  std::string
      failure; ///< why there are none: "crashed (signal 11)", "timed out after 30 s", "out of memory"; empty on success
  double seconds = 0;
  std::chrono::steady_clock::time_point started;
  unsigned worker = 0; ///< which of those that work side by side, from 1
};

/// Calls \p work for each item in [0, count) in a child process and \p done for each result in the parent, in order of
/// completion. Must be called while the process has one thread. \p order gives the order in which items are started;
/// empty: as numbered. Each item gets exactly one result. When the system refuses further processes, fewer workers do
/// the work.
void runInWorkers(std::size_t count, const WorkerOptions &options, llvm::function_ref<std::string(std::size_t)> work,
                  llvm::function_ref<void(WorkerResult)> done, llvm::ArrayRef<std::size_t> order = {});

} // namespace ssot
