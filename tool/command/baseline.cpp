#include "command/baseline.h"

#include "command/checked_project.h"
#include "report/words.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <algorithm>
#include <map>

namespace ssot {

namespace {

llvm::Expected<std::string> baselineFile(const SharedOptions &shared, const BaselineOptions &options) {
  if (!options.file.empty())
    return options.file;
  llvm::Expected<std::string> root = projectRoot(shared);
  if (!root)
    return root.takeError();
  llvm::SmallString<256> path(*root);
  llvm::sys::path::append(path, kBaselineName);
  return path.str().str();
}

/// How often each site stands in a baseline; with one entry to show for it.
std::map<std::string, std::pair<std::size_t, const BaselineEntry *>> counts(const std::vector<BaselineEntry> &entries) {
  std::map<std::string, std::pair<std::size_t, const BaselineEntry *>> result;
  for (const BaselineEntry &entry : entries) {
    auto &[count, sample] = result[entry.rule + '\t' + entry.file + '\t' + entry.identity];
    ++count;
    sample = &entry;
  }
  return result;
}

/// Prints a line for each entry of \p a that \p b lacks. \returns how many.
std::size_t printMissing(const std::vector<BaselineEntry> &a, const std::vector<BaselineEntry> &b, char sign,
                         llvm::raw_ostream &out) {
  std::size_t missing = 0;
  auto there = counts(b);
  for (const auto &[key, entry] : counts(a)) {
    auto known = there.find(key);
    std::size_t kept = known == there.end() ? 0 : known->second.first;
    for (std::size_t i = kept; i < entry.first; ++i, ++missing) {
      const BaselineEntry &shown = *entry.second;
      out << sign << ' ' << escaped(shown.rule) << ' ' << escaped(shown.file) << ':' << shown.line;
      if (!shown.symbol.empty())
        out << ' ' << escaped(shown.symbol);
      out << '\n';
    }
  }
  return missing;
}

enum class Work { Create, Update, Prune };

/// The entries that the file is to have.
std::vector<BaselineEntry> entriesFor(Work work, const Result &result) {
  std::vector<BaselineEntry> entries;
  if (work != Work::Prune)
    entries = baselineEntries(result);
  else
    for (const Finding &finding : result.findings)
      if (finding.state == FindingState::Baseline)
        entries.push_back({finding.identity, finding.rule, finding.file, finding.place.line, finding.symbol, 0});
  // What was not analysed is not known to be gone.
  if (!result.whole)
    entries.insert(entries.end(), result.unmatched.begin(), result.unmatched.end());
  return entries;
}

int run(Work work, const SharedOptions &shared, const BaselineOptions &options, Streams streams) {
  llvm::Expected<std::string> file = baselineFile(shared, options);
  if (!file)
    return reportUsageError(file.takeError(), streams.err);
  CheckRequest request;
  request.paths = options.paths;
  request.timeoutSeconds = options.timeoutSeconds;
  std::vector<BaselineEntry> before;
  if (work == Work::Create) {
    if (llvm::sys::fs::exists(*file))
      return reportUsageError(llvm::createStringError(std::make_error_code(std::errc::file_exists),
                                                      *file + " is there already; `ssot baseline update` brings it "
                                                              "up to date"),
                              streams.err);
  } else {
    llvm::Expected<Baseline> old = readBaseline(*file);
    if (!old)
      return reportUsageError(old.takeError(), streams.err);
    before = std::move(old->entries);
    request.baseline = *file;
  }
  llvm::Expected<CheckedProject> checked = checkProject(shared, request, streams.err);
  if (!checked)
    return reportUsageError(checked.takeError(), streams.err);
  const Result &result = checked->result;
  if (!result.coverage.complete() && !options.allowIncomplete) {
    for (const FailedUnit &unit : result.coverage.units.failed)
      streams.err << "ssot: " << escaped(unit.file) << ": " << escaped(unit.error) << '\n';
    streams.err << "ssot: nothing is written: the analysis is incomplete (--allow-incomplete accepts that and keeps "
                   "the entries of what was not analysed)\n";
    return static_cast<int>(ExitCode::Incomplete);
  }
  std::vector<BaselineEntry> after = entriesFor(work, result);
  if (llvm::Error error = writeBaseline(*file, after)) {
    streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
    return static_cast<int>(ExitCode::Internal);
  }
  std::size_t removed = printMissing(before, after, '-', streams.out);
  std::size_t added = work == Work::Create ? after.size() : printMissing(after, before, '+', streams.out);
  streams.out << escaped(*file) << ": " << after.size() << (after.size() == 1 ? " entry" : " entries") << " (" << added
              << " added, " << removed << " removed)\n";
  return static_cast<int>(ExitCode::Passed);
}

} // namespace

int runBaselineCreate(const SharedOptions &shared, const BaselineOptions &options, Streams streams) {
  return run(Work::Create, shared, options, streams);
}

int runBaselineUpdate(const SharedOptions &shared, const BaselineOptions &options, Streams streams) {
  return run(Work::Update, shared, options, streams);
}

int runBaselinePrune(const SharedOptions &shared, const BaselineOptions &options, Streams streams) {
  return run(Work::Prune, shared, options, streams);
}

int runBaselineMerge(const BaselineMergeOptions &options, Streams streams) {
  Baseline sides[3];
  const std::string *files[] = {&options.base, &options.ours, &options.theirs};
  for (std::size_t i = 0; i < 3; ++i) {
    // Where both sides added the file, git has no base and gives an empty one.
    std::uint64_t size = 0;
    if (i == 0 && !llvm::sys::fs::file_size(*files[i], size) && size == 0)
      continue;
    llvm::Expected<Baseline> side = readBaseline(*files[i]);
    if (!side)
      return reportUsageError(side.takeError(), streams.err);
    sides[i] = std::move(*side);
  }
  if (llvm::Error error = writeBaseline(options.ours, mergeBaselines(sides[0], sides[1], sides[2]))) {
    streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
    return static_cast<int>(ExitCode::Internal);
  }
  return static_cast<int>(ExitCode::Passed);
}

} // namespace ssot
