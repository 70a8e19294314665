#include "migrate/journal.h"

#include "migrate/text.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Format.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ssot {

namespace {

namespace fs = llvm::sys::fs;

std::string joined(llvm::StringRef folder, const llvm::Twine &name) {
  llvm::SmallString<256> path(folder);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

llvm::Error failure(llvm::StringRef path, const llvm::Twine &what) {
  return llvm::createStringError(std::make_error_code(std::errc::io_error), path + ": " + what);
}
llvm::Error systemFailure(llvm::StringRef path, llvm::StringRef doing) {
  return failure(path, doing + ": " + std::strerror(errno));
}

std::optional<std::string> readAll(const std::string &path) {
  auto buffer =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (!buffer)
    return std::nullopt;
  return (*buffer)->getBuffer().str();
}

llvm::Error syncFolder(llvm::StringRef path) {
  int folder = ::open(path.str().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return systemFailure(path, "opening the folder");
  int result = ::fsync(folder);
  ::close(folder);
  return result ? systemFailure(path, "flushing the folder") : llvm::Error::success();
}

/// Writes and flushes a new file. On failure the file is gone again.
llvm::Error writeSynced(const std::string &path, llvm::StringRef bytes, mode_t mode) {
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return systemFailure(path, "creating");
  llvm::StringRef rest = bytes;
  const char *doing = nullptr;
  while (!rest.empty() && !doing) {
    ssize_t written = ::write(file, rest.data(), rest.size());
    if (written < 0 && errno != EINTR)
      doing = "writing";
    else if (written > 0)
      rest = rest.drop_front(static_cast<std::size_t>(written));
  }
  if (!doing && ::fchmod(file, mode))
    doing = "setting the mode";
  if (!doing && ::fsync(file))
    doing = "flushing";
  int problem = errno;
  if (::close(file) && !doing) {
    doing = "closing";
    problem = errno;
  }
  if (!doing)
    return llvm::Error::success();
  ::unlink(path.c_str());
  errno = problem;
  return systemFailure(path, doing);
}

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
      ::close(file);
      return failure(path, "another ssot is changing this project; try again when it is done");
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

/// What the manifest of an entry says.
struct Record {
  struct File {
    std::string path, before, after; ///< path and digests
  };
  std::string folder;
  std::string id;
  std::vector<File> files;
  bool done = false;
  bool undone = false;

  std::string bytesFile(std::size_t i, llvm::StringRef which) const {
    return joined(folder, llvm::Twine(i) + "." + which);
  }
};

std::string manifestOf(const std::vector<FileChange> &changes) {
  llvm::json::Array files;
  for (const FileChange &change : changes)
    files.push_back(
        llvm::json::Object{{"path", change.path}, {"before", digest(change.before)}, {"after", digest(change.after)}});
  std::string text;
  llvm::raw_string_ostream out(text);
  out << llvm::formatv("{0:2}",
                       llvm::json::Value(llvm::json::Object{{"schema", "ssot-journal/1"}, {"files", std::move(files)}}))
      << '\n';
  return text;
}

std::optional<Record> readRecord(const std::string &folder) {
  std::optional<std::string> text = readAll(joined(folder, "manifest.json"));
  if (!text)
    return std::nullopt;
  llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(*text);
  if (!parsed) {
    llvm::consumeError(parsed.takeError());
    return std::nullopt;
  }
  const llvm::json::Object *manifest = parsed->getAsObject();
  const llvm::json::Array *files = manifest ? manifest->getArray("files") : nullptr;
  if (!files)
    return std::nullopt;
  Record record;
  record.folder = folder;
  record.id = llvm::sys::path::filename(folder).str();
  for (const llvm::json::Value &value : *files) {
    const llvm::json::Object *file = value.getAsObject();
    if (!file || !file->getString("path") || !file->getString("before") || !file->getString("after"))
      return std::nullopt;
    record.files.push_back(
        {file->getString("path")->str(), file->getString("before")->str(), file->getString("after")->str()});
  }
  record.done = fs::exists(joined(folder, "done"));
  record.undone = fs::exists(joined(folder, "undone"));
  return record;
}

std::vector<std::string> entriesOf(const std::string &folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; at != end && !error; at.increment(error))
    names.push_back(llvm::sys::path::filename(at->path()).str());
  std::sort(names.begin(), names.end());
  return names;
}

bool isPending(llvm::StringRef name) { return name.ends_with(".tmp"); }

/// A file that is about to get new bytes.
struct FileWrite {
  std::string path;      ///< absolute
  std::string temporary; ///< beside it
  std::string bytes;
  mode_t mode = 0;
};

std::string temporaryFor(llvm::StringRef path, llvm::StringRef id) {
  return joined(llvm::sys::path::parent_path(path), "." + llvm::sys::path::filename(path) + ".ssot-" + id);
}

/// Writes every temporary file first, so that a full disk is met before anything is replaced; then the renames, which
/// need no space.
llvm::Error install(const std::vector<FileWrite> &targets) {
  auto dropTemporaries = [&] {
    for (const FileWrite &target : targets)
      ::unlink(target.temporary.c_str());
  };
  for (const FileWrite &target : targets)
    if (llvm::Error error = writeSynced(target.temporary, target.bytes, target.mode)) {
      dropTemporaries();
      return error;
    }
  for (const FileWrite &target : targets)
    if (::rename(target.temporary.c_str(), target.path.c_str())) {
      llvm::Error error = systemFailure(target.path, "replacing");
      dropTemporaries();
      return error;
    }
  std::vector<std::string> folders;
  for (const FileWrite &target : targets)
    folders.push_back(llvm::sys::path::parent_path(target.path).str());
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  for (const std::string &folder : folders)
    if (llvm::Error error = syncFolder(folder))
      return error;
  return llvm::Error::success();
}

llvm::Error mark(const Record &record, llvm::StringRef state) {
  if (llvm::Error error = writeSynced(joined(record.folder, state), "", 0644))
    return error;
  return syncFolder(record.folder);
}

llvm::Expected<FileWrite> targetFor(const std::string &root, const std::string &path, llvm::StringRef id,
                                    std::string bytes) {
  FileWrite target;
  target.path = joined(root, path);
  target.temporary = temporaryFor(target.path, id);
  target.bytes = std::move(bytes);
  struct stat status{};
  if (::stat(target.path.c_str(), &status))
    return systemFailure(path, "reading");
  if (!S_ISREG(status.st_mode))
    return failure(path, "is no regular file");
  // The superuser may write anything; a read-only file was made so by somebody who meant it.
  if (!(status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) || ::access(target.path.c_str(), W_OK))
    return failure(path, "is read-only; nothing was written");
  target.mode = status.st_mode & 07777;
  return target;
}

std::string digestOnDisk(const std::string &path) {
  std::optional<std::string> bytes = readAll(path);
  return bytes ? digest(*bytes) : std::string();
}

} // namespace

llvm::StringRef wordFor(JournalState state) {
  return state == JournalState::Applied ? "applied" : state == JournalState::RolledBack ? "rolled back" : "interrupted";
}

Journal::Journal(std::string root) : Root(std::move(root)), Folder(joined(Root, ".ssot/journal")) {}

llvm::Expected<std::string> Journal::apply(const std::vector<FileChange> &changes) {
  llvm::Expected<Lock> lock = Lock::take(joined(Root, ".ssot"));
  if (!lock)
    return lock.takeError();
  if (std::error_code error = fs::create_directories(Folder))
    return failure(Folder, error.message());
  unsigned last = 0;
  for (const std::string &name : entriesOf(Folder)) {
    unsigned number = 0;
    if (!llvm::StringRef(name).getAsInteger(10, number))
      last = std::max(last, number);
  }
  std::string id;
  llvm::raw_string_ostream(id) << llvm::format_decimal(last + 1, 0);
  id.insert(0, id.size() < 4 ? 4 - id.size() : 0, '0');

  std::vector<FileWrite> targets;
  for (const FileChange &change : changes) {
    llvm::Expected<FileWrite> target = targetFor(Root, change.path, id, change.after);
    if (!target)
      return target.takeError();
    if (digestOnDisk(target->path) != digest(change.before))
      return failure(change.path, "was edited since it was read; nothing was written");
    targets.push_back(std::move(*target));
  }

  Record record;
  record.id = id;
  record.folder = joined(Folder, id);
  std::string pending = record.folder + ".tmp";
  auto abandon = [&](llvm::Error error) {
    (void)fs::remove_directories(pending);
    return error;
  };
  if (std::error_code error = fs::create_directory(pending))
    return failure(pending, error.message());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (llvm::Error error = writeSynced(joined(pending, llvm::Twine(i) + ".before"), changes[i].before, 0600))
      return abandon(std::move(error));
    if (llvm::Error error = writeSynced(joined(pending, llvm::Twine(i) + ".after"), changes[i].after, 0600))
      return abandon(std::move(error));
  }
  if (llvm::Error error = writeSynced(joined(pending, "manifest.json"), manifestOf(changes), 0644))
    return abandon(std::move(error));
  if (llvm::Error error = syncFolder(pending))
    return abandon(std::move(error));
  // From this rename on, an interrupted run is completed by the next one.
  if (::rename(pending.c_str(), record.folder.c_str()))
    return abandon(systemFailure(pending, "renaming"));
  if (llvm::Error error = syncFolder(Folder))
    return std::move(error);

