// project/database.h - compile_commands.json: where it is, and what its entries say.
//
// Nothing is made fit for Clang here: an entry says what the build system wrote, split into words, and where it stands
// in the file.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace ssot {

struct DatabaseEntry {
  std::string directory; ///< absolute
  std::string file;      ///< as written; relative to `directory` unless absolute
  std::vector<std::string> arguments;
  unsigned line = 0; ///< of the entry's `{` in the database
  unsigned column = 0;
};

/// Finds the compile databases.
/// \p buildPaths are the `-p` options, each a folder or the file itself. When there is none, \p root, the folders above
/// it and the `build/` and `build/*/` of each are searched; among several `build/*/` it is `release`, else the first by
/// name.
/// \returns at least one path, or an error that says how to make a database.
llvm::Expected<std::vector<std::string>> findDatabases(llvm::StringRef root, llvm::ArrayRef<std::string> buildPaths);

/// Reads one database.
/// \returns its entries in file order, or an error with path:line:column when it is not what the JSON Compilation
/// Database format says.
llvm::Expected<std::vector<DatabaseEntry>> readDatabase(llvm::StringRef path);

/// Splits a `command` into words as a POSIX shell would: quotes and backslashes; nothing is expanded.
std::vector<std::string> splitShellWords(llvm::StringRef command);

} // namespace ssot
