#include "store/unit_record.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/Support/Endian.h>

#include <limits>

namespace ssot {

namespace {

/// Raised whenever the meaning of the bytes changes; that of the facts themselves has a number of its own.
constexpr std::uint64_t kFormat = 3;
constexpr llvm::StringLiteral kMagic = "ssotunit";
// What the payload begins with.
constexpr char kUnit = 'u', kPiece = 'p';

void put(std::string &bytes, std::uint64_t number) {
  std::array<char, 8> little{};
  llvm::support::endian::write64le(little.data(), number);
  bytes.append(little.data(), little.size());
}

void put(std::string &bytes, llvm::StringRef text) {
  put(bytes, text.size());
  bytes += text;
}

void put(std::string &bytes, const Digest &digest) { bytes += bytesOf(digest); }

std::string framed(const std::string &payload) {
  std::string bytes = kMagic.str();
  put(bytes, kFormat);
  put(bytes, payload.size());
  put(bytes, digestOf(payload));
  return bytes + payload;
}

/// Reads a payload whose checksum holds; what is wrong all the same makes the rest empty and `failed` true.
class RecordReader {
public:
  explicit RecordReader(llvm::StringRef bytes) : Rest(bytes) {}

  std::uint64_t number() {
    llvm::StringRef bytes = take(8);
    return bytes.empty() ? 0 : llvm::support::endian::read64le(bytes.data());
  }
  llvm::StringRef text() { return take(number()); }
  Digest digest() {
    Digest digest{};
    llvm::StringRef bytes = take(digest.size());
    llvm::copy(bytes, digest.begin());
    return digest;
  }
  bool failed() const { return Failed || !Rest.empty(); }
  /// More elements than bytes are a lie.
  std::size_t count() {
    std::uint64_t count = number();
    return count > Rest.size() ? static_cast<std::size_t>(fail().size()) : static_cast<std::size_t>(count);
  }

private:
  llvm::StringRef take(std::uint64_t size) {
    if (size > Rest.size())
      return fail();
    llvm::StringRef taken = Rest.take_front(size);
    Rest = Rest.drop_front(size);
    return taken;
  }
  llvm::StringRef fail() {
    Failed = true;
    Rest = llvm::StringRef();
    return Rest;
  }
  llvm::StringRef Rest;
  bool Failed = false;
};

llvm::Error problem(const char *message) {
  return llvm::createStringError(std::make_error_code(std::errc::illegal_byte_sequence), message);
}

} // namespace

std::string serialize(const UnitRecord &record) {
  std::string payload(1, kUnit);
  put(payload, record.version);
  put(payload, record.build);
  put(payload, record.asked);
  put(payload, record.command);
  put(payload, record.file);
  put(payload, record.sources.size());
  for (const ReadSource &source : record.sources) {
    put(payload, source.path);
    put(payload, source.content);
  }
  put(payload, record.failure);
  put(payload, record.facts);
  put(payload, record.scanned);
  return framed(payload);
}

std::string serialize(const PieceRecord &record) { return framed(kPiece + record.bytes.str()); }

std::string emptyArchive() { return framed(std::string()); }

llvm::Expected<std::uint64_t> recordLength(llvm::StringRef bytes) {
  if (!bytes.starts_with(kMagic))
    return problem("is no facts file; remove it, or extract again");
  if (bytes.size() < kRecordHead)
    return problem("is cut off; extract again");
  RecordReader head(bytes.substr(kMagic.size(), kRecordHead - kMagic.size()));
  if (head.number() != kFormat)
    return problem("was written by another version of ssot; extract again with this one");
  std::uint64_t length = head.number();
  if (length > std::numeric_limits<std::uint64_t>::max() - kRecordHead)
    return problem("is cut off; extract again");
  return kRecordHead + length;
}

namespace {

llvm::Expected<FactsRecord> unitIn(llvm::StringRef payload) {
  RecordReader reader(payload);
  UnitRecord record;
  record.version = reader.text().str();
  record.build = reader.digest();
  record.asked = reader.digest();
  record.command = reader.digest();
  record.file = reader.text().str();
  record.sources.resize(reader.count());
  for (ReadSource &source : record.sources) {
    source.path = reader.text().str();
    source.content = reader.digest();
  }
  record.failure = reader.text().str();
  record.facts = reader.text().str();
  record.scanned = reader.text().str();
  if (reader.failed())
    return problem("is damaged; extract again");
  return record;
}

} // namespace

llvm::Expected<FactsRecord> takeRecord(llvm::StringRef &bytes) {
  llvm::Expected<std::uint64_t> length = recordLength(bytes);
  if (!length)
    return length.takeError();
  if (*length > bytes.size())
    return problem("is cut off; extract again");
  llvm::StringRef payload = bytes.take_front(*length).drop_front(kRecordHead);
  Digest checksum{};
  llvm::copy(bytes.substr(kRecordHead - checksum.size(), checksum.size()), checksum.begin());
  if (digestOf(payload) != checksum)
    return problem("is damaged: its checksum does not hold; extract again");
  bytes = bytes.drop_front(*length);
  if (payload.empty())
    return FactsRecord();
  if (payload.front() == kPiece)
    return PieceRecord{payload.drop_front()};
  if (payload.front() == kUnit)
    return unitIn(payload.drop_front());
  return problem("is damaged; extract again");
}

} // namespace ssot
