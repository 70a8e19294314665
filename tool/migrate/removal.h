// migrate/removal.h - what else goes when a declaration goes.
//
// A line that holds nothing else goes with it, and so does a blank line that would stand beside another one.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <cstddef>

namespace ssot {

struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Whether nothing but blanks stands in front of \p at in its line.
bool beginsLine(llvm::StringRef text, std::size_t at);

/// \returns what to take out for the declaration from \p begin to \p end: whole lines with a comment behind it, or the
/// declaration and the blanks that held it apart.
TextSpan removalOf(llvm::StringRef text, std::size_t begin, std::size_t end);

/// \p lines, and a blank line in front of them where one stands behind them as well, or where a block ends.
TextSpan withBlankLine(llvm::StringRef text, TextSpan lines);

/// Whether what stands between \p from and \p to is only blank.
bool isBlank(llvm::StringRef text, std::size_t from, std::size_t to);

} // namespace ssot
