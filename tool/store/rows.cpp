#include "store/rows.h"

#include <cstring>

namespace ssot {

Digest nameOf(const Input &input) {
  return DigestInput()
      .add(input.path)
      .number(static_cast<std::uint64_t>(input.kind))
      .add(bytesOf(input.digest))
      .digest();
}

Digest sumOf(const Digest &name, llvm::StringRef inputs, llvm::StringRef value) {
  return DigestInput().add(bytesOf(name)).add(bytesOf(digestOf(inputs))).add(bytesOf(digestOf(value))).digest();
}

std::int64_t checksumOf(const Digest &key, llvm::StringRef inputs, llvm::StringRef facts, llvm::StringRef sum) {
  Digest digest =
      DigestInput().add(bytesOf(key)).add(bytesOf(digestOf(inputs))).add(bytesOf(digestOf(facts))).add(sum).digest();
  std::int64_t checksum = 0;
  std::memcpy(&checksum, digest.data(), sizeof checksum);
  return checksum;
}

llvm::StringRef stampBytes(const Input &input) {
  return input.settled ? llvm::StringRef(reinterpret_cast<const char *>(&input.stamp), sizeof input.stamp)
                       : llvm::StringRef();
}

std::optional<Input> inputOf(Statement &row) {
  Input input;
  llvm::StringRef digest = row.blob(3), stamp = row.blob(4);
  if (digest.size() != input.digest.size())
    return std::nullopt;
  input.path = row.text(1).str();
  input.kind = static_cast<InputKind>(row.integer(2));
  std::memcpy(input.digest.data(), digest.data(), digest.size());
  if (stamp.size() == sizeof input.stamp) {
    std::memcpy(&input.stamp, stamp.data(), stamp.size());
    input.settled = true;
  }
  Digest name = nameOf(input);
  if (row.blob(0) != bytesOf(name))
    return std::nullopt;
  return input;
}

} // namespace ssot
