// command/checked_project.h - a project read, judged and decided on: what `check` reports and `baseline` keeps.
#pragma once

#include "command/facts_source.h"
#include "gate/baseline.h"
#include "report/report.h"

#include <llvm/Support/Error.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

struct CheckRequest {
  std::vector<std::string> paths;
  double timeoutSeconds = 0;
  std::string date; ///< YYYY-MM-DD; empty: today
  std::optional<double> minCompliance;
  std::string baseline; ///< file; empty: none
  bool strictBaseline = false;
  std::string diffBase; ///< name of a commit; empty: none
  std::string against;  ///< the same
  bool wantsFixes = false;
  bool wantsPicture = false; ///< index, judgements and what each unit said
  double verifyCache = 0;    ///< percent
  FactsRequest facts;
  Profile *profile = nullptr; ///< null: nothing is measured
  /// Units that cannot hold a site need not be parsed; the result is the same. Nothing: as the rule file says.
  std::optional<bool> skip = false;
};

struct CheckedProject {
  Config config;
  Project project;
  Result result;
  std::vector<Fix> fixes; ///< when they were asked for
  Owners owners;
  Index index; ///< with the two below: when the picture was asked for
  std::vector<JudgedRule> judged;
  std::vector<UnitOutcome> outcomes; ///< by unit
  bool cacheDiffers = false;         ///< a unit read from the cache was parsed again and was not the same
};

/// \returns the result, or an error of usage or configuration: nothing was analysed then.
llvm::Expected<CheckedProject> checkProject(const SharedOptions &shared, const CheckRequest &request,
                                            llvm::raw_ostream &err);

/// The baseline that is meant when none is named, in the project's root.
inline constexpr char kBaselineName[] = ".ssot-baseline";

/// A file's name below \p root, or its last part: a report does not depend on where it was made.
std::string nameForReports(llvm::StringRef root, llvm::StringRef file);

/// Reads a baseline. \param name of the file for reports; empty: as \p file says.
llvm::Expected<Baseline> readBaseline(const std::string &file, const std::string &name = "");
llvm::Error writeBaseline(const std::string &file, std::vector<BaselineEntry> entries);

} // namespace ssot
