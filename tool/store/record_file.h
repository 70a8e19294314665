// store/record_file.h - a facts file on the disk, read record by record.
//
// An archive of ten thousand units is larger than what is made of it. So it is never in memory as a whole, and not
// mapped either: pages of a map count as memory of the process.
#pragma once

#include "store/unit_record.h"

#include <llvm/Support/FileSystem.h>

namespace ssot {

class RecordFile {
public:
  /// \param ahead how many bytes are read at once where a record is shorter.
  static llvm::Expected<RecordFile> open(const std::string &path, std::size_t ahead);
  RecordFile(RecordFile &&other) noexcept;
  RecordFile &operator=(RecordFile &&) = delete;
  ~RecordFile();

  std::uint64_t size() const { return Size; }
  /// \returns the record that begins at \p at, which then is where the next one begins. A piece is a view that lasts
  /// until the next read. An error says what is wrong with the file and what to do.
  llvm::Expected<FactsRecord> read(std::uint64_t &at);

private:
  RecordFile(llvm::sys::fs::file_t handle, std::uint64_t size, std::size_t ahead)
      : Handle(handle), Size(size), Ahead(ahead) {}
  /// \returns the bytes from \p at on, at most \p size, or more when more are at hand.
  llvm::Expected<llvm::StringRef> view(std::uint64_t at, std::uint64_t size);

  llvm::sys::fs::file_t Handle;
  std::uint64_t Size;
  std::size_t Ahead;
  std::string Window; ///< the bytes from WindowAt on
  std::uint64_t WindowAt = 0;
};

} // namespace ssot
