#include "migrate/journal.h"

#include "migrate/exchange.h"
#include "migrate/journal_entry.h"
#include "migrate/text.h"
#include "project/paths.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace ssot {

namespace {

namespace fs = llvm::sys::fs;

/// Only one ssot changes a project at a time.
class Lock {
public:
  static llvm::Expected<Lock> take(const std::string &folder) {
    if (std::error_code error = fs::create_directories(folder))
      return failure(folder, error.message());
    std::string path = joined(folder, "lock");
    int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0)
      return systemFailure(path, "opening");
    if (::flock(file, LOCK_EX | LOCK_NB)) {
      bool taken = errno == EWOULDBLOCK;
      llvm::Error error = taken ? failure(path, "another ssot is changing this project; try again when it is done")
                                : systemFailure(path, "locking");
      ::close(file);
      return std::move(error);
    }
    return Lock(file);
  }
  Lock(Lock &&other) noexcept : File(std::exchange(other.File, -1)) {}
  Lock &operator=(Lock &&) = delete;
  ~Lock() {
    if (File >= 0)
      ::close(File);
  }

private:
  explicit Lock(int file) : File(file) {}
  int File;
};

std::string temporaryFor(llvm::StringRef path, llvm::StringRef id) {
  std::string name = "." + llvm::sys::path::filename(path).str() + ".ssot-" + id.str();
  return joined(llvm::sys::path::parent_path(path), name);
}

/// \param path relative to \p root; symbolic links are followed, but not out of the root.
llvm::Expected<FileWrite> targetFor(const std::string &root, const std::string &path, llvm::StringRef id,
                                    std::string old, std::string bytes) {
  FileWrite target;
  target.path = realOrNormalised(joined(root, path));
  if (!isBelow(target.path, root))
    return failure(path, "lies outside of the project; nothing was written");
  target.temporary = temporaryFor(target.path, id);
  target.old = std::move(old);
  target.bytes = std::move(bytes);
  struct stat status{};
  if (::stat(target.path.c_str(), &status))
    return systemFailure(path, "reading");
  if (!S_ISREG(status.st_mode))
    return failure(path, "is no regular file; nothing was written");
  // The superuser may write anything; a read-only file was made so by somebody who meant it.
  if (!(status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) || ::access(target.path.c_str(), W_OK))
    return failure(path, "is read-only; nothing was written");
  target.mode = status.st_mode & 07777;
  target.owner = status.st_uid;
  target.group = status.st_gid;
  return target;
}

/// The exchange that an entry speaks of, forwards or back.
llvm::Expected<FileWrite> targetFor(const std::string &root, const JournalRecord &record, std::size_t file, bool back) {
  llvm::Expected<std::string> before = keptBytes(record, file, /*before=*/true);
  if (!before)
    return before.takeError();
  llvm::Expected<std::string> after = keptBytes(record, file, /*before=*/false);
  if (!after)
    return after.takeError();
  if (back)
    std::swap(*before, *after);
  return targetFor(root, record.files[file].path, record.id, std::move(*before), std::move(*after));
}

std::string digestOnDisk(const std::string &path) {
  std::optional<std::string> bytes = readAll(path);
  return bytes ? digest(*bytes) : std::string();
}

/// Flushes the names of a folder and of those above it, up to the root.
llvm::Error syncUpTo(const std::string &root, llvm::StringRef folder) {
  for (; isBelow(folder, root); folder = llvm::sys::path::parent_path(folder))
    if (llvm::Error error = syncFolder(folder))
      return error;
  return llvm::Error::success();
}

/// How the files of an entry stand on the disk.
struct Standing {
  std::vector<std::size_t> before, after;
  std::vector<std::string> edited; ///< neither: somebody has edited them
};

