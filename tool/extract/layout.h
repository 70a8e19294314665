// extract/layout.h - lines laid out as the `.clang-format` of their file has it.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace ssot {

/// White space that becomes other white space: bytes [begin, end) of the text.
struct LayoutChange {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

/// Lays out the statements that \p ranges (offset, length) touch and nothing else. Only white space changes: no include
/// is sorted, no comment reflowed, no string broken, no brace added.
/// \param path of the file on disk, absolute: its `.clang-format` is searched upwards from there.
/// \returns the changes, sorted; none when there is no `.clang-format`, or an error that names the one that cannot be
/// read.
llvm::Expected<std::vector<LayoutChange>> layOut(llvm::StringRef path, llvm::StringRef text,
                                                 llvm::ArrayRef<std::pair<std::size_t, std::size_t>> ranges);

} // namespace ssot
