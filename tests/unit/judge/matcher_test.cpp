// A rule's own matcher: what it finds, and what a second one lets pass.

#include "support/marks.h"

namespace ssot::test {
namespace {

using testing::ElementsAre;

TEST(Matcher, WhatItFindsIsASite) {
  MatcherRule rule;
  rule.match = located("varDecl(hasStaticStorageDuration(), unless(hasType(isConstQualified()))).bind(\"site\")");
  rule.message = "no mutable static state";
  Checked run =
      check("int $violation[[counter]];\nconst int limit = 3;\nvoid f() { int local = 0; (void)local; }\n", rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(), ElementsAre("no mutable static state"));
}

TEST(Matcher, TheCompliantMatcherHasTheLastWord) {
  MatcherRule rule;
  rule.match = located("callExpr(callee(functionDecl(hasAnyName(\"sleep\", \"wait\")))).bind(\"site\")");
  rule.compliant = located("callExpr(callee(functionDecl(hasName(\"wait\")))).bind(\"site\")");
  rule.message = "wait, do not sleep";
  Checked run =
      check("void sleep(int); void wait(int);\nvoid f() { $violation[[sleep(1)]]; $compliant[[wait(2)]]; }\n", rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
}

} // namespace
} // namespace ssot::test
