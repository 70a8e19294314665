// Events come complete and in order on every path.

#include "support/marks.h"

namespace ssot::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

EventOrderRule runEvents() {
  return {located("Notifier::emit"),
          {"Event::run_started", "Event::thinking", "Event::tool_executing", "Event::tool_completed",
           "Event::run_completed"}};
}

constexpr char kNotifier[] =
    "//- notifier.h\n#pragma once\n"
    "enum class Event { run_started, thinking, tool_executing, tool_completed, run_completed, other };\n"
    "struct Notifier { void emit(Event event, int detail = 0) noexcept; };\n"
    "namespace std { template <typename T> struct function; template <typename R, typename... A> struct "
    "function<R(A...)> "
    "{ R operator()(A...) const; }; }\n"
    "bool ask() noexcept;\nvoid work();\n"
    "//- work.cpp\n#include \"notifier.h\"\nbool ask() noexcept { return true; }\nvoid work() { if (!ask()) throw 1; "
    "}\n"
    "//- main.cpp\n#include \"notifier.h\"\n";

Checked judged(const std::string &code) { return check(kNotifier + code, runEvents()); }

/// The body of one function; \returns what is wrong with it, or nothing, or why it is not judged.
std::string said(const std::string &body, const std::string &before = "") {
  Checked run = check(kNotifier + before + "void run(Notifier &n) {\n" + body + "\n}\n", runEvents());
  EXPECT_THAT(run.found, testing::Not(HasSubstr("error:")));
  for (const Site &site : run.judgement.sites)
    if (site.symbol == "run")
      return site.message;
  for (const Aside &aside : run.judgement.asides)
    if (aside.symbol == "run")
      return "not judged: " + aside.reason;
  return "no site";
}

constexpr char kStart[] = "n.emit(Event::run_started);";
constexpr char kEnd[] = "n.emit(Event::run_completed);";

std::string between(const std::string &middle) { return std::string(kStart) + "\n" + middle + "\n" + kEnd; }

TEST(EventOrder, Sequences) {
  EXPECT_EQ(said(between("")), "");
  EXPECT_EQ(said(between("n.emit(Event::thinking); n.emit(Event::thinking);")), "");
  EXPECT_EQ(said(between("n.emit(Event::tool_executing); n.emit(Event::tool_completed);")), "");
  EXPECT_EQ(said(between("n.emit(Event::other);")), "");
  EXPECT_EQ(said(kStart), "a way through it returns without 'run_completed'");
  EXPECT_EQ(said(kEnd), "'run_completed' comes before 'run_started'");
  EXPECT_EQ(said(std::string("n.emit(Event::thinking);") + between("")), "'thinking' comes before 'run_started'");
  EXPECT_EQ(said(between(kStart)), "'run_started' comes a second time");
  EXPECT_EQ(said(between("") + kEnd), "'run_completed' comes a second time");
  EXPECT_EQ(said(between("") + "n.emit(Event::thinking);"), "'thinking' comes after 'run_completed'");
  EXPECT_EQ(said(between("n.emit(Event::tool_executing);")),
            "'run_completed' comes while 'tool_executing' is not closed");
  EXPECT_EQ(said(between("n.emit(Event::tool_completed);")), "'tool_completed' comes without 'tool_executing'");
  EXPECT_EQ(said(between("n.emit(Event::tool_executing); n.emit(Event::tool_executing);")),
            "'tool_executing' comes again before 'tool_completed'");
  EXPECT_EQ(said(between("n.emit(Event::tool_executing); n.emit(Event::tool_completed); n.emit(Event::thinking);")),
            "'thinking' comes for the first time after 'tool_executing'");
}

TEST(EventOrder, BranchesLoopsAndReturns) {
  EXPECT_EQ(said(between("if (ask()) n.emit(Event::thinking);")), "");
  EXPECT_EQ(said(between("if (ask()) return;")), "a way through it returns without 'run_completed'");
  EXPECT_EQ(said("if (ask()) return;" + between("")), "");
  EXPECT_EQ(said(between("while (ask()) { n.emit(Event::tool_executing); n.emit(Event::tool_completed); }")), "");
  EXPECT_EQ(said(between("for (int i = 0; i < 3; ++i) { n.emit(Event::tool_executing); if (ask()) continue; "
                         "n.emit(Event::tool_completed); }")),
            "'tool_executing' comes again before 'tool_completed'");
  EXPECT_EQ(said("do { n.emit(Event::run_started); } while (ask());" + std::string(kEnd)),
            "'run_started' comes a second time");
  EXPECT_EQ(said(between("switch (int(ask())) { case 0: n.emit(Event::thinking); break; case 1: return; }")),
            "a way through it returns without 'run_completed'");
  EXPECT_EQ(said(between("ask() && (n.emit(Event::thinking), true);")), "");
  EXPECT_EQ(said(between("if (false) return;")), "");
}

