#include "config/load.h"

namespace ssot {

std::string nearest(llvm::StringRef word, llvm::ArrayRef<std::string> candidates) {
  // A third of the letters wrong is a misspelling; more is another word.
  unsigned best = static_cast<unsigned>((word.size() + 2) / 3) + 1;
  std::string result;
  std::string lower = word.lower();
  for (const std::string &candidate : candidates) {
    unsigned distance =
        llvm::StringRef(lower).edit_distance(llvm::StringRef(candidate).lower(), /*AllowReplacements=*/true, best);
    if (distance < best) {
      best = distance;
      result = candidate;
    }
  }
  return result;
}

} // namespace ssot
