#include "migrate/planned_includes.h"

#include "judge/canonical.h"

#include <llvm/ADT/STLExtras.h>

#include <utility>

namespace ssot {

PlannedIncludes::PlannedIncludes(const Index &index, llvm::ArrayRef<JudgedRule> judged, const Reach &reach)
    : Picture(index), Files(reach) {
  auto note = [&](const std::string &name, const std::string &header) {
    if (!header.empty())
      HeaderOf[name] = header;
  };
  for (const JudgedRule &rule : judged)
    if (const auto *single = std::get_if<SingleClassRule>(&rule.rule->body))
      note(single->canonical.value, single->header);
    else if (const auto *function = std::get_if<SingleFunctionRule>(&rule.rule->body))
      note(function->canonical.value, function->header);
}

void PlannedIncludes::replace(const Place &old, const std::string &rule, const std::string &header) {
  Changes[old.file].replace.push_back({old, rule, header});
}

void PlannedIncludes::need(std::uint32_t file, const std::string &header, const std::string &rule) {
  Changes[file].need.push_back({header, rule});
}

bool PlannedIncludes::needDefinition(std::uint32_t file, llvm::StringRef canonical, const std::string &rule) {
  auto header = HeaderOf.find(canonical);
  if (header == HeaderOf.end())
    return false;
  need(file, header->second, rule);
  return true;
}

/// The files that define a class, or declare a function first.
std::vector<llvm::StringRef> PlannedIncludes::homesOf(llvm::StringRef name) const {
  std::vector<llvm::StringRef> homes;
  for (const TypeFact &type : Picture.types())
    if (Picture.text(type.name) == name)
      homes.push_back(Picture.path(type.place));
  for (const SymbolFact *symbol : Picture.symbolsNamed(name))
    if (symbol->kind != SymbolKind::Class && symbol->kind != SymbolKind::Enum)
      homes.push_back(Picture.path(symbol->place));
  return homes;
}

const IncludeChanges &PlannedIncludes::changesOf(std::uint32_t file) const {
  auto changes = Changes.find(file);
  return changes == Changes.end() ? None : changes->second;
}

bool PlannedIncludes::isReplaced(const IncludeFact &include) const {
  return llvm::any_of(changesOf(include.place.file).replace,
                      [&](const IncludeChanges::Replaced &replaced) { return replaced.place == include.place; });
}

bool PlannedIncludes::reachesDefinition(std::uint32_t file, llvm::StringRef name) const {
  return llvm::any_of(homesOf(name),
                      [&](llvm::StringRef home) { return Files.reaches(Picture.files()[file].path, home); });
}

bool PlannedIncludes::willInclude(std::uint32_t file, llvm::StringRef canonical) const {
  const std::string &path = Picture.files()[file].path;
  const IncludeChanges &changes = changesOf(file);
  std::vector<llvm::StringRef> homes = homesOf(canonical);
  auto header = HeaderOf.find(canonical);
  auto gives = [&](llvm::StringRef included) {
    return (header != HeaderOf.end() && included == header->second) || llvm::any_of(homes, [&](llvm::StringRef home) {
             return mayMean(included, home) || llvm::any_of(Picture.files(), [&](const IndexedFile &other) {
                      return mayMean(included, other.path) && Files.reaches(other.path, home);
                    });
           });
  };
  if (llvm::any_of(changes.need, [&](const auto &needed) { return gives(needed.header); }) ||
      llvm::any_of(changes.replace, [&](const auto &replaced) { return gives(replaced.header); }))
    return true;
  return llvm::any_of(Picture.includes(), [&](const IncludeFact &include) {
    return include.place.file == file && !isReplaced(include) && llvm::any_of(homes, [&](llvm::StringRef home) {
             return home != path && Files.reaches(Picture.text(include.resolved), home);
           });
  });
}

bool PlannedIncludes::isPresumed(std::uint32_t file, llvm::StringRef old, llvm::StringRef canonical) const {
  if (!homesOf(canonical).empty())
    return false;
  std::vector<llvm::StringRef> homes = homesOf(old);
  return llvm::any_of(Picture.includes(), [&](const IncludeFact &include) {
    return include.place.file == file && isReplaced(include) && llvm::any_of(homes, [&](llvm::StringRef home) {
             return Files.reaches(Picture.text(include.resolved), home);
           });
  });
}

llvm::StringSet<> PlannedIncludes::oldHeaders() const {
  llvm::StringSet<> headers;
  for (const IncludeFact &include : Picture.includes())
    if (isReplaced(include))
      headers.insert(Picture.text(include.resolved));
  return headers;
}

std::vector<Edit> PlannedIncludes::edits(ReadFile read) const {
  std::vector<Edit> edits;
  for (const auto &[file, changes] : Changes) {
    const std::string &path = Picture.files()[file].path;
    std::optional<std::string> text = read(path);
    if (!text)
      continue;
    std::vector<const IncludeFact *> written;
    for (const IncludeFact &include : Picture.includes())
      if (include.place.file == file)
        written.push_back(&include);
    std::vector<std::string> onlyFor;
    if (changes.replace.empty())
      for (const IncludeChanges::Needed &needed : changes.need)
        onlyFor.push_back(needed.rule);
    for (Edit &edit : includeEdits(path, *text, written, Picture, changes)) {
      edit.onlyFor = onlyFor;
      edits.push_back(std::move(edit));
    }
  }
  return edits;
}

} // namespace ssot
