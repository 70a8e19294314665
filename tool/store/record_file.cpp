#include "store/record_file.h"

#include <algorithm>

namespace ssot {

namespace {

namespace fs = llvm::sys::fs;

llvm::Error unreadable(std::error_code error) {
  return llvm::createStringError(error, "cannot be read: " + error.message());
}

} // namespace

llvm::Expected<RecordFile> RecordFile::open(const std::string &path, std::size_t ahead) {
  llvm::Expected<fs::file_t> handle = fs::openNativeFileForRead(path);
  if (!handle)
    return unreadable(llvm::errorToErrorCode(handle.takeError()));
  fs::file_status status;
  if (std::error_code error = fs::status(*handle, status)) {
    static_cast<void>(fs::closeFile(*handle)); // it was only read
    return unreadable(error);
  }
  return RecordFile(*handle, status.getSize(), ahead);
}

RecordFile::RecordFile(RecordFile &&other) noexcept
    : Handle(std::exchange(other.Handle, fs::kInvalidFile)), Size(other.Size), Ahead(other.Ahead),
      Window(std::move(other.Window)), WindowAt(other.WindowAt) {}

RecordFile::~RecordFile() {
  if (Handle != fs::kInvalidFile)
    static_cast<void>(fs::closeFile(Handle)); // it was only read
}

llvm::Expected<llvm::StringRef> RecordFile::view(std::uint64_t at, std::uint64_t size) {
  size = std::min(size, Size - at);
  if (at >= WindowAt && at + size <= WindowAt + Window.size())
    return llvm::StringRef(Window).drop_front(at - WindowAt);
  Window.resize(std::min<std::uint64_t>(std::max<std::uint64_t>(size, Ahead), Size - at));
  WindowAt = at;
  std::size_t filled = 0;
  while (filled < Window.size()) {
    llvm::Expected<std::size_t> got = fs::readNativeFileSlice(
        Handle, llvm::MutableArrayRef(Window.data() + filled, Window.size() - filled), at + filled);
    if (!got)
      return unreadable(llvm::errorToErrorCode(got.takeError()));
    if (*got == 0) // it is shorter than it was
      break;
    filled += *got;
  }
  Window.resize(filled);
  return llvm::StringRef(Window);
}

llvm::Expected<FactsRecord> RecordFile::read(std::uint64_t &at) {
  llvm::Expected<llvm::StringRef> bytes = view(at, kRecordHead);
  if (!bytes)
    return bytes.takeError();
  llvm::Expected<std::uint64_t> length = recordLength(*bytes);
  if (!length)
    return length.takeError();
  bytes = view(at, *length);
  if (!bytes)
    return bytes.takeError();
  llvm::StringRef rest = *bytes;
  llvm::Expected<FactsRecord> record = takeRecord(rest);
  if (record)
    at += *length;
  return record;
}

} // namespace ssot
