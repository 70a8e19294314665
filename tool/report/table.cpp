#include "report/table.h"

#include "report/words.h"

#include <algorithm>

namespace ssot {

namespace {

constexpr char kPlain[] = "\x1b[0m";

void writeRow(llvm::ArrayRef<TableColumn> columns, llvm::ArrayRef<std::size_t> widths, llvm::ArrayRef<TableCell> cells,
              llvm::raw_ostream &out) {
  std::size_t pending = 0; // spaces that are written only when something follows
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const TableCell &cell = cells[i];
    std::size_t filling = widths[i] - columnsOf(cell.text);
    pending += columns[i].right ? filling : 0;
    if (!cell.text.empty()) {
      out.indent(static_cast<unsigned>(pending));
      pending = 0;
      out << cell.color << cell.text << (cell.color.empty() ? "" : kPlain);
    }
    pending += (columns[i].right ? 0 : filling) + 2;
  }
  out << '\n';
}

} // namespace

void writeTable(llvm::ArrayRef<TableColumn> columns, llvm::ArrayRef<std::vector<TableCell>> rows,
                llvm::StringRef titleColor, llvm::raw_ostream &out) {
  std::vector<std::size_t> widths;
  std::vector<TableCell> titles;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::size_t width = columnsOf(columns[i].title);
    for (const std::vector<TableCell> &row : rows)
      width = std::max(width, columnsOf(row[i].text));
    widths.push_back(width);
    titles.push_back({columns[i].title, titleColor.str()});
  }
  writeRow(columns, widths, titles, out);
  for (const std::vector<TableCell> &row : rows)
    writeRow(columns, widths, row, out);
}

} // namespace ssot
