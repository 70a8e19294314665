// report/progress.h - how far a run is, on one line of a terminal that goes away at the end.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace ssot {

enum class ProgressMode { Auto, Always, Never };

/// \returns the mode that `--progress` names; Auto for anything else.
ProgressMode progressMode(llvm::StringRef word);

/// Counts units and shows them: how many of how many, how fast, how long still, and the latest one.
class Progress {
public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// With Auto nothing is shown unless \p out is a terminal. \p columns 0: as wide as the terminal.
  Progress(llvm::raw_ostream &out, ProgressMode mode, std::size_t total, Clock clock = std::chrono::steady_clock::now,
           unsigned columns = 0);
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;
  ~Progress() { finish(); }

  /// One more unit is done.
  void step(llvm::StringRef unit);
  /// Takes the line away.
  void finish();

private:
  void draw(llvm::StringRef unit, std::chrono::steady_clock::time_point now);

  llvm::raw_ostream &Out;
  Clock Now;
  std::size_t Total;
  std::size_t Done = 0;
  unsigned Columns;
  bool Visible;
  bool Drawn = false;
  std::chrono::steady_clock::time_point Started;
  std::chrono::steady_clock::time_point LastDrawn;
};

} // namespace ssot
