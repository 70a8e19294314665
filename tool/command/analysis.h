// command/analysis.h - the rooms wired into one run: project -> extract -> link -> judge -> gate.
#pragma once

#include "command/command.h"
#include "command/extraction.h"
#include "command/options.h"
#include "command/profile.h"
#include "config/config.h"
#include "extract/extract.h"
#include "gate/gate.h"
#include "link/index.h"
#include "project/project.h"
#include "project/workers.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/Support/Error.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// \returns the rule file that the options name, or the `.ssot.yaml` found upwards; empty: none.
std::string ruleFileOf(const SharedOptions &options);

/// Reads the configuration that the options name, or the `.ssot.yaml` found upwards from the root (or the working
/// directory), and checks what only Clang can: the matcher expressions.
/// \param needsRules whether having none at all is an error.
/// \param texts when given, takes what stands in each file that was read.
llvm::Expected<Config> loadConfiguration(const SharedOptions &options, bool needsRules = true,
                                         std::vector<std::string> *texts = nullptr);

/// What `discover` looks at: every body, and nothing that a rule asks about.
void askForEveryBody(Config &config);

/// Names rule files for reports: below the root relative to it, a bundled pack by its file name. So a report does not
/// depend on where it was made.
void nameRuleFiles(Config &config, llvm::StringRef root);

/// \returns the project's root: --root, else the folder of the configuration file, else the working directory; absolute
/// and real.
llvm::Expected<std::string> projectRoot(const SharedOptions &options);

/// Opens the project that the options and the configuration speak of.
/// \param unitNames its units when they are analysed elsewhere; else they are those of the compile database.
/// \param analyseAll the paths do not limit what is analysed.
llvm::Expected<Project> openConfiguredProject(const SharedOptions &options, const Config &config,
                                              const std::vector<std::string> &paths,
                                              std::optional<std::vector<std::string>> unitNames = std::nullopt,
                                              bool analyseAll = false);

/// What the units of a project said, joined.
struct Analysis {
  Index index;
  Coverage coverage;
};

/// What an analysis of \p project covers before any unit is counted.
Coverage coverageOf(const Project &project);
/// Counts a unit as parsed, as skipped, or as failed with its reason.
void countUnit(const CompileUnit &unit, const UnitOutcome &outcome, Coverage &coverage);
/// Joins what the linker has and completes the coverage: which headers were reached.
Analysis finishAnalysis(const Project &project, Linker &linker, Coverage coverage);

/// Extracts facts from every unit in parallel and links them. A unit that fails is in the coverage, the others go on.
/// \param kept when given, takes a copy of what each unit says.
Analysis analyse(const Project &project, const Config &config, const AnalysisOptions &options, llvm::raw_ostream &err,
                 std::vector<UnitOutcome> *kept = nullptr);
/// Adds what units outside the project say of canonical bodies.
void addReferences(const Project &project, const Config &config, const AnalysisOptions &options, Linker &linker,
                   llvm::raw_ostream &err);

/// \returns what the judge of each rule says.
std::vector<JudgedRule> judgeRules(const Config &config, const Index &index, Profile *profile = nullptr);

/// Prints an error of a room, one line an item, and \returns the exit code for wrong usage.
int reportUsageError(llvm::Error error, llvm::raw_ostream &err);

} // namespace ssot
