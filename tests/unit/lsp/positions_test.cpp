#include "lsp/documents.h"
#include "lsp/positions.h"
#include "lsp/uri.h"

#include <gtest/gtest.h>

namespace ssot {

static void PrintTo(const EditorPosition &position, std::ostream *out) {
  *out << position.line << ":" << position.character;
}

namespace {

constexpr PositionEncoding kUtf8 = PositionEncoding::Utf8, kUtf16 = PositionEncoding::Utf16;

// One, two, three and four bytes; the last is two units of UTF-16.
const char kWide[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z\n";

TEST(EditorText, CountsUnitsOfUtf16) {
  EditorText text(kWide, kUtf16);
  EXPECT_EQ(text.at(0), (EditorPosition{0, 0}));
  EXPECT_EQ(text.at(1), (EditorPosition{0, 1}));
  EXPECT_EQ(text.at(3), (EditorPosition{0, 2}));
  EXPECT_EQ(text.at(6), (EditorPosition{0, 3}));
  EXPECT_EQ(text.at(10), (EditorPosition{0, 5}));
  EXPECT_EQ(text.at(11), (EditorPosition{0, 6}));
  EXPECT_EQ(text.at(12), (EditorPosition{1, 0}));
}

TEST(EditorText, CountsBytesWhereThatWasAgreed) {
  EditorText text(kWide, kUtf8);
  EXPECT_EQ(text.at(10), (EditorPosition{0, 10}));
  EXPECT_EQ(text.offsetOf({0, 10}), 10U);
}

TEST(EditorText, GoesBothWaysAtEveryCharacter) {
  const std::string file = std::string("\xef\xbb\xbf") + kWide + "\r\n" + kWide + "\rlast \xf0\x9f\x98\x80";
  for (PositionEncoding encoding : {kUtf8, kUtf16}) {
    EditorText text(file, encoding);
    for (std::size_t offset = 3; offset <= file.size(); ++offset) {
      bool isInside = offset < file.size() && (static_cast<unsigned char>(file[offset]) & 0xc0) == 0x80;
      bool isInLineEnd = offset < file.size() && file[offset] == '\n' && file[offset - 1] == '\r';
      if (!isInside && !isInLineEnd) {
        EXPECT_EQ(text.offsetOf(text.at(offset)), offset);
      }
    }
  }
}

TEST(EditorText, EndsLinesAsEditorsDo) {
  EditorText text("a\r\nb\rc\nd", kUtf16);
  EXPECT_EQ(text.at(1), (EditorPosition{0, 1}));
  EXPECT_EQ(text.at(2), (EditorPosition{0, 1})); // within the line's end
  EXPECT_EQ(text.at(3), (EditorPosition{1, 0}));
  EXPECT_EQ(text.at(5), (EditorPosition{2, 0}));
  EXPECT_EQ(text.at(7), (EditorPosition{3, 0}));
}

TEST(EditorText, DoesNotCountAByteOrderMark) {
  EditorText text("\xef\xbb\xbfint x;\nint y;\n", kUtf16);
  EXPECT_EQ(text.at(3), (EditorPosition{0, 0}));
  EXPECT_EQ(text.at(7), (EditorPosition{0, 4}));
  EXPECT_EQ(text.offsetOf({0, 4}), 7U);
  EXPECT_EQ(text.at(10), (EditorPosition{1, 0}));
}

TEST(EditorText, ClampsWhatLiesOutside) {
  EditorText text("ab\ncd", kUtf16);
  EXPECT_EQ(text.at(99), (EditorPosition{1, 2}));
  EXPECT_EQ(text.offsetOf({0, 99}), 2U);
  EXPECT_EQ(text.offsetOf({99, 0}), 5U);
  EXPECT_EQ(EditorText("", kUtf16).at(1), (EditorPosition{0, 0}));
}

TEST(EditorText, CountsAByteThatIsNoUtf8AsOneUnit) {
  EditorText text("\xe9\xe9x", kUtf16);
  EXPECT_EQ(text.at(2), (EditorPosition{0, 2}));
}

TEST(EditorText, TakesAPlaceWithoutBytesByItsLine) {
  EditorText text("rules:\n  - id: one\n", kUtf16);
  Place place;
  place.line = 2;
  place.column = 5;
  EXPECT_EQ(text.range(place), (EditorRange{{1, 4}, {1, 11}}));
  place.line = 7;
  EXPECT_EQ(text.range(place), EditorRange());
}

TEST(FileUri, GoesBothWays) {
  for (llvm::StringRef path : {"/a/b.cpp", "/with space/#%?&.h",
                               "/Gr\xc3\xbc\xc3\x9f"
                               "e/\xe2\x82\xac.cpp"})
    EXPECT_EQ(pathOfUri(fileUri(path)), path);
  EXPECT_EQ(fileUri("/a b/c+.h"), "file:///a%20b/c%2B.h");
}

TEST(FileUri, ReadsWhatClientsWrite) {
  EXPECT_EQ(pathOfUri("file:///a%20b"), "/a b");
  EXPECT_EQ(pathOfUri("file:///a+b c"), "/a+b c");
  EXPECT_EQ(pathOfUri("file://localhost/a"), "/a");
  EXPECT_EQ(pathOfUri("file:///a%"), "/a%");
  EXPECT_EQ(pathOfUri("untitled:Untitled-1"), std::nullopt);
  EXPECT_EQ(pathOfUri("file://elsewhere/a"), std::nullopt);
  EXPECT_EQ(pathOfUri(""), std::nullopt);
}

TEST(Documents, HoldTheTextOfEditorsAndNotOfFiles) {
  EXPECT_TRUE(isSaved("a\nb\n", "a\nb\n"));
  EXPECT_TRUE(isSaved("a\nb\n", "\xef\xbb\xbf"
                                "a\r\nb\r\n"));
  EXPECT_TRUE(isSaved("a\nb\n", "a\nb"));
  EXPECT_FALSE(isSaved("a\nb\n\n", "a\nb\n"));
  EXPECT_FALSE(isSaved("a\nc\n", "a\nb\n"));
  EXPECT_FALSE(isSaved("", "a"));
}

} // namespace

} // namespace ssot
