#include "project/files.h"

#include "project/errors.h"
#include "project/paths.h"
#include "project/project.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <algorithm>

namespace ssot {

namespace {

bool isLeftOut(llvm::StringRef folder, llvm::StringRef relative, llvm::ArrayRef<std::string> excluded) {
  llvm::StringRef name = llvm::sys::path::filename(folder);
  return name.starts_with(".") || name == "CVS" || llvm::is_contained(excluded, relative) ||
         llvm::sys::fs::exists(joined(folder, "CMakeCache.txt"));
}

} // namespace

bool isHeaderName(llvm::StringRef path) {
  return llvm::StringSwitch<bool>(llvm::sys::path::extension(path))
      .Cases(".h", ".hh", ".hpp", ".hxx", ".h++", ".hp", ".H", true)
      .Cases(".inl", ".ipp", ".tpp", ".txx", ".icc", true)
      .Default(false);
}

bool isSourceName(llvm::StringRef path) {
  return llvm::StringSwitch<bool>(llvm::sys::path::extension(path))
      .Cases(".cpp", ".cc", ".cxx", ".c++", ".cp", ".C", ".c", ".cppm", ".ixx", true)
      .Default(false);
}

FilesOnDisk listFiles(llvm::StringRef root, llvm::ArrayRef<std::string> excluded) {
  FilesOnDisk files;
  std::vector<std::string> folders{root.str()};
  while (!folders.empty()) {
    std::string folder = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    for (llvm::sys::fs::directory_iterator at(folder, error, /*follow_symlinks=*/false), end; !error && at != end;
         at.increment(error)) {
      std::string relative = relativeTo(root, at->path());
      if (at->type() == llvm::sys::fs::file_type::directory_file) {
        if (!isLeftOut(at->path(), relative, excluded))
          folders.push_back(at->path());
      } else if (at->type() == llvm::sys::fs::file_type::regular_file) {
        if (isHeaderName(relative))
          files.headers.push_back(std::move(relative));
        else if (isSourceName(relative))
          files.sources.push_back(std::move(relative));
      }
    }
    if (error)
      files.unreadableFolders.push_back(relativeTo(root, folder));
  }
  std::sort(files.headers.begin(), files.headers.end());
  std::sort(files.sources.begin(), files.sources.end());
  std::sort(files.unreadableFolders.begin(), files.unreadableFolders.end());
  return files;
}

llvm::Expected<std::vector<std::string>> filesBelow(const std::string &folder, llvm::StringRef ending) {
  std::error_code error;
  std::vector<std::string> found;
  for (llvm::sys::fs::recursive_directory_iterator at(folder, error), end; at != end && !error; at.increment(error))
    if (llvm::StringRef(at->path()).ends_with(ending) && !llvm::sys::fs::is_directory(at->path()))
      found.push_back(at->path());
  if (error)
    return inputError(folder + ": " + error.message());
  llvm::sort(found);
  return found;
}

} // namespace ssot
