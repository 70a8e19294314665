#include "extract/mentions.h"

#include "extract/clang_headers.h"
#include "facts/words.h"

namespace ssot {

using namespace clang;

std::vector<Mention> mentionsOf(llvm::StringRef text, const llvm::StringSet<> &words) {
  std::vector<Mention> found;
  if (llvm::none_of(words.keys(), [&](llvm::StringRef word) { return text.contains(word); }))
    return found;
  // The lexer wants a zero behind the last byte.
  std::string buffer = text.str();
  LangOptions language;
  language.CPlusPlus = language.CPlusPlus11 = language.CPlusPlus14 = language.CPlusPlus17 = language.CPlusPlus20 = true;
  language.LineComment = language.RawStringLiterals = true;
  Lexer lexer(SourceLocation(), language, buffer.data(), buffer.data(), buffer.data() + buffer.size());
  lexer.SetCommentRetentionState(true);

  std::uint32_t line = 1;
  std::size_t lineStart = 0, counted = 0;
  auto note = [&](MentionKind kind, llvm::StringRef word, std::size_t offset) {
    for (; counted < offset; ++counted)
      if (buffer[counted] == '\n') {
        ++line;
        lineStart = counted + 1;
      }
    found.push_back({kind, word.str(), static_cast<std::uint32_t>(offset), line,
                     static_cast<std::uint32_t>(offset - lineStart + 1)});
  };
  auto search = [&](MentionKind kind, llvm::StringRef inside, std::size_t base) {
    eachWord(inside, [&](llvm::StringRef word) {
      if (words.contains(word))
        note(kind, word, base + static_cast<std::size_t>(word.begin() - inside.begin()));
    });
  };
  Token token;
  for (bool atEnd = false; !atEnd;) {
    atEnd = lexer.LexFromRawLexer(token);
    std::size_t end = static_cast<std::size_t>(lexer.getBufferLocation() - buffer.data());
    std::size_t begin = end - token.getLength();
    llvm::StringRef spelled = llvm::StringRef(buffer).slice(begin, end);
    if (token.is(tok::comment))
      search(MentionKind::Comment, spelled, begin);
    else if (tok::isStringLiteral(token.getKind()))
      search(MentionKind::String, spelled, begin);
    else if (token.is(tok::raw_identifier) && words.contains(spelled))
      note(MentionKind::Code, spelled, begin);
  }
  return found;
}

} // namespace ssot
