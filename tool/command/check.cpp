#include "command/check.h"

#include "command/analysis.h"
#include "config/load.h"
#include "migrate/plan.h"
#include "report/output.h"
#include "report/report.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/Process.h>

#include <ctime>

namespace ssot {

namespace {

/// One report to write: a format and where it goes (empty: stdout).
struct Target {
  const Format *format;
  std::string file;
};

llvm::Error usage(const llvm::Twine &message) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), message);
}

llvm::Error unknownFormat(llvm::StringRef name) {
  std::vector<std::string> names;
  for (const Format &format : formats())
    names.push_back(format.name.str());
  std::string near = nearest(name.str(), names);
  return usage("unknown format '" + name + "'; " +
               (near.empty() ? "there are " + llvm::join(names, ", ") : "did you mean '" + near + "'?"));
}

llvm::Expected<std::vector<Target>> targetsOf(const CheckOptions &options) {
  std::vector<Target> targets;
  for (const std::string &text : options.formats) {
    auto [name, file] = llvm::StringRef(text).split(':');
    const Format *format = findFormat(name);
    if (!format)
      return unknownFormat(name);
    if (file.empty() && name.size() < text.size())
      return usage("--format " + llvm::Twine(text) + ": there is no file after the colon");
    targets.push_back({format, file == "-" ? std::string() : file.str()});
  }
  if (targets.empty())
    targets.push_back({findFormat("text"), std::string()});
  if (!options.output.empty()) {
    if (targets.size() != 1 || !targets.front().file.empty())
      return usage("-o goes with one --format without a file; write FORMAT:FILE instead");
    targets.front().file = options.output == "-" ? std::string() : options.output;
  }
  for (std::size_t i = 0; i < targets.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (targets[i].file != targets[j].file)
        continue;
      return targets[i].file.empty()
                 ? usage("stdout carries one format only; give the others a file: FORMAT:FILE")
                 : usage("two formats cannot be written to one file: " + llvm::Twine(targets[i].file));
    }
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

/// The edits that the findings ask for, as they would be planned.
std::vector<Fix> fixesOf(const Index &index, llvm::ArrayRef<JudgedRule> judged, ReadFile read) {
  std::vector<Fix> fixes;
  for (Edit &edit : planMigration(index, judged, read).edits)
    fixes.push_back({std::move(edit.rule), std::move(edit.file), edit.begin, edit.end, edit.after(), edit.isInclude()});
  return fixes;
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
  auto source = [&](llvm::StringRef file) { return readProjectFile(*project, file); };
  std::vector<JudgedRule> judged = judgeRules(*config, analysis.index);
  std::vector<Fix> fixes;
  if (llvm::any_of(*targets, [](const Target &target) { return target.format->name == "sarif"; }))
    fixes = fixesOf(analysis.index, judged, source);
  Result result = decide(*config, analysis.index, std::move(judged), std::move(analysis.coverage), gate);

  ReportInput input{
      *config,         result, kVersion, source, options.showSuppressed, options.allowIncomplete, !options.noSnippets,
      std::move(fixes)};
  for (const Target &target : *targets) {
    TextStyle style{wantsColor(shared.color) && target.file.empty(), textWidth()};
    auto write = [&](llvm::raw_ostream &out) { target.format->write(input, style, out); };
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
