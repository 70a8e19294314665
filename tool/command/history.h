// command/history.h - `--history FILE`: the figures of the commit at hand, kept in a file.
#pragma once

#include "command/checked_project.h"
#include "gate/history.h"
#include "project/git.h"

#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace ssot {

struct CommitNamed {
  std::string hash; ///< full
  std::string date; ///< of the commit, as the history has it
};

/// \returns the commit that \p name means.
llvm::Expected<CommitNamed> commitNamed(const Git &git, llvm::StringRef name);
llvm::Error writeHistory(const std::string &file, const History &history);

/// The file of `--history`, and the commit that is checked out.
class HistoryFile {
public:
  /// Reads \p file; one that is not there yet is empty.
  /// \returns an error of usage when it cannot be read, or the project is in no git repository with a commit.
  static llvm::Expected<HistoryFile> open(const std::string &file, const SharedOptions &shared,
                                          const std::vector<std::string> &paths);

  /// Adds the figures of the run and writes the file. When what was analysed is not what the commit holds, nothing is
  /// added, and \p err says why.
  llvm::Error record(const CheckedProject &checked, const DeprecationUsage &usage, llvm::raw_ostream &err);

  History &history() { return Known; }
  const Git &git() const { return Asked; }
  const std::string &file() const { return File; }

private:
  HistoryFile(std::string file, Git git) : File(std::move(file)), Asked(std::move(git)) {}
  std::string difference(const CheckedProject &checked) const;

  std::string File;
  Git Asked;
  History Known;
  CommitNamed Head;
};

/// \returns the uses of legacy names in a run whose picture was asked for. \param counts null: no run was counted.
DeprecationUsage usageIn(const CheckedProject &checked, const RuntimeCounts *counts);

} // namespace ssot
