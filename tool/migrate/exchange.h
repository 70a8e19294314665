// migrate/exchange.h - new bytes for many files, on the disk before anybody is told so, or the old bytes again.
//
// All new files are written and flushed beside the old ones first, so that a full disk or a forbidden folder is met
// before anything is replaced. What follows are renames, which need no space.
#pragma once

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <optional>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace ssot {

/// A file that gets new bytes; mode and owner stay.
struct FileWrite {
  std::string path;      ///< absolute, no symbolic link
  std::string temporary; ///< beside it
  std::string bytes;
  std::string old;
  mode_t mode = 0;
  uid_t owner = 0;
  gid_t group = 0;
};

/// \returns an error that says which file, and why (`errno`) when \p doing is given.
llvm::Error failure(llvm::StringRef path, const llvm::Twine &what);
llvm::Error systemFailure(llvm::StringRef path, llvm::StringRef doing);
/// An error after which the next run has something to do, and \p what.
llvm::Error halfway(llvm::Error error, llvm::StringRef what);
/// \returns whether \p error is one of those.
bool isHalfway(const llvm::Error &error);

std::optional<std::string> readAll(const std::string &path);

/// Writes and flushes a new file. On failure the file is gone again.
llvm::Error writeSynced(const std::string &path, llvm::StringRef bytes, mode_t mode, const FileWrite *like = nullptr);
/// Flushes the names in a folder.
llvm::Error syncFolder(llvm::StringRef path);

/// Gives every file its new bytes. \returns an error when no file has them; when even that could not be had, the error
/// \ref isHalfway: some files are new and some are old.
llvm::Error exchangeAll(const std::vector<FileWrite> &files);

} // namespace ssot
