// report/table.h - a table with aligned columns for a terminal.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/raw_ostream.h>

#include <string>
#include <vector>

namespace ssot {

struct TableCell {
  std::string text;
  std::string color; ///< escape sequence, or empty
};

struct TableColumn {
  std::string title;
  bool right = false; ///< numbers stand to the right
};

/// Writes a line of titles and the rows. \p titleColor applies to the titles; no line ends in spaces.
void writeTable(llvm::ArrayRef<TableColumn> columns, llvm::ArrayRef<std::vector<TableCell>> rows,
                llvm::StringRef titleColor, llvm::raw_ostream &out);

} // namespace ssot
