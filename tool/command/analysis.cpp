#include "command/analysis.h"

#include "command/cache.h"
#include "config/load.h"
#include "extract/extract.h"
#include "facts/serialize.h"
#include "judge/judge.h"
#include "judge/related.h"
#include "project/paths.h"
#include "project/workers.h"
#include "report/progress.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringSet.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <algorithm>
#include <numeric>
#include <thread>

namespace ssot {

namespace {

constexpr char kConfigName[] = ".ssot.yaml";

/// A check needs to know that a unit failed and why; a migration learns from every error that its edits cause.
constexpr unsigned kVerificationErrors = 100;

/// \returns the nearest `.ssot.yaml` in \p directory or above, or an empty string.
std::string findConfigUpwards(llvm::StringRef directory) {
  llvm::SmallString<256> path(directory);
  if (llvm::sys::fs::make_absolute(path))
    return std::string();
  for (llvm::StringRef at = path; !at.empty(); at = llvm::sys::path::parent_path(at)) {
    llvm::SmallString<256> candidate(at);
    llvm::sys::path::append(candidate, kConfigName);
    if (llvm::sys::fs::exists(candidate))
      return candidate.str().str();
  }
  return std::string();
}

llvm::Error usage(const llvm::Twine &message) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), message);
}

/// Where in the rule file Clang's complaint about a matcher lies. A plain scalar starts at the expression itself; in a
/// block scalar the first line of the expression is the one after the `|`.
Mark markIn(const Located<std::string> &expression, const MatcherProblem &problem) {
  Mark mark = expression.mark;
  bool isBlock = llvm::StringRef(expression.value).contains('\n');
  mark.line += problem.line - 1 + (isBlock ? 1 : 0);
  mark.column = problem.line == 1 && !isBlock ? mark.column + problem.column - 1 : problem.column;
  return mark;
}

llvm::Error checkMatchers(const Config &config) {
  std::vector<ConfigError::Item> items;
  auto check = [&](const Located<std::string> &expression) {
    if (std::optional<MatcherProblem> problem = checkMatcher(expression.value))
      items.push_back({markIn(expression, *problem), "matcher: " + problem->message});
  };
  for (const Rule &rule : config.rules)
    if (const auto *matcher = std::get_if<MatcherRule>(&rule.body)) {
      check(matcher->match);
      if (matcher->compliant)
        check(*matcher->compliant);
    }
  return items.empty() ? llvm::Error::success() : llvm::make_error<ConfigError>(std::move(items));
}

/// Keeps only the rules that `--rule` names.
llvm::Error selectRules(Config &config, const std::vector<std::string> &ids) {
  if (ids.empty())
    return llvm::Error::success();
  std::vector<std::string> known;
  for (const Rule &rule : config.rules)
    known.push_back(rule.id);
  for (const std::string &id : ids)
    if (!llvm::is_contained(known, id)) {
      std::string near = nearest(id, known);
      return usage("no rule '" + id + "'" +
                   (near.empty() ? "; `ssot rules list` shows them" : "; did you mean '" + near + "'?"));
    }
  std::erase_if(config.rules, [&](const Rule &rule) { return !llvm::is_contained(ids, rule.id); });
  return llvm::Error::success();
}

std::string describe(const DiagnosticFact &error, const CompileUnit &unit) {
  std::string place = error.file.empty() ? unit.file : error.file;
  if (error.line)
    place += ":" + std::to_string(error.line) + ":" + std::to_string(error.column);
  return place + ": " + error.message;
}

/// The canonical names whose bodies are compared with others.
std::vector<std::string> comparedNames(const Config &config) {
  std::vector<std::string> names;
  auto note = [&](const std::string &canonical, const Match &match) {
    if (match.similar)
      names.push_back(canonical);
  };
  for (const Rule &rule : config.rules)
    if (const auto *type = std::get_if<SingleClassRule>(&rule.body))
      note(type->canonical.value, type->match);
    else if (const auto *function = std::get_if<SingleFunctionRule>(&rule.body))
      note(function->canonical.value, function->match);
  return names;
}

/// A unit to parse: its number, its name in the cache if it may be kept, and what was kept if that is to be verified.
struct Wanted {
  std::size_t number = 0;
  std::optional<Digest> key;
  std::optional<std::string> kept;
};

