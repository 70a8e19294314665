// Who broadcasts: the canonical function, its overrides, those who delegate, and those who do the work again.

#include "support/marks.h"

namespace ssot::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kService[] = R"cpp(
//- service.h
#pragma once
namespace std {
template <typename T> struct remove_reference { using type = T; };
template <typename T> struct remove_reference<T &> { using type = T; };
template <typename T> typename remove_reference<T>::type &&move(T &&value) { return static_cast<typename remove_reference<T>::type &&>(value); }
template <typename T> struct unique_ptr { T *get() const; T *operator->() const; T &operator*() const; explicit operator bool() const; };
struct ostream { ostream &operator<<(const char *); ostream &operator<<(int); };
extern ostream cerr, cout;
}
namespace ssot_log { void info(const char *); }
struct Id { const char *text; const char *str() const { return text; } };
struct Event { int kind; };
struct Result { int sent; bool ok; };
struct Service { Result broadcast(Id user, const Event &event); int broadcasts() const; };
struct Manager {};
Manager *default_manager();
Service make_service(Manager &manager);
Event with_user(const Event &event, Id user);
Event normalized(const Event &event);
//- service.cpp
#include "service.h"
Result Service::$compliant[[broadcast]](Id user, const Event &event) { return {event.kind, user.text != nullptr}; }
//- main.cpp
#include "service.h"
)cpp";

SingleFunctionRule broadcastRule() {
  SingleFunctionRule rule;
  rule.canonical = located("Service::broadcast");
  rule.match.name = pattern("(.*::)?(send|broadcast)(_.*)?");
  return rule;
}

Checked checkFunction(const std::string &code, SingleFunctionRule rule = broadcastRule()) {
  return check(std::string(kService).substr(1) + code, std::move(rule));
}

/// The reasons why the one marked function is no adapter, the first one first.
std::vector<std::string> reasonsOf(const std::string &code, SingleFunctionRule rule = broadcastRule()) {
  Checked run = checkFunction(code, std::move(rule));
  EXPECT_THAT(run, findsExactlyTheMarks());
  std::vector<std::string> reasons;
  for (const std::string &message : run.messages())
    reasons.push_back(message.substr(message.find(": it ") + 5));
  for (const std::string &note : run.notes())
    reasons.push_back(note.substr(sizeof("it also ") - 1));
  return reasons;
}

void isAdapter(const std::string &code, SingleFunctionRule rule = broadcastRule()) {
  Checked run = checkFunction(code, std::move(rule));
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(), IsEmpty());
  EXPECT_EQ(run.judgement.adapters.size(), 1u);
}

TEST(SingleFunction, OtherFunctionsAreNoSites) {
  Checked run = checkFunction("int unrelated(int n) { return n; }\nint send_declared(Id user);\n");
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.problems(), IsEmpty());
}