TEST(EventOrder, ConditionsThatEmit) {
  const std::string open = "(n.emit(Event::tool_executing), ask())", close = "n.emit(Event::tool_completed);";
  const std::string without = "'tool_completed' comes without 'tool_executing'";
  const std::string unclosed = "'run_completed' comes while 'tool_executing' is not closed";
  // What the right side emits was emitted when the whole holds, and may have been when it does not.
  EXPECT_EQ(said(between("if (ask() && (n.emit(Event::tool_executing), true)) " + close)), "");
  EXPECT_EQ(said(between("if (ask() && " + open + ") " + close)), unclosed);
  EXPECT_EQ(said(between("if (ask() || " + open + ") " + close)), without);
  EXPECT_EQ(said(between("if (!(ask() || (n.emit(Event::tool_executing), false))) " + close)), "");
  EXPECT_EQ(said(between("while (ask() && (n.emit(Event::tool_executing), true)) { " + close + " }")), "");
  EXPECT_EQ(
      said(between("do {} while (ask() || (n.emit(Event::thinking), false)); n.emit(Event::tool_executing);" + close)),
      "");
  EXPECT_EQ(said(between("(ask() && (n.emit(Event::tool_executing), true)) ? n.emit(Event::tool_completed) : void();")),
            "");
}

TEST(EventOrder, Exceptions) {
  EXPECT_EQ(said(between("work();")), "an exception leaves it without 'run_completed'");
  EXPECT_EQ(said("work();" + between("")), "");
  EXPECT_EQ(said(between("try { work(); } catch (...) {}")), "");
  EXPECT_EQ(said(between("try { work(); } catch (int) {}")), "an exception leaves it without 'run_completed'");
  EXPECT_EQ(said(between("try { throw 1; } catch (int) {}")), "");
  EXPECT_EQ(said(between("try { work(); } catch (...) { throw; }")), "an exception leaves it without 'run_completed'");
  EXPECT_EQ(said(between("try { work(); } catch (...) { n.emit(Event::run_completed); throw; }")), "");
}

TEST(EventOrder, GuardsEmitWhenTheirScopeIsLeft) {
  const std::string guard = "struct Guard { Notifier &n; Guard(Notifier &to) noexcept : n(to) {} "
                            "~Guard() { n.emit(Event::run_completed); } };\n";
  EXPECT_EQ(said(std::string(kStart) + "Guard g(n); work(); if (ask()) return; n.emit(Event::thinking);", guard), "");
  EXPECT_EQ(said(std::string(kStart) + "Guard g(n); n.emit(Event::run_completed);", guard),
            "'run_completed' comes a second time");
  EXPECT_EQ(said(std::string(kStart) + "{ Guard g(n); } n.emit(Event::thinking);", guard),
            "'thinking' comes after 'run_completed'");
  EXPECT_EQ(said(std::string(kStart) + "work(); Guard g(n);", guard), "an exception leaves it without 'run_completed'");
  EXPECT_EQ(said(std::string(kStart) + "Guard{n}; n.emit(Event::thinking);", guard),
            "'thinking' comes after 'run_completed'");
  EXPECT_EQ(said(std::string(kStart) + "struct Both { Guard g; } both{Guard(n)}; work();", guard), "");
}

TEST(EventOrder, HelpersAcrossFiles) {
  Checked run = judged("void begin(Notifier &n) noexcept;\nvoid finish(Notifier &n) noexcept;\n"
                       "void $compliant[[good]](Notifier &n) { begin(n); n.emit(Event::thinking); finish(n); }\n"
                       "void $violation[[twice]](Notifier &n) { begin(n); finish(n); n.emit(Event::run_completed); }\n"
                       "void caller(Notifier &n) { good(n); twice(n); }\n"
                       "//- steps.cpp\n#include \"notifier.h\"\n"
                       "void $declaration[[begin]](Notifier &n) noexcept { n.emit(Event::run_started); }\n"
                       "void $declaration[[finish]](Notifier &n) noexcept { n.emit(Event::run_completed); }\n");
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.notes(), ElementsAre("'begin' emits 'run_started' here", "'finish' emits 'run_completed' here",
                                       "'run_completed' is emitted here"));
}

TEST(EventOrder, ThePathSaysWhatAHelperEmitsOnIt) {
  Checked run = judged("void finish(Notifier &n) noexcept { if (ask()) n.emit(Event::run_completed); }\n"
                       "void run(Notifier &n) { n.emit(Event::run_started); finish(n); }\n");
  EXPECT_THAT(run.notes(), ElementsAre("'run_started' is emitted here",
                                       "'finish' is called here, and emits no 'run_completed'", "it returns here"));
  run = judged("void work(Notifier &n) noexcept { n.emit(Event::thinking); if (ask()) n.emit(Event::run_completed); }\n"
               "void run(Notifier &n) { n.emit(Event::run_started); work(n); }\n");
  EXPECT_THAT(run.notes(),
              ElementsAre("'run_started' is emitted here", "'work' emits 'thinking' here", "it returns here"));
}

