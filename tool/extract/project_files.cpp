#include "extract/project_files.h"

#include "project/project.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/Path.h>

namespace ssot {

const ProjectFiles::Name &ProjectFiles::name(llvm::StringRef path, llvm::vfs::FileSystem &files) {
  llvm::SmallString<256> absolute(path);
  (void)files.makeAbsolute(absolute); // fails only without a working directory; then the path stays as it is
  auto [known, isNew] = ByAbsolutePath.try_emplace(absolute);
  Name &name = known->second;
  if (!isNew)
    return name;
  llvm::SmallString<256> real;
  if (files.getRealPath(absolute, real)) {
    real = absolute;
    llvm::sys::path::remove_dots(real, /*remove_dot_dot=*/true);
  }
  name.path = relativeTo(Root, real);
  name.inProject = !llvm::sys::path::is_absolute(name.path) && InProject(name.path);
  return name;
}

} // namespace ssot
