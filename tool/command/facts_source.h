// command/facts_source.h - where the facts of a run come from: facts files that were named, or units that are parsed.
#pragma once

#include "command/analysis.h"
#include "command/reduce.h"

#include <llvm/Support/Error.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

struct FactsRequest {
  std::vector<std::string> files; ///< of `ssot extract`, or folders of them; empty: units are parsed
  bool only = false;              ///< the project's units are those of the facts
};

class FactsSource {
public:
  /// \returns an error when files are named and cannot be read.
  static llvm::Expected<FactsSource> open(const SharedOptions &shared, const FactsRequest &request,
                                          Profile *profile = nullptr);

  /// Opens the project that the options and the configuration speak of.
  llvm::Expected<Project> openProject(const SharedOptions &shared, const Config &config,
                                      const std::vector<std::string> &paths) const;

  /// What the units of \p project say, joined. \param kept when given, takes a copy of what each says.
  Analysis analyse(const Project &project, const Config &config, const AnalysisOptions &options, llvm::raw_ostream &err,
                   std::vector<UnitOutcome> *kept = nullptr);

  /// Says when there are facts of units that are none of the project's.
  void describeLeftOver(llvm::raw_ostream &err) const;

private:
  std::optional<FactsFiles> Files;
  bool Only = false;
};

struct AnalysedProject {
  Project project;
  Analysis analysis;
};

/// The project and what its units say, from where the request says. What is left over and, when asked for, the cache
/// are described.
llvm::Expected<AnalysedProject> analyseProject(const SharedOptions &shared, const Config &config,
                                               const FactsRequest &request, const std::vector<std::string> &paths,
                                               double timeoutSeconds, llvm::raw_ostream &err);

} // namespace ssot
