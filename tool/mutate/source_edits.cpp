#include "mutate/source_edits.h"

#include <algorithm>

namespace ssot {

using namespace clang;

std::optional<SourceSpan> SourceEdits::token(SourceLocation location) const {
  // The argument of a macro is written where it is passed.
  if (location.isMacroID() && Sources.isMacroArgExpansion(location))
    location = Sources.getSpellingLoc(location);
  return span(SourceRange(location));
}

std::optional<SourceSpan> SourceEdits::span(SourceRange tokens) const {
  if (tokens.isInvalid() || tokens.getBegin().isMacroID() || tokens.getEnd().isMacroID())
    return std::nullopt;
  auto [file, begin] = Sources.getDecomposedLoc(tokens.getBegin());
  auto [endFile, last] = Sources.getDecomposedLoc(tokens.getEnd());
  if (file != endFile || last < begin)
    return std::nullopt;
  return SourceSpan{file, begin, last + Lexer::MeasureTokenLength(tokens.getEnd(), Sources, Language)};
}

std::optional<SourceSpan> SourceEdits::statement(const Stmt *stmt) const {
  std::optional<SourceSpan> span = this->span(stmt->getSourceRange());
  if (!span || isa<CompoundStmt>(stmt))
    return span;
  std::optional<Token> next = Lexer::findNextToken(stmt->getEndLoc(), Sources, Language);
  if (next && next->is(tok::semi) && !next->getLocation().isMacroID())
    span->end = Sources.getFileOffset(next->getLocation()) + 1;
  return span;
}

llvm::StringRef SourceEdits::original(const SourceSpan &span) const {
  return Sources.getBufferData(span.file).slice(span.begin, span.end);
}

bool SourceEdits::replace(std::optional<SourceSpan> span, Text text) {
  if (!span)
    return false;
  std::vector<Edit> &edits = Edits[span->file];
  for (const Edit &edit : edits)
    if (edit.begin < span->end && span->begin < edit.end) {
      bool outside = edit.begin <= span->begin && span->end <= edit.end;
      bool inside = span->begin <= edit.begin && edit.end <= span->end;
      if (!outside && !inside)
        return false;
    }
  auto before = [](const Edit &a, const Edit &b) { return std::tie(a.begin, b.end) < std::tie(b.begin, a.end); };
  Edit edit{span->begin, span->end, std::move(text)};
  edits.insert(std::upper_bound(edits.begin(), edits.end(), edit, before), std::move(edit));
  ++Count;
  return true;
}

bool SourceEdits::replace(std::optional<SourceSpan> span, std::string text) {
  return replace(span, Text([text = std::move(text)] { return text; }));
}

bool SourceEdits::append(std::optional<SourceSpan> span, std::string text) {
  return span && replace(SourceSpan{span->file, span->end, span->end}, std::move(text));
}

std::string SourceEdits::render(const SourceSpan &span) {
  std::string text;
  unsigned at = span.begin;
  llvm::StringRef buffer = Sources.getBufferData(span.file);
  // The list does not change while it is read; an edit's text reads it again.
  std::vector<Edit> &edits = Edits[span.file];
  for (Edit &edit : edits) {
    if (edit.open || edit.begin < at || edit.end > span.end)
      continue;
    text += buffer.slice(at, edit.begin);
    edit.open = true;
    text += edit.text();
    edit.open = false;
    at = edit.end;
  }
  return text + buffer.slice(at, span.end).str();
}

std::string SourceEdits::render(SourceRange tokens) {
  std::optional<SourceSpan> span = this->span(tokens);
  return span ? render(*span) : std::string();
}

} // namespace ssot
