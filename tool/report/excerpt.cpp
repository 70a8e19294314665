#include "report/excerpt.h"

#include "report/characters.h"

#include <llvm/ADT/ArrayRef.h>

#include <algorithm>
#include <vector>

namespace ssot {

namespace {

constexpr std::size_t kTabStop = 8;
constexpr llvm::StringLiteral kCut = "...";

std::optional<llvm::StringRef> lineOf(llvm::StringRef text, std::uint32_t number) {
  if (number == 0)
    return std::nullopt;
  for (std::uint32_t line = 1; line < number; ++line) {
    std::size_t end = text.find('\n');
    if (end == llvm::StringRef::npos)
      return std::nullopt;
    text = text.drop_front(end + 1);
  }
  return text.take_until([](char c) { return c == '\n'; }).rtrim(" \t\r");
}

/// One character of the line as it is shown.
struct Cell {
  std::string shown;
  std::size_t columns = 0;
  bool marked = false;
};

/// \returns the cells of \p line; those that begin in the bytes [begin, end) are marked.
std::vector<Cell> cellsOf(llvm::StringRef line, std::size_t begin, std::size_t end) {
  std::vector<Cell> cells;
  std::size_t column = 0;
  forEachCharacter(line, [&](const Character &character) {
    Cell cell;
    if (character.code == '\t') {
      cell.columns = kTabStop - column % kTabStop;
      cell.shown.assign(cell.columns, ' ');
    } else {
      cell.columns = character.columns;
      cell.shown = character.isPlain ? character.bytes.str() : escapeOf(character);
    }
    std::size_t at = static_cast<std::size_t>(character.bytes.data() - line.data());
    cell.marked = at + character.bytes.size() > begin && at < std::max(end, begin + 1);
    column += cell.columns;
    cells.push_back(std::move(cell));
  });
  return cells;
}

std::size_t widthOf(llvm::ArrayRef<Cell> cells) {
  std::size_t width = 0;
  for (const Cell &cell : cells)
    width += cell.columns;
  return width;
}

/// The part of a line that is shown: cells [first, last).
struct Window {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Grows around the caret, in turns to both sides, as far as the columns go.
Window windowAround(llvm::ArrayRef<Cell> cells, std::size_t caret, std::size_t columns) {
  if (widthOf(cells) <= columns)
    return {0, cells.size()};
  std::size_t room = columns > 2 * kCut.size() ? columns - 2 * kCut.size() : 1;
  Window window{std::min(caret, cells.size()), std::min(caret, cells.size())};
  for (bool grew = true; grew;) {
    grew = false;
    if (window.last < cells.size() && cells[window.last].columns <= room) {
      room -= cells[window.last++].columns;
      grew = true;
    }
    if (window.first > 0 && cells[window.first - 1].columns <= room) {
      room -= cells[--window.first].columns;
      grew = true;
    }
  }
  return window;
}

} // namespace

std::optional<Excerpt> excerptOf(llvm::StringRef text, const Place &place, std::size_t columns) {
  std::optional<llvm::StringRef> line = lineOf(text, place.line);
  if (!line || place.column == 0)
    return std::nullopt;
  std::size_t begin = place.column - 1;
  bool endsHere = place.endLine == place.line;
  std::size_t end = endsHere && place.endColumn > place.column ? place.endColumn - 1
                    : place.endLine > place.line               ? line->size()
                                                               : begin + 1;
  std::vector<Cell> cells = cellsOf(*line, begin, end);
  auto marked = std::find_if(cells.begin(), cells.end(), [](const Cell &cell) { return cell.marked; });
  std::size_t caret = static_cast<std::size_t>(marked - cells.begin());
  Window window = windowAround(cells, caret, columns);

  Excerpt excerpt;
  if (window.first > 0) {
    excerpt.line = kCut;
    excerpt.marks.assign(kCut.size(), ' ');
  }
  bool caretSet = false;
  for (std::size_t i = window.first; i < window.last; ++i) {
    excerpt.line += cells[i].shown;
    std::string mark(cells[i].columns, cells[i].marked ? '~' : ' ');
    if (cells[i].marked && !caretSet && !mark.empty()) {
      mark.front() = '^';
      caretSet = true;
    }
    excerpt.marks += mark;
  }
  if (!caretSet) // the place is the end of the line
    excerpt.marks += '^';
  if (window.last < cells.size())
    excerpt.line += kCut;
  excerpt.marks.erase(excerpt.marks.find_last_not_of(' ') + 1);
  return excerpt;
}

} // namespace ssot
