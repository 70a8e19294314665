// judge/marked_text.h - source code with marks: what rules are to find in it stands in the code itself.
//
// `$word[[code]]` says that something is found at exactly that code. A line `//- path` starts another file. What has no
// mark is an assertion too: nothing is found there.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

/// Offsets are bytes of the file without its marks.
struct CodeMark {
  std::string word;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const CodeMark &, const CodeMark &) = default;
};

/// A file of a marked text.
struct MarkedFile {
  std::string path;
  std::string text;            ///< without marks
  std::vector<CodeMark> marks; ///< as they are opened
  bool isClosed = true;        ///< each mark has its end

  /// \returns where a byte of `text` stands in the marked text.
  std::uint32_t written(std::uint32_t offset) const;

  /// From this offset on, so much farther on. The first is at 0.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> shifts;
};

/// Splits a marked text. \param first the path of what stands before the first `//- path`; when nothing does, there is
/// no such file. Of two parts with one path the second goes on with the first.
std::vector<MarkedFile> readMarked(llvm::StringRef marked, llvm::StringRef first);

} // namespace ssot
