// Objects come from the factory and are kept by nobody beyond a scope.

#include "support/marks.h"

namespace ssot::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FactoryOnlyRule factoryRule(bool forbid = true) {
  FactoryOnlyRule rule;
  rule.className = located("Router");
  rule.factory = located("make_router");
  rule.forbidSharedState = forbid;
  return rule;
}

constexpr char kRouter[] =
    "//- router.h\n#pragma once\n"
    "namespace std { template <typename T> struct shared_ptr { shared_ptr(); shared_ptr(T *); T &operator*() const; "
    "};\n"
    "template <typename T, typename... A> shared_ptr<T> make_shared(A &&...); template <typename T> struct vector {}; "
    "}\n"
    "struct Router { Router(int); void route(); };\nRouter make_router(int user);\n"
    "//- router.cpp\n#include \"router.h\"\nRouter make_router(int user) { return $compliant[[Router(user)]]; }\n"
    "//- main.cpp\n#include \"router.h\"\n";

TEST(FactoryOnly, Creations) {
  Checked run =
      check(std::string(kRouter) +
                "void f() {\n  Router $violation[[a]](1);\n  Router *b = $violation[[new Router(2)]];\n"
                "  auto c = $violation[[std::make_shared<Router>(3)]];\n  Router d = $compliant[[make_router(4)]];\n"
                "  $violation[[Router(5)]].route();\n  Router &e = d; e.route(); b->route();\n}\n",
            factoryRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(),
              ElementsAre("'Router' is created as a variable; call 'make_router' instead",
                          "'Router' is created with new; call 'make_router' instead",
                          "'Router' is created inside a make or emplace function; call 'make_router' instead",
                          "'Router' is created by its constructor; call 'make_router' instead"));
}

