// migrate/journal_entry.h - one migration in the journal: the bytes of its files before and after, and how far it came.
//
// An entry is written as a whole under another name and then renamed: it is there, with everything in it, or not there.
#pragma once

#include "migrate/journal.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

struct JournalRecord {
  struct File {
    std::string path, before, after; ///< path and digests
  };
  std::string folder; ///< absolute
  std::string id;
  std::vector<File> files;
  bool done = false;   ///< all files were written
  bool undo = false;   ///< a rollback has begun
  bool undone = false; ///< all files were put back

  bool isUnfinished() const { return !undone && (undo || !done); }
};

/// A mark lies in its entry from the start, under another name: setting one is a rename, which needs no space.
enum class JournalMark { Done, Undo, Undone };
llvm::Error setMark(const JournalRecord &record, JournalMark mark, bool set = true);

/// Writes and flushes the entry \p folder. On failure nothing is left of it.
llvm::Error writeEntry(const std::string &folder, const std::vector<FileChange> &changes);
/// \returns nothing when there is no entry that can be read.
std::optional<JournalRecord> readRecord(const std::string &folder);
/// Removes an entry; whenever this is interrupted, none or one that \ref isPending is left.
void forgetEntry(const std::string &folder);
/// \returns the bytes that the journal keeps of a file, or an error when they are not those of the digest.
llvm::Expected<std::string> keptBytes(const JournalRecord &record, std::size_t file, bool before);

/// The names in a folder of entries, sorted.
std::vector<std::string> entriesOf(const std::string &folder);
/// Whether the name is that of an entry that was never whole, or is not any more.
bool isPending(llvm::StringRef name);
/// The number after the largest one that an entry has.
std::string nextId(const std::string &folder);

} // namespace ssot
