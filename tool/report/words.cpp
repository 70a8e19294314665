#include "report/words.h"

#include "report/characters.h"

namespace ssot {

llvm::StringRef wordFor(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Note:
    return "note";
  }
  return "error";
}

llvm::StringRef wordFor(FindingState state) {
  switch (state) {
  case FindingState::New:
    return "new";
  case FindingState::Baseline:
    return "baseline";
  case FindingState::Suppressed:
    return "suppressed";
  case FindingState::Allowed:
    return "allowed";
  }
  return "new";
}

llvm::StringRef wordFor(Role role) {
  switch (role) {
  case Role::Implementation:
    return "implementation";
  case Role::Alias:
    return "alias";
  case Role::Adapter:
    return "adapter";
  case Role::TestDouble:
    return "test-double";
  case Role::Declaration:
    return "declaration";
  case Role::Use:
    return "use";
  }
  return "use";
}

std::string escaped(llvm::StringRef text) {
  std::string result;
  forEachCharacter(text, [&](const Character &character) {
    result += character.isPlain ? character.bytes.str() : escapeOf(character);
  });
  return result;
}

std::size_t columnsOf(llvm::StringRef text) {
  std::size_t columns = 0;
  forEachCharacter(text, [&](const Character &character) { columns += character.columns; });
  return columns;
}

std::string shortNumber(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text;
}

std::string counted(std::size_t count, llvm::StringRef what) {
  return std::to_string(count) + " " + what.str() + (count == 1 ? "" : "s");
}

std::string partOf(const Share &share, llvm::StringRef what) {
  return std::to_string(share.part) + " of " + counted(share.whole, what);
}

std::string coverageDetail(const Coverage &coverage) {
  const UnitCounts &units = coverage.units;
  Share analysed{units.parsed + units.cached + units.skipped, units.total};
  Share reached{coverage.headers - coverage.unreachedHeaders.size(), coverage.headers};
  std::string detail = partOf(analysed, "unit");
  if (units.skipped)
    detail += " (" + std::to_string(units.skipped) + " not parsed: nothing in them is a site)";
  if (!reached.empty())
    detail += ", " + partOf(reached, "header");
  if (!coverage.orphanSources.empty())
    detail += ", " + counted(coverage.orphanSources.size(), "source file") + " without a command";
  return detail;
}

} // namespace ssot
