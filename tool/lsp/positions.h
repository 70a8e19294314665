// lsp/positions.h - places as an editor counts them, and as Clang does.
//
// Clang counts bytes; an editor counts lines from 0 and, within a line, UTF-16 code units or bytes, as client and
// server have agreed. A byte-order mark is no character to an editor. A byte that is no UTF-8 counts as one unit: an
// editor shows one replacement character for it.
#pragma once

#include "facts/place.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/JSON.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace ssot {

enum class PositionEncoding { Utf8, Utf16 };

struct EditorPosition {
  std::uint32_t line = 0;
  std::uint32_t character = 0;

  friend bool operator==(const EditorPosition &, const EditorPosition &) = default;
  friend bool operator<(const EditorPosition &a, const EditorPosition &b) {
    return std::tie(a.line, a.character) < std::tie(b.line, b.character);
  }
};

struct EditorRange {
  EditorPosition start, end;

  friend bool operator==(const EditorRange &, const EditorRange &) = default;
};

/// \returns whether they share a position, be it an end.
bool touches(const EditorRange &a, const EditorRange &b);

llvm::json::Value toJSON(const EditorPosition &position);
llvm::json::Value toJSON(const EditorRange &range);
bool fromJSON(const llvm::json::Value &value, EditorPosition &position, llvm::json::Path path);
bool fromJSON(const llvm::json::Value &value, EditorRange &range, llvm::json::Path path);

/// The lines of one text.
class EditorText {
public:
  EditorText(std::string text, PositionEncoding encoding);

  /// \param offset in bytes; what lies behind the text is its end.
  EditorPosition at(std::size_t offset) const;
  /// The byte that a position means; behind the last character of a line, the line's end.
  std::size_t offsetOf(const EditorPosition &position) const;

  EditorRange range(std::size_t begin, std::size_t end) const { return {at(begin), at(end)}; }
  /// A place of facts or of a rule file: by its bytes, or by line and column where it has no more.
  EditorRange range(const Place &place) const;

  const std::string &text() const { return Text; }

private:
  llvm::StringRef line(std::size_t number) const; ///< without its end and a byte-order mark
  std::size_t begin(std::size_t number) const;    ///< of that

  std::string Text;
  PositionEncoding Encoding;
  std::vector<std::size_t> Starts; ///< of the lines
};

} // namespace ssot
