// CODEOWNERS: the last line that matches decides, with the patterns of the services' own documentation.

#include "gate/owners.h"

#include <gmock/gmock.h>

namespace ssot {
namespace {

TEST(Owners, TheLastMatchDecides) {
  Owners owners =
      Owners::parse("# everything\n* @all\n*.h @headers  # an inline comment\n/src/router/ @router @org/team\n");
  EXPECT_EQ(owners.text("a.cpp"), "@all");
  EXPECT_EQ(owners.text("deep/down/a.h"), "@headers");
  EXPECT_EQ(owners.text("src/router/a.h"), "@router @org/team");
  EXPECT_EQ(owners.text("lib/src/router/a.cpp"), "@all") << "a '/' in front ties it to the top";
}

TEST(Owners, ALineWithoutOwnersTakesThemAway) {
  Owners owners = Owners::parse("* @all\n/generated/\n");
  EXPECT_EQ(owners.text("generated/x.h"), "nobody");
  EXPECT_TRUE(Owners::parse("\n# nothing\n").empty());
}

TEST(Owners, FoldersAndStars) {
  Owners owners = Owners::parse("apps/ @apps\ndocs/* @docs\n**/logs @logs\n/build/**/out @out\nmy\\ file.h @spaces\n");
  EXPECT_EQ(owners.text("x/apps/y/z.cpp"), "@apps");
  EXPECT_EQ(owners.text("apps"), "nobody") << "a '/' at the end means a folder";
  EXPECT_EQ(owners.text("docs/a.md"), "@docs");
  EXPECT_EQ(owners.text("docs/more/a.md"), "nobody");
  EXPECT_EQ(owners.text("a/logs/b"), "@logs");
  EXPECT_EQ(owners.text("build/a/b/out/c"), "@out");
  EXPECT_EQ(owners.text("build/out"), "@out");
  EXPECT_EQ(owners.text("x/my file.h"), "@spaces");
  EXPECT_EQ(Owners::parse("a.h @x\n").text("abh"), "nobody") << "a dot is a dot";
}

TEST(Owners, SectionsOfGitlabEachHaveTheirSay) {
  Owners owners = Owners::parse("* @all\n[Routers][2] @default\n*.cpp\n*.h @headers\n^[Docs]\n*.md @docs\n");
  EXPECT_EQ(owners.text("a.cpp"), "@all @default");
  EXPECT_EQ(owners.text("a.h"), "@all @headers");
  EXPECT_EQ(owners.text("a.txt"), "@all");
}

TEST(Owners, AProjectBelowTheTop) {
  Owners owners = Owners::parse("/lib/src/ @lib\n", "lib/");
  EXPECT_EQ(owners.text("src/a.cpp"), "@lib");
  EXPECT_EQ(owners.text("lib/src/a.cpp"), "nobody");
}

} // namespace
} // namespace ssot
