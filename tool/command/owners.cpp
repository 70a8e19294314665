#include "command/owners.h"

#include "project/paths.h"
#include "project/project.h"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

namespace ssot {

namespace {

/// The root below the repository's top, as paths in CODEOWNERS have it in front.
std::string folderBelow(llvm::StringRef top, llvm::StringRef root) {
  return root == top ? std::string() : relativeTo(top, root) + "/";
}

/// The nearest folder with a repository in it, or the root itself.
std::string topOf(llvm::StringRef root) {
  for (llvm::StringRef at = root; !at.empty(); at = llvm::sys::path::parent_path(at))
    if (llvm::sys::fs::exists(joined(at, ".git")))
      return at.str();
  return root.str();
}

} // namespace

Owners ownersOnDisk(llvm::StringRef root) {
  std::string top = topOf(root);
  for (llvm::StringRef name : ownersFiles())
    if (auto file = llvm::MemoryBuffer::getFile(joined(top, name), /*IsText=*/false, /*RequiresNullTerminator=*/false))
      return Owners::parse((*file)->getBuffer(), folderBelow(top, root));
  return {};
}

Owners ownersAt(const Git &git, llvm::StringRef commit, llvm::StringRef root) {
  for (llvm::StringRef name : ownersFiles())
    if (std::optional<std::string> text = git.content(commit, name))
      return Owners::parse(*text, folderBelow(git.top(), root));
  return {};
}

} // namespace ssot
