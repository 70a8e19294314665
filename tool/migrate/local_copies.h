// migrate/local_copies.h - static functions of one file that nothing calls any more once their callers have moved.
//
// Such a copy can go: nobody outside of its file can name it. Left behind it would be dead code, and a compiler that
// warns of unused functions would refuse every edit that took a caller away.
#pragma once

#include "judge/judge.h"
#include "migrate/plan.h"

#include <string>
#include <vector>

namespace ssot {

/// \param edits what is planned so far.
/// \returns edits that take out what \p edits leave unused.
std::vector<Edit> planLocalCopies(const Index &index, llvm::ArrayRef<JudgedRule> judged, llvm::ArrayRef<Edit> edits,
                                  ReadFile read);

/// Adds \p removals to the plan. What goes away as a whole needs no edits and no decisions inside.
void putInPlaceOfWhatIsInside(std::vector<Edit> removals, Plan &plan, ReadFile read);

} // namespace ssot
