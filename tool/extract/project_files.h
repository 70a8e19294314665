// extract/project_files.h - which of the files that Clang reads are the project's.
//
// Clang names a file as the include search spelled it: relative, with `..`, through a symlink. Here each gets one name.
// Real paths are kept while one unit is parsed, and no longer: what a unit's facts come from is noted for each unit,
// and a link may be changed between two.
#pragma once

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <functional>
#include <string>

namespace ssot {

class ProjectFiles {
public:
  struct Name {
    std::string path; ///< relative to the root inside it, absolute outside
    bool inProject = false;
  };

  ProjectFiles(std::string root, std::function<bool(llvm::StringRef)> inProject)
      : Root(std::move(root)), InProject(std::move(inProject)) {}

  /// \param path as Clang has it; relative ones are resolved against \p files' working directory.
  const Name &name(llvm::StringRef path, llvm::vfs::FileSystem &files);

  /// Before another unit.
  void forget() { ByAbsolutePath.clear(); }

private:
  std::string Root;
  std::function<bool(llvm::StringRef)> InProject;
  llvm::StringMap<Name> ByAbsolutePath;
};

} // namespace ssot
