// migrate/directives.h - using-directives and aliases of a namespace that nothing is found by any more.
//
// Where the old header goes, its namespace is not known any more and the directive does not compile. Where it stays,
// the directive does nothing, or brings in a name that is now ambiguous.
#pragma once

#include "judge/judge.h"
#include "migrate/plan.h"
#include "migrate/reach.h"

namespace ssot {

struct DirectivePlan {
  std::vector<Edit> edits;
  std::vector<Residue> residue;
};

/// \param edits what is planned so far.
DirectivePlan planDirectives(const Index &index, llvm::ArrayRef<JudgedRule> judged, llvm::ArrayRef<Edit> edits,
                             const Reach &reach, ReadFile read);

} // namespace ssot
