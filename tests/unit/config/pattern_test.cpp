// Patterns over names and globs over paths.

#include "config/pattern.h"

#include <gmock/gmock.h>

namespace ssot {
namespace {

using testing::HasSubstr;

Pattern pattern(llvm::StringRef expression) { return llvm::cantFail(Pattern::compile(expression)); }
Glob glob(llvm::StringRef expression) { return llvm::cantFail(Glob::compile(expression)); }

std::string whyNot(llvm::Expected<Glob> glob) { return glob ? "" : llvm::toString(glob.takeError()); }

TEST(Pattern, IsAnchoredAtBothEnds) {
  EXPECT_TRUE(pattern("app::.*Router").matches("app::LegacyRouter"));
  EXPECT_FALSE(pattern("app::.*Router").matches("my::app::LegacyRouter"));
  EXPECT_FALSE(pattern("app::.*Router").matches("app::LegacyRouterFactory"));
  EXPECT_FALSE(pattern("a|ab").matches("abc"));
  EXPECT_TRUE(pattern("a|ab").matches("ab"));
}

TEST(Pattern, SaysWithRe2sWordsWhyItDoesNotCompile) {
  llvm::Expected<Pattern> broken = Pattern::compile("(a");
  ASSERT_FALSE(broken);
  EXPECT_EQ(llvm::toString(broken.takeError()), "missing ): (a");
}

TEST(Pattern, ALiteralMatchesItselfOnly) {
  Pattern literal = Pattern::literal("old/a.b+c.h");
  EXPECT_TRUE(literal.matches("old/a.b+c.h"));
  EXPECT_FALSE(literal.matches("old/axb+c.h"));
  EXPECT_EQ(literal.text(), "old/a.b+c.h");
}

TEST(Pattern, RewritesWithItsGroups) {
  std::string result = "untouched";
  EXPECT_FALSE(pattern("old/(.*)").rewrite("new/x.h", "$1", result));
  EXPECT_EQ(result, "untouched");
  EXPECT_TRUE(pattern("old/(\\w+)_(\\w+)\\.h").rewrite("old/router_events.h", "net/$2/$1.h", result));
  EXPECT_EQ(result, "net/events/router.h");
  EXPECT_TRUE(pattern("(a)(b)?").rewrite("a", "[$1$2]$$1", result));
  EXPECT_EQ(result, "[a]$1") << "a group that took no part is empty; two dollar signs are one";
}

TEST(Pattern, KnowsWhatAReplacementMayName) {
  EXPECT_EQ(problemInReplacement("net/$1/$2.h", 2), "");
  EXPECT_EQ(problemInReplacement("$$9", 0), "");
  EXPECT_EQ(problemInReplacement("net/$2.h", 1), "'$2' names a group that the pattern does not have (it has 1)");
  EXPECT_EQ(problemInReplacement("a$", 1),
            "'$' stands before the number of a group, as in '$1'; write '$$' for a dollar sign");
  EXPECT_EQ(problemInReplacement("$x", 1),
            "'$' stands before the number of a group, as in '$1'; write '$$' for a dollar sign");
}

TEST(Pattern, CannotHang) {
  std::string text(5000, 'a');
  EXPECT_FALSE(pattern("(a*)*b").matches(text)) << "linear time, whatever the nesting";
}

TEST(Glob, OneStarStaysInItsFolder) {
  EXPECT_TRUE(glob("src/*.cpp").matches("src/a.cpp"));
  EXPECT_FALSE(glob("src/*.cpp").matches("src/deep/a.cpp"));
  EXPECT_FALSE(glob("*.cpp").matches("src/a.cpp"));
}

TEST(Glob, TwoStarsGoThroughAllFoldersNoneIncluded) {
  EXPECT_TRUE(glob("**/generated/**").matches("generated/a.cpp"));
  EXPECT_TRUE(glob("**/generated/**").matches("x/y/generated/z/a.cpp"));
  EXPECT_FALSE(glob("**/generated/**").matches("x/degenerated/a.cpp"));
  EXPECT_TRUE(glob("src/**/a.cpp").matches("src/a.cpp"));
  EXPECT_TRUE(glob("src/**").matches("src/deep/a.cpp"));
  EXPECT_FALSE(glob("src/**").matches("source/a.cpp"));
}

TEST(Glob, AQuestionMarkIsOneCharacter) {
  EXPECT_TRUE(glob("v?/a.h").matches("v2/a.h"));
  EXPECT_FALSE(glob("v?/a.h").matches("v10/a.h"));
  EXPECT_FALSE(glob("v?a.h").matches("v/a.h"));
}

TEST(Glob, AFolderWithASlashMeansAllInIt) {
  EXPECT_TRUE(glob("src/").matches("src/deep/a.cpp"));
  EXPECT_FALSE(glob("src/").matches("src2/a.cpp"));
}

TEST(Glob, EveryOtherCharacterIsItself) {
  EXPECT_TRUE(glob("a+b (1).h").matches("a+b (1).h"));
  EXPECT_FALSE(glob("a.h").matches("axh"));
  EXPECT_TRUE(glob("**").matches("a\nb/c.h"));
}

TEST(Glob, RefusesWhatCanMatchNothing) {
  EXPECT_THAT(whyNot(Glob::compile("")), HasSubstr("matches nothing"));
  EXPECT_THAT(whyNot(Glob::compile("/src/**")), HasSubstr("relative to the project root"));
  EXPECT_THAT(whyNot(Glob::compile("./src/**")), HasSubstr("relative to the project root"));
  EXPECT_THAT(whyNot(Glob::compile("src/../lib/**")), HasSubstr("cannot leave the project root"));
  EXPECT_THAT(whyNot(Glob::compile("*.{h,cpp}")), HasSubstr("'{' has no meaning in a glob"));
  EXPECT_THAT(whyNot(Glob::compile("src\\a.h")), HasSubstr("'\\' has no meaning in a glob"));
}

TEST(PathScope, IncludesThenExcludes) {
  PathScope scope;
  EXPECT_TRUE(scope.contains("anything.cpp")) << "an empty scope is everything";
  scope.include.push_back(glob("src/**"));
  scope.exclude.push_back(glob("**/generated/**"));
  EXPECT_TRUE(scope.contains("src/a.cpp"));
  EXPECT_FALSE(scope.contains("lib/a.cpp"));
  EXPECT_FALSE(scope.contains("src/generated/a.cpp"));
}

} // namespace
} // namespace ssot
