// report/output.h - a report in a file: whole, or not at all.
#pragma once

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>
#include <llvm/Support/raw_ostream.h>

#include <string>

namespace ssot {

/// Writes a file beside \p path and renames it when every byte is on the disk, so that readers see the old file or the
/// new one, never a part. The file keeps its mode; a symlink keeps its target. What is no regular file (a pipe,
/// /dev/stdout) is written directly.
/// \returns an error that names the path; the old file is untouched then and nothing else is left.
llvm::Error writeFileAtomically(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> write);

/// \returns what is wrong with the folder that \p path is to be written into, for a person; empty when it is there. So
/// that a mistyped path is said before anything is analysed.
std::string wrongFolder(llvm::StringRef path);

/// \param when auto, always or never; auto: stdout is a terminal and NO_COLOR is not set.
bool wantsColor(llvm::StringRef when);

} // namespace ssot
