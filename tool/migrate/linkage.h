// migrate/linkage.h - a function is found in other units by the types of its parameters, so its declarations and its
// definition move together or not at all.
#pragma once

#include "migrate/left_edits.h"

#include <llvm/ADT/ArrayRef.h>

#include <vector>

namespace ssot {

/// Takes the edits out of \p verification after which a function that the project defines is declared somewhere with
/// parameters that it is not defined with. Every unit would compile, and nothing would link.
/// \param before every unit as it is on disk.
/// \returns what was taken out.
std::vector<LeftEdit> takeUnlinked(Verification &verification, llvm::ArrayRef<UnitOutcome> before);

} // namespace ssot
