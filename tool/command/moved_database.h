// command/moved_database.h - the compile commands of a work tree, for another checkout of the same repository.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <string>

namespace ssot {

/// Where a checkout is and where the other one is; both absolute, tops of work trees.
struct Move {
  std::string from, to;

  /// \returns \p text with every mention of a file below `from` moved.
  std::string moved(llvm::StringRef text) const;
};

/// Writes \p database, moved, as compile_commands.json into \p folder. Commands whose source is not in the other
/// checkout are left out. A build folder that it lacks is made, empty: commands name files relative to it. Generated
/// files that only the build folder of now has are read from there.
/// \returns how many commands are left.
llvm::Expected<std::size_t> writeMovedDatabase(llvm::StringRef database, const Move &move, llvm::StringRef folder);

} // namespace ssot
