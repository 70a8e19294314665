// command/judged_run.h - what a check came to before the gate, kept from one run to the next.
//
// Everything up to the judges follows from the rules, the project's commands and files, and the facts of its units.
// While all of that is as it was, no unit's facts are read, nothing is linked and nothing is judged. What follows from
// more than that (baselines, dates, owners, revisions, excerpts) is no part of it: the gate and the reports look at it
// anew.
#pragma once

#include "command/cache.h"
#include "config/config.h"
#include "gate/gate.h"
#include "gate/sources.h"
#include "project/project.h"
#include "report/report.h"

#include <llvm/Support/Error.h>

#include <optional>
#include <string>
#include <vector>

namespace ssot {

/// A file that the fixes were made from.
struct FixedFile {
  std::string path; ///< relative to the root
  std::optional<Digest> content;
};

struct JudgedRun {
  Sources sources;
  std::vector<Judgement> judgements; ///< by rule
  Coverage coverage;
  std::vector<Fix> fixes; ///< when they were asked for
  std::vector<FixedFile> fixedFiles;
};

/// \param run is not changed.
std::string serialize(JudgedRun &run);
/// \param bytes of `serialize`, of the same build of ssot.
llvm::Expected<JudgedRun> readJudgedRun(llvm::StringRef bytes);

/// What asks for a run: to ask for anything else is another run.
struct RunQuestion {
  const Config &config;
  const std::vector<std::string> &ruleTexts; ///< of the files that the rules stand in
  const Project &project;
  bool skip = false;
  bool wantsFixes = false;
};

/// \returns what names the run; nothing when there is no cache, or when some unit is never kept.
std::optional<Digest> nameOf(FactsCache &cache, const RunQuestion &question);
/// \returns what was kept, while it holds.
std::optional<JudgedRun> recallJudgedRun(FactsCache &cache, const Digest &name, const RunQuestion &question);
/// Keeps a run if all its facts are kept.
void keepJudgedRun(FactsCache &cache, const Digest &name, JudgedRun &run);

} // namespace ssot
