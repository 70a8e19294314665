// Sets of paths: whether there is a path that one glob matches and another does not, with one to show.

#include "config/path_language.h"

#include <gmock/gmock.h>

namespace ssot {
namespace {

Glob glob(llvm::StringRef expression) { return llvm::cantFail(Glob::compile(expression)); }

/// A path that \p wide matches and \p narrow does not; empty: there is none.
std::string beyond(llvm::StringRef wide, llvm::StringRef narrow) {
  Glob a = glob(wide), b = glob(narrow);
  const Glob *globs[] = {&a, &b};
  PathSearch search = findPath(globs, [](llvm::ArrayRef<bool> matches) { return matches[0] && !matches[1]; });
  EXPECT_TRUE(search.exhausted);
  if (search.path) {
    EXPECT_TRUE(a.matches(*search.path)) << *search.path;
    EXPECT_FALSE(b.matches(*search.path)) << *search.path;
  }
  return search.path.value_or("");
}

TEST(PathLanguage, TheSameSetInOtherWords) {
  for (auto [a, b] : {std::pair("src/**", "src/"), std::pair("**", "**/*"), std::pair("a/**/b.h", "a/**/**/b.h"),
                      std::pair("**/*.h", "**/**.h"), std::pair("a/**", "a/**/*")}) {
    EXPECT_EQ(beyond(a, b), "") << a << " " << b;
    EXPECT_EQ(beyond(b, a), "") << a << " " << b;
  }
}

TEST(PathLanguage, ShowsAPathThatMakesTheDifference) {
  EXPECT_THAT(beyond("src/**", "src/*"), testing::StartsWith("src/"));
  EXPECT_EQ(beyond("src/*", "src/**"), "");
  EXPECT_THAT(beyond("**", "**/*.cpp"), testing::Not(testing::EndsWith(".cpp")));
  EXPECT_THAT(beyond("a/?.h", "a/x.h"), testing::MatchesRegex("a/[^x]\\.h"));
  EXPECT_EQ(beyond("gen/a.cpp", "gen/*.cpp"), "");
}

TEST(PathLanguage, AsksAboutCodeOnly) {
  EXPECT_EQ(beyond("**/*.md", "nothing.h"), "");
  EXPECT_EQ(beyond("docs/**", "docs/**/*.*"), "") << "a name of code has a dot";
}

} // namespace
} // namespace ssot
