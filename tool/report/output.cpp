#include "report/output.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/Twine.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Process.h>

#include <cerrno>
#include <csignal>
#include <tuple>

#include <fcntl.h>
#include <unistd.h>

namespace ssot {

namespace {

namespace fs = llvm::sys::fs;

/// A limit on file sizes is an error like a full disk, not a signal that ends the program.
class SizeLimitIsAnError {
public:
  SizeLimitIsAnError() {
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGXFSZ, &ignore, &Before);
  }
  SizeLimitIsAnError(const SizeLimitIsAnError &) = delete;
  SizeLimitIsAnError &operator=(const SizeLimitIsAnError &) = delete;
  ~SizeLimitIsAnError() { sigaction(SIGXFSZ, &Before, nullptr); }

private:
  struct sigaction Before{};
};

llvm::Error problem(llvm::StringRef path, std::error_code error) {
  return llvm::createStringError(error, path + ": cannot be written: " + error.message());
}

std::error_code lastError() { return std::error_code(errno, std::generic_category()); }

/// Writes and brings everything to the disk. \returns the first error on the way.
std::error_code fill(int descriptor, bool toDisk, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/false);
  write(stream);
  stream.flush();
  std::error_code error = stream.error();
  stream.clear_error();
  if (!error && toDisk && ::fsync(descriptor) != 0)
    error = lastError();
  return error;
}

/// After a rename the folder has changed too. That a file system can't do this is no reason to fail: the report is
/// there.
void syncFolder(llvm::StringRef folder) {
  int descriptor = ::open(folder.str().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    return;
  ::fsync(descriptor);
  ::close(descriptor);
}

llvm::Error writeDirectly(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  int descriptor = -1;
  std::error_code error = fs::openFileForWrite(path, descriptor, fs::CD_OpenExisting);
  if (!error) {
    error = fill(descriptor, /*toDisk=*/false, write);
    if (::close(descriptor) != 0 && !error)
      error = lastError();
  }
  return error ? problem(path, error) : llvm::Error::success();
}

} // namespace

llvm::Error writeFileAtomically(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  SizeLimitIsAnError whileWriting;
  llvm::SmallString<256> target;
  bool exists = !fs::real_path(path, target);
  if (!exists)
    target = path;
  if (exists && !fs::is_regular_file(target))
    return writeDirectly(path, write);

  unsigned mode = fs::all_read | fs::all_write;
  if (exists)
    if (llvm::ErrorOr<fs::perms> permissions = fs::getPermissions(target))
      mode = *permissions;
  int descriptor = -1;
  llvm::SmallString<256> temporary;
  if (std::error_code error = fs::createUniqueFile(target + ".%%%%%%%%.tmp", descriptor, temporary, fs::OF_None, mode))
    return problem(path, error);
  std::error_code error;
  if (exists) // the process's mask must not narrow what the old file allowed
    error = fs::setPermissions(descriptor, static_cast<fs::perms>(mode));
  if (!error)
    error = fill(descriptor, /*toDisk=*/true, write);
  if (::close(descriptor) != 0 && !error)
    error = lastError();
  if (!error)
    error = fs::rename(temporary, target);
  if (error) {
    std::ignore = fs::remove(temporary); // the first error is the one to tell
    return problem(path, error);
  }
  llvm::StringRef folder = llvm::sys::path::parent_path(target);
  syncFolder(folder.empty() ? llvm::StringRef(".") : folder);
  return llvm::Error::success();
}

std::string wrongFolder(llvm::StringRef path) {
  llvm::StringRef folder = llvm::sys::path::parent_path(path);
  if (folder.empty() || fs::is_directory(folder))
    return {};
  return (path + ": there is no folder " + folder).str();
}

bool wantsColor(llvm::StringRef when) {
  if (when != "auto")
    return when == "always";
  std::optional<std::string> noColor = llvm::sys::Process::GetEnv("NO_COLOR");
  return !(noColor && !noColor->empty()) && llvm::sys::Process::StandardOutIsDisplayed();
}

} // namespace ssot
