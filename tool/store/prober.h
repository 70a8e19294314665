// store/prober.h - what lies at a path, with as few system calls as can be.
//
// A unit depends on more than the bytes it read: on which of two directories has a header, on where a symbolic link
// points, on two names being one file. All of that is one look, and most looks cost one lstat.
#pragma once

#include "store/digest.h"

#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringRef.h>

#include <cstdint>
#include <optional>
#include <string>

namespace ssot {

/// The file's marks in the file system. While they are the same, the content is.
struct Stamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified = 0; ///< nanoseconds
  std::int64_t changed = 0;  ///< nanoseconds
  friend bool operator==(const Stamp &, const Stamp &) = default;
};

enum class LookKind : std::uint8_t { Missing, File, Directory, Other, Unreadable };

struct Look {
  LookKind kind = LookKind::Missing;
  int error = 0;    ///< of a path where nothing is: the compiler's message depends on it
  std::string real; ///< without symbolic links
  bool hasTwins = false;
  Stamp stamp;

  /// What a parse can see of the path without reading it. Hard links are in it, since Clang takes two names of an inode
  /// for one file; the inode of a file with one name is not, since editors replace files.
  Digest identity() const;
  /// Whether a change from now on shows in the stamp. Clocks of file systems are coarse: a file changed a moment ago
  /// may change again within the same tick.
  bool isSettled(std::int64_t now) const;
};

/// Looks at paths and remembers what was seen: one prober is one moment.
class Prober {
public:
  /// \param path absolute; may hold `..` and symbolic links.
  const Look &look(llvm::StringRef path);

private:
  llvm::StringMap<Look> Seen;
};

/// Nanoseconds since 1970.
std::int64_t clockNow();

/// \returns the digest of a file's bytes, or nothing when it cannot be read.
std::optional<Digest> contentDigest(llvm::StringRef path);
/// \returns the digest of what a directory holds: names and kinds, in order.
std::optional<Digest> listingDigest(llvm::StringRef path);

} // namespace ssot
