// store/digest.h - what stands for a content: 128 bits of XXH3, and a buffer to take it of several texts.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/xxhash.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace ssot {

using Digest = std::array<std::uint8_t, 16>;

inline Digest digestOf(llvm::StringRef bytes) {
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(
      llvm::ArrayRef<std::uint8_t>(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()));
  Digest digest;
  std::memcpy(digest.data(), &hash.low64, 8);
  std::memcpy(digest.data() + 8, &hash.high64, 8);
  return digest;
}

inline llvm::StringRef bytesOf(const Digest &digest) {
  return llvm::StringRef(reinterpret_cast<const char *>(digest.data()), digest.size());
}

/// Texts one after the other, each with its length, so that no two lists give the same bytes.
class DigestInput {
public:
  DigestInput &add(llvm::StringRef text) {
    number(text.size());
    Bytes += text;
    return *this;
  }
  DigestInput &number(std::uint64_t value) {
    Bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
    return *this;
  }
  template <typename Range>
  DigestInput &all(const Range &texts) {
    number(texts.size());
    for (const auto &text : texts)
      add(text);
    return *this;
  }
  Digest digest() const { return digestOf(Bytes); }

private:
  std::string Bytes;
};

} // namespace ssot
