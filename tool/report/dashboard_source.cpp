#include "report/dashboard_source.h"

#include "report/characters.h"

#include <algorithm>

namespace ssot {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kBudget = 5'000'000; ///< bytes of source on a page
constexpr std::size_t kLongestLine = 400;  ///< UTF-16 units
constexpr std::uint32_t kAround = 2;       ///< lines before and behind
constexpr std::uint32_t kMostLines = 12;   ///< of the marked range
constexpr llvm::StringLiteral kCut = "\xe2\x80\xa6";

/// \returns \p line as the page shows it: tabs stay, what cannot be shown becomes its escape. \p units is its length in
/// UTF-16 units.
std::string shown(llvm::StringRef line, std::size_t &units) {
  std::string text;
  units = 0;
  bool cut = false;
  forEachCharacter(line, [&](const Character &character) {
    cut |= units >= kLongestLine;
    if (cut)
      return;
    if (character.isPlain || character.code == '\t') {
      text += character.bytes;
      units += character.code > 0xffff ? 2 : 1;
    } else {
      std::string escape = escapeOf(character);
      units += escape.size();
      text += escape;
    }
  });
  return cut ? text + kCut.str() : text;
}

} // namespace

std::string DashboardSource::lineOf(const std::string &file, std::uint32_t number) {
  std::size_t units = 0;
  return shown(Lines.line(file, number).value_or(""), units);
}

std::size_t DashboardSource::columnOf(const std::string &file, std::uint32_t line, std::uint32_t byteColumn) {
  std::size_t units = 0;
  shown(Lines.line(file, line).value_or("").take_front(std::max(1u, byteColumn) - 1), units);
  return std::min(units, kLongestLine);
}

bool DashboardSource::takeLine(const std::string &file, std::uint32_t number) {
  if (!Lines.line(file, number))
    return false;
  auto [entry, isNew] = Quoted[file].try_emplace(number);
  if (isNew) {
    entry->second = lineOf(file, number);
    Bytes += entry->second.size() + 12; // its number, quotes and commas
  }
  return true;
}

DashboardSource::Marks DashboardSource::quote(const Finding &finding) {
  const Place &place = finding.place;
  if (!Input.snippets || place.line == 0 || !Lines.line(finding.file, place.line))
    return {};
  if (Bytes > kBudget) {
    ++Left;
    return {};
  }
  std::uint32_t last = std::max(place.line, std::min(place.endLine, place.line + kMostLines - 1));
  for (std::uint32_t line = place.line > kAround ? place.line - kAround : 1; line <= last + kAround; ++line)
    if (!takeLine(finding.file, line))
      break;
  std::uint32_t endLine = std::max(place.line, place.endLine);
  Marks marks{columnOf(finding.file, place.line, place.column), columnOf(finding.file, endLine, place.endColumn), true};
  if (endLine == place.line)
    marks.end = std::max(marks.end, marks.begin + 1);
  return marks;
}

Json DashboardSource::edit(const Finding &finding) {
  if (!Input.snippets)
    return nullptr;
  const std::optional<std::string> &text = Lines.textOf(finding.file);
  std::vector<const Fix *> fixes = Fixes.of(finding);
  if (!text || fixes.empty() || fixes.back()->end > text->size())
    return nullptr;
  Json hunks = Json::array();
  std::size_t size = 0;
  for (const Fix *fix : fixes) {
    std::uint32_t first = Lines.lineAt(finding.file, fix->begin);
    std::size_t begin = llvm::StringRef(*text).take_front(fix->begin).rfind('\n') + 1; // npos + 1 is 0
    std::size_t end = std::min(text->find('\n', fix->end), text->size());
    // An include is a line of its own before the one it is put in front of.
    bool isLine = fix->begin == fix->end && begin == fix->begin && llvm::StringRef(fix->text).ends_with("\n");
    std::string before = isLine ? "" : text->substr(begin, end - begin);
    std::string after =
        isLine ? llvm::StringRef(fix->text).drop_back().str()
               : text->substr(begin, fix->begin - begin) + fix->text + text->substr(fix->end, end - fix->end);
    auto lines = [&](const std::string &part) {
      Json list = Json::array();
      for (llvm::StringRef rest = part; !rest.empty();) {
        auto [line, behind] = rest.split('\n');
        std::size_t units = 0;
        list.push_back(shown(line.rtrim('\r'), units));
        size += units;
        rest = behind;
      }
      return list;
    };
    Json old = lines(before);
    hunks.push_back({first, std::move(old), lines(after)});
  }
  if (Bytes + size > kBudget)
    return nullptr;
  Bytes += size;
  return hunks;
}

Json DashboardSource::quoted(llvm::function_ref<std::string(const std::string &)> nameOf) const {
  Json files = Json::object();
  for (const auto &[file, lines] : Quoted) {
    Json &entry = files[nameOf(file)];
    for (const auto &[number, text] : lines)
      entry[std::to_string(number)] = text;
  }
  return files;
}

} // namespace ssot
