#include "migrate/text.h"

#include <gtest/gtest.h>

namespace ssot {
namespace {

/// Each difference as "begin-end:text".
std::string shown(llvm::StringRef before, llvm::StringRef after) {
  std::string result;
  std::vector<Replacement> changes = differences(before, after);
  EXPECT_EQ(applied(before, changes), after);
  for (const Replacement &each : changes)
    result += std::to_string(each.begin) + "-" + std::to_string(each.end) + ":" + each.text + ";";
  return result;
}

TEST(Differences, AreTheBytesOfALineThatDiffer) {
  EXPECT_EQ(shown("a\nint x;\nb\n", "a\nlong x;\nb\n"), "2-5:long;");
  EXPECT_EQ(shown("same\n", "same\n"), "");
}

TEST(Differences, AreSeparateForSeparateLines) {
  EXPECT_EQ(shown("one\nsame\ntwo\n", "One\nsame\nTwo\n"), "0-1:O;9-10:T;");
}

TEST(Differences, InsertAndTakeOutWholeLines) {
  EXPECT_EQ(shown("a\nb\n", "a\nnew\nb\n"), "2-2:new\n;");
  EXPECT_EQ(shown("a\nold\nb\n", "a\nb\n"), "2-6:;");
  EXPECT_EQ(shown("a", "a\nb\n"), "1-1:\nb\n;");
  EXPECT_EQ(shown("", "a\n"), "0-0:a\n;");
}

TEST(Differences, CutNoCharacter) {
  EXPECT_EQ(shown("\xc3\xa9\n", "\xc3\xa8\n"), "0-2:\xc3\xa8;");   // one lead byte
  EXPECT_EQ(shown("\xc3\xa9x\n", "\xc4\xa9x\n"), "0-2:\xc4\xa9;"); // one last byte
  EXPECT_EQ(shown("x\xe2\x82\xac\n", "x\xe2\x82\xad\n"), "1-4:\xe2\x82\xad;");
}

TEST(Differences, KeepTheEndsOfLinesWhole) {
  EXPECT_EQ(shown("a\r\nold\r\n", "a\r\nfresh\r\n"), "3-6:fresh;");
  EXPECT_EQ(shown("a\r\nb\r\n", "a\r\nnew\r\nb\r\n"), "3-3:new\r\n;");
  EXPECT_EQ(shown("a\n", "a\r\n"), "1-2:\r\n;");
}

} // namespace
} // namespace ssot
