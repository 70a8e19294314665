// Uses of old names and of new ones. In which positions a name is a use is a matter of extraction and tested there.

#include "support/marks.h"

namespace ssot::test {
namespace {

using testing::ElementsAre;

LegacyNameRule nameRule() {
  LegacyNameRule rule;
  rule.replace = {
      {"old::Router", "core::Router", Mark{}}, {"old::send", "core::send", Mark{}}, {"OLD_MACRO", "NEW_MACRO", Mark{}}};
  return rule;
}

constexpr char kNames[] =
    "//- names.h\n#pragma once\nnamespace old { class Router { public: Router(); void f(Router &); }; void send(int); "
    "}\n"
    "namespace core { class Router {}; void send(int); }\n#define OLD_MACRO 1\n#define NEW_MACRO 2\n"
    "//- main.cpp\n#include \"names.h\"\n";

TEST(LegacyName, OldAndNew) {
  Checked run = check(std::string(kNames) + "old::$violation[[Router]] a;\ncore::$compliant[[Router]] b;\n"
                                            "void f() { old::$violation[[send]](1); core::$compliant[[send]](2); }\n"
                                            "int n = $violation[[OLD_MACRO]] + $compliant[[NEW_MACRO]];\n"
                                            "// old::Router in a comment\nconst char *s = \"old::Router\";\n"
                                            "namespace other { class Router {}; Router mine; }\n",
                      nameRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_EQ(run.messages().front(), "'old::Router' is legacy; use 'core::Router' instead");
}

TEST(LegacyName, RolesAreToldApart) {
  Checked run = check(std::string(kNames) + "using Mine = old::$violation[[Router]];\nMine thing;\n", nameRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
  ASSERT_EQ(run.judgement.sites.size(), 1u);
  EXPECT_EQ(run.judgement.sites[0].role, Role::Alias);
}

TEST(LegacyName, ADependentMentionIsNotJudged) {
  Checked run =
      check(std::string(kNames) + "template <typename T> void g(T &t) { t.$unjudged[[send]](1); }\n", nameRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(LegacyName, IdentitySurvivesMovedLines) {
  auto identities = [](const std::string &code) {
    std::vector<std::string> found;
    for (const Site &site : check(code, nameRule()).judgement.sites)
      found.push_back(site.identity);
    return found;
  };
  std::vector<std::string> before = identities(std::string(kNames) + "void f() { old::send(1); }\n");
  ASSERT_EQ(before.size(), 1u);
  EXPECT_EQ(identities(std::string(kNames) + "\n\n// moved\nvoid f()\n{\n    old::send( 1 );\n}\n"), before);
  EXPECT_NE(identities(std::string(kNames) + "void f() { old::send(2); }\n"), before);
}

} // namespace
} // namespace ssot::test