TEST(EventOrder, LambdasCalledInPlace) {
  EXPECT_EQ(said("[&]() noexcept { n.emit(Event::run_started); }();" + std::string(kEnd)), "");
  EXPECT_EQ(said("auto end = [&]() noexcept { n.emit(Event::run_completed); };" + std::string(kStart) +
                 "if (ask()) return end(); end();"),
            "");
  EXPECT_EQ(said("auto end = [&]() noexcept { n.emit(Event::run_completed); };" + std::string(kStart) +
                 "if (ask()) return; end();"),
            "a way through it returns without 'run_completed'");
}

TEST(EventOrder, WhatOnlyRunsTellIsNotJudged) {
  EXPECT_EQ(said(between("void *to = &&end; goto *to; end:;")), "not judged: it has a goto whose target is computed");
  EXPECT_EQ(said(between("extern void (*hook)(); hook();")),
            "not judged: it calls a function that only runs tell, which may emit");
  EXPECT_EQ(
      said(between("hook.done(n); (hook.done)(n);"), "struct Hook { void (*done)(Notifier &); }; extern Hook hook;\n"),
      "not judged: it calls a function that only runs tell, which may emit");
  EXPECT_EQ(said(between("f();"), "extern std::function<void()> f;\n"),
            "not judged: it calls a function object, which may emit");
  EXPECT_EQ(said(between("n.emit(which());"), "Event which() noexcept { return Event::thinking; }\n"),
            "not judged: which event it emits is computed");
  EXPECT_EQ(said(between("elsewhere(n);"), "void elsewhere(Notifier &) noexcept;\n"),
            "not judged: 'elsewhere' is not defined in the code that was analysed");
  EXPECT_EQ(said(between("t.go(n);").insert(0, "extern T &t;"),
                 "struct T { virtual void go(Notifier &) noexcept = 0; };\n"
                 "struct A : T { void go(Notifier &n) noexcept override { n.emit(Event::thinking); } };\n"),
            "not judged: which override of 'T::go' is called, only runs tell");
}

TEST(EventOrder, JumpsAndRecursionAreFollowed) {
  EXPECT_EQ(said(between("goto end; end:;")), "");
  EXPECT_EQ(said(std::string(kStart) + "if (ask()) goto out;" + kEnd + "out:;"),
            "a way through it returns without 'run_completed'");
  EXPECT_EQ(said(std::string(kStart) + "if (ask()) run(n);" + kEnd), "");
}

TEST(EventOrder, NothingIsSaidWhereNothingIsEmitted) {
  Checked run =
      judged("struct Quiet { void emit(Event); };\nvoid f(Quiet &q) { q.emit(Event::thinking); goto end; end:; }\n");
  EXPECT_THAT(run.judgement.sites, IsEmpty());
  EXPECT_THAT(run.judgement.asides, IsEmpty());
}

TEST(EventOrder, AnEnumeratorIsNamedInFull) {
  std::string code = std::string(kNotifier) + "void run(Notifier &n) { n.emit(Event::run_started); }\n"
                                              "void end(Notifier &n) { n.emit(Event::run_completed); }\n";
  EventOrderRule rule = runEvents();
  rule.order = {"run_started", "Event::thinking", "completed"};
  EXPECT_THAT(check(code, rule).problems(), ElementsAre("canonical-missing: nothing emits 'run_started'; an enumerator "
                                                        "is named in full: 'Event::run_started'"));
  EXPECT_THAT(check(code, runEvents()).problems(), IsEmpty()) << "that some events are never emitted is no mistake";
}

// In a template what a lambda keeps by copy has no type yet. It ended the unit (spdlog).
TEST(EventOrder, LambdasInTemplatesMayKeepWhatHasNoTypeYet) {
  std::string worker = "template <typename F> void start(F f) noexcept;\n"
                       "template <typename T> struct Worker { template <typename E> Worker(T t, E every) {\n"
                       "  start([this, t, every] { (void)t; (void)every; }); auto kept = [t, every] { (void)every; };\n"
                       "  start(kept); start([made = T(t), list = t] { (void)made; }); } };\n";
  EXPECT_EQ(said(between(""), worker), "");
  EXPECT_EQ(said(between("Worker<int> w(1, 2L);"), worker + "template <typename F> void start(F) noexcept {}\n"), "");
}

TEST(EventOrder, ThePathIsShown) {
  Checked run = judged("void $violation[[run]](Notifier &n) {\n  n.emit(Event::run_started);\n  work();\n"
                       "  n.emit(Event::run_completed);\n}\n");
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.notes(), ElementsAre("'run_started' is emitted here", "'work' may throw here"));
}

} // namespace
} // namespace ssot::test
