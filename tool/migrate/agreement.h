// migrate/agreement.h - an edit lands only where every configuration that sees the code means the same by it.
//
// The same text can name the old thing in one unit and something else in another: an alias that depends on a macro,
// other include paths. The new name would then change what the other one means, and compile.
#pragma once

#include "config/config.h"
#include "migrate/verify.h"

#include <llvm/ADT/ArrayRef.h>

#include <vector>

namespace ssot {

/// Takes the edits out of \p verification at whose place some unit now finds the new name and did not find the old one
/// before.
/// \param before every unit as it is on disk.
/// \returns what was taken out.
std::vector<Edit> takeDisagreed(Verification &verification, llvm::ArrayRef<UnitOutcome> before,
                                llvm::ArrayRef<Rule> rules);

} // namespace ssot
