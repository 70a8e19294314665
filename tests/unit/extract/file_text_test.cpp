// The lines and tokens of a file are where Clang says that they are.

#include "extract/file_text.h"

#include <clang/Lex/Lexer.h>
#include <llvm/Support/FormatVariadic.h>

#include <gmock/gmock.h>

#include <algorithm>
#include <utility>

namespace ssot::test {
namespace {

using namespace clang;

/// Asks for every offset, in the order that \p order gives them, and says where the two differ.
std::vector<std::string> differences(llvm::StringRef code, const std::vector<unsigned> &order) {
  SourceManagerForFile file("main.cpp", code);
  const SourceManager &sources = file.get();
  FileID id = sources.getMainFileID();
  LangOptions language;
  language.CPlusPlus = true;
  language.CPlusPlus20 = true;
  language.Trigraphs = true;
  FileText text(sources, id);
  std::vector<std::string> found;
  for (unsigned offset : order) {
    FileText::TextPosition point = text.at(offset);
    if (point.line != sources.getLineNumber(id, offset) || point.column != sources.getColumnNumber(id, offset))
      found.push_back(llvm::formatv("place of {0}: {1}:{2}", offset, point.line, point.column));
    unsigned length = Lexer::MeasureTokenLength(sources.getComposedLoc(id, offset), sources, language);
    if (std::optional<unsigned> told = text.tokenLength(offset); told && *told != length)
      found.push_back(llvm::formatv("token at {0}: {1}, not {2}", offset, *told, length));
  }
  return found;
}

std::vector<unsigned> offsetsOf(llvm::StringRef code) {
  std::vector<unsigned> offsets(code.size() + 1);
  for (unsigned i = 0; i < offsets.size(); ++i)
    offsets[i] = i;
  return offsets;
}

void expectNone(llvm::StringRef code) {
  std::vector<unsigned> order = offsetsOf(code);
  EXPECT_THAT(differences(code, order), testing::IsEmpty()) << code.str();
  std::reverse(order.begin(), order.end());
  EXPECT_THAT(differences(code, order), testing::IsEmpty()) << "backwards: " << code.str();
  // Far apart, so that the line asked for before is of no help.
  std::sort(order.begin(), order.end(),
            [](unsigned a, unsigned b) { return std::pair(a % 7, a) < std::pair(b % 7, b); });
  EXPECT_THAT(differences(code, order), testing::IsEmpty()) << "to and fro: " << code.str();
}

TEST(FileText, AgreesWithClangAtEveryOffset) {
  expectNone("int main(int count, char **names) {\n  return names[count - 1][0] ? 15 : 0x1f;\n}\n");
  expectNone("no newline at the end");
  expectNone("");
  expectNone("\n\n\n");
}

TEST(FileText, AgreesAboutOtherEndsOfLines) {
  expectNone("int a;\r\nint b;\r\n\r\nint c;");
  expectNone("int a;\rint b;\r\r\nint c;\r");
  expectNone("int a;\n\rint b;\n");
}

TEST(FileText, LeavesToTheLexerWhatGoesOn) {
  expectNone("auto a = u8\"text\"; auto b = L'x'; auto c = R\"(a b)\";\n");
  expectNone("long a = 1'000'000, b = 1.5e3, c = 0x1p-3, d = 12_km, e = 7u, f = 1'0;\n");
  expectNone("int na\\\nme = 12\\\n34; int tri\?\?/\ngraph;\n");
  expectNone("int gr\xC3\xB6\xC3\x9F"
             "e, $a, a$b, \\u00e4b, a\\u00e4;\n");
  expectNone("int a = b<:1:>; // a comment\n/* another */ x ->* y <=> z;\n");
}

} // namespace
} // namespace ssot::test
