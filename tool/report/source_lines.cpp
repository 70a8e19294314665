#include "report/source_lines.h"

#include "report/characters.h"

#include <algorithm>

namespace ssot {

namespace {

/// \returns the 1-based UTF-16 column of a 1-based byte column. What lies behind the line counts a column a byte.
std::uint32_t utf16Column(llvm::StringRef line, std::uint32_t byteColumn) {
  std::size_t bytes = byteColumn ? byteColumn - 1 : 0;
  std::size_t beyond = bytes > line.size() ? bytes - line.size() : 0;
  std::uint32_t column = 1 + static_cast<std::uint32_t>(beyond);
  forEachCharacter(line.take_front(bytes),
                   [&](const Character &character) { column += character.isUtf8 && character.code > 0xffff ? 2 : 1; });
  return column;
}

} // namespace

const SourceLines::File &SourceLines::read(const std::string &file) {
  auto [known, isNew] = Files.try_emplace(file);
  File &entry = known->second;
  if (!isNew || file.empty())
    return entry;
  entry.text = Input.source(file);
  if (!entry.text)
    return entry;
  entry.starts.push_back(0);
  for (std::size_t at = entry.text->find('\n'); at != std::string::npos; at = entry.text->find('\n', at + 1))
    entry.starts.push_back(at + 1);
  return entry;
}

llvm::StringRef SourceLines::lineOf(const File &file, std::uint32_t line) {
  if (line == 0 || line > file.starts.size())
    return {};
  llvm::StringRef text(*file.text);
  return text.drop_front(file.starts[line - 1]).take_until([](char c) { return c == '\n'; });
}

const std::optional<std::string> &SourceLines::textOf(const std::string &file) { return read(file).text; }

std::optional<llvm::StringRef> SourceLines::line(const std::string &file, std::uint32_t number) {
  const File &entry = read(file);
  if (number == 0 || number > entry.starts.size() || entry.starts[number - 1] == entry.text->size())
    return std::nullopt;
  return lineOf(entry, number).rtrim('\r');
}

std::uint32_t SourceLines::lineAt(const std::string &file, std::uint32_t offset) {
  const File &entry = read(file);
  return static_cast<std::uint32_t>(std::upper_bound(entry.starts.begin(), entry.starts.end(), offset) -
                                    entry.starts.begin());
}

SourceLines::Region SourceLines::regionOf(const std::string &file, const Place &place) {
  const File &entry = read(file);
  Region region;
  region.line = std::max(1u, place.line);
  region.endLine = std::max(region.line, place.endLine);
  region.column = utf16Column(lineOf(entry, region.line), std::max(1u, place.column));
  region.endColumn = utf16Column(lineOf(entry, region.endLine), std::max(1u, place.endColumn));
  if (region.endLine == region.line)
    region.endColumn = std::max(region.endColumn, region.column);
  return region;
}

std::optional<SourceLines::Region> SourceLines::regionOf(const std::string &file, std::uint32_t begin,
                                                         std::uint32_t end) {
  const File &entry = read(file);
  if (!entry.text || begin > end || end > entry.text->size())
    return std::nullopt;
  Place place;
  auto locate = [&](std::uint32_t offset, std::uint32_t &line, std::uint32_t &column) {
    line = lineAt(file, offset);
    column = offset - static_cast<std::uint32_t>(entry.starts[line - 1]) + 1;
  };
  locate(begin, place.line, place.column);
  locate(end, place.endLine, place.endColumn);
  return regionOf(file, place);
}

} // namespace ssot
