#include "command/checked_project.h"

#include "command/against.h"
#include "command/cache.h"
#include "command/diff_base.h"
#include "command/judged_run.h"
#include "command/owners.h"
#include "config/sieve.h"
#include "migrate/plan.h"
#include "project/revision.h"
#include "report/output.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

#include <ctime>
#include <map>

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

/// Adds the edits that the findings ask for, as they would be planned.
void addFixes(JudgedRun &run, const Project &project, const Index &index, llvm::ArrayRef<JudgedRule> judged) {
  std::map<std::string, std::optional<Digest>> contents;
  auto read = [&](llvm::StringRef file) {
    std::optional<std::string> text = readProjectFile(project, file);
    contents.try_emplace(file.str(), text ? std::optional(digestOf(*text)) : std::nullopt);
    return text;
  };
  for (Edit &edit : planMigration(index, judged, read).edits)
    run.fixes.push_back(
        {std::move(edit.rule), std::move(edit.file), edit.begin, edit.end, edit.after(), edit.isInclude()});
  for (auto &[file, content] : contents)
    run.fixedFiles.push_back({file, content});
}

/// A commit that the project is compared with.
struct Compared {
  Git git;
  Revision revision;
};

/// \returns nothing when \p name is empty.
llvm::Expected<std::optional<Compared>> compared(const Project &project, const std::string &name, const char *option,
                                                 const SharedOptions &shared, llvm::raw_ostream &err) {
  if (name.empty())
    return std::nullopt;
  llvm::Expected<Git> git = Git::in(project.root, option);
  if (!git)
    return git.takeError();
  llvm::Expected<Revision> revision = readRevision(*git, name);
  if (!revision)
    return revision.takeError();
  if (!revision->isMergeBase && !shared.quiet)
    err << "ssot: this clone does not say where the branch left " << name << "; compared with " << name << " itself\n";
  return Compared{std::move(*git), std::move(*revision)};
}

/// What the run is compared with.
struct References {
  Baseline baseline;
  std::optional<Compared> base, against;
};

llvm::Expected<References> openReferences(const Project &project, const SharedOptions &shared,
                                          const CheckRequest &request, llvm::raw_ostream &err) {
  References references;
  if (!request.baseline.empty()) {
    llvm::Expected<Baseline> read = readBaseline(request.baseline, nameForReports(project.root, request.baseline));
    if (!read)
      return read.takeError();
    references.baseline = std::move(*read);
  }
  llvm::Expected<std::optional<Compared>> base = compared(project, request.diffBase, "--diff-base", shared, err);
  if (!base)
    return base.takeError();
  llvm::Expected<std::optional<Compared>> against = compared(project, request.against, "--against", shared, err);
  if (!against)
    return against.takeError();
  references.base = std::move(*base);
  references.against = std::move(*against);
  return references;
}

/// What the units say, and what the rules say of that.
struct JudgedAnalysis {
  Analysis analysis;
  std::vector<JudgedRule> judged;
};

JudgedAnalysis analyseAndJudge(FactsSource &source, const Project &project, const Config &config, AnalysisOptions how,
                               llvm::raw_ostream &err, std::vector<UnitOutcome> *kept) {
  Analysis analysis = source.analyse(project, config, how, err, kept);
  std::vector<JudgedRule> judged = judgeRules(config, analysis.index, how.profile);
  auto hasProblem = [](const JudgedRule &rule) { return !rule.judgement.problems.empty(); };
  if (analysis.coverage.units.skipped && llvm::any_of(judged, hasProblem)) {
    // A rule asks for what is not there. What there is instead is in all units.
    how.skip = false;
    how.cache->write(); // what was parsed is found there
    analysis = source.analyse(project, config, how, err, kept);
    judged = judgeRules(config, analysis.index, how.profile);
  }
  return {std::move(analysis), std::move(judged)};
}

/// Takes out of it what the gate and the fixes need; a picture of the run needs the judgements as well.
JudgedRun runOf(JudgedAnalysis &fresh, const Project &project, const CheckRequest &request) {
  JudgedRun run{sourcesOf(fresh.analysis.index), {}, std::move(fresh.analysis.coverage), {}, {}};
  if (request.wantsFixes)
    addFixes(run, project, fresh.analysis.index, fresh.judged);
  for (JudgedRule &rule : fresh.judged)
    run.judgements.push_back(request.wantsPicture ? rule.judgement : std::move(rule.judgement));
  return run;
}

std::vector<JudgedRule> judgedRules(const Config &config, std::vector<Judgement> judgements) {
  std::vector<JudgedRule> judged;
  for (const auto &[rule, judgement] : llvm::zip_equal(config.rules, judgements))
    judged.push_back({&rule, std::move(judgement)});
  return judged;
}

/// What the run was compared with said, by the rules of now.
struct Before {
  Baseline sites;
  GateBefore gate;
};

/// Completes \p before with what needs the units as they were.
/// \param outcomes what each unit says as it is.
void addSitesBefore(Before &before, const References &references, const CheckRequest &request, const Project &project,
                    const Config &config, const Index &index, const std::vector<UnitOutcome> &outcomes,
                    const AnalysisOptions &how, const std::string &date, llvm::raw_ostream &err) {
  auto sitesAt = [&](const Compared &then, const std::string &name, const char *consequence) {
    SitesBefore sites = sitesBefore(project, config, then.revision, outcomes, how, date, err);
    for (const std::string &unit : sites.unread)
      err << "ssot: " << unit << " does not parse as it was at " << name << "; " << consequence << '\n';
    return sites;
  };
  if (references.base)
    before.sites = sitesAt(*references.base, request.diffBase, "what it holds counts as new").sites;
  // Without suppressions now, none is new.
  if (references.against && !index.nolints().empty())
    before.gate.suppressed =
        sitesAt(*references.against, request.against, "what is suppressed in it counts as new").suppressed;
}

