// report/bundle.h - the documents of `ssot report`: one picture of one run, for people and for programs.
//
// Each figure comes from the run at hand, and beside it stands the command that gives it again.
#pragma once

#include "gate/deprecation.h"
#include "report/report.h"

#include <llvm/ADT/ArrayRef.h>

#include <map>
#include <string>
#include <vector>

namespace ssot {

/// A migration as the bundle tells of it.
struct MigrationFacts {
  struct PlannedEdit {
    std::string rule, file;
  };
  struct Left {
    std::string rule, reason;
  };
  struct EditedFile {
    std::string file, before, after; ///< SHA-256 in hexadecimal
  };
  std::vector<PlannedEdit> edits; ///< proven
  std::vector<Left> residue;
  std::vector<PlannedEdit> rejected;
  std::vector<EditedFile> files;
  std::size_t parsedAgain = 0;       ///< units that were parsed over the edits
  std::vector<std::string> unproven; ///< why nothing is proven
  bool verified = false;
  Share before, after; ///< SSOT compliance
};

/// A migration that was applied, newest first.
struct JournalLine {
  std::string id, state; ///< as `ssot rollback --list` prints them
  std::vector<std::string> files;
};

struct BundleInput {
  const ReportInput &report;
  const Owners &owners;
  const Registry &registry;
  const DeprecationUsage &usage;
  std::string countsFile;  ///< of the run; empty: none
  std::string historyFile; ///< empty: none
  MigrationFacts migration;
  std::vector<JournalLine> journals;
  std::map<std::string, std::string> digests; ///< of the files that were analysed and of the rule files: SHA-256
  std::vector<std::string> ruleFiles;
  // What to add to a command for the same run; each is empty or begins with a blank.
  std::string options;     ///< rule files and rules, for every command
  std::string paths;       ///< PATH of `check` and `migrate`
  std::string gateOptions; ///< of `check`
};

struct BundleFile {
  std::string name, text;
};

/// \returns the documents, all but those that are formats of `check` or forms of the registry.
std::vector<BundleFile> bundleDocuments(const BundleInput &input);

std::string validationReport(const BundleInput &input);
std::string proofSummary(const BundleInput &input);
std::string migrationGuide(const BundleInput &input);
std::string deprecationUsage(const BundleInput &input);
std::string rollbackPlan(const BundleInput &input);

} // namespace ssot
