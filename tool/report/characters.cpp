#include "report/characters.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/ConvertUTF.h>
#include <llvm/Support/Unicode.h>

namespace ssot {

namespace {

/// Characters that change the direction of what follows: the trick of "Trojan source".
bool turnsDirection(std::uint32_t code) {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0x200e || code == 0x200f ||
         code == 0x061c;
}

Character characterAt(llvm::StringRef text) {
  Character character;
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  const auto *at = begin;
  llvm::UTF32 code = 0;
  if (llvm::convertUTF8Sequence(&at, begin + text.size(), &code, llvm::strictConversion) == llvm::conversionOK) {
    character.bytes = text.take_front(static_cast<std::size_t>(at - begin));
    character.code = code;
    character.isUtf8 = true;
  } else {
    character.bytes = text.take_front(1);
    character.code = static_cast<unsigned char>(text.front());
  }
  int columns = character.isUtf8 ? llvm::sys::unicode::columnWidthUTF8(character.bytes) : -1;
  character.isPlain = columns >= 0 && !turnsDirection(character.code);
  character.columns =
      character.isPlain ? static_cast<unsigned>(columns) : static_cast<unsigned>(escapeOf(character).size());
  return character;
}

std::string hexadecimal(std::uint32_t value, unsigned width) {
  return llvm::utohexstr(value, /*LowerCase=*/true, width);
}

} // namespace

void forEachCharacter(llvm::StringRef text, llvm::function_ref<void(const Character &)> visit) {
  while (!text.empty()) {
    Character character = characterAt(text);
    visit(character);
    text = text.drop_front(character.bytes.size());
  }
}

std::string escapeOf(const Character &character) {
  switch (character.code) {
  case '\n':
    return "\\n";
  case '\r':
    return "\\r";
  case '\t':
    return "\\t";
  default:
    break;
  }
  if (!character.isUtf8 || character.code < 0x100)
    return "\\x" + hexadecimal(character.code, 2);
  return character.code < 0x10000 ? "\\u" + hexadecimal(character.code, 4) : "\\U" + hexadecimal(character.code, 8);
}

} // namespace ssot
