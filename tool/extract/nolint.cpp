#include "extract/nolint.h"

namespace ssot {

using namespace clang;

namespace {

/// Reads `NOLINT...(ssot-a, ssot-b): reason` out of a comment.
std::optional<NolintFact> parse(llvm::StringRef comment, Recorder &recorder) {
  std::size_t at = comment.find("NOLINT");
  if (at == llvm::StringRef::npos)
    return std::nullopt;
  llvm::StringRef rest = comment.drop_front(at + 6);
  NolintFact fact;
  if (rest.consume_front("NEXTLINE"))
    fact.kind = NolintKind::NextLine;
  else if (rest.consume_front("BEGIN"))
    fact.kind = NolintKind::Begin;
  else if (rest.consume_front("END"))
    fact.kind = NolintKind::End;
  if (!rest.consume_front("("))
    return std::nullopt;
  auto [inside, after] = rest.split(')');
  llvm::SmallVector<llvm::StringRef, 4> checks;
  inside.split(checks, ',');
  for (llvm::StringRef check : checks)
    if (llvm::StringRef name = check.trim(); name.consume_front("ssot-"))
      fact.rules.push_back(recorder.intern(name));
  // Other tools' suppressions share the comment's form; they are none of our business.
  if (fact.rules.empty())
    return std::nullopt;
  llvm::StringRef reason = after.ltrim();
  if (reason.consume_front(":")) {
    reason.consume_back("*/");
    fact.reason = recorder.intern(reason.trim());
  }
  return fact;
}

} // namespace

void recordNolints(Recorder &recorder) {
  recorder.forEachProjectFile([&](FileID id) {
    llvm::MemoryBufferRef buffer = recorder.sources().getBufferOrFake(id);
    if (!buffer.getBuffer().contains("NOLINT"))
      return;
    Lexer lexer(id, buffer, recorder.sources(), recorder.language());
    lexer.SetCommentRetentionState(true);
    Token token;
    for (bool atEnd = false; !atEnd;) {
      atEnd = lexer.LexFromRawLexer(token);
      if (!token.is(tok::comment))
        continue;
      unsigned offset = recorder.sources().getFileOffset(token.getLocation());
      if (std::optional<NolintFact> fact = parse(buffer.getBuffer().substr(offset, token.getLength()), recorder)) {
        fact->place = recorder.anyRange(SourceRange(token.getLocation()));
        fact->place.end = offset + token.getLength();
        recorder.facts.nolints.push_back(std::move(*fact));
      }
    }
  });
}

} // namespace ssot
