// project/files.h - the project's files on disk, whether a command compiles them or not.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace ssot {

struct FilesOnDisk {
  std::vector<std::string> headers; ///< relative, sorted
  std::vector<std::string> sources;
  std::vector<std::string> unreadableFolders;
};

bool isHeaderName(llvm::StringRef path);
bool isSourceName(llvm::StringRef path);

/// Lists headers and sources below \p root. Hidden folders, folders in \p excluded (relative) and nested folders that
/// CMake configured are left out; symlinks are not followed: what they name is listed where it is, or is not ours.
FilesOnDisk listFiles(llvm::StringRef root, llvm::ArrayRef<std::string> excluded);

/// \returns the files in \p folder and below whose names end in \p ending, sorted, with the folder as it is written.
llvm::Expected<std::vector<std::string>> filesBelow(const std::string &folder, llvm::StringRef ending);

} // namespace ssot
