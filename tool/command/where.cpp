#include "command/where.h"

#include "command/facts_source.h"
#include "report/where.h"
#include "report/words.h"

#include <llvm/ADT/StringExtras.h>

namespace ssot {

int runWhere(const SharedOptions &shared, const WhereOptions &options, Streams streams) {
  llvm::Expected<CatalogQuery> query = readQuery(llvm::join(options.words, " "));
  if (!query)
    return reportUsageError(query.takeError(), streams.err);
  llvm::Expected<Config> config = loadConfiguration(shared, /*needsRules=*/false);
  if (!config)
    return reportUsageError(config.takeError(), streams.err);
  config->parseOnlyNeeded = false; // what no rule speaks of may be what is looked for
  llvm::Expected<AnalysedProject> analysed =
      analyseProject(shared, *config, {options.facts, options.factsOnly}, {}, options.timeoutSeconds, streams.err);
  if (!analysed)
    return reportUsageError(analysed.takeError(), streams.err);
  const Analysis &analysis = analysed->analysis;
  for (const FailedUnit &unit : analysis.coverage.units.failed)
    streams.err << "ssot: " << escaped(unit.error) << '\n';
  for (const FailedUnit &file : analysis.coverage.unreadable)
    streams.err << "ssot: " << escaped(file.file) << ": " << escaped(file.error) << '\n';

  std::vector<JudgedRule> judged = judgeRules(*config, analysis.index);
  std::vector<CatalogEntry> catalog =
      catalogOf(*config, analysis.index, judged, registryOf(*config, analysis.index, judged, Owners()));
  llvm::Expected<CatalogAnswer> answer = search(catalog, *query);
  if (!answer) {
    streams.err << "ssot: error: " << llvm::toString(answer.takeError()) << '\n';
    return static_cast<int>(ExitCode::Internal);
  }
  (options.format == "json" ? writeWhereJson : writeWhere)(
      {analysis.index, *query, *answer, analysis.coverage, options.limit}, streams.out);
  if (!analysis.coverage.complete() && !options.allowIncomplete)
    return static_cast<int>(ExitCode::Incomplete);
  return static_cast<int>(answer->hits.empty() ? ExitCode::GateFailed : ExitCode::Passed);
}

} // namespace ssot
