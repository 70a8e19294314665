#include "command/facts_source.h"

#include "command/cache.h"

namespace ssot {

llvm::Expected<FactsSource> FactsSource::open(const SharedOptions &shared, const FactsRequest &request,
                                              Profile *profile) {
  FactsSource source;
  if (request.files.empty())
    return source;
  source.Only = request.only;
  llvm::Expected<std::string> root = projectRoot(shared);
  if (!root)
    return root.takeError();
  llvm::Expected<FactsFiles> files =
      timed(profile, Profile::kPhase, "facts files", [&] { return FactsFiles::open(request.files, *root); });
  if (!files)
    return files.takeError();
  source.Files = std::move(*files);
  return source;
}

llvm::Expected<Project> FactsSource::openProject(const SharedOptions &shared, const Config &config,
                                                 const std::vector<std::string> &paths) const {
  std::optional<std::vector<std::string>> unitNames;
  if (Only)
    unitNames = Files->units();
  return openConfiguredProject(shared, config, paths, std::move(unitNames));
}

Analysis FactsSource::analyse(const Project &project, const Config &config, const AnalysisOptions &options,
                              llvm::raw_ostream &err, std::vector<UnitOutcome> *kept) {
  return Files ? Files->analyse(project, config, options, !Only, err, kept)
               : ssot::analyse(project, config, options, err, kept);
}

void FactsSource::describeLeftOver(llvm::raw_ostream &err) const {
  if (Files)
    Files->describeLeftOver(err);
}

llvm::Expected<AnalysedProject> analyseProject(const SharedOptions &shared, const Config &config,
                                               const FactsRequest &request, const std::vector<std::string> &paths,
                                               double timeoutSeconds, llvm::raw_ostream &err) {
  llvm::Expected<FactsSource> facts = FactsSource::open(shared, request);
  if (!facts)
    return facts.takeError();
  llvm::Expected<Project> project = facts->openProject(shared, config, paths);
  if (!project)
    return project.takeError();
  FactsCache cache(shared, project->root, err);
  AnalysisOptions how{shared.jobs, timeoutSeconds, shared.quiet ? "never" : shared.progress, &cache};
  Analysis analysis = facts->analyse(*project, config, how, err);
  if (paths.empty() && !shared.quiet)
    facts->describeLeftOver(err);
  if (shared.verbose)
    cache.describe();
  return AnalysedProject{std::move(*project), std::move(analysis)};
}

} // namespace ssot
