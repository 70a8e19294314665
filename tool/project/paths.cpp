#include "project/paths.h"

#include "project/project.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

namespace ssot {

std::string joined(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<256> path(folder);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

std::string absoluteFrom(llvm::StringRef folder, llvm::StringRef path) {
  return llvm::sys::path::is_absolute(path) ? path.str() : joined(folder, path);
}

std::string normalised(llvm::StringRef path) {
  llvm::SmallString<256> result(path);
  llvm::sys::path::remove_dots(result, /*remove_dot_dot=*/true);
  while (result.size() > 1 && result.back() == '/')
    result.pop_back();
  return result.str().str();
}

std::string realOrNormalised(llvm::StringRef path) {
  llvm::SmallString<256> result;
  return llvm::sys::fs::real_path(path, result) ? normalised(path) : result.str().str();
}

std::string realEvenIfGone(llvm::StringRef path) {
  std::string whole = normalised(absoluteFrom(currentDirectory(), path));
  llvm::SmallString<256> real;
  for (llvm::StringRef at = whole; !at.empty() && at != "/"; at = llvm::sys::path::parent_path(at))
    if (!llvm::sys::fs::real_path(at, real))
      return normalised((real + whole.substr(at.size())).str());
  return whole;
}

bool isBelow(llvm::StringRef path, llvm::StringRef folder) {
  if (folder == "/")
    return path.starts_with("/");
  return path.consume_front(folder) && (path.empty() || path.front() == '/');
}

std::string currentDirectory() {
  llvm::SmallString<256> path;
  return llvm::sys::fs::current_path(path) ? std::string("/") : realOrNormalised(path);
}

std::string relativeTo(llvm::StringRef root, llvm::StringRef path) {
  if (path == root || !isBelow(path, root))
    return path.str();
  llvm::StringRef rest = path.drop_front(root.size());
  rest.consume_front("/");
  return rest.str();
}

RealPath RealPaths::of(llvm::StringRef path) {
  llvm::StringRef folder = llvm::sys::path::parent_path(path), name = llvm::sys::path::filename(path);
  const std::string &real = ofFolder(folder);
  llvm::sys::fs::file_status status;
  if (real.empty() || name == "." || name == ".." || llvm::sys::fs::status(path, status, /*follow=*/false) ||
      status.type() == llvm::sys::fs::file_type::symlink_file)
    return {realOrNormalised(path)};
  return {joined(real, name), llvm::sys::fs::is_regular_file(status)};
}

const std::string &RealPaths::ofFolder(llvm::StringRef folder) {
  auto [known, isNew] = Folders.try_emplace(folder);
  llvm::SmallString<256> real;
  if (isNew && !llvm::sys::fs::real_path(folder, real))
    known->second = real.str().str();
  return known->second;
}

} // namespace ssot
