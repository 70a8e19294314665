// project/revision.h - how the project's files differ from a commit: what `--diff-base` and `--against` compare with.
#pragma once

#include "project/git.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <map>
#include <set>
#include <string>

namespace ssot {

/// The difference between a commit and the files on disk, untracked ones included. Paths are relative to the root.
struct Revision {
  std::string commit; ///< the one that is compared with: its full hash
  /// Whether it is where the branch began. If not, the history is too short to tell, and it is the commit that was
  /// named.
  bool isMergeBase = true;
  std::map<std::string, std::string> before;  ///< changed, renamed and deleted files: what was in them
  std::map<std::string, std::string> renamed; ///< new name -> old name
  std::set<std::string> added;                ///< files that were not there
};

/// \param name any name of a commit that git understands. Compared is the commit where the present branch left it.
/// \returns an error that says what to do when the commit is unknown or the clone is too shallow to have it.
llvm::Expected<Revision> readRevision(const Git &git, llvm::StringRef name);

} // namespace ssot
