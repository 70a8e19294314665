// One router: the canonical class, what derives from it or delegates to it, and the ones too many.

#include "support/marks.h"

namespace ssot::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SingleClassRule routerRule() {
  SingleClassRule rule;
  rule.canonical = located("core::Router");
  rule.match.name = pattern("(.*::)?\\w*Router");
  return rule;
}

constexpr char kCanonical[] = "//- core.h\n#pragma once\nnamespace core {\n"
                              "class Router {\npublic:\n  int route(int user, const char *event);\n  bool add(int "
                              "user);\n  struct DetailRouter {};\n"
                              "private:\n  int count_;\n};\n}\n"
                              "//- main.cpp\n#include \"core.h\"\n";

Checked checkClass(std::string code, SingleClassRule rule = routerRule()) {
  std::string canonical = kCanonical;
  canonical.replace(canonical.find("class Router"), 12, "class $compliant[[Router]]");
  return check(canonical + code, std::move(rule));
}

TEST(SingleClass, ADuplicateIsAViolation) {
  Checked run = checkClass(
      "class $violation[[EventRouter]] { int n; public: int route(int user, const char *) { n = user; return n; } };\n"
      "class Unrelated { int n; };\nclass DeclaredRouter;\nenum class KindOfRouter { one };\n");
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(), ElementsAre("'EventRouter' is a second implementation of 'core::Router'"));
  EXPECT_THAT(run.problems(), IsEmpty());
}

TEST(SingleClass, DerivedIsCompliantAlsoThroughAnAlias) {
  EXPECT_THAT(checkClass("class $compliant[[SpecialRouter]] : public core::Router {};\n"
                         "using Base = core::$alias[[Router]];\nclass $compliant[[ThirdRouter]] : public Base {};\n"),
              findsExactlyTheMarks());
}

TEST(SingleClass, AnAdapterDelegatesInEverySelectedMethod) {
  Checked run = checkClass("class $adapter[[OldRouter]] {\n  core::Router inner_;\npublic:\n  OldRouter() {}\n"
                           "  int route(int user, const char *event) { return inner_.route(user, event); }\n"
                           "  int helper() { return 1; }\n};\n");
  EXPECT_THAT(run, findsExactlyTheMarks());
  ASSERT_EQ(run.judgement.adapters.size(), 1u);
  EXPECT_EQ(run.judgement.adapters[0].symbol, "OldRouter");
}

TEST(SingleClass, MethodsDefinedInAnotherUnit) {
  constexpr char kDeclared[] =
      "//- old.h\n#pragma once\n#include \"core.h\"\n"
      "struct $MARK[[OldRouter]] { core::Router *inner; int route(int user, const char *event); };\n"
      "//- old_user.cpp\n#include \"old.h\"\n";
  auto marked = [&](const std::string &mark) {
    std::string code = kDeclared;
    return code.replace(code.find("MARK"), 4, mark);
  };
  EXPECT_THAT(checkClass(marked("adapter") +
                         "//- old.cpp\n#include \"old.h\"\n"
                         "int OldRouter::route(int user, const char *event) { return inner->route(user, event); }\n"),
              findsExactlyTheMarks());
  EXPECT_THAT(checkClass(marked("violation")), findsExactlyTheMarks())
      << "a definition that nobody has seen proves nothing";
}

TEST(SingleClass, TheReasonNamesTheMethod) {
  Checked run =
      checkClass("class $violation[[HalfRouter]] {\n  core::Router inner_; int history_;\npublic:\n"
                 "  int route(int user, const char *event) { history_ = user; return inner_.route(user, event); }\n"
                 "  bool add(int user) { return inner_.add(user); }\n};\n");
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(
      run.messages(),
      ElementsAre("'HalfRouter' is a second implementation of 'core::Router' and no adapter: its 'route' does its own "
                  "work: assignment to 'history_' at line 5"));
}

