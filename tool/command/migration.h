// command/migration.h - a migration of the project, planned and proven: what `migrate` shows and `report` tells of.
#pragma once

#include "command/analysis.h"
#include "migrate/journal.h"
#include "migrate/layout.h"
#include "migrate/plan.h"
#include "migrate/split.h"
#include "migrate/verify.h"

#include <functional>
#include <string>
#include <vector>

namespace ssot {

/// What a proof took.
struct ProofCost {
  std::size_t parses = 0;
  std::size_t rounds = 0; ///< each parses some units over one state of the edits
};

/// A migration as it is carried out: what was planned, what held, what it would change.
struct Migration {
  Plan plan;
  std::vector<Rejection> rejected;
  std::map<std::string, LaidOutFile> files;
  std::vector<FileChange> changes;
  Share before, after;
  bool verified = false;
  std::vector<std::string> unproven; ///< errors of the compiler that no edit explains
  std::vector<Edit> again;           ///< what a second run would plan: nothing, or the proof failed
  std::size_t parsedAgain = 0;       ///< units that were parsed over the edits
  ProofCost cost;
  Coverage coverage;
  std::string journal;
  std::vector<PatchPart> patches; ///< of a split
  std::vector<UnitOutcome> units; ///< every unit as it is on disk
};

struct MigrationOptions {
  bool verify = true;
  bool adapters = false; ///< duplicates become delegating adapters
  /// Which violations are to be migrated, by rule, file and place; the others stay as they are. Unset: all.
  std::function<bool(const Rule &, llvm::StringRef, const Place &)> chosen = nullptr;
};

/// Plans the migration and, when asked to, proves it. Nothing is written.
/// \param outcomes what each unit says; empty: the units are analysed.
Migration proveMigration(const Project &project, const Config &config, const AnalysisOptions &how,
                         const MigrationOptions &options, std::vector<UnitOutcome> outcomes, llvm::raw_ostream &err);

/// Splits a proven migration into parts, so that the project compiles after each.
void splitMigration(Migration &migration, const Project &project, const Config &config, const AnalysisOptions &how,
                    const SplitBy &by, llvm::raw_ostream &err);

} // namespace ssot