  if (llvm::Error error = install(targets)) {
    // Some may have been replaced: put back what was there, then forget the entry.
    for (std::size_t i = 0; i < changes.size(); ++i)
      targets[i].bytes = changes[i].before;
    if (llvm::Error again = install(targets))
      return llvm::joinErrors(std::move(error), std::move(again));
    (void)fs::remove_directories(record.folder);
    return std::move(error);
  }
  if (llvm::Error error = mark(record, "done"))
    return std::move(error);
  return id;
}

llvm::Expected<std::vector<std::string>> Journal::rollback(std::string id, bool skipChanged) {
  llvm::Expected<Lock> lock = Lock::take(joined(Root, ".ssot"));
  if (!lock)
    return lock.takeError();
  std::optional<Record> record;
  if (id.empty()) {
    for (const JournalEntry &entry : list())
      if (entry.state == JournalState::Applied)
        id = entry.id;
    if (id.empty())
      return failure(".ssot/journal", "nothing to roll back");
  }
  record = readRecord(joined(Folder, id));
  if (!record)
    return failure(".ssot/journal/" + id, "no such change; `ssot rollback --list` shows them");
  if (record->undone)
    return failure(".ssot/journal/" + id, "is rolled back already");

  std::vector<FileWrite> targets;
  std::vector<std::string> skipped, edited;
  for (std::size_t i = 0; i < record->files.size(); ++i) {
    const Record::File &file = record->files[i];
    std::string now = digestOnDisk(joined(Root, file.path));
    if (now == file.before)
      continue;
    if (now != file.after) {
      (skipChanged ? skipped : edited).push_back(file.path);
      continue;
    }
    std::optional<std::string> bytes = readAll(record->bytesFile(i, "before"));
    if (!bytes || digest(*bytes) != file.before)
      return failure(record->bytesFile(i, "before"), "the journal is damaged; nothing was written");
    llvm::Expected<FileWrite> target = targetFor(Root, file.path, id, std::move(*bytes));
    if (!target)
      return target.takeError();
    targets.push_back(std::move(*target));
  }
  if (!edited.empty())
    return failure(llvm::join(edited, ", "),
                   "edited since the migration; nothing was written (--skip-changed leaves such files as they are)");
  if (llvm::Error error = install(targets))
    return std::move(error);
  if (llvm::Error error = mark(*record, "undone"))
    return std::move(error);
  return skipped;
}

