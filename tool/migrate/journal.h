// migrate/journal.h - writing many files so that all of them change or none does, and putting them back.
//
// Before a file is touched, its bytes before and after are in a journal folder (`.ssot/journal/ID`) and on the disk. A
// crash at any point leaves either no journal (nothing was changed) or a whole one, from which the next run completes
// what was begun, a migration or a rollback. Digests guard every step: a file that is neither as before nor as after
// was edited by somebody, and is never overwritten.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace ssot {

/// A file as it was and as it shall be. Paths are relative to the root.
struct FileChange {
  std::string path;
  std::string before;
  std::string after;
};

enum class JournalState { Interrupted, Applied, RolledBack };

/// "applied", "rolled back", "interrupted".
llvm::StringRef wordFor(JournalState state);

struct JournalEntry {
  std::string id;
  JournalState state = JournalState::Applied;
  std::vector<std::string> files;
};

class Journal {
public:
  /// \param root absolute and real path of the project.
  explicit Journal(std::string root);

  /// Writes all changes or none. Modes and owners stay; symbolic links are followed to the real file.
  /// \returns the id to roll back with, or an error that names the file: read-only, edited since it was read, disk
  /// full, another ssot at work. Nothing was written then, unless the error \ref isHalfway.
  llvm::Expected<std::string> apply(const std::vector<FileChange> &changes);

  /// Puts back what \p id changed, byte for byte. \p id empty: the last change that is not rolled back.
  /// \param skipChanged leave files that were edited since; else they are an error and nothing is written.
  /// \returns the files that were skipped.
  llvm::Expected<std::vector<std::string>> rollback(std::string id, bool skipChanged);

  /// Ends what an interrupted run began: completed when a file was changed already, else undone.
  /// \returns a sentence about each thing found, for the user; empty when all was well.
  llvm::Expected<std::vector<std::string>> recover();

  /// Oldest first.
  std::vector<JournalEntry> list() const;

private:
  std::string Root;
  std::string Folder;
};

} // namespace ssot