GateOptions gateOptions(const SharedOptions &shared, const CheckRequest &request, const References &references,
                        const Before &before, const Owners &owners, const std::string &root, const std::string &date) {
  GateOptions gate;
  gate.minCompliance = request.minCompliance;
  gate.today = date;
  // What seems unused may be used in what was not asked for.
  gate.partial = !request.paths.empty() || !shared.ruleIds.empty();
  gate.baseline = request.baseline.empty() ? nullptr : &references.baseline;
  gate.before = references.base ? &before.sites : nullptr;
  gate.against = references.against ? &before.gate : nullptr;
  gate.owners = &owners;
  gate.strictBaseline = request.strictBaseline;
  gate.fileExists = [root](llvm::StringRef file) {
    llvm::SmallString<256> path(root);
    llvm::sys::path::append(path, file);
    return llvm::sys::fs::exists(path);
  };
  return gate;
}

} // namespace

std::string nameForReports(llvm::StringRef root, llvm::StringRef file) {
  llvm::SmallString<256> real;
  if (llvm::sys::fs::real_path(file, real))
    return file.str();
  std::string name = relativeTo(root, real);
  return llvm::sys::path::is_absolute(name) ? llvm::sys::path::filename(name).str() : name;
}

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
  auto phase = [&](const char *name, auto work) { return timed(request.profile, Profile::kPhase, name, work); };
  std::vector<std::string> ruleTexts;
  llvm::Expected<Config> config =
      phase("rules", [&] { return loadConfiguration(shared, /*needsRules=*/true, &ruleTexts); });
  if (!config)
    return config.takeError();
  llvm::Expected<FactsSource> source = FactsSource::open(shared, request.facts, request.profile);
  if (!source)
    return source.takeError();
  llvm::Expected<Project> project =
      phase("compile database and files", [&] { return source->openProject(shared, *config, request.paths); });
  if (!project)
    return project.takeError();
  llvm::Expected<References> references = openReferences(*project, shared, request, err);
  if (!references)
    return references.takeError();
  if (shared.verbose)
    describeProject(*project, err);

  nameRuleFiles(*config, project->root);
  FactsCache cache(shared, project->root, err);
  cache.verifyShare(request.verifyCache);
  const bool keepsOutcomes = references->base || references->against || request.wantsPicture;
  AnalysisOptions how{shared.jobs, request.timeoutSeconds, shared.quiet ? "never" : shared.progress, &cache,
                      request.profile};
  // What units said before may have been decided by units that can be passed over now.
  how.skip = request.skip.value_or(config->parseOnlyNeeded) && !keepsOutcomes;
  const std::string date = request.date.empty() ? today() : request.date;
  Before before;
  if (references->against) {
    llvm::Expected<GateBefore> gate = gateBefore(shared, {request.against, request.baseline}, references->against->git,
                                                 references->against->revision, *project, *config, err);
    if (!gate)
      return gate.takeError();
    before.gate = std::move(*gate);
  }
  std::vector<UnitOutcome> outcomes;
  const RunQuestion question{*config, ruleTexts, *project, how.skip, request.wantsFixes};
  std::optional<Digest> name;
  if (request.facts.files.empty() && !keepsOutcomes && !cache.verifies())
    name = nameOf(cache, question);
  std::optional<JudgedRun> run;
  if (name)
    run = phase("judgement of an earlier run", [&] { return recallJudgedRun(cache, *name, question); });
  JudgedAnalysis fresh;
  if (!run) {
    if (name)
      cache.putOffWriting(); // the judgement comes with the facts
    fresh = analyseAndJudge(*source, *project, *config, how, err, keepsOutcomes ? &outcomes : nullptr);
    run = runOf(fresh, *project, request);
    if (name)
      phase("keep the judgement", [&] { keepJudgedRun(cache, *name, *run); });
  }
  if (request.paths.empty() && !shared.quiet)
    source->describeLeftOver(err);
  if (shared.verbose) {
    cache.describe();
    if (std::string why = Sieve(config->rules).everything(); how.skip && !why.empty())
      err << "ssot: no unit is passed over: " << why << '\n';
  }
  addSitesBefore(before, *references, request, *project, *config, fresh.analysis.index, outcomes, how, date, err);

  CheckedProject checked;
  checked.owners = ownersOnDisk(project->root);
  checked.fixes = std::move(run->fixes);
  GateOptions gate = gateOptions(shared, request, *references, before, checked.owners, project->root, date);
  checked.result = phase("gate", [&] {
    return decide(*config, run->sources, judgedRules(*config, std::move(run->judgements)), std::move(run->coverage),
                  gate);
  });
  checked.config = std::move(*config);
  checked.project = std::move(*project);
  checked.cacheDiffers = cache.differing > 0;
  if (request.wantsPicture) {
    checked.index = std::move(fresh.analysis.index);
    checked.judged = std::move(fresh.judged);
    checked.outcomes = std::move(outcomes);
  }
  return checked;
}

} // namespace ssot