TEST(FactoryOnly, EveryFormOfSharedState) {
  Checked run = check(
      std::string(kRouter) +
          "Router &meyers() { static Router $violation[[instance]] = $compliant[[make_router(1)]]; return instance; }\n"
          "Router &leaky() { static Router *$violation[[made]] = $violation[[new Router(1)]]; return *made; }\n"
          "std::shared_ptr<Router> shared() { static std::shared_ptr<Router> $violation[[kept]]; return kept; }\n"
          "void local() { static Router $violation[[hidden]](1); hidden.route(); }\n"
          "Router $violation[[global]] = $compliant[[make_router(2)]];\n"
          "static std::vector<Router> $violation[[all]];\n"
          "thread_local Router *$violation[[current]];\n"
          "struct Holder { static Router *$violation[[one]]; static inline std::shared_ptr<Router> $violation[[two]]; "
          "};\n"
          "Router *Holder::one = nullptr;\n",
      factoryRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
  std::vector<std::string> forms;
  for (const std::string &message : run.messages())
    if (auto at = message.find("scope: "); at != std::string::npos)
      forms.push_back(message.substr(at + 7));
  EXPECT_THAT(forms,
              ElementsAre("Meyers singleton", "leaky local static", "local static std::shared_ptr", "local static",
                          "namespace-scope object", "namespace-scope container or holder", "thread_local pointer",
                          "static member pointer", "static inline member std::shared_ptr"));
}

TEST(FactoryOnly, WhatAStaticObjectIsMadeOfIsKeptToo) {
  Checked run =
      check(std::string(kRouter) + "struct App { App() : router($compliant[[make_router(1)]]) {} Router router; "
                                   "App *next; };\nstatic App $violation[[app]];\n"
                                   "struct Outer { App apps[2]; };\nOuter $violation[[outer]];\n"
                                   "const App $compliant[[fixed]];\n"
                                   "struct User { Router *router; App &app; };\nUser *user;\n"
                                   "static User *users[2];\nvoid f() { App local; }\n",
            factoryRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(),
              ElementsAre("'app' keeps 'Router' beyond its scope: namespace-scope object, through 'App::router'",
                          "'outer' keeps 'Router' beyond its scope: namespace-scope object, through 'Outer::apps', "
                          "'App::router'"));
  EXPECT_THAT(run.notes(),
              ElementsAre("'App::router' of type 'Router' keeps it", "'Outer::apps' of type 'App[2]' is in it",
                          "'App::router' of type 'Router' keeps it"));
}

TEST(FactoryOnly, SaysHowAVariableCameToKeepIt) {
  Checked run = check(
      std::string(kRouter) +
          "Router *lazy() { static Router *$violation[[cached]] = nullptr; if (!cached) cached = $violation[[new "
          "Router(1)]]; return cached; }\n"
          "template <typename T> struct Single { static T &get() { static T $violation[[one]](1); return one; } };\n"
          "struct Only : Router, Single<Only> { Only(int) : Router(1) {} };\nvoid f() { Single<Only>::get(); }\n"
          "struct App { std::shared_ptr<Router> a, b; };\nstatic App $violation[[app]];\n"
          "static void *$violation[[hidden]];\nvoid login(Router &r) { hidden = &r; }\n",
      factoryRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(),
              testing::IsSupersetOf(
                  {"'lazy::cached' keeps 'Router' beyond its scope: lazily filled local static pointer",
                   "'Single::get::one' keeps 'Router' beyond its scope: Meyers singleton by its base class "
                   "'Single<Only>', through base 'Router'",
                   "'app' keeps 'Router' beyond its scope: namespace-scope object, through 'App::a' and 1 other way",
                   "'hidden' keeps 'Router' beyond its scope: namespace-scope pointer"}));
  EXPECT_THAT(run.notes(),
              testing::IsSupersetOf({"'lazy' hands it out", "'Single::get' hands it out", "it is put in here",
                                     "'App::a' of type 'std::shared_ptr<Router>' "
                                     "keeps it"}));
}

TEST(FactoryOnly, AHeaderGivesEachUnitItsOwn) {
  Checked run = check("//- router.h\n#pragma once\nstruct Router {};\nRouter make_router();\n"
                      "namespace { Router $violation[[hidden]]; }\nstatic Router *$violation[[local]];\n"
                      "inline Router $violation[[shared]];\n"
                      "//- a.cpp\n#include \"router.h\"\nRouter make_router() { return {}; }\n"
                      "static Router *$violation[[own]];\n//- b.cpp\n#include \"router.h\"\n",
                      factoryRule());
  EXPECT_THAT(run, findsExactlyTheMarks());
  std::string copies = "; every unit that includes it has one of its own";
  EXPECT_THAT(run.messages(), ElementsAre("'own' keeps 'Router' beyond its scope: namespace-scope pointer",
                                          "'hidden' keeps 'Router' beyond its scope: namespace-scope object" + copies,
                                          "'local' keeps 'Router' beyond its scope: namespace-scope pointer" + copies,
                                          "'shared' keeps 'Router' beyond its scope: namespace-scope object"));
}

TEST(FactoryOnly, AConstantIsNoState) {
  EXPECT_THAT(check(std::string(kRouter) + "const Router $compliant[[fixed]] = $compliant[[make_router(1)]];\n"
                                           "const Router *const $violation[[seen]] = nullptr;\n",
                    factoryRule()),
              findsExactlyTheMarks());
}

TEST(FactoryOnly, SharedStateIsForbiddenOnlyWhenTheRuleSaysSo) {
  EXPECT_THAT(
      check(std::string(kRouter) +
                "Router global = $compliant[[make_router(1)]];\nvoid f(Router &r) { Router copy = r; copy.route(); }\n",
            factoryRule(false)),
      findsExactlyTheMarks());
}

TEST(FactoryOnly, WhatTheFactoryCallsBelongsToIt) {
  FactoryOnlyRule rule = factoryRule();
  rule.factory = located("build");
  Checked run = check("struct Router { Router(int); };\nRouter outside(int n) { return $violation[[Router(n)]]; }\n"
                      "Router build(int n) { return $compliant[[Router(n)]]; }\n",
                      rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(check("struct Router { Router(int); };\nRouter helper(int n) { return $compliant[[Router(n)]]; }\n"
                    "Router build(int n) { return helper(n); }\n"
                    "Router other(int n) { return $violation[[Router(n)]]; }\n",
                    rule),
              findsExactlyTheMarks());
}

TEST(FactoryOnly, AFactoryThatNobodyWrote) {
  FactoryOnlyRule rule = factoryRule();
  rule.factory = located("make_rooter");
  EXPECT_THAT(check(kRouter, rule).problems(),
              testing::ElementsAre("canonical-missing: the analysed code does not speak of 'make_rooter'; did you mean "
                                   "'make_router'?"));
  EXPECT_THAT(check(kRouter, factoryRule()).problems(), testing::IsEmpty());
  rule.className = located("Gone");
  EXPECT_THAT(check(kRouter, rule).problems(), testing::IsEmpty()) << "a class that is gone needs no factory";
}

TEST(FactoryOnly, AConversionInAnInitialiserMakesTheVariable) {
  for (std::string standard : {"-std=c++14", "-std=c++20"})
    EXPECT_THAT(check(std::string(kRouter) + "void f(Router &r) { Router $violation[[a]] = 1; Router b = r; "
                                             "const Router &c = $violation[[2]]; }\n"
                                             "struct Owner { Router $violation[[member]] = 3; };\n",
                      factoryRule(), {standard}),
                findsExactlyTheMarks());
}

} // namespace
} // namespace ssot::test
