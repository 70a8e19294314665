// report/excerpt.h - the source line of a place with what it means underlined, as clang prints it.
#pragma once

#include "facts/place.h"

#include <llvm/ADT/StringRef.h>

#include <optional>
#include <string>

namespace ssot {

/// A source line as a terminal shows it, and the marks below it: a caret where the place begins, tildes to its end on
/// this line.
struct Excerpt {
  std::string line;
  std::string marks;
};

/// \returns the excerpt, or nothing when \p text has no such line. Tabs become spaces, what can't be shown its escape;
/// a line that is wider than \p columns is cut around the caret.
std::optional<Excerpt> excerptOf(llvm::StringRef text, const Place &place, std::size_t columns);

} // namespace ssot
