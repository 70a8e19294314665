#include "judge/marked_text.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>

namespace ssot {

namespace {

/// \returns the word of a mark that begins here; empty: none does.
llvm::StringRef markAt(llvm::StringRef code) {
  if (!code.consume_front("$"))
    return {};
  llvm::StringRef word = code.take_while([](char c) { return llvm::isAlnum(c) || c == '-' || c == '_'; });
  return code.substr(word.size()).starts_with("[[") ? word : llvm::StringRef();
}

/// Puts the text of one file together, piece by piece.
class FileReader {
public:
  explicit FileReader(MarkedFile &file) : File(file) {}

  /// Takes the marks off a part of the file, which stands at \p at of the whole. `]]` without a mark, as in attributes,
  /// stays.
  void add(llvm::StringRef part, std::uint32_t at) {
    auto size = [&] { return static_cast<std::uint32_t>(File.text.size()); };
    auto skip = [&](std::size_t length) {
      part = part.drop_front(length);
      at += static_cast<std::uint32_t>(length);
      File.shifts.emplace_back(size(), at - size());
    };
    skip(0);
    while (!part.empty()) {
      if (llvm::StringRef word = markAt(part); !word.empty()) {
        Open.push_back(File.marks.size());
        File.marks.push_back({word.str(), size(), size()});
        skip(word.size() + 3);
      } else if (!Open.empty() && part.starts_with("]]")) {
        File.marks[Open.back()].end = size();
        Open.pop_back();
        skip(2);
      } else {
        File.text += part.front();
        part = part.drop_front();
        ++at;
      }
    }
    File.isClosed = Open.empty();
  }

private:
  MarkedFile &File;
  std::vector<std::size_t> Open; ///< marks without an end so far
};

} // namespace

std::uint32_t MarkedFile::written(std::uint32_t offset) const {
  auto after =
      llvm::upper_bound(shifts, offset, [](std::uint32_t wanted, const auto &shift) { return wanted < shift.first; });
  return after == shifts.begin() ? offset : offset + std::prev(after)->second;
}

std::vector<MarkedFile> readMarked(llvm::StringRef marked, llvm::StringRef first) {
  struct Part {
    llvm::StringRef path;
    std::size_t begin, end;
  };
  std::vector<Part> parts{{first, 0, 0}};
  for (std::size_t at = 0; at < marked.size();) {
    std::size_t next = std::min(marked.find('\n', at), marked.size() - 1) + 1;
    llvm::StringRef line = marked.slice(at, next).trim();
    if (line.consume_front("//- "))
      parts.push_back({line.trim(), next, next});
    parts.back().end = next;
    at = next;
  }
  std::vector<MarkedFile> files;
  std::vector<FileReader> readers;
  files.reserve(parts.size()); // the readers keep references
  for (const Part &part : parts) {
    if (part.begin == part.end && &part == &parts.front() && parts.size() > 1)
      continue;
    auto known = llvm::find_if(files, [&](const MarkedFile &file) { return file.path == part.path; });
    if (known == files.end()) {
      files.push_back({part.path.str(), {}, {}, true, {}});
      readers.emplace_back(files.back());
      known = std::prev(files.end());
    }
    readers[static_cast<std::size_t>(known - files.begin())].add(marked.slice(part.begin, part.end),
                                                                 static_cast<std::uint32_t>(part.begin));
  }
  return files;
}

} // namespace ssot
