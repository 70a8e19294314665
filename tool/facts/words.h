// facts/words.h - words of source text: what an identifier of C++ may be made of, and a qualified name.
#pragma once

#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringRef.h>

namespace ssot {

/// Whether an identifier, or a number, may hold \p byte; every byte beyond ASCII may be part of a letter.
inline bool isWordByte(char byte) {
  return llvm::isAlnum(byte) || byte == '_' || static_cast<unsigned char>(byte) >= 0x80;
}

/// Calls \p visit with each longest run of such bytes in \p text, as a part of \p text.
template <typename Visit>
void eachWord(llvm::StringRef text, Visit visit) {
  while (!text.empty()) {
    text = text.drop_until(isWordByte);
    llvm::StringRef word = text.take_while(isWordByte);
    if (!word.empty())
      visit(word);
    text = text.drop_front(word.size());
  }
}

/// \returns what a name is qualified with; empty when it is not.
inline llvm::StringRef scopeOf(llvm::StringRef name) {
  return name.contains("::") ? name.rsplit("::").first : llvm::StringRef();
}

} // namespace ssot
