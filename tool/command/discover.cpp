#include "command/discover.h"

#include "command/facts_source.h"
#include "report/discover.h"
#include "report/words.h"

namespace ssot {

int runDiscover(const SharedOptions &shared, const DiscoverOptions &options, Streams streams) {
  llvm::Expected<Config> config = loadConfiguration(shared, /*needsRules=*/false);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  askForEveryBody(*config);
  llvm::Expected<AnalysedProject> analysed = analyseProject(shared, *config, {options.facts, options.factsOnly},
                                                            options.paths, options.timeoutSeconds, streams.err);
  if (!analysed)
    return reportUsageError(analysed.takeError(), streams.err);
  const Analysis &analysis = analysed->analysis;
  for (const FailedUnit &unit : analysis.coverage.units.failed)
    streams.err << "ssot: " << escaped(unit.error) << '\n';
  std::vector<DuplicateFamily> families = discoverFamilies(analysis.index, *config);
  (options.format == "json" ? writeFamiliesJson : writeFamilies)(analysis.index, families, analysis.coverage,
                                                                 streams.out);
  bool incomplete = !analysis.coverage.complete() && !options.allowIncomplete;
  return static_cast<int>(incomplete ? ExitCode::Incomplete : ExitCode::Passed);
}

} // namespace ssot
