#include "command/analysis.h"

#include "config/load.h"
#include "extract/extract.h"
#include "facts/serialize.h"
#include "judge/judge.h"
#include "project/workers.h"
#include "report/progress.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Process.h>

#include <algorithm>
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

std::string configFileOf(const SharedOptions &options) {
  return options.config.empty() ? findConfigUpwards(options.root.empty() ? "." : options.root) : options.config;
}

llvm::Error usage(const llvm::Twine &message) { return llvm::createStringError(std::errc::invalid_argument, message); }

/// Where in the rule file Clang's complaint about a matcher lies. A plain scalar starts at the expression itself; in a block scalar the
/// first line of the expression is the one after the `|`.
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
      return usage("no rule '" + id + "'" + (near.empty() ? "; `ssot rules list` shows them" : "; did you mean '" + near + "'?"));
    }
  std::erase_if(config.rules, [&](const Rule &rule) { return !llvm::is_contained(ids, rule.id); });
  return llvm::Error::success();
}

std::string describe(const UnitFacts &facts, const CompileUnit &unit) {
  const DiagnosticFact &error = *facts.error;
  std::string place = error.file.empty() ? unit.file : error.file;
  if (error.line)
    place += ":" + std::to_string(error.line) + ":" + std::to_string(error.column);
  return place + ": " + error.message;
}

} // namespace

llvm::Expected<Config> loadConfiguration(const SharedOptions &options) {
  std::string file = configFileOf(options);
  if (file.empty() && options.rules.empty())
    return usage("no rules: there is no .ssot.yaml here or above; write one with `ssot init`, or name rules with --rules FILE|PACK");
  llvm::Expected<Config> config = loadConfig(file, options.rules, LoadOptions{options.packDirectories});
  if (!config)
    return config.takeError();
  if (llvm::Error error = selectRules(*config, options.ruleIds))
    return std::move(error);
  if (llvm::Error error = checkMatchers(*config))
    return std::move(error);
  return config;
}

llvm::Expected<Project> openConfiguredProject(const SharedOptions &options, const Config &config, const std::vector<std::string> &paths) {
  ProjectOptions request;
  request.root = options.root;
  request.configFile = configFileOf(options);
  request.buildPaths = options.buildPaths;
  request.paths = paths;
  auto inScope = [&](llvm::StringRef path) { return config.scope.contains(path); };
  request.inScope = inScope;
  return openProject(request);
}

Analysis analyse(const Project &project, const Config &config, const AnalysisOptions &options, llvm::raw_ostream &err) {
  Analysis analysis;
  Coverage &coverage = analysis.coverage;
  coverage.units.total = project.units.size();
  for (const ProjectProblem &problem : project.problems)
    coverage.unreadable.push_back({problem.file, problem.message});
  coverage.orphanSources = project.orphanSources;
  coverage.headers = project.headers.size();

  Extractor extractor(vocabularyOf(config.rules), project.root, [&](llvm::StringRef path) { return config.scope.contains(path); });
  WorkerOptions workers;
  workers.jobs = options.jobs ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  if (options.timeoutSeconds > 0)
    workers.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(options.timeoutSeconds * 1000));
  Progress progress(err, progressMode(options.progress), project.units.size());
  Linker linker;
  std::vector<std::pair<std::size_t, std::string>> failures;
  auto work = [&](std::size_t item) { return serialize(extractor.run(project.units[item])); };
  auto done = [&](WorkerResult result) {
    const CompileUnit &unit = project.units[result.item];
    progress.step(unit.file);
    if (!result.failure.empty()) {
      failures.emplace_back(result.item, unit.file + ": " + result.failure);
      return;
    }
    llvm::Expected<UnitFacts> facts = deserialize(result.bytes);
    if (!facts) {
      failures.emplace_back(result.item, unit.file + ": " + llvm::toString(facts.takeError()));
      return;
    }
    if (facts->error)
      failures.emplace_back(result.item, describe(*facts, unit));
    else
      ++coverage.units.parsed;
    linker.add(std::move(*facts));
  };
  runInWorkers(project.units.size(), workers, work, done);
  progress.finish();

  std::sort(failures.begin(), failures.end());
  for (auto &[item, message] : failures)
    coverage.units.failed.push_back({project.units[item].file, std::move(message)});
  analysis.index = linker.finish();
  llvm::StringSet<> reached;
  for (const IndexedFile &file : analysis.index.files())
    if (file.parsed)
      reached.insert(file.path);
  for (const std::string &header : project.headers)
    if (!reached.contains(header))
      coverage.unreachedHeaders.push_back(header);
  return analysis;
}

Result judgeAll(const Config &config, Analysis &analysis, const GateOptions &options) {
  std::vector<JudgedRule> judged;
  for (const Rule &rule : config.rules)
    judged.push_back({&rule, judge(JudgeContext{analysis.index, config, rule})});
  return decide(config, analysis.index, std::move(judged), std::move(analysis.coverage), options);
}

int reportUsageError(llvm::Error error, llvm::raw_ostream &err) {
  llvm::handleAllErrors(
      std::move(error), [&](const ConfigError &problems) { problems.log(err); },
      [&](const llvm::ErrorInfoBase &other) { err << "ssot: error: " << other.message() << '\n'; });
  return static_cast<int>(ExitCode::Usage);
}

} // namespace ssot
