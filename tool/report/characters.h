// report/characters.h - text taken apart into characters, as a terminal shows them.
//
// Places count bytes, terminals count columns, and neither source files nor file names need be UTF-8.
#pragma once

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/StringRef.h>

#include <cstdint>
#include <string>

namespace ssot {

struct Character {
  llvm::StringRef bytes;
  std::uint32_t code = 0; ///< of the byte itself when it is no UTF-8
  bool isUtf8 = false;
  bool isPlain = false; ///< may be shown as it is
  unsigned columns = 0; ///< of what is shown: the character, or its escape
};

/// Calls \p visit for every character; a byte that belongs to none comes alone.
void forEachCharacter(llvm::StringRef text, llvm::function_ref<void(const Character &)> visit);

/// \returns a visible form of a character that is not plain: \n, \x1b, \u202e.
std::string escapeOf(const Character &character);

} // namespace ssot
