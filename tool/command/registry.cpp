#include "command/registry.h"

#include "command/analysis.h"
#include "command/cache.h"
#include "command/owners.h"
#include "migrate/text.h"
#include "report/output.h"
#include "report/registry.h"
#include "report/words.h"

#include <llvm/Support/MemoryBuffer.h>

namespace ssot {

namespace {

/// A file called *.json has the form for programs, whatever is not said otherwise.
bool wantsJson(const RegistryOptions &options, llvm::StringRef file) {
  return options.format.empty() ? file.ends_with(".json") : options.format == "json";
}

std::string textOf(const Registry &registry, bool json) {
  std::string text;
  llvm::raw_string_ostream out(text);
  json ? writeRegistryJson(registry, out) : writeRegistryMarkdown(registry, out);
  return text;
}

/// \returns whether the file is what would be written; prints the difference when it is not.
bool isCurrent(const std::string &file, const std::string &text, Streams streams) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  std::string before = buffer ? (*buffer)->getBuffer().str() : std::string();
  if (buffer && before == text)
    return true;
  streams.out << unifiedDiff(file, before, text);
  streams.err << "ssot: " << escaped(file) << (buffer ? " is stale" : ": " + buffer.getError().message())
              << "; `ssot registry --write " << escaped(file) << "` brings it up to date\n";
  return false;
}

} // namespace

int runRegistry(const SharedOptions &shared, const RegistryOptions &options, Streams streams) {
  llvm::Expected<Config> config = loadConfiguration(shared);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  llvm::Expected<Project> project = openConfiguredProject(shared, *config, {});
  if (!project)
    return reportUsageError(project.takeError(), streams.err);
  FactsCache cache(shared, project->root, streams.err);
  AnalysisOptions how{shared.jobs, options.timeoutSeconds, shared.quiet ? "never" : shared.progress, &cache};
  Analysis analysis = analyse(*project, *config, how, streams.err);
  bool incomplete = !analysis.coverage.complete() && !options.allowIncomplete;
  for (const FailedUnit &unit : analysis.coverage.units.failed)
    streams.err << "ssot: " << escaped(unit.error) << '\n';
  for (const FailedUnit &file : analysis.coverage.unreadable)
    streams.err << "ssot: " << escaped(file.file) << ": " << escaped(file.error) << '\n';
  if (incomplete && (!options.write.empty() || !options.check.empty())) {
    streams.err
        << "ssot: the analysis is incomplete (--allow-incomplete accepts that); nothing is written or checked\n";
    return static_cast<int>(ExitCode::Incomplete);
  }

  Registry registry =
      registryOf(*config, analysis.index, judgeRules(*config, analysis.index), ownersOnDisk(project->root));
  if (!options.check.empty() && !isCurrent(options.check, textOf(registry, wantsJson(options, options.check)), streams))
    return static_cast<int>(ExitCode::GateFailed);
  if (!options.write.empty()) {
    std::string text = textOf(registry, wantsJson(options, options.write));
    if (llvm::Error error = writeFileAtomically(options.write, [&](llvm::raw_ostream &out) { out << text; })) {
      streams.err << "ssot: error: " << llvm::toString(std::move(error)) << '\n';
      return static_cast<int>(ExitCode::Internal);
    }
  }
  if (options.check.empty() && options.write.empty())
    streams.out << textOf(registry, wantsJson(options, ""));
  return static_cast<int>(incomplete ? ExitCode::Incomplete : ExitCode::Passed);
}

} // namespace ssot
