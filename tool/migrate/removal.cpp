#include "migrate/removal.h"

#include "migrate/text.h"

namespace ssot {

namespace {

bool isBlankLine(llvm::StringRef text, std::size_t at) { return isBlank(text, lineBegin(text, at), lineEnd(text, at)); }

} // namespace

bool isBlank(llvm::StringRef text, std::size_t from, std::size_t to) { return text.slice(from, to).trim().empty(); }

bool beginsLine(llvm::StringRef text, std::size_t at) { return isBlank(text, lineBegin(text, at), at); }

TextSpan removalOf(llvm::StringRef text, std::size_t begin, std::size_t end) {
  llvm::StringRef behind = text.slice(end, lineEnd(text, end)).trim();
  bool isLast = behind.empty() || behind.starts_with("//");
  if (beginsLine(text, begin) && isLast)
    return {lineBegin(text, begin), lineEnd(text, end)};
  auto isGap = [&](std::size_t at) { return text[at] == ' ' || text[at] == '\t'; };
  if (behind.empty()) {
    while (begin > 0 && isGap(begin - 1))
      --begin;
  } else {
    while (end < text.size() && isGap(end))
      ++end;
  }
  return {begin, end};
}

TextSpan withBlankLine(llvm::StringRef text, TextSpan lines) {
  bool isWhole = beginsLine(text, lines.begin) && (lines.end == text.size() || lineBegin(text, lines.end) == lines.end);
  if (!isWhole || lines.begin == 0 || lineBegin(text, lines.begin) != lines.begin)
    return lines;
  std::size_t above = lineBegin(text, lines.begin - 1);
  if (!isBlankLine(text, above))
    return lines;
  bool isDouble =
      lines.end >= text.size() || isBlankLine(text, lines.end) || text.substr(lines.end).ltrim(" \t").starts_with("}");
  return isDouble ? TextSpan{above, lines.end} : lines;
}

} // namespace ssot