/// The disk with some files replaced by texts, under every name that leads to them: a command may name a symbolic link.
class OverlaidFileSystem : public llvm::vfs::ProxyFileSystem {
public:
  OverlaidFileSystem(const Project &project, const std::map<std::string, std::string> &overlay)
      : ProxyFileSystem(llvm::vfs::createPhysicalFileSystem()), Texts(new llvm::vfs::InMemoryFileSystem) {
    for (const auto &[file, text] : overlay)
      Texts->addFile(realOrNormalised(joined(project.root, file)), 0,
                     llvm::MemoryBuffer::getMemBuffer(text, file, /*RequiresNullTerminator=*/false));
  }

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &path) override {
    llvm::ErrorOr<llvm::vfs::Status> onDisk = ProxyFileSystem::status(path);
    if (onDisk && onDisk->isDirectory())
      return onDisk;
    llvm::ErrorOr<llvm::vfs::Status> text = Texts->status(keyOf(path));
    return text ? llvm::vfs::Status::copyWithNewName(*text, path) : onDisk;
  }

  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &path) override {
    std::string key = keyOf(path);
    return Texts->exists(key) ? Texts->openFileForRead(key) : ProxyFileSystem::openFileForRead(path);
  }

private:
  /// A file of an earlier revision may be there in the overlay only.
  std::string keyOf(const llvm::Twine &path) const {
    llvm::SmallString<256> absolute;
    path.toVector(absolute);
    (void)makeAbsolute(absolute); // a path that stays relative names no file of the overlay
    return realOrNormalised(absolute.str().str());
  }

  llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> Texts;
};

} // namespace

std::string ruleFileOf(const SharedOptions &options) {
  return options.config.empty() ? findConfigUpwards(options.root.empty() ? "." : options.root) : options.config;
}

llvm::Expected<Config> loadConfiguration(const SharedOptions &options) {
  std::string file = ruleFileOf(options);
  if (file.empty() && options.rules.empty())
    return usage("no rules: there is no .ssot.yaml here or above; write one with `ssot init`, or name rules with "
                 "--rules FILE|PACK");
  llvm::Expected<Config> config = loadConfig(file, options.rules, LoadOptions{options.packDirectories});
  if (!config)
    return config.takeError();
  if (llvm::Error error = selectRules(*config, options.ruleIds))
    return std::move(error);
  if (llvm::Error error = checkMatchers(*config))
    return std::move(error);
  return config;
}

void nameRuleFiles(Config &config, llvm::StringRef root) {
  auto rename = [&](Mark &mark) {
    std::string name = relativeTo(root, realEvenIfGone(mark.file));
    mark.file = llvm::sys::path::is_absolute(name) ? llvm::sys::path::filename(name).str() : name;
  };
  rename(config.scopeAt);
  rename(config.minComplianceAt);
  for (Rule &rule : config.rules) {
    for (Mark *mark : {&rule.mark, &rule.severityAt, &rule.scopeAt})
      rename(*mark);
    for (Allowance &allowance : rule.allow)
      rename(allowance.mark);
  }
}

llvm::Expected<std::string> projectRoot(const SharedOptions &options) {
  std::string config = ruleFileOf(options);
  llvm::SmallString<256> root(!options.root.empty() ? llvm::StringRef(options.root)
                              : config.empty()      ? llvm::StringRef(".")
                                                    : llvm::sys::path::parent_path(config));
  if (root.empty())
    root = ".";
  llvm::SmallString<256> real;
  if (std::error_code error = llvm::sys::fs::real_path(root, real))
    return usage(llvm::Twine(root) + ": " + error.message());
  return real.str().str();
}

llvm::Expected<Project> openConfiguredProject(const SharedOptions &options, const Config &config,
                                              const std::vector<std::string> &paths,
                                              std::optional<std::vector<std::string>> unitNames, bool analyseAll) {
  ProjectOptions request;
  request.unitNames = std::move(unitNames);
  request.root = options.root;
  request.configFile = ruleFileOf(options);
  request.buildPaths = options.buildPaths;
  request.paths = paths;
  request.analyseAll = analyseAll;
  for (const std::string &name : comparedNames(config))
    request.outsideWords.push_back(name.substr(name.rfind(':') + 1));
  auto inScope = [&](llvm::StringRef path) { return config.scope.contains(path); };
  request.inScope = inScope;
  return openProject(request);
}

UnitOutcome outcomeOf(llvm::StringRef bytes) {
  UnitOutcome outcome;
  llvm::Expected<UnitFacts> facts = deserialize(bytes);
  if (facts)
    outcome.facts = std::move(*facts);
  else
    outcome.failure = llvm::toString(facts.takeError());
  return outcome;
}

