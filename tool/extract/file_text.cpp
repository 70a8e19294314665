#include "extract/file_text.h"

#include <clang/Basic/CharInfo.h>

#include <algorithm>

namespace ssot {

using namespace clang;

FileText::FileText(const SourceManager &sources, FileID id) {
  bool isBroken = id.isInvalid();
  if (!isBroken)
    Text = sources.getBufferData(id, &isBroken);
  if (!isBroken)
    sources.getLineNumber(id, 0, &isBroken); // makes the table
  if (isBroken)
    return;
  Starts = sources.getSLocEntry(id).getFile().getContentCache().SourceLineCache.getLines();
}

FileText::TextPosition FileText::at(unsigned offset) {
  if (Starts.empty())
    return {};
  auto isIn = [&](unsigned line) {
    return Starts[line] <= offset && (line + 1 == Starts.size() || offset < Starts[line + 1]);
  };
  // The next place mostly is in the same line, or in the one after it.
  if (!isIn(Last) && Last + 1 < Starts.size())
    ++Last;
  if (!isIn(Last))
    Last = static_cast<unsigned>(std::upper_bound(Starts.begin(), Starts.end(), offset) - Starts.begin()) - 1;
  unsigned start = Starts[Last];
  // The end of a line of two characters is one place.
  if (Last + 1 < Starts.size() && offset + 1 == Starts[Last + 1] && offset > start && Text[offset - 1] == '\r')
    --offset;
  return {Last + 1, offset - start + 1};
}

std::optional<unsigned> FileText::tokenLength(unsigned offset) const {
  llvm::StringRef rest = Text.substr(offset);
  if (rest.empty())
    return std::nullopt;
  if (llvm::StringRef("(){}[];,").contains(rest.front()))
    return 1;
  bool isNumber = isDigit(rest.front());
  if (!isNumber && !isAsciiIdentifierStart(rest.front()))
    return std::nullopt;
  std::size_t length = isNumber ? rest.find_if_not([](char c) { return isDigit(c); })
                                : rest.find_if_not([](char c) { return isAsciiIdentifierContinue(c); });
  if (length == llvm::StringRef::npos)
    return std::nullopt;
  // What may go on, by a continued line, a letter of another alphabet, a quote that makes it a prefix ...
  char next = rest[length];
  bool mayGoOn = !isASCII(next) || llvm::StringRef("\\?$\"'").contains(next) ||
                 (isNumber && (next == '.' || isAsciiIdentifierContinue(next)));
  return mayGoOn ? std::nullopt : std::optional<unsigned>(static_cast<unsigned>(length));
}

} // namespace ssot
