// migrate/plan_file.h - a plan as a file that is reviewed, kept and applied later.
//
// It carries a digest of every file before and after: a stale plan is refused, one that is applied already is a no-op.
#pragma once

#include "migrate/journal.h"
#include "migrate/layout.h"
#include "migrate/plan.h"

#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace ssot {

/// \returns the text of a plan file for verified \p edits and the layout of the lines they touch.
std::string planFile(const std::vector<Edit> &edits, const std::map<std::string, LaidOutFile> &files,
                     const std::vector<FileChange> &changes);

enum class PlanState { Ready, Applied };

struct LoadedPlan {
  PlanState state = PlanState::Ready;
  std::vector<FileChange> changes;
};

/// Reads a plan file against the tree as it is.
/// \returns an error that names the file of the project that the plan does not fit any more.
llvm::Expected<LoadedPlan> loadPlan(llvm::StringRef text, ReadFile read);

} // namespace ssot