Extractor extractorFor(const Project &project, const Config &config, const AnalysisOptions &options,
                       unsigned errorLimit, bool warnings) {
  Vocabulary words = vocabularyOf(config.rules);
  words.flow |= options.everyBody;
  words.bodies |= options.everyBody;
  auto isOurs = [&project, &config](llvm::StringRef path) {
    auto holds = [&](const std::string &folder) { return path.starts_with(folder + "/"); };
    return config.scope.contains(path) && llvm::none_of(project.buildFolders, holds);
  };
  return Extractor(std::move(words), project.root, isOurs, errorLimit, warnings);
}

WorkerOptions workersFor(unsigned jobs, double timeoutSeconds) {
  WorkerOptions workers;
  workers.jobs = jobs ? jobs : std::max(1u, std::thread::hardware_concurrency());
  if (timeoutSeconds > 0)
    workers.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeoutSeconds * 1000));
  return workers;
}

void extractUnits(const Project &project, llvm::ArrayRef<CompileUnit> all, llvm::ArrayRef<std::size_t> chosen,
                  const Config &config, const AnalysisOptions &options,
                  const std::map<std::string, std::string> &overlay, llvm::raw_ostream &err,
                  llvm::function_ref<void(std::size_t, UnitOutcome)> done) {
  WorkerOptions workers = workersFor(options.jobs, options.timeoutSeconds);
  Progress progress(err, progressMode(options.progress), chosen.size());
  // What stands in an overlay is on no disk, so nothing that the cache looks at would show it.
  FactsCache *cache = overlay.empty() && options.cache && options.cache->isOn() ? options.cache : nullptr;
  std::vector<Wanted> wanted;
  std::optional<Digest> run = cache ? std::optional(cache->runKey(project, config)) : std::nullopt;
  for (std::size_t number : chosen) {
    Wanted unit{number, run ? cache->unitKey(*run, all[number]) : std::nullopt, std::nullopt};
    std::optional<std::string> kept = unit.key ? cache->find(*unit.key) : std::nullopt;
    UnitOutcome outcome = kept ? outcomeOf(*kept) : UnitOutcome();
    if (!kept || !outcome.failure.empty()) {
      wanted.push_back(std::move(unit));
      continue;
    }
    ++cache->read;
    if (cache->isToBeVerified(*unit.key)) {
      unit.kept = std::move(kept);
      wanted.push_back(std::move(unit));
    }
    progress.step(all[number].file);
    done(number, std::move(outcome));
  }
  if (wanted.empty()) {
    progress.finish();
    return;
  }
  bool verifies = !overlay.empty();
  Extractor extractor = extractorFor(project, config, options, verifies ? kVerificationErrors : 1, verifies);
  auto work = [&](std::size_t item) {
    const Wanted &unit = wanted[item];
    if (!unit.key)
      return serialize(
          extractor.run(all[unit.number],
                        overlay.empty() ? nullptr : llvm::makeIntrusiveRefCnt<OverlaidFileSystem>(project, overlay)));
    llvm::IntrusiveRefCntPtr<RecordingFileSystem> files(new RecordingFileSystem(llvm::vfs::createPhysicalFileSystem()));
    UnitFacts facts = extractor.run(all[unit.number], files);
    return serialize(files->take()) + serialize(facts);
  };
  auto received = [&](WorkerResult result) {
    const Wanted &unit = wanted[result.item];
    llvm::StringRef bytes = result.bytes;
    if (options.profile)
      options.profile->add(
          Profile::kUnit, all[unit.number].file, result.started,
          std::chrono::duration_cast<Profile::Clock::duration>(std::chrono::duration<double>(result.seconds)),
          result.worker);
    UnitInputs inputs;
    if (unit.key && result.failure.empty()) {
      llvm::Expected<UnitInputs> read = takeInputs(bytes);
      if (read)
        inputs = std::move(*read);
      else
        result.failure = llvm::toString(read.takeError());
    }
    if (unit.kept) {
      // Its facts have been given out. One that crashed or hangs this time says nothing of the others.
      if (result.failure.empty())
        cache->compare(all[unit.number].file, *unit.key, *unit.kept, bytes);
      return;
    }
    progress.step(all[unit.number].file);
    UnitOutcome outcome = result.failure.empty() ? outcomeOf(bytes) : UnitOutcome();
    if (!result.failure.empty())
      outcome.failure = std::move(result.failure);
    if (cache)
      ++cache->parsed;
    // A unit with errors is kept like any other: the errors follow from the inputs, and a header that was missed is one
    // of them. A unit that crashed, hung or ran out of memory is not: another time it may not.
    if (unit.key && outcome.failure.empty())
      cache->keep(*unit.key, std::move(inputs), bytes.str());
    done(unit.number, std::move(outcome));
  };
  runInWorkers(wanted.size(), workers, work, received);
  progress.finish();
  if (cache)
    cache->finish();
}