Standing standingOf(const std::string &root, const JournalRecord &record) {
  Standing standing;
  for (std::size_t i = 0; i < record.files.size(); ++i) {
    const JournalRecord::File &file = record.files[i];
    std::string now = digestOnDisk(joined(root, file.path));
    if (now == file.before)
      standing.before.push_back(i);
    else if (now == file.after)
      standing.after.push_back(i);
    else
      standing.edited.push_back(file.path);
  }
  return standing;
}

bool isUnfinished(const std::string &folder, llvm::StringRef name) {
  std::optional<JournalRecord> record = isPending(name) ? std::nullopt : readRecord(joined(folder, name));
  return isPending(name) || (record && record->isUnfinished());
}

/// Ends what an interrupted run has begun with an entry.
/// \returns what was found and what was done about it.
llvm::Expected<std::string> finish(const std::string &root, const JournalRecord &record) {
  bool back = record.undo;
  std::string what = (back ? "the rollback of migration " : "migration ") + record.id + " was interrupted";
  for (const JournalRecord::File &file : record.files)
    ::unlink(temporaryFor(realOrNormalised(joined(root, file.path)), record.id).c_str());
  Standing standing = standingOf(root, record);
  const std::vector<std::size_t> &there = back ? standing.before : standing.after;
  const std::vector<std::size_t> &missing = back ? standing.after : standing.before;
  if (there.empty()) {
    if (!back) {
      forgetEntry(record.folder);
      return what + " before it changed any file; the tree is as before";
    }
    if (llvm::Error error = setMark(record, JournalMark::Undo, false))
      return std::move(error);
    return what + " before it changed any file; the tree is as after the migration";
  }
  if (!standing.edited.empty() && !back)
    return failure(llvm::join(standing.edited, ", "),
                   what + " and this was edited since; take what you want from " + record.folder +
                       ", where N.before and N.after are the files in the order of manifest.json");
  std::vector<FileWrite> targets;
  for (std::size_t i : missing) {
    llvm::Expected<FileWrite> target = targetFor(root, record, i, back);
    if (!target)
      return target.takeError();
    targets.push_back(std::move(*target));
  }
  if (llvm::Error error = exchangeAll(targets))
    return std::move(error);
  if (llvm::Error error = setMark(record, back ? JournalMark::Undone : JournalMark::Done))
    return std::move(error);
  what += "; it is completed now, the tree is as ";
  what += back ? "before" : "after (`ssot rollback " + record.id + "` undoes it)";
  if (!standing.edited.empty())
    what += "; edited since and left as they are: " + llvm::join(standing.edited, ", ");
  return what;
}

} // namespace

llvm::StringRef wordFor(JournalState state) {
  return state == JournalState::Applied ? "applied" : state == JournalState::RolledBack ? "rolled back" : "interrupted";
}

Journal::Journal(std::string root) : Root(std::move(root)), Folder(joined(Root, ".ssot/journal")) {}

llvm::Expected<std::string> Journal::apply(const std::vector<FileChange> &changes) {
  llvm::Expected<Lock> lock = Lock::take(Folder);
  if (!lock)
    return lock.takeError();
  // A journal is of one working tree; it belongs into no commit.
  if (std::string ignore = joined(Folder, ".gitignore"); !fs::exists(ignore))
    if (llvm::Error error = writeSynced(ignore, "*\n", 0644))
      return std::move(error);
  JournalRecord record;
  record.id = nextId(Folder);
  record.folder = joined(Folder, record.id);

  std::vector<FileWrite> targets;
  for (const FileChange &change : changes) {
    llvm::Expected<FileWrite> target = targetFor(Root, change.path, record.id, change.before, change.after);
    if (!target)
      return target.takeError();
    if (digestOnDisk(target->path) != digest(change.before))
      return failure(change.path, "was edited since it was read; nothing was written");
    targets.push_back(std::move(*target));
  }
  if (llvm::Error error = writeEntry(record.folder, changes))
    return std::move(error);
  // From here on the entry tells the next run what was begun.
  llvm::Error error = syncUpTo(Root, Folder);
  if (!error)
    error = exchangeAll(targets);
  if (error) {
    if (!isHalfway(error))
      forgetEntry(record.folder);
    return std::move(error);
  }
  if (llvm::Error unmarked = setMark(record, JournalMark::Done))
    return halfway(std::move(unmarked), "all files are written; the next ssot closes the journal");
  return record.id;
}

