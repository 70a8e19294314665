#include "migrate/exchange.h"

#include <llvm/ADT/ArrayRef.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <unistd.h>

namespace ssot {

namespace {

constexpr std::errc kHalfway = std::errc::state_not_recoverable;

void drop(llvm::ArrayRef<FileWrite> files) {
  for (const FileWrite &file : files)
    ::unlink(file.temporary.c_str());
}

/// Writes all temporary files or none.
llvm::Error prepare(llvm::ArrayRef<FileWrite> files) {
  for (const FileWrite &file : files)
    if (llvm::Error error = writeSynced(file.temporary, file.bytes, file.mode, &file)) {
      drop(files);
      return error;
    }
  return llvm::Error::success();
}

/// \param count of the files that were replaced, also on failure.
llvm::Error replace(llvm::ArrayRef<FileWrite> files, std::size_t &count) {
  std::set<std::string> folders;
  for (count = 0; count < files.size(); ++count) {
    const FileWrite &file = files[count];
    if (::rename(file.temporary.c_str(), file.path.c_str())) {
      llvm::Error error = systemFailure(file.path, "replacing");
      drop(files.drop_front(count));
      return error;
    }
    folders.insert(llvm::sys::path::parent_path(file.path).str());
  }
  for (const std::string &folder : folders)
    if (llvm::Error error = syncFolder(folder))
      return error;
  return llvm::Error::success();
}

llvm::Error prepareAndReplace(llvm::ArrayRef<FileWrite> files, std::size_t &count) {
  count = 0;
  if (llvm::Error error = prepare(files))
    return error;
  return replace(files, count);
}

} // namespace

llvm::Error failure(llvm::StringRef path, const llvm::Twine &what) {
  return llvm::createStringError(std::make_error_code(std::errc::io_error), path + ": " + what);
}

llvm::Error systemFailure(llvm::StringRef path, llvm::StringRef doing) {
  return failure(path, doing + ": " + std::strerror(errno));
}

llvm::Error halfway(llvm::Error error, llvm::StringRef what) {
  return llvm::createStringError(std::make_error_code(kHalfway), llvm::toString(std::move(error)) + "\n" + what);
}

bool isHalfway(const llvm::Error &error) {
  bool found = false;
  llvm::visitErrors(
      error, [&](const llvm::ErrorInfoBase &one) { found |= one.convertToErrorCode() == make_error_code(kHalfway); });
  return found;
}

std::optional<std::string> readAll(const std::string &path) {
  auto buffer =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (!buffer)
    return std::nullopt;
  return (*buffer)->getBuffer().str();
}

llvm::Error syncFolder(llvm::StringRef path) {
  int folder = ::open(path.str().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return systemFailure(path, "opening the folder");
  int result = ::fsync(folder);
  int problem = errno;
  ::close(folder);
  errno = problem;
  return result ? systemFailure(path, "flushing the folder") : llvm::Error::success();
}

llvm::Error writeSynced(const std::string &path, llvm::StringRef bytes, mode_t mode, const FileWrite *like) {
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return systemFailure(path, "creating");
  llvm::StringRef rest = bytes;
  const char *doing = nullptr;
  while (!rest.empty() && !doing) {
    ssize_t written = ::write(file, rest.data(), rest.size());
    if (written < 0 && errno != EINTR)
      doing = "writing";
    else if (written > 0)
      rest = rest.drop_front(static_cast<std::size_t>(written));
  }
  // Only the superuser can give a file away; anybody else's becomes the one's who edits it, as with any editor.
  if (!doing && like && ::fchown(file, like->owner, like->group) && errno != EPERM)
    doing = "setting the owner";
  if (!doing && ::fchmod(file, mode))
    doing = "setting the mode";
  if (!doing && ::fsync(file))
    doing = "flushing";
  int problem = errno;
  if (::close(file) && !doing) {
    doing = "closing";
    problem = errno;
  }
  if (!doing)
    return llvm::Error::success();
  ::unlink(path.c_str());
  errno = problem;
  return systemFailure(path, doing);
}

llvm::Error exchangeAll(const std::vector<FileWrite> &files) {
  std::size_t count = 0;
  llvm::Error error = prepareAndReplace(files, count);
  if (!error || count == 0)
    return error;
  std::vector<FileWrite> back(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(count));
  for (FileWrite &file : back)
    std::swap(file.bytes, file.old);
  llvm::Error again = prepareAndReplace(back, count);
  if (!again)
    return error;
  return halfway(llvm::joinErrors(std::move(error), std::move(again)),
                 "some files are new and some are old; the next ssot completes what was begun");
}

} // namespace ssot