llvm::Expected<std::vector<std::string>> Journal::recover() {
  std::vector<std::string> notes;
  if (!fs::exists(Folder))
    return notes;
  llvm::Expected<Lock> lock = Lock::take(joined(Root, ".ssot"));
  if (!lock)
    return lock.takeError();
  for (const std::string &name : entriesOf(Folder)) {
    std::string folder = joined(Folder, name);
    if (isPending(name)) {
      (void)fs::remove_directories(folder);
      notes.push_back("a migration was interrupted before it changed any file; the tree is as before");
      continue;
    }
    std::optional<Record> record = readRecord(folder);
    if (!record || record->done || record->undone)
      continue;
    std::vector<FileWrite> targets;
    for (std::size_t i = 0; i < record->files.size(); ++i) {
      const Record::File &file = record->files[i];
      ::unlink(temporaryFor(joined(Root, file.path), record->id).c_str());
      std::string now = digestOnDisk(joined(Root, file.path));
      if (now == file.after)
        continue;
      if (now != file.before)
        return failure(file.path, "a migration (" + record->id +
                                      ") was interrupted and the file was edited since; put it back by hand from " +
                                      record->bytesFile(i, "before") + " or " + record->bytesFile(i, "after"));
      std::optional<std::string> bytes = readAll(record->bytesFile(i, "after"));
      if (!bytes || digest(*bytes) != file.after)
        return failure(record->bytesFile(i, "after"), "the journal is damaged");
      llvm::Expected<FileWrite> target = targetFor(Root, file.path, record->id, std::move(*bytes));
      if (!target)
        return target.takeError();
      targets.push_back(std::move(*target));
    }
    if (llvm::Error error = install(targets))
      return std::move(error);
    if (llvm::Error error = mark(*record, "done"))
      return std::move(error);
    notes.push_back("migration " + record->id +
                    " was interrupted; it is completed now, the tree is as after (`ssot rollback " + record->id +
                    "` undoes it)");
  }
  return notes;
}

std::vector<JournalEntry> Journal::list() const {
  std::vector<JournalEntry> entries;
  for (const std::string &name : entriesOf(Folder)) {
    std::optional<Record> record = isPending(name) ? std::nullopt : readRecord(joined(Folder, name));
    if (!record)
      continue;
    JournalEntry entry;
    entry.id = record->id;
    entry.state = record->undone ? JournalState::RolledBack
                  : record->done ? JournalState::Applied
                                 : JournalState::Interrupted;
    for (const Record::File &file : record->files)
      entry.files.push_back(file.path);
    entries.push_back(std::move(entry));
  }
  return entries;
}

} // namespace ssot
