// project/command.h - one compile command, made fit for Clang.
//
// Build systems write commands for their own compiler and for its outputs. What parsing does not need goes (outputs,
// dependency files, precompiled headers, warnings as errors, options that only GCC knows); what the compiler knows by
// itself comes in.
#pragma once

#include "project/compiler.h"
#include "project/database.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace ssot {

/// \returns argv for Clang, or an error without a place: a response file that can't be read, no compiler in the
/// command.
/// \p source is how the source file shall be named; it replaces the entry's own spelling.
llvm::Expected<std::vector<std::string>> fitForClang(const DatabaseEntry &entry, llvm::StringRef source,
                                                     Compilers &compilers);

/// Whether the command fails where something deprecated is used.
bool makesDeprecationAnError(const DatabaseEntry &entry);

} // namespace ssot