TEST(SingleClass, OnlyTheMethodsThatTheRuleNames) {
  SingleClassRule rule = routerRule();
  rule.match.name = std::nullopt;
  rule.match.methodNames = {"route", "add", "drop"};
  rule.match.methodsAtLeast = 2;
  Checked run =
      checkClass("struct $violation[[Dispatcher]] { int n; void route() { n = 1; } void drop() { n = 2; } };\n"
                 "struct OneOfThem { int n; void route() { n = 1; } };\n"
                 "struct $adapter[[Front]] { core::Router *r; bool add(int u) { return r->add(u); } bool drop(int u) { "
                 "return r->add(u); }\n"
                 "  int n; void other() { n = 4; } };\n",
                 rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(SingleClass, RolesApartFromDuplicates) {
  Checked run =
      checkClass("struct $declaration[[IRouter]] { virtual ~IRouter() = default; virtual int route(int) = 0; };\n"
                 "using Elsewhere = core::$alias[[Router]];\n"
                 "//- tests/fakes.cpp\n"
                 "struct $test-double[[MockMessageRouter]] { int n; int route(int u) { return n = u; } };\n"
                 "struct $violation[[HelperRouter]] { int n; int route(int u) { return n = u; } };\n");
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(SingleClass, ATestDoubleSharesAnInterface) {
  SingleClassRule rule = routerRule();
  Checked run =
      check("//- core.h\n#pragma once\nstruct $declaration[[IRouter]] { virtual int route(int) { return 0; } };\n"
            "namespace core { struct $compliant[[Router]] : IRouter { int route(int u) override { return u; } }; }\n"
            "//- main.cpp\n#include \"core.h\"\nstruct $violation[[SecondRouter]] : IRouter { int n; int route(int u) "
            "override { return n = u; } };\n"
            "//- tests/t.cpp\n#include \"core.h\"\nstruct $test-double[[RecordingRouter]] : IRouter { int n; int "
            "route(int u) override { return n = u; } };\n",
            rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(SingleClass, CodeInAHeaderCountsOnce) {
  Checked run = check("//- core.h\n#pragma once\nnamespace core { class $compliant[[Router]] {}; }\nclass "
                      "$violation[[TwinRouter]] { int n; };\n"
                      "//- a.cpp\n#include \"core.h\"\n//- b.cpp\n#include \"core.h\"\n",
                      routerRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_EQ(run.judgement.sites.size(), 2u);
}

TEST(SingleClass, TemplatesCountOnce) {
  Checked run = checkClass(
      "template <typename P> class $violation[[PolicyRouter]] { int n; public: void route(int u) { n = u; } };\n"
      "template <> class PolicyRouter<int> {};\nPolicyRouter<char> one; PolicyRouter<long> two;\n");
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(SingleClass, SelectsByLikeness) {
  SingleClassRule rule;
  rule.canonical = located("core::Router");
  rule.match.similar = 0.7;
  auto router = [](const std::string &name, const std::string &table, const std::string &send,
                   const std::string &extra) {
    return "class " + name + " {\n  int " + table + "[9]; int n;\npublic:\n  int " + send +
           "(int user, int event) { int sent = 0; for (int i = 0; i < n; ++i) { if (" + table + "[i] == user) { " +
           table + "[i] = event; ++sent; } }" + extra + " return sent; }\n  bool add_" + send +
           "(int user) { for (int i = 0; i < n; ++i) if (" + table + "[i] == user) return false; " + table +
           "[n] = user; n = n + 1; return true; }\n};\n";
  };
  Checked run = check("namespace core {\n" + router("$compliant[[Router]]", "users_", "route", "") + "}\n" +
                          router("$violation[[Dispatcher]]", "table_", "dispatch", "") +
                          router("$violation[[Logger]]", "rows", "write", " n = n - 1;") +
                          "class Parser { int at; const char *text; public: int next() { while (text[at] == ' ' || "
                          "text[at] == '\\t') ++at; return text[at]; }\n"
                          "  int number() { int v = 0; while (text[at] >= '0') { v = v * 10 + (text[at] - '0'); at += "
                          "1; } return v; } };\n",
                      rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.problems(), IsEmpty());
}

/// A class that does two of the three things that its neighbour in the chain does.
std::string linkOfAChain(const std::string &name, std::vector<std::string> work) {
  std::string text = "class " + name + " {\n  int rows[9]; int n;\npublic:\n";
  for (const std::string &each : work)
    text += "  " + each + "\n";
  return text + "};\n";
}

const std::string kFind = "int find(int u) { for (int i = 0; i < n; ++i) if (rows[i] == u) return i; return -1; }";
const std::string kSwap = "void swap(int *a, int *b) { int t = *a; *a = *b; *b = t; n = n - t; rows[t] = 0; }";
const std::string kPower =
    "long power(long b, char e) { long p = 1; while (e > 0) { if (e % 2) p *= b; b *= b; e /= 2; } return p; }";
const std::string kSkip =
    "const char *skip(const char *s) { do { s = s + 2; } while (*s == ' ' || *s == '-'); return s; }";
const std::string kMean =
    "double mean(double a, double b) { rows[0] = rows[1] + rows[2]; return (a - b) / 2.0 + b * 0.5 - n; }";
const std::string kPick = "char pick(bool q, char c) { switch (c) { case 'a': return 'b'; case 'b': ++n; break; "
                          "default: --n; } return q ? c : 'z'; }";

TEST(SingleClass, SelectsCopiesOfCopiesByABarOfTheirOwn) {
  const std::string code =
      "namespace core {\n" + linkOfAChain("$compliant[[Router]]", {kFind, kSwap, kPower}) + "}\n" +
      linkOfAChain("$violation[[First]]", {kSwap, kPower, kSkip}) +
      linkOfAChain("$violation[[Second]]", {kPower, kSkip, kMean}) +
      linkOfAChain("$violation[[Third]]", {kSkip, kMean, kPick}) +
      "struct Parser { const char *text; char next() { while (*text == ' ') ++text; return *text; }\n"
      "  bool word(char a, char b) { if (next() != a) return false; ++text; return next() == b; } };\n";
  SingleClassRule rule;
  rule.canonical = located("core::Router");
  rule.match.similar = 0.6;
  rule.match.similarToCopies = 0.68;
  Checked run = check(code, rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
  ASSERT_EQ(run.judgement.sites.size(), 4u);
  const Site &third = run.judgement.sites.back();
  EXPECT_LT(third.similarity, 0.6) << "the likeness to the canonical class";
  ASSERT_EQ(third.notes.size(), 1u);
  EXPECT_THAT(third.notes.front().message, testing::StartsWith("alike to this copy in signatures"));
  EXPECT_TRUE(third.notes.front().place);

  rule.match.similarToCopies = 0.9;
  EXPECT_EQ(check(code, rule).judgement.sites.size(), 2u) << "no step is that small";
  rule.match.similarToCopies = std::nullopt;
  EXPECT_EQ(check(code, rule).judgement.sites.size(), 2u);
}

TEST(SingleClass, WithoutBodiesLikenessIsAProblemAndNotSilence) {
  SingleClassRule rule;
  rule.canonical = located("core::Router");
  rule.match.similar = 0.8;
  Checked run = checkClass("", rule);
  EXPECT_THAT(run.problems(), ElementsAre("canonical-body-missing: no analysed unit has bodies of 'core::Router', so "
                                          "'similar' has nothing to compare with"));
}

TEST(SingleClass, AMissingCanonicalClassNamesNearOnes) {
  SingleClassRule rule = routerRule();
  rule.canonical = located("core::Ruter");
  Checked run = check("namespace core { class $violation[[Router]] { int n; }; } class Parser {};\n", rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(
      run.problems(),
      ElementsAre("canonical-missing: the analysed code does not define 'core::Ruter'; did you mean 'core::Router'?"));

  run = check("namespace core { class Ruter; }\n", rule);
  EXPECT_THAT(run.problems(),
              ElementsAre("canonical-missing: the analysed code declares but does not define 'core::Ruter'"));
}

} // namespace
} // namespace ssot::test
