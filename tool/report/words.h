// report/words.h - how values are written in every report, and how foreign text is made fit to be shown.
#pragma once

#include "gate/gate.h"

#include <llvm/ADT/StringRef.h>

#include <string>

namespace ssot {

llvm::StringRef wordFor(Severity severity);
llvm::StringRef wordFor(FindingState state);
llvm::StringRef wordFor(Role role);

/// \returns \p text fit for a terminal: control characters, characters that turn the direction of writing and bytes
/// that are no UTF-8 are written as escapes, so that a file name can't move the cursor or hide what follows.
std::string escaped(llvm::StringRef text);

/// \returns how many columns \p text takes; it has no control characters.
std::size_t columnsOf(llvm::StringRef text);

/// \returns "90", "99.5": no zeros that say nothing.
std::string shortNumber(double value);

/// \returns "1 unit", "2 units"; the plural is the singular with an s.
std::string counted(std::size_t count, llvm::StringRef what);
/// \returns "2 of 3 sites".
std::string partOf(const Share &share, llvm::StringRef what);
/// \returns what was analysed, in units and headers.
std::string coverageDetail(const Coverage &coverage);

} // namespace ssot
