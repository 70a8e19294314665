// store/folder_lock.h - who uses the folder of a store.
#pragma once

#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace ssot {

/// One lock file for all that use the store: shared to use it, exclusive to take it away.
class FolderLock {
public:
  FolderLock() = default;
  FolderLock(const FolderLock &) = delete;
  FolderLock &operator=(const FolderLock &) = delete;
  ~FolderLock() {
    if (Handle >= 0)
      ::close(Handle);
  }
  bool share(const std::string &file) {
    Handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    return Handle >= 0 && ::flock(Handle, LOCK_SH | LOCK_NB) == 0;
  }
  bool makeExclusive() { return ::flock(Handle, LOCK_EX | LOCK_NB) == 0; }
  void makeShared() { ::flock(Handle, LOCK_SH | LOCK_NB); }

private:
  int Handle = -1;
};

} // namespace ssot
