#include "store/prober.h"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace ssot {

namespace {

/// FAT keeps two seconds; all others are finer.
constexpr std::int64_t kCoarsestClock = 2'000'000'000;

/// "Nothing is there" is an answer about the tree. Anything else (no permission, links in a circle, an input/output
/// error) is none.
void fail(Look &look, int error) {
  look.kind = error == ENOENT || error == ENOTDIR ? LookKind::Missing : LookKind::Unreadable;
  look.error = error;
}

std::int64_t nanoseconds(const timespec &time) { return time.tv_sec * 1'000'000'000LL + time.tv_nsec; }

void fill(Look &look, const struct stat &status) {
  look.kind = S_ISREG(status.st_mode)   ? LookKind::File
              : S_ISDIR(status.st_mode) ? LookKind::Directory
                                        : LookKind::Other;
  look.hasTwins = look.kind == LookKind::File && status.st_nlink > 1;
  look.stamp = {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim),
                nanoseconds(status.st_ctim)};
}

/// The slow way, as the system resolves a path.
Look resolved(const std::string &path) {
  Look look;
  char real[PATH_MAX];
  struct stat status;
  if (!::realpath(path.c_str(), real) || ::stat(real, &status) != 0) {
    fail(look, errno);
    return look;
  }
  look.real = real;
  fill(look, status);
  return look;
}

} // namespace

Digest Look::identity() const {
  DigestInput input;
  input.number(static_cast<std::uint64_t>(kind)).number(static_cast<std::uint64_t>(error)).add(real).number(hasTwins);
  if (hasTwins)
    input.number(stamp.device).number(stamp.inode);
  return input.digest();
}

bool Look::isSettled(std::int64_t now) const { return std::max(stamp.modified, stamp.changed) + kCoarsestClock < now; }

const Look &Prober::look(llvm::StringRef path) {
  if (auto known = Seen.find(path); known != Seen.end())
    return known->second;
  Look look;
  llvm::StringRef name = path.rsplit('/').second;
  llvm::StringRef parent = path.drop_back(std::min(path.size(), name.size() + 1));
  if (name.empty() || name == "." || name == "..") {
    look = resolved(path.str());
  } else {
    const Look &above = this->look(parent.empty() ? "/" : parent);
    if (above.kind != LookKind::Directory)
      fail(look, above.error ? above.error : ENOTDIR);
    else {
      std::string real = above.real;
      if (!llvm::StringRef(real).ends_with("/"))
        real += '/';
      real += name;
      struct stat status;
      if (::lstat(real.c_str(), &status) != 0) {
        fail(look, errno);
      } else if (S_ISLNK(status.st_mode)) {
        look = resolved(real);
      } else {
        look.real = std::move(real);
        fill(look, status);
      }
    }
  }
  return Seen[path] = std::move(look);
}

std::int64_t clockNow() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::optional<Digest> contentDigest(llvm::StringRef path) {
  // Read, not mapped: a mapped file may change under the hash, and end before its end.
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                            /*IsVolatile=*/true);
  if (!buffer)
    return std::nullopt;
  return digestOf((*buffer)->getBuffer());
}

std::optional<Digest> listingDigest(llvm::StringRef path) {
  std::vector<std::pair<std::string, std::uint64_t>> entries;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator at(path, error, /*follow_symlinks=*/false), end; !error && at != end;
       at.increment(error))
    entries.emplace_back(llvm::sys::path::filename(at->path()).str(), static_cast<std::uint64_t>(at->type()));
  if (error)
    return std::nullopt;
  std::sort(entries.begin(), entries.end());
  DigestInput input;
  for (const auto &[name, type] : entries)
    input.add(name).number(type);
  return input.digest();
}

} // namespace ssot
