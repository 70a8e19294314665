#include "command/discover.h"

#include "command/analysis.h"
#include "command/cache.h"
#include "command/facts_source.h"
#include "report/discover.h"
#include "report/words.h"

namespace ssot {

int runDiscover(const SharedOptions &shared, const DiscoverOptions &options, Streams streams) {
  llvm::Expected<Config> config = loadConfiguration(shared, /*needsRules=*/false);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  askForEveryBody(*config);
  llvm::Expected<FactsSource> facts = FactsSource::open(shared, {options.facts, options.factsOnly});
  if (!facts)
    return reportUsageError(facts.takeError(), streams.err);
  llvm::Expected<Project> project = facts->openProject(shared, *config, options.paths);
  if (!project)
    return reportUsageError(project.takeError(), streams.err);
  FactsCache cache(shared, project->root, streams.err);
  AnalysisOptions how{shared.jobs, options.timeoutSeconds, shared.quiet ? "never" : shared.progress, &cache};
  Analysis analysis = facts->analyse(*project, *config, how, streams.err);
  if (options.paths.empty() && !shared.quiet)
    facts->describeLeftOver(streams.err);
  if (shared.verbose)
    cache.describe();
  for (const FailedUnit &unit : analysis.coverage.units.failed)
    streams.err << "ssot: " << escaped(unit.error) << '\n';
  std::vector<DuplicateFamily> families = discoverFamilies(analysis.index, *config);
  (options.format == "json" ? writeFamiliesJson : writeFamilies)(analysis.index, families, analysis.coverage,
                                                                 streams.out);
  bool incomplete = !analysis.coverage.complete() && !options.allowIncomplete;
  return static_cast<int>(incomplete ? ExitCode::Incomplete : ExitCode::Passed);
}

} // namespace ssot
