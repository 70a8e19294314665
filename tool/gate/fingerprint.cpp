#include "gate/fingerprint.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>

namespace ssot {

std::string Fingerprinter::next(llvm::StringRef rule, llvm::StringRef identity) {
  std::string key = rule.str();
  key += '\0';
  key += identity;
  std::size_t ordinal = Seen[key]++;
  key += '\0';
  key += std::to_string(ordinal);
  return llvm::utohexstr(llvm::xxh3_64bits(key), /*LowerCase=*/true, /*Width=*/16);
}

} // namespace ssot
