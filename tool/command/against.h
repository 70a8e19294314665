// command/against.h - the gate at an earlier revision, so that a change cannot make room for itself.
#pragma once

#include "command/analysis.h"
#include "gate/gate.h"
#include "project/revision.h"

#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace ssot {

struct AgainstRequest {
  std::string revision; ///< as the user named it
  std::string baseline; ///< its file now; empty: none
};

/// Reads rules, baseline and CODEOWNERS as they were and compares them with \p now.
/// \param now with its files named for reports.
/// \returns what is weaker, still without the suppressions of then; or an error with the place in the file of then.
llvm::Expected<GateBefore> gateBefore(const SharedOptions &shared, const AgainstRequest &request, const Git &git,
                                      const Revision &revision, const Project &project, const Config &now,
                                      llvm::raw_ostream &err);

} // namespace ssot
