// command/analysis.h - the rooms wired into one run: project -> extract -> link -> judge -> gate.
#pragma once

#include "command/command.h"
#include "command/options.h"
#include "config/config.h"
#include "gate/gate.h"
#include "link/index.h"
#include "project/project.h"

#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace ssot {

/// Reads the configuration that the options name, or the `.ssot.yaml` found upwards from the root (or the working directory), and checks
/// what only Clang can: the matcher expressions.
llvm::Expected<Config> loadConfiguration(const SharedOptions &options);

/// Opens the project that the options and the configuration speak of.
llvm::Expected<Project> openConfiguredProject(const SharedOptions &options, const Config &config, const std::vector<std::string> &paths);

/// What the units of a project said, joined.
struct Analysis {
  Index index;
  Coverage coverage;
};

struct AnalysisOptions {
  unsigned jobs = 0;
  double timeoutSeconds = 0;
  std::string progress = "auto";
};

/// Extracts facts from every unit in parallel and links them. A unit that fails is in the coverage, the others go on.
Analysis analyse(const Project &project, const Config &config, const AnalysisOptions &options, llvm::raw_ostream &err);

/// Judges every rule over the index and decides.
Result judgeAll(const Config &config, Analysis &analysis, const GateOptions &options);

/// Prints an error of a room, one line an item, and \returns the exit code for wrong usage.
int reportUsageError(llvm::Error error, llvm::raw_ostream &err);

} // namespace ssot
