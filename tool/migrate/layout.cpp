#include "migrate/layout.h"

#include "extract/layout.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/Path.h>

namespace ssot {

namespace {

using Ranges = std::vector<std::pair<std::size_t, std::size_t>>;

/// Where the edits of one file, sorted by place, stand in the text that they make.
Ranges editedRanges(llvm::ArrayRef<const Edit *> edits, llvm::StringRef edited) {
  Ranges ranges;
  std::size_t gained = 0; // modulo 2^64: what the edits so far have added to an offset
  for (const Edit *edit : edits) {
    std::size_t begin = edit->begin + gained, length = edit->after().size();
    gained += length - (edit->end - edit->begin);
    llvm::StringRef lines = edited.slice(lineBegin(edited, begin), lineEnd(edited, begin + length));
    if (!edit->isInclude() && length > 0 && !lines.contains("NOLINT"))
      ranges.emplace_back(begin, length);
  }
  return ranges;
}

} // namespace

std::map<std::string, LaidOutFile> laidOutFiles(const std::vector<Edit> &edits, const std::string &root, ReadFile read,
                                                const std::function<void(const std::string &)> &note) {
  std::map<std::string, std::vector<const Edit *>> byFile;
  for (const Edit &edit : edits)
    byFile[edit.file].push_back(&edit);
  std::map<std::string, LaidOutFile> files;
  for (auto &[file, text] : editedFiles(edits, read)) {
    LaidOutFile &laidOut = files[file];
    laidOut.edited = text;
    llvm::SmallString<256> path(root);
    llvm::sys::path::append(path, file);
    llvm::Expected<std::vector<LayoutChange>> changes = layOut(path, text, editedRanges(byFile[file], text));
    if (!changes) {
      note(file + ": not laid out: " + llvm::toString(changes.takeError()));
      continue;
    }
    for (LayoutChange &change : *changes)
      laidOut.layout.push_back({change.begin, change.end, std::move(change.text)});
  }
  return files;
}

} // namespace ssot
