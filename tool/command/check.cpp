#include "command/check.h"

#include "command/analysis.h"
#include "report/output.h"
#include "report/report.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/Process.h>

#include <ctime>

namespace ssot {

namespace {

/// One report to write: a format and where it goes (empty: stdout).
struct Target {
  std::string format;
  std::string file;
};

llvm::Expected<std::vector<Target>> targetsOf(const CheckOptions &options) {
  std::vector<Target> targets;
  for (const std::string &text : options.formats) {
    auto [format, file] = llvm::StringRef(text).split(':');
    if (format != "text" && format != "json")
      return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                     "unknown format '" + format + "'; this version writes text and json");
    targets.push_back({format.str(), file.str()});
  }
  if (targets.empty())
    targets.push_back({"text", std::string()});
  if (!options.output.empty()) {
    if (targets.size() != 1 || !targets.front().file.empty())
      return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                     "-o goes with one --format without a file; write FORMAT:FILE instead");
    targets.front().file = options.output == "-" ? std::string() : options.output;
  }
  if (llvm::count_if(targets, [](const Target &target) { return target.file.empty(); }) > 1)
    return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                   "stdout carries one format only; give the others a file: FORMAT:FILE");
  return targets;
}

std::string today() {
  std::time_t now = std::time(nullptr);
  std::tm date{};
  gmtime_r(&now, &date);
  char text[11];
  std::strftime(text, sizeof text, "%Y-%m-%d", &date);
  return text;
}

bool wantsColor(const std::string &when) {
  if (when != "auto")
    return when == "always";
  std::optional<std::string> noColor = llvm::sys::Process::GetEnv("NO_COLOR");
  return !(noColor && !noColor->empty()) && llvm::sys::Process::StandardOutIsDisplayed();
}

/// A file or a pipe has no width of its own.
unsigned textWidth() {
  unsigned columns = llvm::sys::Process::StandardOutIsDisplayed() ? llvm::sys::Process::StandardOutColumns() : 0;
  return columns ? std::max(40u, columns) : TextStyle().width;
}

/// Says what the database had that is not ours, for `-v`.
void describeProject(const Project &project, llvm::raw_ostream &err) {
  err << "ssot: root " << project.root << "\nssot: compile database " << project.database << ": "
      << project.units.size() << " units in scope, " << project.unitsOutsideRoot << " outside the root, "
      << project.unitsOutOfScope << " out of scope\n";
  for (const std::string &note : project.notes)
    err << "ssot: " << note << '\n';
}

} // namespace

int runCheck(const SharedOptions &shared, const CheckOptions &options, Streams streams) {
  llvm::Expected<std::vector<Target>> targets = targetsOf(options);
  if (!targets)
    return reportUsageError(targets.takeError(), streams.err);
  llvm::Expected<Config> config = loadConfiguration(shared);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  llvm::Expected<Project> project = openConfiguredProject(shared, *config, options.paths);
  if (!project)
    return reportUsageError(project.takeError(), streams.err);
  if (shared.verbose)
    describeProject(*project, streams.err);

  nameRuleFiles(*config, project->root);
  AnalysisOptions how{shared.jobs, options.timeoutSeconds, shared.quiet ? "never" : shared.progress};
  Analysis analysis = analyse(*project, *config, how, streams.err);
  GateOptions gate;
  gate.minCompliance = options.minCompliance;
  gate.today = options.date.empty() ? today() : options.date;
  // What seems unused may be used in what was not asked for.
  gate.partial = !options.paths.empty() || !shared.ruleIds.empty();
  Result result =
      decide(*config, analysis.index, judgeRules(*config, analysis.index), std::move(analysis.coverage), gate);

  auto source = [&](llvm::StringRef file) { return readProjectFile(*project, file); };
  ReportInput input{*config, result, kVersion, source, options.showSuppressed, options.allowIncomplete};
  for (const Target &target : *targets) {
    TextStyle style{wantsColor(shared.color) && target.file.empty(), textWidth()};
    auto write = [&](llvm::raw_ostream &out) {
      target.format == "json" ? writeJson(input, out) : writeText(input, style, out);
    };
    if (target.file.empty()) {
      write(streams.out);
    } else if (llvm::Error error = writeFileAtomically(target.file, write)) {
      streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
      return static_cast<int>(ExitCode::Internal);
    }
  }
  return static_cast<int>(exitCode(result, options.allowIncomplete));
}

} // namespace ssot
