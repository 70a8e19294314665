// What callers of the old one may use, the new one has as well.

#include "support/marks.h"

namespace ssot::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SameInterfaceRule sameInterface(const char *legacy = "Old", const char *canonical = "New") {
  return {located(legacy), located(canonical)};
}

/// A function declared in Old and one declared in New. \returns what is said of them; empty when they are the same.
std::string said(const std::string &legacy, const std::string &canonical) {
  Checked run =
      check("struct T {}; struct Old { " + legacy + "; };\nstruct New { " + canonical + "; };\n", sameInterface());
  EXPECT_THAT(run.judgement.sites, testing::SizeIs(1)) << run.found;
  return run.messages().empty() ? std::string() : run.messages().front();
}

TEST(SameInterface, EachPublicMemberIsASite) {
  Checked run = check("struct Other {};\nclass Old {\npublic:\n  Old();\n  Old(const Old &);\n  ~Old();\n"
                      "  Old &operator=(const Old &);\n  void $compliant[[send]](int user) noexcept;\n"
                      "  void $violation[[lost]]();\n  int $compliant[[count]];\n  void gone() = delete;\n"
                      "protected:\n  void inner();\nprivate:\n  int hidden;\n};\n"
                      "class New {\npublic:\n  explicit New(int);\n  void send(int id) noexcept;\n  int count;\n"
                      "private:\n  void inner();\n};\n",
                      sameInterface());
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(), ElementsAre("'New' has no 'lost' (breaks source)"));
  EXPECT_THAT(run.notes(), ElementsAre("'New' is here"));
}

TEST(SameInterface, Parameters) {
  EXPECT_EQ(said("void f(int a, const T &b)", "void f(int x, const T &y)"), "");
  EXPECT_EQ(said("void f(int)", "void f(T)"), "'New::f' takes 'T' as parameter 1 instead of 'int' (breaks source)");
  EXPECT_EQ(said("void f(int)", "void f(long)"),
            "'New::f' takes 'long' as parameter 1 instead of 'int' (changes behaviour)");
  EXPECT_EQ(said("void f(T)", "void f(const T &)"),
            "'New::f' takes 'const T &' as parameter 1 instead of 'T' (harmless to callers)");
  EXPECT_EQ(said("void f(T)", "void f(T &)"), "'New::f' takes 'T &' as parameter 1 instead of 'T' (breaks source)");
  EXPECT_EQ(said("void f(int, int)", "void f(int)"), "'New::f' does not take parameter 2, 'int' (breaks source)");
  EXPECT_EQ(said("void f(int)", "void f(int, int)"), "'New::f' takes one more parameter, 'int' (breaks source)");
  EXPECT_EQ(said("void f(int)", "void f(int, int = 1)"),
            "'New::f' takes one more parameter, 'int', which has a default (harmless to callers)");
  EXPECT_EQ(said("void f(int, ...)", "void f(int)"), "'New::f' takes no further arguments (breaks source)");
}

TEST(SameInterface, Defaults) {
  EXPECT_EQ(said("void f(int a = 1 + 1)", "void f(int a = 2)"), "");
  EXPECT_EQ(said("void f(int a)", "void f(int a = 2)"), "");
  EXPECT_EQ(said("void f(int a = 2)", "void f(int a)"), "'New::f' has no default for parameter 1 (breaks source)");
  EXPECT_EQ(said("void f(int a = 2)", "void f(int a = 3)"),
            "'New::f' has the default '3' for parameter 1 instead of '2' (changes behaviour)");
}

TEST(SameInterface, ResultsAndQualifiers) {
  EXPECT_EQ(said("int f()", "T f()"), "'New::f' returns 'T' instead of 'int' (breaks source)");
  EXPECT_EQ(said("int f()", "long f()"), "'New::f' returns 'long' instead of 'int' (changes behaviour)");
  EXPECT_EQ(said("void f()", "T f()"), "'New::f' returns 'T' instead of 'void' (harmless to callers)");
  EXPECT_EQ(said("T f()", "const T &f()"), "'New::f' returns 'const T &' instead of 'T' (changes behaviour)");
  EXPECT_EQ(said("void f() const", "void f()"), "'New::f' is not const (breaks source)");
  EXPECT_EQ(said("void f()", "void f() const"), "'New::f' is const (harmless to callers)");
  EXPECT_EQ(said("void f()", "void f() &"), "'New::f' is for lvalues only (&) (breaks source)");
  EXPECT_EQ(said("void f() &&", "void f()"), "'New::f' has no ref-qualifier (harmless to callers)");
  EXPECT_EQ(said("static void f()", "void f()"), "'New::f' is not static (breaks source)");
  EXPECT_EQ(said("void f() noexcept", "void f()"), "'New::f' is not noexcept (changes behaviour)");
  EXPECT_EQ(said("void f() noexcept", "void f() noexcept(true)"), "");
  EXPECT_EQ(said("void f()", "void f() noexcept"), "'New::f' is noexcept (harmless to callers)");
  EXPECT_EQ(said("virtual void f()", "void f()"), "'New::f' is not virtual (changes behaviour)");
  EXPECT_EQ(said("operator int()", "explicit operator int()"), "'New::operator int' is explicit (breaks source)");
  EXPECT_EQ(said("void f()", "void f() = delete"), "'New::f' is deleted (breaks source)");
}

