#include "command/check.h"

#include "command/checked_project.h"
#include "command/history.h"
#include "config/load.h"
#include "project/errors.h"
#include "report/output.h"
#include "report/report.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/Process.h>

namespace ssot {

namespace {

/// One report to write: a format and where it goes (empty: stdout).
struct Target {
  const Format *format;
  std::string file;
};

llvm::Error unknownFormat(llvm::StringRef name) {
  if (name == "html")
    return inputError(
        "this ssot was built without the dashboard, since npm's packages were not there (docs/dashboard.md)");
  std::vector<std::string> names;
  for (const Format &format : formats())
    names.push_back(format.name.str());
  std::string near = nearest(name.str(), names);
  return inputError("unknown format '" + name + "'; " +
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
      return inputError("--format " + llvm::Twine(text) + ": there is no file after the colon");
    if (std::string wrong = wrongFolder(file); !wrong.empty())
      return inputError("--format " + llvm::Twine(name) + ":" + wrong);
    targets.push_back({format, file == "-" ? std::string() : file.str()});
  }
  if (targets.empty())
    targets.push_back({findFormat("text"), std::string()});
  if (!options.output.empty()) {
    if (targets.size() != 1 || !targets.front().file.empty())
      return inputError("-o goes with one --format without a file; write FORMAT:FILE instead");
    targets.front().file = options.output == "-" ? std::string() : options.output;
  }
  for (std::size_t i = 0; i < targets.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (targets[i].file != targets[j].file)
        continue;
      return targets[i].file.empty()
                 ? inputError("stdout carries one format only; give the others a file: FORMAT:FILE")
                 : inputError("two formats cannot be written to one file: " + llvm::Twine(targets[i].file));
    }
  return targets;
}

/// A file or a pipe has no width of its own.
unsigned textWidth() {
  unsigned columns = llvm::sys::Process::StandardOutIsDisplayed() ? llvm::sys::Process::StandardOutColumns() : 0;
  return columns ? std::max(40u, columns) : TextStyle().width;
}

/// \param request as CheckOptions::profile has it.
llvm::Error showProfile(const Profile &profile, const std::string &request, llvm::raw_ostream &err) {
  if (request.empty())
    return llvm::Error::success();
  profile.writeTable(err);
  if (request == kProfileTable)
    return llvm::Error::success();
  return writeFileAtomically(request, [&](llvm::raw_ostream &out) { profile.writeTrace(out); });
}

} // namespace

int runCheck(const SharedOptions &shared, const CheckOptions &options, Streams streams) {
  llvm::Expected<std::vector<Target>> targets = targetsOf(options);
  if (!targets)
    return reportUsageError(targets.takeError(), streams.err);
  if (!options.writeBaseline.empty() && (!options.paths.empty() || !shared.ruleIds.empty()))
    return reportUsageError(inputError("--write-baseline needs the whole project: leave out PATH and --rule"),
                            streams.err);
  if (!options.writeBaseline.empty() && !options.diffBase.empty())
    return reportUsageError(inputError("--write-baseline and --diff-base do not go together"), streams.err);
  if (!options.against.empty() && (!options.paths.empty() || !shared.ruleIds.empty()))
    return reportUsageError(inputError("--against needs the whole project: leave out PATH and --rule"), streams.err);
  if (options.factsOnly && (!options.diffBase.empty() || !options.against.empty()))
    return reportUsageError(
        inputError("--diff-base and --against parse files as they were, with the commands of a compile "
                   "database: they do not go with --facts-only"),
        streams.err);
  Profile profile;
  std::optional<HistoryFile> history;
  if (!options.history.empty()) {
    llvm::Expected<HistoryFile> file = HistoryFile::open(options.history, shared, options.paths);
    if (!file)
      return reportUsageError(file.takeError(), streams.err);
    history = std::move(*file);
  }
  CheckRequest request;
  request.profile = options.profile.empty() ? nullptr : &profile;
  request.facts = {options.facts, options.factsOnly};
  request.paths = options.paths;
  request.timeoutSeconds = options.timeoutSeconds;
  request.date = options.date;
  request.verifyCache = options.verifyCache;
  request.skip = options.skip;
  request.minCompliance = options.minCompliance;
  request.baseline = options.baseline;
  request.strictBaseline = options.strictBaseline;
  request.diffBase = options.diffBase;
  request.against = options.against;
  request.wantsPicture = history.has_value();
  request.wantsFixes = llvm::any_of(
      *targets, [](const Target &target) { return target.format->name == "sarif" || target.format->name == "html"; });
  llvm::Expected<CheckedProject> checked = checkProject(shared, request, streams.err);
  if (!checked)
    return reportUsageError(checked.takeError(), streams.err);
  if (checked->cacheDiffers)
    return static_cast<int>(ExitCode::Internal);
  const Result &result = checked->result;
  if (history)
    if (llvm::Error error = history->record(*checked, usageIn(*checked, nullptr), streams.err)) {
      streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
      return static_cast<int>(ExitCode::Internal);
    }
  auto source = [&](llvm::StringRef file) { return readProjectFile(checked->project, file); };

  ReportInput input{checked->config,
                    result,
                    kVersion,
                    source,
                    options.showSuppressed,
                    options.allowIncomplete,
                    !options.noSnippets,
                    std::move(checked->fixes),
                    options.drift,
                    history ? &history->history() : nullptr};
  for (const Target &target : *targets) {
    TextStyle style{wantsColor(shared.color) && target.file.empty(), textWidth()};
    Profile::Span span(request.profile, Profile::kPhase, ("report: " + target.format->name).str());
    auto write = [&](llvm::raw_ostream &out) { target.format->write(input, style, out); };
    if (target.file.empty()) {
      write(streams.out);
    } else if (llvm::Error error = writeFileAtomically(target.file, write)) {
      streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
      return static_cast<int>(ExitCode::Internal);
    }
  }
  if (llvm::Error error = showProfile(profile, options.profile, streams.err)) {
    streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
    return static_cast<int>(ExitCode::Internal);
  }
  if (!options.writeBaseline.empty()) {
    if (!result.coverage.complete() && !options.allowIncomplete)
      streams.err << "ssot: " << options.writeBaseline << " is not written: the analysis is incomplete\n";
    else if (llvm::Error error = writeBaseline(options.writeBaseline, baselineEntries(result))) {
      streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
      return static_cast<int>(ExitCode::Internal);
    }
  }
  return static_cast<int>(exitCode(result, options.allowIncomplete));
}

} // namespace ssot
