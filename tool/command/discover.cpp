#include "command/discover.h"

#include "command/analysis.h"
#include "report/discover.h"
#include "report/words.h"

namespace ssot {

int runDiscover(const SharedOptions &shared, const DiscoverOptions &options, Streams streams) {
  llvm::Expected<Config> config = loadConfiguration(shared);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  llvm::Expected<Project> project = openConfiguredProject(shared, *config, options.paths);
  if (!project)
    return reportUsageError(project.takeError(), streams.err);
  config->rules.clear(); // what they ask about is not what is looked for
  AnalysisOptions how{shared.jobs, options.timeoutSeconds, shared.quiet ? "never" : shared.progress, nullptr};
  how.everyBody = true;
  Analysis analysis = analyse(*project, *config, how, streams.err);
  for (const FailedUnit &unit : analysis.coverage.units.failed)
    streams.err << "ssot: " << escaped(unit.error) << '\n';
  std::vector<DuplicateFamily> families = discoverFamilies(analysis.index, *config);
  (options.format == "json" ? writeFamiliesJson : writeFamilies)(analysis.index, families, analysis.coverage,
                                                                 streams.out);
  bool incomplete = !analysis.coverage.complete() && !options.allowIncomplete;
  return static_cast<int>(incomplete ? ExitCode::Incomplete : ExitCode::Passed);
}

} // namespace ssot
