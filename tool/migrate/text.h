// migrate/text.h - lines of a file, kept as they are: line endings, a missing last newline, a byte-order mark.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <cstddef>
#include <string>
#include <vector>

namespace ssot {

/// A change of bytes.
struct Replacement {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

/// Applies \p replacements, which are sorted and do not overlap.
std::string applied(llvm::StringRef text, const std::vector<Replacement> &replacements);

/// \returns the lines of \p text, each with its line ending.
std::vector<llvm::StringRef> linesOf(llvm::StringRef text);

/// The line ending that the line at \p offset has: "\r\n" or "\n".
llvm::StringRef lineEndingAt(llvm::StringRef text, std::size_t offset);

/// The offset where the line of \p offset begins.
std::size_t lineBegin(llvm::StringRef text, std::size_t offset);
/// The offset behind the line's ending.
std::size_t lineEnd(llvm::StringRef text, std::size_t offset);

/// A unified diff of one file as `git apply` takes it; empty when nothing changes.
std::string unifiedDiff(llvm::StringRef path, llvm::StringRef before, llvm::StringRef after);

/// What makes \p after of \p before, as changes of lines cut down to the bytes of them that differ; sorted. A character
/// of UTF-8 is never cut, nor what ends a line.
std::vector<Replacement> differences(llvm::StringRef before, llvm::StringRef after);

/// SHA-256 in hexadecimal.
std::string digest(llvm::StringRef bytes);

} // namespace ssot
