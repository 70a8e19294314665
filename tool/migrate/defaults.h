// migrate/defaults.h - the old default, written at the call, where the new function has another one or none.
#pragma once

#include "judge/judge.h"
#include "migrate/plan.h"

namespace ssot {

/// \param edits what is planned so far: a call is completed only where what it calls moves.
/// \returns the arguments to write. A call that one cannot be written at has none; its proof says what differs.
std::vector<Edit> planDefaults(const Index &index, llvm::ArrayRef<JudgedRule> judged, llvm::ArrayRef<Edit> edits,
                               ReadFile read);

} // namespace ssot
