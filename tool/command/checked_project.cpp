#include "command/checked_project.h"

#include "command/cache.h"
#include "command/diff_base.h"
#include "migrate/plan.h"
#include "project/revision.h"
#include "report/output.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

#include <ctime>

namespace ssot {

namespace {

std::string today() {
  std::time_t now = std::time(nullptr);
  std::tm date{};
  gmtime_r(&now, &date);
  char text[11];
  std::strftime(text, sizeof text, "%Y-%m-%d", &date);
  return text;
}

/// Says what the database had that is not ours, for `-v`.
void describeProject(const Project &project, llvm::raw_ostream &err) {
  err << "ssot: root " << project.root << "\nssot: compile database " << project.database << ": "
      << project.units.size() << " units in scope, " << project.unitsOutsideRoot << " outside the root, "
      << project.unitsOutOfScope << " out of scope\n";
  for (const std::string &note : project.notes)
    err << "ssot: " << note << '\n';
}

/// The edits that the findings ask for, as they would be planned.
std::vector<Fix> fixesOf(const Index &index, llvm::ArrayRef<JudgedRule> judged, ReadFile read) {
  std::vector<Fix> fixes;
  for (Edit &edit : planMigration(index, judged, read).edits)
    fixes.push_back({std::move(edit.rule), std::move(edit.file), edit.begin, edit.end, edit.after(), edit.isInclude()});
  return fixes;
}

/// A file's name below \p root, or its last part: a report does not depend on where it was made.
std::string nameForReports(llvm::StringRef root, llvm::StringRef file) {
  llvm::SmallString<256> real;
  if (llvm::sys::fs::real_path(file, real))
    return file.str();
  std::string name = relativeTo(root, real);
  return llvm::sys::path::is_absolute(name) ? llvm::sys::path::filename(name).str() : name;
}

} // namespace

llvm::Expected<Baseline> readBaseline(const std::string &file, const std::string &name) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getFile(file, /*IsText=*/false, /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (std::error_code error = buffer.getError())
    return llvm::createStringError(error, file + ": " + error.message() +
                                              "; `ssot baseline create --baseline FILE` writes a baseline");
  return parseBaseline((*buffer)->getBuffer(), name.empty() ? file : name);
}

llvm::Error writeBaseline(const std::string &file, std::vector<BaselineEntry> entries) {
  std::string text = baselineText(std::move(entries));
  return writeFileAtomically(file, [&](llvm::raw_ostream &out) { out << text; });
}

llvm::Expected<CheckedProject> checkProject(const SharedOptions &shared, const CheckRequest &request,
                                            llvm::raw_ostream &err) {
  llvm::Expected<Config> config = loadConfiguration(shared);
  if (!config)
    return config.takeError();
  llvm::Expected<Project> project = openConfiguredProject(shared, *config, request.paths);
  if (!project)
    return project.takeError();
  Baseline baseline;
  if (!request.baseline.empty()) {
    llvm::Expected<Baseline> read = readBaseline(request.baseline, nameForReports(project->root, request.baseline));
    if (!read)
      return read.takeError();
    baseline = std::move(*read);
  }
  std::optional<Revision> revision;
  if (!request.diffBase.empty()) {
    llvm::Expected<Revision> read = readRevision(project->root, request.diffBase);
    if (!read)
      return read.takeError();
    revision = std::move(*read);
    if (!revision->isMergeBase && !shared.quiet)
      err << "ssot: this clone does not say where the branch left " << request.diffBase << "; compared with "
          << request.diffBase << " itself\n";
  }
  if (shared.verbose)
    describeProject(*project, err);

  nameRuleFiles(*config, project->root);
  FactsCache cache(shared, project->root, err);
  cache.verifyShare(request.verifyCache);
  AnalysisOptions how{shared.jobs, request.timeoutSeconds, shared.quiet ? "never" : shared.progress, &cache};
  std::string date = request.date.empty() ? today() : request.date;
  std::vector<UnitOutcome> outcomes;
  Analysis analysis = analyse(*project, *config, how, err, revision ? &outcomes : nullptr);
  if (shared.verbose)
    cache.describe();
  Baseline before;
  if (revision) {
    SitesBefore then = sitesBefore(*project, *config, *revision, outcomes, how, date, err);
    outcomes.clear();
    for (const std::string &unit : then.unread)
      err << "ssot: " << unit << " does not parse as it was at " << request.diffBase
          << "; what it holds counts as new\n";
    before = std::move(then.sites);
  }
  GateOptions gate;
  gate.minCompliance = request.minCompliance;
  gate.today = date;
  // What seems unused may be used in what was not asked for.
  gate.partial = !request.paths.empty() || !shared.ruleIds.empty();
  gate.baseline = request.baseline.empty() ? nullptr : &baseline;
  gate.before = revision ? &before : nullptr;
  gate.strictBaseline = request.strictBaseline;
  gate.fileExists = [&](llvm::StringRef file) {
    llvm::SmallString<256> path(project->root);
    llvm::sys::path::append(path, file);
    return llvm::sys::fs::exists(path);
  };
  auto source = [&](llvm::StringRef file) { return readProjectFile(*project, file); };
  std::vector<JudgedRule> judged = judgeRules(*config, analysis.index);
  std::vector<Fix> fixes;
  if (request.wantsFixes)
    fixes = fixesOf(analysis.index, judged, source);
  Result result = decide(*config, analysis.index, std::move(judged), std::move(analysis.coverage), gate);
  return CheckedProject{std::move(*config), std::move(*project), std::move(result), std::move(fixes),
                        cache.differing > 0};
}

} // namespace ssot
