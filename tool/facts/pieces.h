// facts/pieces.h - the facts of a unit as bytes, cut by file, so that what many units say alike is kept, read and
// linked once.
//
// Most of what a unit says is about headers, and the other units that include them say the same. So its facts are what
// only the unit itself can say (the files it read, its errors, mentions in branches that are left out: how many units
// leave them out matters), and up to two pieces for each file: what the preprocessor alone tells of it, and what a
// parse tells. A piece is named by its content.
#pragma once

#include "facts/facts.h"

#include <llvm/ADT/StringMap.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Error.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ssot {

/// 128 bits of XXH3 of the bytes.
using PieceName = std::array<std::uint8_t, 16>;

enum class PieceKind : std::uint8_t {
  Scanned, ///< includes, NOLINT comments, branches that are left out
  Parsed,
};

struct FactsPiece {
  PieceKind kind = PieceKind::Parsed;
  PieceName name{};
  llvm::StringRef bytes; ///< of the piece; null when they are kept elsewhere
};

/// Views into the bytes that `cut` gave.
struct CutFacts {
  llvm::StringRef head; ///< all but the bytes of the pieces
  llvm::StringRef own;
  std::vector<FactsPiece> pieces; ///< by file
};

/// \returns the facts in binary form: the same facts give the same bytes.
std::string cut(UnitFacts facts);

/// \param bytes of `cut`, or the head of them alone.
/// \returns where the pieces are, or an error when \p bytes are damaged as far as this can be seen.
llvm::Expected<CutFacts> readCut(llvm::StringRef bytes);

/// \returns what only the unit itself can say.
llvm::Expected<UnitFacts> ownFacts(const CutFacts &cut);

/// Puts a unit's facts together, of all its pieces or of some.
class FactsJoiner {
public:
  /// \param own of `ownFacts`.
  explicit FactsJoiner(UnitFacts own);

  /// \returns an error when the bytes are not those that the piece is named by.
  llvm::Error add(const FactsPiece &piece);

  UnitFacts facts;

private:
  llvm::StringMap<StringId> Strings;
  llvm::StringMap<std::uint32_t> Files;
};

/// \returns all facts of a unit, whose pieces must be there.
llvm::Expected<UnitFacts> joined(llvm::StringRef bytes);

} // namespace ssot
