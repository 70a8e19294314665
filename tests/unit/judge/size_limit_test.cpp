// Files and functions within their limits: the limit itself is still within.

#include "support/marks.h"

namespace ssot::test {
namespace {

using testing::ElementsAre;

TEST(SizeLimit, Functions) {
  SizeLimitRule rule;
  rule.maxFunctionLines = 3;
  Checked run = check("void $compliant[[three]]() {\n\n}\nvoid $violation[[four]]() {\n\n\n}\nint declared();\n"
                      "void $violation[[outer]]() {\n  auto inner = [] {\n\n\n\n  };\n  inner();\n}\n",
                      rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(),
              ElementsAre("'four': a body of 4 lines; the limit is 3", "'outer': a body of 8 lines; the limit is 3"));
}

TEST(SizeLimit, Files) {
  SizeLimitRule rule;
  rule.maxFileLines = 2;
  Checked run =
      check("//- a.h\n#pragma once\n\n\n//- main.cpp\n#include \"a.h\"\nint n;\n//- unread.h\n\n\n\n\n", rule);
  ASSERT_EQ(run.judgement.sites.size(), 2u);
  EXPECT_THAT(run.messages(), ElementsAre("'a.h': a file of 3 lines; the limit is 2"));
  EXPECT_EQ(run.judgement.sites[0].place.line, 1u);
}

} // namespace
} // namespace ssot::test
