// Includes of old headers, however they are spelled, and of new ones.

#include "support/marks.h"

namespace ssot::test {
namespace {

using testing::ElementsAre;

LegacyIncludeRule includeRule(const std::string &old, const std::string &replacement) {
  LegacyIncludeRule rule;
  rule.replace.push_back({pattern(old), replacement, Mark{}});
  return rule;
}

constexpr char kHeaders[] = "//- net/old.h\n#pragma once\n//- net/new.h\n#pragma once\n//- net/sub/old.h\n#pragma "
                            "once\n//- old.h\n#pragma once\n";

TEST(LegacyInclude, QuotedAndAngled) {
  Checked run = check(std::string(kHeaders) +
                          "//- main.cpp\n#include $violation[[\"net/old.h\"]]\n#include $violation[[<net/old.h>]]\n"
                          "#include $compliant[[\"net/new.h\"]]\n#include \"net/sub/old.h\"\n#include \"old.h\"\n",
                      includeRule("net/old\\.h", "net/new.h"));
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_EQ(run.messages().front(), "'net/old.h' is a legacy header; include 'net/new.h' instead");
}

TEST(LegacyInclude, RelativePathsToTheSameFile) {
  Checked run =
      check("//- include/net/old.h\n#pragma once\n//- include/net/new.h\n#pragma once\n"
            "//- include/net/user.h\n#pragma once\n#include $violation[[\"old.h\"]]\n#include $compliant[[\"new.h\"]]\n"
            "//- include/app/main.cpp\n#include $violation[[\"../net/old.h\"]]\n#include \"../net/user.h\"\n",
            includeRule("net/old\\.h", "net/new.h"));
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(LegacyInclude, AnotherFileOfTheSameNameIsNotIt) {
  Checked run = check("//- third/net/old.h\n#pragma once\n//- tools/old.h\n#pragma once\n"
                      "//- main.cpp\n#include \"tools/old.h\"\n",
                      includeRule("old\\.h", "new.h"));
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(LegacyInclude, GroupsInThePattern) {
  Checked run = check("//- legacy/a.h\n#pragma once\n//- modern/b.hpp\n#pragma once\n"
                      "//- main.cpp\n#include $violation[[\"legacy/a.h\"]]\n#include $compliant[[\"modern/b.hpp\"]]\n",
                      includeRule("legacy/(\\w+)\\.h", "modern/$1.hpp"));
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(), ElementsAre("'legacy/a.h' is a legacy header; include 'modern/a.hpp' instead"));
}

TEST(LegacyInclude, CommentsAndStringsAreNoSites) {
  EXPECT_THAT(check(std::string(kHeaders) + "//- main.cpp\n// #include \"net/old.h\"\nconst char *s = \"net/old.h\";\n",
                    includeRule("net/old\\.h", "net/new.h")),
              findsExactlyTheMarks());
}

} // namespace
} // namespace ssot::test