std::vector<std::size_t> numbersOf(llvm::ArrayRef<CompileUnit> units) {
  std::vector<std::size_t> numbers(units.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

void addReferences(const Project &project, const Config &config, const AnalysisOptions &options, Linker &linker,
                   llvm::raw_ostream &err) {
  if (llvm::all_of(comparedNames(config), [&](const std::string &name) { return linker.defines(name); }))
    return;
  AnalysisOptions quietly = options;
  quietly.progress = "never";
  // A reference that does not parse leaves the canonical body unknown, and the rule that needs it says so.
  extractUnits(project, project.references, numbersOf(project.references), config, quietly, {}, err,
               [&](std::size_t, UnitOutcome outcome) { linker.add(std::move(outcome.facts)); });
}

Coverage coverageOf(const Project &project) {
  Coverage coverage;
  coverage.units.total = project.units.size();
  for (const ProjectProblem &problem : project.problems)
    coverage.unreadable.push_back({problem.file, problem.message});
  coverage.orphanSources = project.orphanSources;
  coverage.headers = project.headers.size();
  return coverage;
}

void countUnit(const CompileUnit &unit, const UnitOutcome &outcome, Coverage &coverage) {
  if (!outcome.failure.empty())
    coverage.units.failed.push_back({unit.file, unit.file + ": " + outcome.failure});
  else if (outcome.facts.error)
    coverage.units.failed.push_back({unit.file, describe(*outcome.facts.error, unit)});
  else
    ++coverage.units.parsed;
}

Analysis finishAnalysis(const Project &project, Linker &linker, Coverage coverage) {
  Analysis analysis;
  analysis.coverage = std::move(coverage);
  auto byName = [](const FailedUnit &a, const FailedUnit &b) {
    return std::tie(a.file, a.error) < std::tie(b.file, b.error);
  };
  std::sort(analysis.coverage.units.failed.begin(), analysis.coverage.units.failed.end(), byName);
  analysis.index = linker.finish();
  llvm::StringSet<> reached;
  for (const IndexedFile &file : analysis.index.files())
    if (file.parsed)
      reached.insert(file.path);
  for (const std::string &header : project.headers)
    if (!reached.contains(header))
      analysis.coverage.unreachedHeaders.push_back(header);
  return analysis;
}

Analysis analyse(const Project &project, const Config &config, const AnalysisOptions &options, llvm::raw_ostream &err,
                 std::vector<UnitOutcome> *kept) {
  if (kept)
    kept->resize(project.units.size());
  Coverage coverage = coverageOf(project);
  Linker linker;
  timed(options.profile, Profile::kPhase, "facts of units", [&] {
    extractUnits(project, project.units, numbersOf(project.units), config, options, {}, err,
                 [&](std::size_t unit, UnitOutcome outcome) {
                   countUnit(project.units[unit], outcome, coverage);
                   if (kept)
                     (*kept)[unit] = outcome;
                   linker.add(std::move(outcome.facts));
                 });
  });
  addReferences(project, config, options, linker, err);
  return timed(options.profile, Profile::kPhase, "link",
               [&] { return finishAnalysis(project, linker, std::move(coverage)); });
}

std::vector<JudgedRule> judgeRules(const Config &config, const Index &index, Profile *profile) {
  Profile::Span phase(profile, Profile::kPhase, "judge");
  std::vector<JudgedRule> judged;
  for (const Rule &rule : config.rules)
    judged.push_back(
        {&rule, timed(profile, Profile::kRule, rule.id, [&] { return judge(JudgeContext{index, config, rule}); })});
  std::vector<std::pair<const Rule *, Judgement *>> all;
  for (JudgedRule &each : judged)
    all.emplace_back(each.rule, &each.judgement);
  relateFindings(index, all);
  return judged;
}

std::optional<std::string> readProjectFile(const Project &project, llvm::StringRef file) {
  llvm::SmallString<256> path(project.root);
  llvm::sys::path::append(path, file);
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return std::nullopt;
  return (*buffer)->getBuffer().str();
}

int reportUsageError(llvm::Error error, llvm::raw_ostream &err) {
  llvm::handleAllErrors(
      std::move(error), [&](const ConfigError &problems) { problems.log(err); },
      [&](const llvm::ErrorInfoBase &other) {
        // A room that knows the place has said `place: error: what` itself.
        std::string message = other.message();
        err << (llvm::StringRef(message).contains(": error: ") ? "" : "ssot: error: ") << message << '\n';
      });
  return static_cast<int>(ExitCode::Usage);
}

} // namespace ssot
