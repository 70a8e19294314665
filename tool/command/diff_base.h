// command/diff_base.h - the sites that were there at another revision, so that the gate can ask for new ones only.
//
// The code of then is judged by the rules of now: the units that a change reaches are parsed once more over an overlay
// with the old files in place. Sites are compared by what they are, not by the lines that changed.
#pragma once

#include "command/analysis.h"
#include "gate/baseline.h"
#include "project/revision.h"

#include <string>
#include <vector>

namespace ssot {

struct SitesBefore {
  Baseline sites;
  Baseline suppressed;             ///< those that comments suppressed
  std::vector<std::string> unread; ///< units that did not parse as they were: what they hold counts as new
};

/// \param now what each unit of \p project says as it is on disk.
SitesBefore sitesBefore(const Project &project, const Config &config, const Revision &revision,
                        const std::vector<UnitOutcome> &now, const AnalysisOptions &options, const std::string &today,
                        llvm::raw_ostream &err);

} // namespace ssot
