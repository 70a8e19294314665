#include "gate/fingerprint.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>

namespace ssot {

namespace {

std::string keyOf(llvm::StringRef rule, llvm::StringRef identity) {
  std::string key = rule.str();
  key += '\0';
  key += identity;
  return key;
}

std::string hashOf(llvm::StringRef key) {
  return llvm::utohexstr(llvm::xxh3_64bits(key), /*LowerCase=*/true, /*Width=*/16);
}

} // namespace

std::string identityHash(llvm::StringRef rule, llvm::StringRef identity) { return hashOf(keyOf(rule, identity)); }

std::string Fingerprinter::next(llvm::StringRef rule, llvm::StringRef identity) {
  std::string key = keyOf(rule, identity);
  std::size_t ordinal = Seen[key]++;
  key += '\0';
  key += std::to_string(ordinal);
  return hashOf(key);
}

} // namespace ssot