llvm::Expected<std::vector<std::string>> Journal::rollback(std::string id, bool skipChanged) {
  llvm::Expected<Lock> lock = Lock::take(Folder);
  if (!lock)
    return lock.takeError();
  if (id.empty()) {
    for (const JournalEntry &entry : list())
      if (entry.state == JournalState::Applied)
        id = entry.id;
    if (id.empty())
      return failure(".ssot/journal", "nothing to roll back");
  }
  std::optional<JournalRecord> record = readRecord(joined(Folder, id));
  if (!record || llvm::sys::path::filename(id) != id)
    return failure(".ssot/journal/" + id, "no such change; `ssot rollback --list` shows them");
  if (record->undone)
    return failure(".ssot/journal/" + id, "is rolled back already");

  Standing standing = standingOf(Root, *record);
  if (!standing.edited.empty() && !skipChanged)
    return failure(llvm::join(standing.edited, ", "),
                   "edited since the migration; nothing was written (--skip-changed leaves such files as they are)");
  std::vector<FileWrite> targets;
  for (std::size_t i : standing.after) {
    llvm::Expected<FileWrite> target = targetFor(Root, *record, i, /*back=*/true);
    if (!target)
      return target.takeError();
    targets.push_back(std::move(*target));
  }
  if (llvm::Error error = setMark(*record, JournalMark::Undo))
    return std::move(error);
  if (llvm::Error error = exchangeAll(targets)) {
    if (isHalfway(error))
      return std::move(error);
    return llvm::joinErrors(std::move(error), setMark(*record, JournalMark::Undo, false));
  }
  if (llvm::Error error = setMark(*record, JournalMark::Undone))
    return halfway(std::move(error), "all files are put back; the next ssot closes the journal");
  return std::move(standing.edited);
}

llvm::Expected<std::vector<std::string>> Journal::recover() {
  std::vector<std::string> notes;
  auto unfinished = [&] {
    std::vector<std::string> names = entriesOf(Folder);
    llvm::erase_if(names, [&](const std::string &name) { return !isUnfinished(Folder, name); });
    return names;
  };
  // Who only looks takes no lock: any number of checks can run at once.
  if (unfinished().empty())
    return notes;
  llvm::Expected<Lock> lock = Lock::take(Folder);
  if (!lock)
    return lock.takeError();
  for (const std::string &name : unfinished()) {
    std::string folder = joined(Folder, name);
    if (isPending(name)) {
      if (std::error_code error = fs::remove_directories(folder, /*IgnoreErrors=*/false))
        return failure(folder, error.message());
      notes.push_back("a migration was interrupted before it changed any file; the tree is as before");
      continue;
    }
    llvm::Expected<std::string> note = finish(Root, *readRecord(folder));
    if (!note)
      return note.takeError();
    notes.push_back(std::move(*note));
  }
  return notes;
}

std::vector<JournalEntry> Journal::list() const {
  std::vector<JournalEntry> entries;
  for (const std::string &name : entriesOf(Folder)) {
    std::optional<JournalRecord> record = isPending(name) ? std::nullopt : readRecord(joined(Folder, name));
    if (!record)
      continue;
    JournalEntry entry;
    entry.id = record->id;
    entry.state = record->undone           ? JournalState::RolledBack
                  : record->isUnfinished() ? JournalState::Interrupted
                                           : JournalState::Applied;
    for (const JournalRecord::File &file : record->files)
      entry.files.push_back(file.path);
    entries.push_back(std::move(entry));
  }
  return entries;
}

} // namespace ssot
