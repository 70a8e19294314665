// One name, one type.

#include "support/marks.h"

namespace ssot::test {
namespace {

using testing::ElementsAre;

TEST(OneDefinition, TheSameNameInAnotherNamespaceOrFile) {
  Checked run = check(
      "//- a.cpp\nnamespace a { struct $violation[[Router]] {}; }\nnamespace b { class $violation[[Router]] {}; }\n"
      "struct $compliant[[Alone]] {};\nenum class $violation[[Kind]] { x };\n"
      "//- b.cpp\nstruct $violation[[Kind]] {};\n",
      OneDefinitionRule{});
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(),
              ElementsAre("'Router' is defined again as 'b::Router' in a.cpp",
                          "'Router' is defined again as 'a::Router' in a.cpp",
                          "'Kind' is defined again as 'Kind' in b.cpp", "'Kind' is defined again as 'Kind' in a.cpp"));
  EXPECT_THAT(run.notes(), ElementsAre("'b::Router' is defined here", "'a::Router' is defined here",
                                       "'Kind' is defined here", "'Kind' is defined here"));
}

TEST(OneDefinition, ThreeOfThem) {
  Checked run = check("namespace a { struct $violation[[T]] {}; } namespace b { struct $violation[[T]] {}; } namespace "
                      "c { struct $violation[[T]] {}; }\n",
                      OneDefinitionRule{});
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_EQ(run.messages()[0], "'T' is defined again as 'b::T' in main.cpp and in 1 other place");
}

TEST(OneDefinition, WhatIsNoSecondDefinition) {
  Checked run =
      check("//- h.h\n#pragma once\nstruct $compliant[[Shared]] {};\n"
            "template <typename T> struct $compliant[[Box]] {};\ntemplate <> struct Box<int> {};\n"
            "struct $compliant[[A]] { struct $compliant[[Options]] {}; private: struct Impl; struct Node {}; };\n"
            "struct $compliant[[B]] { struct $compliant[[Options]] {}; private: struct Node {}; };\n"
            "struct Declared;\n"
            "//- a.cpp\n#include \"h.h\"\nstruct A::Impl {};\nvoid f() { struct Local {}; }\n"
            "//- b.cpp\n#include \"h.h\"\nvoid g() { struct Local {}; }\nstruct { int n; } unnamed;\n",
            OneDefinitionRule{});
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(OneDefinition, TypesHiddenInTwoFilesAreTwo) {
  EXPECT_THAT(check("//- a.cpp\nnamespace { struct $violation[[Helper]] {}; }\n//- b.cpp\nnamespace { struct "
                    "$violation[[Helper]] {}; }\n",
                    OneDefinitionRule{}),
              findsExactlyTheMarks());
}

TEST(OneDefinition, NamesAndExceptions) {
  OneDefinitionRule rule;
  rule.names = pattern(".*Router");
  rule.apartFrom.push_back(pattern("test::.*"));
  EXPECT_THAT(check("namespace a { struct $compliant[[Router]] {}; struct T {}; } namespace test { struct Router {}; "
                    "struct T {}; }\n",
                    rule),
              findsExactlyTheMarks());
}

} // namespace
} // namespace ssot::test
