#include "migrate/journal_entry.h"

#include "migrate/exchange.h"
#include "migrate/text.h"
#include "project/paths.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <cstdio>

namespace ssot {

namespace {

namespace fs = llvm::sys::fs;

constexpr char kPending[] = ".tmp";
constexpr JournalMark kMarks[] = {JournalMark::Done, JournalMark::Undo, JournalMark::Undone};

std::string nameOf(JournalMark mark) {
  return mark == JournalMark::Done ? "done" : mark == JournalMark::Undo ? "undo" : "undone";
}

std::string bytesFile(llvm::StringRef folder, std::size_t file, bool before) {
  return joined(folder, std::to_string(file) + (before ? ".before" : ".after"));
}

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

llvm::Error fillEntry(const std::string &folder, const std::vector<FileChange> &changes) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (llvm::Error error = writeSynced(bytesFile(folder, i, true), changes[i].before, 0600))
      return error;
    if (llvm::Error error = writeSynced(bytesFile(folder, i, false), changes[i].after, 0600))
      return error;
  }
  for (JournalMark mark : kMarks)
    if (llvm::Error error = writeSynced(joined(folder, "not-" + nameOf(mark)), "", 0644))
      return error;
  if (llvm::Error error = writeSynced(joined(folder, "manifest.json"), manifestOf(changes), 0644))
    return error;
  return syncFolder(folder);
}

} // namespace

llvm::Error setMark(const JournalRecord &record, JournalMark mark, bool set) {
  std::string on = joined(record.folder, nameOf(mark)), off = joined(record.folder, "not-" + nameOf(mark));
  if (!set)
    std::swap(on, off);
  if (::rename(off.c_str(), on.c_str()))
    return systemFailure(on, "renaming");
  return syncFolder(record.folder);
}

llvm::Error writeEntry(const std::string &folder, const std::vector<FileChange> &changes) {
  std::string pending = folder + kPending;
  if (std::error_code error = fs::create_directory(pending))
    return failure(pending, error.message());
  llvm::Error error = fillEntry(pending, changes);
  if (!error && ::rename(pending.c_str(), folder.c_str()))
    error = systemFailure(folder, "renaming");
  if (error)
    (void)fs::remove_directories(pending);
  return error;
}

std::optional<JournalRecord> readRecord(const std::string &folder) {
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
  JournalRecord record;
  record.folder = folder;
  record.id = llvm::sys::path::filename(folder).str();
  for (const llvm::json::Value &value : *files) {
    const llvm::json::Object *file = value.getAsObject();
    if (!file || !file->getString("path") || !file->getString("before") || !file->getString("after"))
      return std::nullopt;
    record.files.push_back(
        {file->getString("path")->str(), file->getString("before")->str(), file->getString("after")->str()});
  }
  record.done = fs::exists(joined(folder, nameOf(JournalMark::Done)));
  record.undo = fs::exists(joined(folder, nameOf(JournalMark::Undo)));
  record.undone = fs::exists(joined(folder, nameOf(JournalMark::Undone)));
  return record;
}

void forgetEntry(const std::string &folder) {
  std::string pending = folder + kPending;
  if (!::rename(folder.c_str(), pending.c_str()))
    (void)fs::remove_directories(pending);
}

llvm::Expected<std::string> keptBytes(const JournalRecord &record, std::size_t file, bool before) {
  std::string path = bytesFile(record.folder, file, before);
  std::optional<std::string> bytes = readAll(path);
  if (!bytes || digest(*bytes) != (before ? record.files[file].before : record.files[file].after))
    return failure(path, "the journal is damaged; nothing was written");
  return std::move(*bytes);
}

std::vector<std::string> entriesOf(const std::string &folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; at != end && !error; at.increment(error))
    names.push_back(llvm::sys::path::filename(at->path()).str());
  std::sort(names.begin(), names.end());
  return names;
}

bool isPending(llvm::StringRef name) { return name.ends_with(kPending); }

std::string nextId(const std::string &folder) {
  unsigned last = 0;
  for (const std::string &name : entriesOf(folder)) {
    unsigned number = 0;
    if (!llvm::StringRef(name).getAsInteger(10, number))
      last = std::max(last, number);
  }
  return llvm::formatv("{0,0+4}", last + 1);
}

} // namespace ssot
