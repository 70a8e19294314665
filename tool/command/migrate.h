// command/migrate.h - `ssot migrate` and `ssot rollback`.
#pragma once

#include "command/command.h"
#include "command/options.h"

namespace ssot {

struct MigrateOptions {
  std::vector<std::string> paths;
  bool apply = false;
  bool noVerify = false;
  bool adapters = false;
  bool allowIncomplete = false;
  std::string patch;    ///< file to write an applicable patch to
  std::string splitBy;  ///< owner, directory or count:N; empty: not
  std::string patchDir; ///< folder for the patches of a split
  std::string savePlan;
  std::string plan;
  std::string format = "text";
  double timeoutSeconds = 0;
};

struct RollbackOptions {
  std::string id;
  bool list = false;
  bool skipChanged = false;
};

int runMigrate(const SharedOptions &shared, const MigrateOptions &options, Streams streams);
int runRollback(const SharedOptions &shared, const RollbackOptions &options, Streams streams);

} // namespace ssot
