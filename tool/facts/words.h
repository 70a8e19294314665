// facts/words.h - words of source text: what an identifier of C++ may be made of, a qualified name, and a list of
// parameters.
#pragma once

#include <llvm/ADT/StringRef.h>

#include <array>
#include <cstddef>
#include <vector>

namespace ssot {

/// Which bytes an identifier, or a number, may hold.
inline constexpr auto kWordBytes = [] {
  std::array<bool, 256> bytes{};
  for (unsigned byte = 0; byte < bytes.size(); ++byte)
    bytes[byte] = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                  byte == '_' || byte >= 0x80; // beyond ASCII each may be part of a letter
  return bytes;
}();

inline bool isWordByte(char byte) { return kWordBytes[static_cast<unsigned char>(byte)]; }

/// Calls \p visit with each longest run of such bytes in \p text, as a part of \p text.
template <typename Visit>
void eachWord(llvm::StringRef text, Visit visit) {
  const char *end = text.end();
  for (const char *at = text.begin(); at != end;) {
    if (!isWordByte(*at)) {
      ++at;
      continue;
    }
    const char *begin = at;
    do
      ++at;
    while (at != end && isWordByte(*at));
    visit(llvm::StringRef(begin, static_cast<std::size_t>(at - begin)));
  }
}

/// Splits at the commas outside of brackets: `std::map<int, int> a, b` has two parts.
inline std::vector<llvm::StringRef> splitParameters(llvm::StringRef text) {
  std::vector<llvm::StringRef> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (llvm::StringRef("<([{").contains(text[i]))
      ++depth;
    else if (llvm::StringRef(">)]}").contains(text[i]))
      --depth;
    else if (text[i] == ',' && depth == 0) {
      parts.push_back(text.slice(begin, i).trim());
      begin = i + 1;
    }
  }
  if (!text.trim().empty())
    parts.push_back(text.drop_front(begin).trim());
  return parts;
}

/// \returns what a name is qualified with; empty when it is not.
inline llvm::StringRef scopeOf(llvm::StringRef name) {
  return name.contains("::") ? name.rsplit("::").first : llvm::StringRef();
}

} // namespace ssot
