#include "command/report.h"

#include "command/cache.h"
#include "command/checked_project.h"
#include "command/history.h"
#include "command/migration.h"
#include "migrate/text.h"
#include "project/errors.h"
#include "project/paths.h"
#include "report/bundle.h"
#include "report/output.h"
#include "report/registry.h"
#include "report/selection.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

#include <algorithm>
#include <optional>
#include <tuple>

namespace ssot {

namespace {

namespace fs = llvm::sys::fs;

/// A word of a command line as a shell takes it.
std::string shellWord(llvm::StringRef word) {
  auto isPlain = [](char c) { return llvm::isAlnum(c) || llvm::StringRef("_-./=:,+@%").contains(c); };
  if (!word.empty() && llvm::all_of(word, isPlain))
    return word.str();
  std::string result = "'";
  for (char c : word)
    result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

/// What makes another run the same one, with file names that do not depend on the machine.
std::string optionsOf(const SharedOptions &shared, llvm::StringRef root) {
  std::string text;
  if (!shared.config.empty())
    text += " -c " + shellWord(nameForReports(root, shared.config));
  for (const std::string &rules : shared.rules)
    text += " --rules " + shellWord(fs::exists(rules) ? nameForReports(root, rules) : rules);
  for (const std::string &rule : shared.ruleIds)
    text += " --rule " + shellWord(rule);
  return text;
}

std::string pathsOf(const ReportOptions &options, llvm::StringRef root) {
  std::string text;
  for (const std::string &path : options.paths)
    text += " " + shellWord(nameForReports(root, path));
  return text;
}

std::string gateOptionsOf(const ReportOptions &options, const Result &result, llvm::StringRef root) {
  std::string text;
  if (!options.baseline.empty())
    text += " --baseline " + shellWord(nameForReports(root, options.baseline));
  if (options.minCompliance)
    text += " --min-compliance " + shortNumber(*result.minCompliance);
  return text;
}

MigrationFacts factsOf(const Migration &migration) {
  MigrationFacts facts;
  for (const Edit &edit : migration.plan.edits)
    facts.edits.push_back({edit.rule, edit.file});
  for (const Residue &left : migration.plan.residue)
    facts.residue.push_back({left.rule, left.reason});
  for (const Rejection &rejection : migration.rejected)
    facts.rejected.push_back({rejection.edit.rule, rejection.edit.file});
  for (const FileChange &change : migration.changes)
    facts.files.push_back({change.path, digest(change.before), digest(change.after)});
  facts.parsedAgain = migration.parsedAgain;
  facts.unproven = migration.unproven;
  for (const Edit &edit : migration.again)
    facts.unproven.push_back(edit.file + ":" + std::to_string(edit.line) + ": a second run would plan " + edit.after());
  facts.verified = migration.verified;
  facts.before = migration.before;
  facts.after = migration.after;
  return facts;
}

std::vector<JournalLine> journalsOf(const std::string &root) {
  std::vector<JournalLine> lines;
  for (const JournalEntry &entry : Journal(root).list())
    lines.push_back({entry.id, wordFor(entry.state).str(), entry.files});
  std::reverse(lines.begin(), lines.end());
  return lines;
}

/// Digests of the files that were analysed and of the rule files below the root.
std::map<std::string, std::string> digestsOf(const CheckedProject &checked, const std::vector<std::string> &ruleFiles) {
  std::map<std::string, std::string> digests;
  auto add = [&](const std::string &file) {
    if (std::optional<std::string> text = readProjectFile(checked.project, file))
      digests[file] = digest(*text);
  };
  for (const IndexedFile &file : checked.index.files())
    if (file.inProject && file.parsed)
      add(file.path);
  for (const std::string &file : ruleFiles)
    add(file);
  return digests;
}

std::string textOf(llvm::function_ref<void(llvm::raw_ostream &)> write) {
  std::string text;
  llvm::raw_string_ostream out(text);
  write(out);
  return text;
}

/// A folder that goes away with what is in it.
class ScratchFolder {
public:
  explicit ScratchFolder(std::string name) : Name(std::move(name)) {}
  ScratchFolder(const ScratchFolder &) = delete;
  ScratchFolder &operator=(const ScratchFolder &) = delete;
  ~ScratchFolder() { std::ignore = fs::remove_directories(Name); }

private:
  std::string Name;
};

/// Writes all files beside the folder and moves them in when every byte is on the disk.
llvm::Error writeBundle(const std::string &folder, llvm::ArrayRef<BundleFile> files) {
  auto problem = [&](llvm::StringRef path, std::error_code error) {
    return llvm::createStringError(error, path + ": cannot be written: " + error.message());
  };
  if (std::error_code error = fs::create_directories(folder))
    return problem(folder, error);
  llvm::SmallString<256> scratch;
  fs::createUniquePath(joined(folder, ".ssot-report-%%%%%%%%"), scratch, /*MakeAbsolute=*/false);
  if (std::error_code error = fs::create_directory(scratch))
    return problem(scratch, error);
  ScratchFolder remove(scratch.str().str());
  for (const BundleFile &file : files) {
    if (std::string target = joined(folder, file.name); fs::is_directory(target))
      return problem(target, std::make_error_code(std::errc::is_a_directory));
    if (llvm::Error error =
            writeFileAtomically(joined(scratch, file.name), [&](llvm::raw_ostream &out) { out << file.text; }))
      return error;
  }
  for (const BundleFile &file : files)
    if (std::error_code error = fs::rename(joined(scratch, file.name), joined(folder, file.name)))
      return problem(joined(folder, file.name), error);
  return llvm::Error::success();
}

llvm::Expected<std::optional<RuntimeCounts>> countsOf(const std::string &file) {
  if (file.empty())
    return std::nullopt;
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return inputError(file + ": " + buffer.getError().message());
  llvm::Expected<RuntimeCounts> counts = parseRuntimeCounts((*buffer)->getBuffer(), file);
  if (!counts)
    return counts.takeError();
  return std::move(*counts);
}

std::vector<BundleFile> filesOf(const BundleInput &input) {
  std::vector<BundleFile> files = bundleDocuments(input);
  const std::pair<const char *, const char *> formats[] = {
      {"index.html", "html"}, {"report.json", "json"}, {"report.sarif", "sarif"}};
  for (auto [name, format] : formats)
    if (const Format *known = findFormat(format))
      files.push_back({name, textOf([&](llvm::raw_ostream &out) { known->write(input.report, TextStyle(), out); })});
  files.push_back(
      {"ssot-import-registry.md", textOf([&](llvm::raw_ostream &out) { writeRegistryMarkdown(input.registry, out); })});
  files.push_back(
      {"ssot-import-registry.json", textOf([&](llvm::raw_ostream &out) { writeRegistryJson(input.registry, out); })});
  llvm::sort(files, [](const BundleFile &a, const BundleFile &b) { return a.name < b.name; });
  return files;
}

} // namespace

int runReport(const SharedOptions &shared, const ReportOptions &options, Streams streams) {
  llvm::Expected<std::optional<RuntimeCounts>> counts = countsOf(options.runtimeCounts);
  if (!counts)
    return reportUsageError(counts.takeError(), streams.err);
  std::optional<HistoryFile> history;
  if (!options.history.empty()) {
    llvm::Expected<HistoryFile> file = HistoryFile::open(options.history, shared, options.paths);
    if (!file)
      return reportUsageError(file.takeError(), streams.err);
    history = std::move(*file);
  }
  CheckRequest request;
  request.paths = options.paths;
  request.timeoutSeconds = options.timeoutSeconds;
  request.date = options.date;
  request.minCompliance = options.minCompliance;
  request.baseline = options.baseline;
  request.wantsFixes = true;
  request.wantsPicture = true;
  llvm::Expected<CheckedProject> checked = checkProject(shared, request, streams.err);
  if (!checked)
    return reportUsageError(checked.takeError(), streams.err);
  const Project &project = checked->project;
  FactsCache cache(shared, project.root, streams.err);
  AnalysisOptions how{shared.jobs, options.timeoutSeconds, "never", &cache};
  Migration migration = proveMigration(project, checked->config, how, {}, std::move(checked->outcomes), streams.err);

  auto source = [&](llvm::StringRef file) { return readProjectFile(project, file); };
  ReportInput report{checked->config,
                     checked->result,
                     kVersion,
                     source,
                     /*showSuppressed=*/false,
                     options.allowIncomplete,
                     !options.noSnippets,
                     std::move(checked->fixes),
                     /*drift=*/false,
                     history ? &history->history() : nullptr};
  Registry registry = registryOf(checked->config, checked->index, checked->judged, checked->owners);
  DeprecationUsage deprecation = usageOf(registry, checked->owners, *counts ? &**counts : nullptr);
  if (history)
    if (llvm::Error error = history->record(*checked, deprecation, streams.err)) {
      streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
      return static_cast<int>(ExitCode::Internal);
    }
  std::vector<std::string> ruleFiles;
  for (const std::string &file : checked->config.files)
    ruleFiles.push_back(nameForReports(project.root, file));
  std::string same = optionsOf(shared, project.root), paths = pathsOf(options, project.root);
  BundleInput input{report,
                    checked->owners,
                    registry,
                    deprecation,
                    options.runtimeCounts.empty() ? "" : nameForReports(project.root, options.runtimeCounts),
                    options.history.empty() ? "" : nameForReports(project.root, options.history),
                    factsOf(migration),
                    journalsOf(project.root),
                    digestsOf(*checked, ruleFiles),
                    ruleFiles,
                    same,
                    paths,
                    gateOptionsOf(options, checked->result, project.root)};
  std::vector<BundleFile> files = filesOf(input);
  if (!findFormat("html"))
    streams.err << "ssot: index.html is left out: this ssot was built without the dashboard (docs/dashboard.md)\n";
  if (llvm::Error error = writeBundle(options.output, files)) {
    streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
    return static_cast<int>(ExitCode::Internal);
  }
  for (const FailedUnit *failure : failures(checked->result.coverage))
    streams.err << "ssot: " << escaped(failure->file) << ": " << escaped(failure->error) << '\n';
  for (const BundleFile &file : files)
    streams.out << escaped(joined(options.output, file.name)) << '\n';
  streams.out << verdict(report) << '\n';
  return static_cast<int>(exitCode(checked->result, options.allowIncomplete));
}

} // namespace ssot
