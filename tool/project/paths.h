// project/paths.h - paths as this room needs them: absolute, without dots, and one name for one file.
#pragma once

#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringRef.h>

#include <string>

namespace ssot {

/// \returns the two, with a separator between them.
std::string joined(llvm::StringRef folder, llvm::StringRef name);

/// \returns \p path seen from \p folder: unchanged when it is absolute.
std::string absoluteFrom(llvm::StringRef folder, llvm::StringRef path);

/// \returns \p path without `.`, `..` and doubled separators; symlinks are not followed.
std::string normalised(llvm::StringRef path);

/// \returns the path with every symlink resolved; only normalised when nothing is there.
std::string realOrNormalised(llvm::StringRef path);

/// \returns the path with every symlink of the part that exists resolved; of a file that is gone, its folder's.
std::string realEvenIfGone(llvm::StringRef path);

/// \returns whether \p path is \p folder or lies below it. Both normalised.
bool isBelow(llvm::StringRef path, llvm::StringRef folder);

std::string currentDirectory();

/// A path without symbolic links, and what was seen on the way.
struct RealPath {
  std::string path;
  bool isFile = false; ///< a regular file, and no link; else nothing is known of it
};

/// Resolves symbolic links like `realOrNormalised`, of files that share their folders: each folder once.
class RealPaths {
public:
  RealPath of(llvm::StringRef path);
  /// \returns the real path of a folder; empty when it is not there.
  const std::string &ofFolder(llvm::StringRef folder);

private:
  llvm::StringMap<std::string> Folders; ///< empty: it is not there
};

} // namespace ssot