TEST(SameInterface, OwnNamesStandForEachOther) {
  Checked run =
      check("namespace a { struct Old { struct Part {}; Old &$compliant[[self]](); void $compliant[[take]](Part); "
            "}; }\n"
            "namespace b { struct New { struct Part {}; New &self(); void take(Part); }; }\n",
            sameInterface("a::Old", "b::New"));
  EXPECT_THAT(run.messages(), IsEmpty());
}

TEST(SameInterface, AnOverloadSetIsComparedMemberByMember) {
  Checked run = check("struct Old {\n  void $compliant[[put]](int);\n  void $violation[[put]](double);\n};\n"
                      "struct New {\n  void put(int);\n  void put(const char *);\n};\n",
                      sameInterface());
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(SameInterface, Templates) {
  EXPECT_EQ(said("template <typename A> void f(A)", "template <typename B> void f(B)"), "");
  EXPECT_EQ(said("template <typename A> void f(A)", "template <typename B> void f(B) requires(sizeof(B) > 1)"),
            "'New::f' has other template parameters or constraints (breaks source)");
  EXPECT_EQ(said("template <int N> void f()", "template <typename B> void f()"),
            "'New::f' has other template parameters or constraints (breaks source)");
  Checked run = check("template <typename T> struct Old { T $compliant[[get]](); };\n"
                      "template <typename U> struct New { U get(); };\n",
                      sameInterface());
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(SameInterface, WhatBasesGive) {
  Checked run = check("struct Base { void ready(); };\nstruct Hidden { void used(); void unused(); };\n"
                      "struct Old {\n  void $compliant[[ready]]();\n  void $compliant[[used]]();\n"
                      "  void $violation[[unused]]();\n};\n"
                      "struct New : Base, private Hidden { using Hidden::used; };\n",
                      sameInterface());
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(SameInterface, NestedTypesAliasesAndEnumerations) {
  Checked run = check("struct Old {\n  using $compliant[[Id]] = int;\n  using $violation[[Key]] = int;\n"
                      "  struct $violation[[Options]] { int limit; bool strict; };\n"
                      "  enum class $violation[[Mode]] { all, some };\n};\n"
                      "struct New {\n  using Id = int;\n  using Key = long;\n  struct Options { int limit; };\n"
                      "  enum class Mode { some, all };\n};\n",
                      sameInterface());
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(),
              ElementsAre("'New::Key' stands for 'long' instead of 'int' (changes behaviour)",
                          "'New::Options' has no 'strict' (breaks source)",
                          "'New::Mode' its 'all' has the value 1 instead of 0 (changes behaviour), and 1 more "
                          "difference"));
}

TEST(SameInterface, NestedTypesThatAreOnlyDeclared) {
  Checked run =
      check("class Old {\npublic:\n  struct $compliant[[Part]];\n  void $compliant[[f]](Part &);\n\nprivate:\n"
            "  struct State;\n  State *state;\n};\n"
            "class New {\npublic:\n  struct Part;\n  void f(Part &);\n\nprivate:\n  struct State;\n};\n",
            sameInterface());
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(SameInterface, EnumerationsAndFunctions) {
  Checked values = check("enum class Old { $compliant[[a]], $violation[[b]], $violation[[c]] };\n"
                         "enum class New { a, x, b };\n",
                         sameInterface());
  EXPECT_THAT(values, findsExactlyTheMarks());
  EXPECT_THAT(values.messages(), ElementsAre("'New::b' has the value 2 instead of 1 (changes behaviour)",
                                             "'New' has no 'c' (breaks source)"));
  Checked overloads = check("void $compliant[[old_send]](int);\nvoid $violation[[old_send]](int, char);\n"
                            "void send(int);\n",
                            sameInterface("old_send", "send"));
  EXPECT_THAT(overloads, findsExactlyTheMarks());
}

TEST(SameInterface, AMissingCanonicalIsSaid) {
  Checked run = check("struct Old { void f(); };\nstruct Newer {};\n", sameInterface());
  EXPECT_THAT(run.judgement.sites, IsEmpty());
  EXPECT_THAT(run.problems(), ElementsAre(HasSubstr("canonical-missing")));
}

TEST(SameInterface, NothingOfTheOldOneIsLeft) {
  Checked run = check("struct New { void f(); };\n", sameInterface());
  EXPECT_THAT(run.judgement.sites, IsEmpty());
  EXPECT_THAT(run.problems(), IsEmpty());
}

} // namespace
} // namespace ssot::test
