#include "lsp/positions.h"

#include "report/characters.h"

#include <algorithm>

namespace ssot {

namespace {

constexpr llvm::StringLiteral kMark = "\xef\xbb\xbf";

std::uint32_t unitsOf(const Character &character) { return character.isUtf8 && character.code > 0xffff ? 2 : 1; }

} // namespace

bool touches(const EditorRange &a, const EditorRange &b) { return !(a.end < b.start) && !(b.end < a.start); }

llvm::json::Value toJSON(const EditorPosition &position) {
  return llvm::json::Object{{"line", position.line}, {"character", position.character}};
}

llvm::json::Value toJSON(const EditorRange &range) {
  return llvm::json::Object{{"start", toJSON(range.start)}, {"end", toJSON(range.end)}};
}

bool fromJSON(const llvm::json::Value &value, EditorPosition &position, llvm::json::Path path) {
  llvm::json::ObjectMapper map(value, path);
  std::int64_t line = 0, character = 0;
  if (!map || !map.map("line", line) || !map.map("character", character))
    return false;
  auto clamped = [](std::int64_t number) {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(number, 0, UINT32_MAX));
  };
  position = {clamped(line), clamped(character)};
  return true;
}

bool fromJSON(const llvm::json::Value &value, EditorRange &range, llvm::json::Path path) {
  llvm::json::ObjectMapper map(value, path);
  return map && map.map("start", range.start) && map.map("end", range.end);
}

EditorText::EditorText(std::string text, PositionEncoding encoding) : Text(std::move(text)), Encoding(encoding) {
  Starts.push_back(0);
  for (std::size_t i = 0; i < Text.size(); ++i)
    if (Text[i] == '\n' || (Text[i] == '\r' && (i + 1 == Text.size() || Text[i + 1] != '\n')))
      Starts.push_back(i + 1);
}

std::size_t EditorText::begin(std::size_t number) const {
  return number == 0 && llvm::StringRef(Text).starts_with(kMark) ? kMark.size() : Starts[number];
}

llvm::StringRef EditorText::line(std::size_t number) const {
  std::size_t end = number + 1 < Starts.size() ? Starts[number + 1] : Text.size();
  return llvm::StringRef(Text).slice(begin(number), end).rtrim("\r\n");
}

EditorPosition EditorText::at(std::size_t offset) const {
  offset = std::min(offset, Text.size());
  auto next = std::upper_bound(Starts.begin(), Starts.end(), offset);
  auto number = static_cast<std::size_t>(next - Starts.begin()) - 1;
  std::size_t from = begin(number);
  llvm::StringRef before = line(number).take_front(offset > from ? offset - from : 0);
  EditorPosition position{static_cast<std::uint32_t>(number), 0};
  if (Encoding == PositionEncoding::Utf8)
    position.character = static_cast<std::uint32_t>(before.size());
  else
    forEachCharacter(before, [&](const Character &character) { position.character += unitsOf(character); });
  return position;
}

std::size_t EditorText::offsetOf(const EditorPosition &position) const {
  if (position.line >= Starts.size())
    return Text.size();
  llvm::StringRef text = line(position.line);
  std::size_t from = begin(position.line);
  if (Encoding == PositionEncoding::Utf8)
    return from + std::min<std::size_t>(position.character, text.size());
  std::size_t bytes = 0;
  std::uint32_t units = 0;
  forEachCharacter(text, [&](const Character &character) {
    if (units < position.character)
      bytes += character.bytes.size();
    units += unitsOf(character);
  });
  return from + bytes;
}

EditorRange EditorText::range(const Place &place) const {
  if (place.end > place.begin)
    return range(place.begin, place.end);
  if (place.line == 0 || place.line > Starts.size())
    return {};
  // A rule file's place says where something begins: what is meant is the rest of the line.
  llvm::StringRef text = line(place.line - 1);
  std::size_t before = std::min<std::size_t>(place.column ? place.column - 1 : 0, text.size());
  std::size_t from = begin(place.line - 1);
  return range(from + before, from + text.size());
}

} // namespace ssot