TEST(SingleFunction, AnOverrideIsCompliant) {
  SingleFunctionRule rule = broadcastRule();
  rule.canonical = located("Base::send");
  Checked run = check("struct Base { virtual int $compliant[[send]](int n) { return n; } };\n"
                      "struct Derived : Base { int $compliant[[send]](int n) override { return n + 1; } };\n"
                      "struct Other { int $violation[[send]](int n) { return n + 2; } };\n",
                      rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
}

// --- adapters
// -------------------------------------------------------------------------------------------------------------------

TEST(Delegation, TheCountOutOfTheResult) {
  isAdapter("int $adapter[[send]](Service &s, Id u, const Event &e) { return s.broadcast(u, e).sent; }\n");
}

TEST(Delegation, TheWholeResult) {
  isAdapter("Result $adapter[[send]](Service &s, Id u, const Event &e) { return s.broadcast(u, e); }\n");
}

TEST(Delegation, AResultOfItsOwnTypeMadeOfTheResult) {
  isAdapter("struct Legacy { int count; bool fine; };\n"
            "Legacy $adapter[[send]](Service &s, Id u, const Event &e) { auto r = s.broadcast(u, e); return "
            "Legacy{r.sent, r.ok}; }\n");
}

TEST(Delegation, AVoidFunctionHasNothingToReturn) {
  isAdapter("void $adapter[[send]](Service &s, Id u, const Event &e) { s.broadcast(u, e); }\n");
}

TEST(Delegation, AForwarderOnTheWay) {
  isAdapter("int log_and_pass(Service &s, Id u, const Event &e) { return s.broadcast(u, e).sent; }\n"
            "int $adapter[[send]](Service &s, Id u, const Event &e) { return log_and_pass(s, u, e); }\n");
}

TEST(Delegation, ArgumentsInAnotherOrder) {
  isAdapter("int $adapter[[broadcast_event]](const Event &e, Id u, Service *s) { return s->broadcast(u, e).sent; }\n");
}

TEST(Delegation, NoServiceNoWork) {
  isAdapter(
      "int $adapter[[send]](Service *s, Id u, const Event &e) { if (!s) return 0; return s->broadcast(u, e).sent; }\n");
}

TEST(Delegation, NullChecksInOtherWords) {
  isAdapter("int $adapter[[send]](Service *s, Id u, const Event &e) { return s != nullptr ? s->broadcast(u, e).sent : "
            "0; }\n");
  isAdapter("int $adapter[[send]](Service *s, Id u, const Event &e) { if (s) { return s->broadcast(u, e).sent; } "
            "return -1; }\n");
}

TEST(Delegation, TheObjectMayComeFromAFactory) {
  isAdapter(
      "int $adapter[[send]](Id u, const Event &e) {\n"
      "  Manager *m = default_manager();\n  if (!m) return 0;\n  return make_service(*m).broadcast(u, e).sent;\n}\n");
}

TEST(Delegation, TheObjectMayBeALocal) {
  isAdapter("int $adapter[[send]](Id u, const Event &e) {\n"
            "  Manager *m = default_manager();\n  if (!m) return 0;\n  auto service = make_service(*m);\n  return "
            "service.broadcast(u, e).sent;\n}\n");
}

TEST(Delegation, LoggingAndCountingBesides) {
  isAdapter("struct Adapter {\n  Service *service; int sends;\n"
            "  int $adapter[[send]](Id u, const Event &e) {\n    ++sends; ssot_log::info(\"send\"); std::cerr << "
            "\"send \" << 1;\n"
            "    auto r = service->broadcast(u, e);\n    ssot_log::info(\"sent\");\n    return r.sent;\n  }\n};\n");
}

TEST(Delegation, AMemberAndASmartPointer) {
  isAdapter("struct Adapter {\n  std::unique_ptr<Service> service; Id user;\n"
            "  int $adapter[[send]](Event e) { return service->broadcast(user, std::move(e)).sent; }\n};\n");
}

TEST(Delegation, AConversionOnTheWay) {
  isAdapter("struct Wide { Wide(const char *); operator Id() const; };\n"
            "int $adapter[[send]](Service &s, const char *u, int kind) { return static_cast<long>(s.broadcast(Id{u}, "
            "Event{kind}).sent); }\n");
}

TEST(Delegation, AFunctionThatTheRuleNames) {
  SingleFunctionRule rule = broadcastRule();
  std::string code =
      "struct Adapter { Service *service; Id user;\n"
      "  int $violation[[send]](const Event &e) { return service->broadcast(user, with_user(e, user)).sent; } };\n";
  EXPECT_THAT(reasonsOf(code), ElementsAre("computes argument 2 instead of passing it on at line 3"));
  rule.adapters.via = {"with_user"};
  isAdapter("struct Adapter { Service *service; Id user;\n"
            "  int $adapter[[send]](const Event &e) { return service->broadcast(user, with_user(e, user)).sent; } };\n",
            rule);
}

TEST(Delegation, ThroughAMacro) {
  isAdapter("#define DELEGATE(service, user, event) return (service).broadcast(user, event).sent\n"
            "int $adapter[[send]](Service &s, Id u, const Event &e) { DELEGATE(s, u, e); }\n");
}

TEST(Delegation, EachBranchOnce) {
  isAdapter("struct Two { Service first, second; bool flipped;\n"
            "  int $adapter[[send]](Id u, const Event &e) { if (flipped) return second.broadcast(u, e).sent; return "
            "first.broadcast(u, e).sent; } };\n");
}

TEST(Delegation, AnExceptionThatGoesOn) {
  isAdapter("int $adapter[[send]](Service &s, Id u, const Event &e) {\n"
            "  try { return s.broadcast(u, e).sent; } catch (...) { ssot_log::info(\"failed\"); throw; }\n}\n");
}

TEST(Delegation, ACanonicalFunctionThatOnlyLooks) {
  SingleFunctionRule rule = broadcastRule();
  rule.canonical = located("Box::size");
  rule.match.name = pattern(".*count");
  Checked run = check("struct Box { int n; int $compliant[[size]]() const { return n; } };\n"
                      "int $adapter[[count]](const Box &box) { return box.size(); }\n"
                      "int $violation[[recount]](const Box &box) { return box.n; }\n",
                      rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
}

// --- no adapters
// ----------------------------------------------------------------------------------------------------------------

TEST(NoAdapter, DoesTheWorkItself) {
  EXPECT_THAT(
      reasonsOf("int table[9];\nint $violation[[send]](Id, const Event &e) { table[e.kind] = 1; return e.kind; }\n"),
      ElementsAre("never calls the canonical function"));
}

TEST(NoAdapter, DropsAParameter) {
  EXPECT_THAT(reasonsOf("int $violation[[send]](Service &s, Id u, const Event &event) { (void)event; return "
                        "s.broadcast(u, Event{}).sent; }\n"),
              ElementsAre("drops parameter 'event'"));
  EXPECT_THAT(
      reasonsOf("int $violation[[send]](Service &s, Id u, const Event &e, int) { return s.broadcast(u, e).sent; }\n"),
      ElementsAre("drops parameter 4"));
}

TEST(NoAdapter, CallsTwiceOnOnePath) {
  EXPECT_THAT(reasonsOf("int $violation[[send]](Service &s, Id u, const Event &e) {\n  s.broadcast(u, e);\n  return "
                        "s.broadcast(u, e).sent;\n}\n"),
              ElementsAre("calls the canonical function twice on one path (lines 3 and 4)"));
}

TEST(NoAdapter, CallsInALoop) {
  EXPECT_THAT(
      reasonsOf("void $violation[[send]](Service &s, Id u, const Event &e) {\n  for (int i = 0; i < 2; ++i)\n    "
                "s.broadcast(u, e);\n}\n"),
      ElementsAre("calls the canonical function in a loop at line 4",
                  "calls the canonical function under a condition that can fall through: line 5 leaves without it"));
}

TEST(Adapter, ATemplateWhoseCallHasOneCandidate) {
  EXPECT_THAT(checkFunction("template <typename E> int $adapter[[send]](Service &s, Id u, const E &e) { return "
                            "s.broadcast(u, e).sent; }\n"
                            "template <typename E> int $adapter[[send_any]](Service &s, Id u, const E &e) { return "
                            "send(s, u, e); }\n"
                            "void other(int); void other(long);\n"
                            "template <typename E> int $violation[[send_more]](Service &s, Id u, const E &e) { "
                            "other(e); return send(s, u, e); }\n"
                            "int a = send_any(*static_cast<Service *>(nullptr), Id(), Event());\n"),
              findsExactlyTheMarks());
}

TEST(NoAdapter, AGotoMayBeALoop) {
  EXPECT_THAT(reasonsOf("int $violation[[send]](Service &s, Id u, const Event &e) {\nagain:\n  int n = s.broadcast(u, "
                        "e).sent;\n  if (n < 0)\n    goto again;\n  return n;\n}\n"),
              ElementsAre("does its own work: statement at line 6"));
}

TEST(NoAdapter, ACallUnderAConditionThatCanFallThrough) {
  EXPECT_THAT(
      reasonsOf("int $violation[[send]](Service &s, Id u, const Event &e) {\n  if (e.kind > 3)\n    return "
                "s.broadcast(u, e).sent;\n  return 0;\n}\n"),
      ElementsAre("calls the canonical function under a condition that can fall through: line 5 leaves without it"));
  EXPECT_THAT(
      reasonsOf("void $violation[[send]](Service &s, Id u, const Event &e) { if (e.kind) s.broadcast(u, e); }\n"),
      ElementsAre("calls the canonical function under a condition that can fall through: line 2 leaves without it"));
}

TEST(NoAdapter, TheNullCheckIsTheWrongWayRound) {
  EXPECT_THAT(
      reasonsOf("int $violation[[send]](Service *s, Id u, const Event &e) {\n  if (s)\n    return 0;\n  return "
                "s->broadcast(u, e).sent;\n}\n"),
      ElementsAre("calls the canonical function under a condition that can fall through: line 4 leaves without it"));
}

TEST(NoAdapter, SwallowsExceptions) {
  EXPECT_THAT(reasonsOf("int $violation[[send]](Service &s, Id u, const Event &e) {\n  try {\n    return "
                        "s.broadcast(u, e).sent;\n  } catch (...) {\n    return 0;\n  }\n}\n"),
              ElementsAre("swallows exceptions at line 5"));
}

TEST(NoAdapter, DoesItsOwnWork) {
  EXPECT_THAT(reasonsOf("struct A { Service *s; Id history_;\n  int $violation[[send]](Id u, const Event &e) {\n    "
                        "history_ = u;\n    return s->broadcast(u, e).sent;\n  } };\n"),
              ElementsAre("does its own work: assignment to 'history_' at line 4"));
  EXPECT_THAT(reasonsOf("void persist(Id);\nint $violation[[send]](Service &s, Id u, const Event &e) { persist(u); "
                        "return s.broadcast(u, e).sent; }\n"),
              ElementsAre("does its own work: calls 'persist' at line 3"));
}

TEST(NoAdapter, PrintingToStandardOutputIsNoLogging) {
  EXPECT_THAT(reasonsOf("int $violation[[send]](Service &s, Id u, const Event &e) { std::cout << \"x\"; return "
                        "s.broadcast(u, e).sent; }\n"),
              ElementsAre("does its own work: calls 'std::cout::operator<<' at line 2"));
}

TEST(NoAdapter, ComputesAnArgument) {
  EXPECT_THAT(
      reasonsOf(
          "int $violation[[send]](Service &s, Id u, const Event &e) { return s.broadcast(u, normalized(e)).sent; }\n"),
      ElementsAre("computes argument 2 instead of passing it on at line 2"));
  EXPECT_THAT(
      reasonsOf(
          "int $violation[[send]](Service &s, Id u, int kind) { return s.broadcast(u, Event{kind + 1}).sent; }\n"),
      ElementsAre("computes argument 2 instead of passing it on at line 2"));
}

TEST(NoAdapter, DoesNotReturnTheResult) {
  EXPECT_THAT(reasonsOf("int $violation[[send]](Service &s, Id u, const Event &e) { s.broadcast(u, e); return 1; }\n"),
              ElementsAre("does not return the result at line 2"));
  EXPECT_THAT(
      reasonsOf("bool $violation[[send]](Service &s, Id u, const Event &e) { return s.broadcast(u, e).sent > 0; }\n"),
      ElementsAre("does not return the result at line 2"));
}

TEST(NoAdapter, IsRecursive) {
  EXPECT_THAT(reasonsOf("int $violation[[send]](Service &s, Id u, const Event &e) { return send(s, u, e); }\n"),
              ElementsAre("is recursive: calls 'send' again at line 2"));
}

TEST(NoAdapter, TheForwarderIsNoAdapter) {
  EXPECT_THAT(
      reasonsOf("int pass(Service &s, Id u, const Event &event) { (void)event; return s.broadcast(u, Event{}).sent; }\n"
                "int $violation[[send]](Service &s, Id u, const Event &e) { return pass(s, u, e); }\n"),
      ElementsAre("calls 'pass', which drops parameter 'event'"));
}

TEST(NoAdapter, ABodyTooLarge) {
  std::string many;
  for (int i = 0; i < 300; ++i)
    many += "  ssot_log::info(\"x\");\n";
  EXPECT_THAT(reasonsOf("int $violation[[send]](Service &s, Id u, const Event &e) {\n" + many +
                        "  return s.broadcast(u, e).sent;\n}\n"),
              ElementsAre("has a body too large to be an adapter"));
}

TEST(NoAdapter, AllReasonsAreSaid) {
  EXPECT_THAT(
      reasonsOf(
          "struct A { Service *s; Id last;\n"
          "  int $violation[[send]](Id u, const Event &e, int n) { last = u; s->broadcast(u, e); return 2; } };\n"),
      ElementsAre("drops parameter 'n'", "does not return the result at line 3",
                  "does its own work: assignment to 'last' at line 3"));
}

TEST(NoAdapter, WhenTheRuleForbidsAdapters) {
  SingleFunctionRule rule = broadcastRule();
  rule.adapters.forbid = true;
  Checked run = checkFunction(
      "int $violation[[send]](Service &s, Id u, const Event &e) { return s.broadcast(u, e).sent; }\n", rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(),
              ElementsAre("'send' is an adapter of 'Service::broadcast', and this rule forbids adapters"));
}

// --- what else stands in a rule
// -----------------------------------------------------------------------------------------------------

TEST(SingleFunction, MessagesNameBothFunctions) {
  Checked run = checkFunction(
      "int $violation[[send]](int n) { return n; }\n"
      "int $violation[[send_half]](Service &s, Id u, const Event &) { return s.broadcast(u, Event{}).sent; }\n");
  EXPECT_THAT(run, findsExactlyTheMarks());
  EXPECT_THAT(run.messages(),
              ElementsAre("'send' does the work of 'Service::broadcast': it never calls the canonical function",
                          "'send_half' is no adapter of 'Service::broadcast': it drops parameter 3"));
}

TEST(SingleFunction, TestDoublesAreMentionedOnly) {
  Checked run = checkFunction("int $violation[[send]](int n) { return n; }\n"
                              "//- tests/doubles.cpp\n"
                              "struct MockSender { int $test-double[[send]](int n) { return n; } };\n"
                              "struct Sender { int $violation[[send]](int n) { return n; } };\n");
  EXPECT_THAT(run, findsExactlyTheMarks());
}

TEST(SingleFunction, SelectsByLikeness) {
  constexpr char kBody[] = "{ int sum = 0; for (int i = 0; i < n; ++i) { if (i % 3 == 0) { sum += i * n; } else { sum "
                           "-= i; } } return sum + n; }\n";
  constexpr char kRenamed[] =
      "{ int t = 1; for (int k = 5; k < m; ++k) { if (k % 7 == 0) { t += k * m; } else { t -= k; } } return t + m; }\n";
  SingleFunctionRule rule;
  rule.canonical = located("total");
  rule.match.similar = 0.8;
  Checked run =
      check(std::string("int $compliant[[total]](int n) ") + kBody + "int $violation[[other_name]](int m) " + kRenamed +
                "int different(int n) { while (n > 1) { n = n % 2 ? 3 * n + 1 : n / 2; } return n; }\nint small(int n) "
                "{ return n; }\n",
            rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
  ASSERT_EQ(run.judgement.sites.size(), 2u);
  EXPECT_EQ(run.judgement.sites[1].similarity, 1.0);
}

TEST(SingleFunction, SelectsCopiesOfCopiesByABarOfTheirOwn) {
  const std::string add = "for (int i = 0; i < n; ++i) { if (i % 3 == 0) { sum += i * n; } else { sum -= i; } } ";
  const std::string halve = "while (n > 1) { sum = sum * 2 + n; n = n / 2; if (sum > 9) { sum = n; } } ";
  const std::string shift = "do { sum = (sum << 3) ^ n; --n; } while (n != 0 && sum != n); ";
  auto function = [](const std::string &name, const std::string &work) {
    return "int " + name + "(int n) { int sum = 0; " + work + "return sum; }\n";
  };
  const std::string code = function("$compliant[[total]]", add) + function("$violation[[first]]", add + halve) +
                           function("$violation[[second]]", halve + shift) +
                           "bool odd(const char *s) { if (!s) return false; return s[0] == s[1] || s[2] == '-'; }\n";
  SingleFunctionRule rule;
  rule.canonical = located("total");
  rule.match.similar = 0.6;
  rule.match.similarToCopies = 0.6;
  Checked run = check(code, rule);
  EXPECT_THAT(run, findsExactlyTheMarks());
  rule.match.similarToCopies = 0.95;
  EXPECT_EQ(check(code, rule).judgement.sites.size(), 2u);
}

TEST(SingleFunction, AMissingCanonicalFunctionNamesNearOnes) {
  SingleFunctionRule rule = broadcastRule();
  rule.canonical = located("Service::brodcast");
  rule.match.name = std::nullopt;
  Checked run = check("struct Service { void broadcast() {} void other() {} };\n", rule);
  EXPECT_THAT(run.problems(), ElementsAre("canonical-missing: the analysed code does not define 'Service::brodcast'; "
                                          "did you mean 'Service::broadcast'?"));
}

} // namespace
} // namespace ssot::test
