// migrate/exceptions.h - who catches an exception goes by its class while the program runs, so a handler and what it
// catches move together or not at all.
#pragma once

#include "config/config.h"
#include "migrate/left_edits.h"

#include <llvm/ADT/ArrayRef.h>

#include <vector>

namespace ssot {

/// Takes the edits out of \p verification after which a handler no longer catches what is thrown: those of handlers of
/// a class that some code still throws under its old name, or may throw where nobody looks, and those of exceptions
/// that some handler still catches under the old name.
/// \param before every unit as it is on disk.
/// \returns what was taken out.
std::vector<LeftEdit> takeUncaught(Verification &verification, llvm::ArrayRef<UnitOutcome> before,
                                   llvm::ArrayRef<Rule> rules);

} // namespace ssot
