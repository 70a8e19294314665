#include "command/diff_base.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

namespace ssot {

namespace {

std::string below(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<256> path(folder);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

/// \returns whether \p argument, as the command of \p unit has it, is the source file.
bool isSource(llvm::StringRef argument, const CompileUnit &unit) {
  llvm::SmallString<256> path(argument);
  llvm::sys::fs::make_absolute(unit.directory, path);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return path == unit.absolute;
}

/// The unit under the name that its file had.
CompileUnit underOldName(CompileUnit unit, llvm::StringRef root, const std::string &old) {
  std::string absolute = below(root, old);
  for (std::string &argument : unit.arguments)
    if (isSource(argument, unit))
      argument = absolute;
  unit.file = old;
  unit.absolute = std::move(absolute);
  return unit;
}

/// \returns whether the unit reads a file that differs; what a broken unit would have read is not known.
bool isReached(const UnitOutcome &outcome, const Revision &revision) {
  if (!outcome.failure.empty() || outcome.facts.error)
    return true;
  return llvm::any_of(outcome.facts.files, [&](const FileFact &file) {
    return revision.before.count(file.path) || revision.renamed.count(file.path) || revision.added.count(file.path);
  });
}

} // namespace

SitesBefore sitesBefore(const Project &project, const Config &config, const Revision &revision,
                        const std::vector<UnitOutcome> &now, const AnalysisOptions &options, const std::string &today,
                        llvm::raw_ostream &err) {
  SitesBefore result;
  Linker linker;
  std::vector<CompileUnit> units = project.units;
  std::vector<std::size_t> again;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (revision.added.count(units[i].file))
      continue;
    if (!isReached(now[i], revision)) {
      linker.add(UnitFacts(now[i].facts));
      continue;
    }
    if (auto renamed = revision.renamed.find(units[i].file); renamed != revision.renamed.end())
      units[i] = underOldName(std::move(units[i]), project.root, renamed->second);
    again.push_back(i);
  }
  AnalysisOptions quietly = options;
  quietly.progress = "never";
  extractUnits(project, units, again, config, quietly, revision.before, err,
               [&](std::size_t unit, UnitOutcome outcome) {
                 if (!outcome.failure.empty() || outcome.facts.error)
                   result.unread.push_back(units[unit].file);
                 linker.add(std::move(outcome.facts));
               });
  llvm::sort(result.unread);
  addReferences(project, config, quietly, linker, err);
  Analysis before = finishAnalysis(project, linker, coverageOf(project));
  GateOptions gate;
  gate.today = today;
  gate.partial = true; // nothing is asked about what is unused
  Result then =
      decide(config, sourcesOf(before.index), judgeRules(config, before.index), std::move(before.coverage), gate);
  result.sites.entries = baselineEntries(then);
  result.suppressed.entries = suppressedEntries(then);
  return result;
}

} // namespace ssot
