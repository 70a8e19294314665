#include "command/analysis.h"

#include "command/cache.h"
#include "config/load.h"
#include "extract/extract.h"
#include "facts/serialize.h"
#include "judge/judge.h"
#include "judge/related.h"
#include "project/errors.h"
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
      return inputError("no rule '" + id + "'" +
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

} // namespace

void askForEveryBody(Config &config) {
  config.rules.clear();
  config.everyBody = true;
}

std::string ruleFileOf(const SharedOptions &options) {
  return options.config.empty() ? findConfigUpwards(options.root.empty() ? "." : options.root) : options.config;
}

llvm::Expected<Config> loadConfiguration(const SharedOptions &options, bool needsRules,
                                         std::vector<std::string> *texts) {
  std::string file = ruleFileOf(options);
  if (file.empty() && options.rules.empty() && !needsRules)
    return configWithoutRules();
  if (file.empty() && options.rules.empty())
    return inputError("no rules: there is no .ssot.yaml here or above; write one with `ssot init`, or name rules with "
                      "--rules FILE|PACK");
  llvm::Expected<Config> config = loadConfig(file, options.rules, LoadOptions{options.packDirectories, nullptr, texts});
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
    return inputError(llvm::Twine(root) + ": " + error.message());
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

void addReferences(const Project &project, const Config &config, const AnalysisOptions &options, Linker &linker,
                   llvm::raw_ostream &err) {
  if (llvm::all_of(comparedNames(config), [&](const std::string &name) { return linker.defines(name); }))
    return;
  AnalysisOptions quietly = options;
  quietly.given = nullptr;
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
  else if (!outcome.facts.parsed)
    ++coverage.units.skipped;
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
  // What another unit includes is a part of that unit.
  std::erase_if(analysis.coverage.orphanSources, [&](const std::string &source) { return reached.contains(source); });
  return analysis;
}

Analysis analyse(const Project &project, const Config &config, const AnalysisOptions &options, llvm::raw_ostream &err,
                 std::vector<UnitOutcome> *kept) {
  if (kept)
    kept->resize(project.units.size());
  Coverage coverage = coverageOf(project);
  Linker linker;
  timed(options.profile, Profile::kPhase, "facts of units", [&] {
    extractProject(project, config, options, kept != nullptr, err, [&](std::size_t unit, UnitOutcome outcome) {
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
