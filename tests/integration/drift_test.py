#!/usr/bin/env python3
"""`ssot check --drift`: what a duplicate does otherwise than the canonical definition, and whether a person must decide."""

import json
import unittest

import truth_test
from support import ProjectTest
from truth_test import APP, BUILD

HEAD = """
namespace std {
struct mutex { void lock(); void unlock(); };
template <typename M> struct lock_guard { explicit lock_guard(M &); };
}
struct Failure {};
enum class Status { sent, busy, closed };
struct Sink { Status send(int); void open(int); void close(int); };
void log_failure(const char *text);
extern int total;
std::mutex guard;
"""
CANONICAL = """
int deliver(Sink *sink, int id, int tries = 3) {
  if (!sink)
    return 0;
  std::lock_guard<std::mutex> hold(guard);
  int sent = 0;
  sink->open(id);
  for (int i = 0; i < tries; ++i)
    if (sink->send(id) == Status::sent)
      ++sent;
  sink->close(id);
  total = sent;
  return sent;
}
"""


class DriftOfFunctions(ProjectTest):
    """Each test drifts one copy in one way."""

    def drift_of(self, *changes, extra=""):
        copy = CANONICAL.replace("deliver", "copy_deliver")
        for before, after in changes:
            self.assertIn(before, copy)
            copy = copy.replace(before, after)
        self.write("a.cpp", HEAD + CANONICAL + extra + copy)
        self.database("a.cpp")
        self.write(".ssot.yaml", "ssot: 1\nrules:\n  - {id: one, kind: single-function, canonical: deliver, match: {name: copy_.*}}\n")
        report, _ = self.report()
        [drift] = report["drift"]
        [method] = drift["methods"]
        return drift, [(difference["kind"], difference["decides"]) for difference in method["differences"]]

    def assert_decides(self, kind, *changes):
        drift, differences = self.drift_of(*changes)
        self.assertEqual((drift["verdict"], differences), ("needs-decision", [(kind, True)]), drift)
        return drift["reason"]

    def test_a_faithful_copy_is_safe(self):
        drift, differences = self.drift_of(("sent", "count"), ("Status::count", "Status::sent"))
        self.assertEqual((drift["verdict"], drift["reason"], differences), ("safe", "", []))

    def test_logging_is_no_drift(self):
        drift, _ = self.drift_of(("++sent;", '++sent; else log_failure("not sent");'))
        self.assertEqual(drift["verdict"], "safe", drift)

    def test_a_helper_is_no_drift(self):
        helper = "static void run(Sink *sink, int id) { sink->open(id); }\n"
        drift, differences = self.drift_of(("sink->open(id)", "run(sink, id)"), extra=helper)
        # The same steps; that the helper gets the same arguments is for a person to see.
        self.assertEqual((drift["verdict"], differences), ("unknown", [("unknown", False)]), drift)
        self.assertIn("is written otherwise from here on", drift["reason"])

    def test_other_default(self):
        self.assertIn("'5' by default", self.assert_decides("default", ("tries = 3", "tries = 5")))

    def test_an_exception_that_ends_the_program(self):
        reason = self.assert_decides("error", ("int tries = 3)", "int tries = 3) noexcept"))
        self.assertIn("is noexcept and calls what may throw", reason)

    def test_noexcept_of_what_throws_nothing_is_no_error(self):
        self.write("a.cpp", "int twice(int n) { return 2 * n; }\nint copy_twice(int n) noexcept { return 2 * n; }\n")
        self.database("a.cpp")
        self.write(".ssot.yaml", "ssot: 1\nrules:\n  - {id: one, kind: single-function, canonical: twice, match: {name: copy_.*}}\n")
        report, _ = self.report()
        [drift] = report["drift"]
        self.assertEqual(drift["verdict"], "unknown", drift)

    def test_other_constant(self):
        self.assertIn("`!= closed`", self.assert_decides("constant", ("== Status::sent", "!= Status::closed")))

    def test_other_order(self):
        self.assert_decides("order", ("open", "OPEN"), ("close", "open"), ("OPEN", "close"))

    def test_missing_lock(self):
        self.assertIn("takes no lock", self.assert_decides("lock", ("std::lock_guard<std::mutex> hold(guard);", "")))

    def test_a_lock_that_would_guard_nothing_is_not_missing(self):
        drift, _ = self.drift_of(("std::lock_guard<std::mutex> hold(guard);", ""), ("total = sent;", ""))
        self.assertNotIn("lock", drift["reason"])
        self.assertEqual(drift["verdict"], "unknown", "what is no longer written to 'total' is missed by somebody")

    def test_swallowed_error(self):
        reason = self.assert_decides("error", ("sink->open(id);", "try { sink->open(id); } catch (...) { }"))
        self.assertIn("swallows errors (`catch (...)`)", reason)

    def test_a_handler_that_throws_again_swallows_nothing(self):
        drift, _ = self.drift_of(("sink->open(id);", "try { sink->open(id); } catch (...) { throw; }"))
        self.assertNotIn("swallows", json.dumps(drift))

    def test_other_result(self):
        self.assert_decides("result", ("return 0;", "return -1;"))

    def test_a_check_that_the_copy_lacks_takes_nothing_away(self):
        drift, differences = self.drift_of(("if (!sink)\n    return 0;", ""))
        self.assertEqual((drift["verdict"], differences), ("safe", [("result", False)]))

    def test_what_cannot_be_compared_is_unknown(self):
        drift, differences = self.drift_of(("sink->close(id);", "sink->close(id); sink->close(id);"))
        self.assertEqual((drift["verdict"], differences), ("unknown", [("unknown", False)]))
        drift, differences = self.drift_of(("== Status::sent", "!= Status::sent"))
        self.assertEqual((drift["verdict"], differences), ("unknown", [("unknown", False)]))

    def test_what_computes_otherwise_is_not_safe(self):
        for old, new, said in (("sent = 0", "sent = 1", "`1`; the canonical one: `0`"), ("++sent", "--sent", "`-`; the canonical one: `+`"),
                               ("++sent", "sent++", None), ("++sent", "sent += 1", None), ("++sent", "sent = sent + 1", None)):
            with self.subTest(new):
                drift, differences = self.drift_of((old, new))
                self.assertEqual((drift["verdict"], differences), ("unknown", [("unknown", False)]) if said else ("safe", []))
                self.assertIn(f"computes with {said}" if said else "", drift["reason"])


    def test_the_argument_that_nobody_writes_is_no_step(self):
        counter = "struct Counter { int n = 0; Counter operator++(int) { return {n + 1}; } } counter;\n"
        drift, _ = self.drift_of(("++sent;", "counter++;"), extra=counter)
        self.assertEqual(drift["reason"], "'copy_deliver' computes with nothing; the canonical one: `+`, `1`; whether they come to the same cannot be told")


# What is the same step by step and does something else: (canonical, copy), each a function f.
NOT_THE_SAME = {
    "operands exchanged": ("int f(int a, int b) { return a - b; }", "int f(int a, int b) { return b - a; }"),
    "bounds exchanged": ("int f(int v, int lo, int hi) { if (v < lo) return lo; if (v > hi) return hi; return v; }",
                         "int f(int v, int lo, int hi) { if (v < lo) return hi; if (v > hi) return lo; return v; }"),
    "comparison turned": ("int f(Box &b, int c) { if (b.n < c) return -1; b.n -= c; return b.n; }", "int f(Box &b, int c) { if (b.n > c) return -1; b.n -= c; return b.n; }"),
    "another result": ("int f(Box &b, int c) { b.n -= c; return b.n; }", "int f(Box &b, int c) { b.n -= c; return c; }"),
    "check after the change": ("int f(Box &b, int c) { if (b.n < c) return -1; b.n -= c; return b.n; }", "int f(Box &b, int c) { b.n -= c; if (b.n < c) return -1; return b.n; }"),
    "under a condition": ("void f(Box &b, int c) { b.n -= c; }", "void f(Box &b, int c) { if (c) b.n -= c; }"),
    "another field": ("void f(Box &b) { b.n += 2; }", "void f(Box &b) { b.m += 2; }"),
    "leaves the loop early": ("int f(Box &b) { for (int i = 0; i < b.n; ++i) b.m += i; return b.m; }", "int f(Box &b) { for (int i = 0; i < b.n; ++i) { b.m += i; break; } return b.m; }"),
    "narrower variable": ("unsigned f(unsigned a) { unsigned h = a; h = h * 33; return h; }", "unsigned f(unsigned a) { unsigned short h = a; h = h * 33; return h; }"),
    "sign of a character": ("unsigned f(char c) { return 33 + (unsigned char)c; }", "unsigned f(char c) { return 33 + c; }"),
    "float for double": ("double f(double a) { double s = a; s += a; return s; }", "double f(double a) { float s = a; s += a; return s; }"),
    "narrower parameter": ("long f(long a) { return a + a; }", "long f(int a) { return a + a; }"),
    "unsigned parameters": ("int f(int a, int b) { return a < b ? a : b; }", "int f(unsigned a, unsigned b) { return a < b ? a : b; }"),
    "copy for reference": ("int f(Box &b) { b.n += 2; return b.n; }", "int f(Box b) { b.n += 2; return b.n; }"),
    "arguments exchanged": ("int f(int a, int b) { return base(a, b); }", "int f(int a, int b) { return base(b, a); }"),
    "a function of the same name": ("static int helper(int a) { return a * 3; }\nint f(int a) { return helper(a); }",
                                    "static int helper(int a) { return a * 3 % 7; }\nint f(int a) { return helper(a); }"),
    "noexcept": ("int f(int a) { return base(a, a); }", "int f(int a) noexcept { return base(a, a); }"),
    "a state of its own": ("int f(int a) { static int n = 0; n += a; return n; }", "int f(int a) { static int n = 0; n += a; return n; }"),
    "another global": ("static int n;\nint f(int a) { n += a; return n; }", "static int n;\nint f(int a) { n += a; return n; }"),
    "a capture by value": ("int f(int a) { auto g = [&] { return a; }; a += 2; return g(); }", "int f(int a) { auto g = [=] { return a; }; a += 2; return g(); }"),
    "precedence": ("int f(int a, int b) { return a + b * a; }", "int f(int a, int b) { return (a + b) * a; }"),
    "another branch": ("int f(int a, int b) { if (a < b) return base(a, b); else return a; }", "int f(int a, int b) { if (a < b) return a; else return base(a, b); }"),
    "fall-through": ("int f(int a) { int r = 2; switch (a) { case 4: r += 3; break; default: r += 5; } return r; }",
                     "int f(int a) { int r = 2; switch (a) { case 4: r += 3; default: r += 5; break; } return r; }"),
    "a relation that lets one more through": ("int f(int a) { if (a < 3) throw Bad(); return base(a, a); }", "int f(int a) { if (a <= 3) throw Bad(); return base(a, a); }"),
    "the other branch": ("int f(int a) { if (a < 3) throw Bad(); return base(a, a); }", "int f(int a) { if (a >= 3) throw Bad(); return base(a, a); }"),
    "branches exchanged": ("int f(int a) { if (a < 3) return base(a, 2); else return a; }", "int f(int a) { if (a < 3) return a; else return base(a, 2); }"),
    "a throw lost": ("int f(int a) { if (a < 3) throw Bad(); return base(a, a); }", "int f(int a) { if (a >= 3) return base(a, a); return 3; }"),
    "a throw lost on the way": ("void f(Box &b) { if (b.n < 3) throw Bad(); b.m = 4; }", "void f(Box &b) { if (b.n >= 3) b.m = 4; }"),
    "not in order with NaN": ("double f(double a) { if (a < 3) throw Bad(); return a; }", "double f(double a) { if (a >= 3) return a; throw Bad(); }"),
    "half of De Morgan": ("int f(int a, int b) { if (!(a < b && b < 9)) return 5; return a; }", "int f(int a, int b) { if (a >= b && b >= 9) return 5; return a; }"),
    "all the rest under a condition": ("void f(Box &b) { if (b.n < 3) { b.m = 4; } b.n = 5; }", "void f(Box &b) { if (b.n < 3) { b.m = 4; b.n = 5; } }"),
    "returns from the loop": ("void f(Box &b) { while (b.n < 9) { if (b.m < 3) continue; ++b.n; } b.m = 7; }", "void f(Box &b) { while (b.n < 9) { if (b.m < 3) return; ++b.n; } b.m = 7; }"),
    "a guard that lives longer": ("void f(Box &b) { if (b.n < 3) throw Bad(); { Guard g; b.m = 4; } b.n = 5; }",
                                  "void f(Box &b) { if (b.n < 3) throw Bad(); Guard g; b.m = 4; b.n = 5; }"),
    "a guard that lives longer in a branch": ("void f(Box &b) { if (b.n < 3) { throw Bad(); } else { Guard g; b.m = 4; } b.n = 5; }",
                                              "void f(Box &b) { if (b.n < 3) throw Bad(); Guard g; b.m = 4; b.n = 5; }"),
    "its own operators": ("int f(Odd a) { if (a < a) return 4; return 5; }", "int f(Odd a) { if (a >= a) return 5; return 4; }"),
    "choice exchanged": ("int f(int a, int b) { return a < b ? a : b; }", "int f(int a, int b) { return a >= b ? a : b; }"),
    "a label in between": ("int f(int a) { switch (a) { case 2: if (a < 3) break; return 4; case 5: return 6; } return 7; }",
                           "int f(int a) { switch (a) { case 2: if (a < 3) break; case 5: return 6; } return 7; }"),
}
THE_SAME = {
    "a throw first or last": ("int f(int a) { if (a < 3) throw Bad(); return base(a, a); }", "int f(int a) { if (a >= 3) { return base(a, a); } else throw Bad(); }"),
    "a throw first or in else": ("void f(Box &b) { if (b.n < 3) throw Bad(); b.m = 4; b.n = 5; }", "void f(Box &b) { if (b.n >= 3) { b.m = 4; } else { throw Bad(); } b.n = 5; }"),
    "early return or else": ("int f(int a, int b) { if (a < b) { return base(a, b); } return a; }", "int f(int a, int b) { if (a < b) return base(a, b); else return a; }"),
    "early return turned": ("int f(int a, int b) { if (a < b) return base(a, b); return a; }", "int f(int a, int b) { if (!(a < b)) return a; return base(a, b); }"),
    "early return of nothing": ("void f(Box &b) { if (b.n < 3) return; b.m = 4; b.n = 5; }", "void f(Box &b) { if (b.n >= 3) { b.m = 4; b.n = 5; } }"),
    "a loop goes on": ("void f(Box &b) { while (b.n < 9) { if (b.m < 3) continue; ++b.n; b.m += 4; } }", "void f(Box &b) { while (b.n < 9) { if (b.m >= 3) { ++b.n; b.m += 4; } } }"),
    "a loop is left": ("void f(Box &b) { while (b.n < 9) { if (b.m < 3) break; ++b.n; } }", "void f(Box &b) { while (b.n < 9) { if (b.m >= 3) { ++b.n; } else { break; } } }"),
    "a chain": ("int f(int a) { if (a < 3) return 4; if (a < 5) return 6; throw Bad(); }", "int f(int a) { if (a < 3) { return 4; } else if (a < 5) { return 6; } else { throw Bad(); } }"),
    "branches turned": ("void f(Box &b) { if (b.n == 3) { b.m = 4; } else { b.m = 5; } b.n = 6; }", "void f(Box &b) { if (b.n != 3) { b.m = 5; } else { b.m = 4; } b.n = 6; }"),
    "De Morgan": ("int f(int a, int b) { if (!(a < b && b < 9)) return 5; return a; }", "int f(int a, int b) { if (a >= b || b >= 9) return 5; return a; }"),
    "De Morgan with flags": ("int f(bool a, bool b) { if (!a && !b) return 5; return base(a, b); }", "int f(bool a, bool b) { if (a || b) return base(a, b); return 5; }"),
    "not not": ("int f(bool a) { if (!!a) return 5; return 7; }", "int f(bool a) { if (a) return 5; return 7; }"),
    "choice turned": ("int f(int a, int b) { return a < b ? a : b; }", "int f(int a, int b) { return a >= b ? b : a; }"),
    "opposite asked": ("bool f(int a, int b) { return !(a < b); }", "bool f(int a, int b) { return a >= b; }"),
    "a check for null first or last": ("int f(Box *b) { if (!b) return 4; b->n = 5; return b->n; }", "int f(Box *b) { if (b) { b->n = 5; return b->n; } return 4; }"),
    "a guard in a branch at the end": ("void f(Box &b) { if (b.n < 3) throw Bad(); Guard g; b.m = 4; }", "void f(Box &b) { if (b.n >= 3) { Guard g; b.m = 4; } else { throw Bad(); } }"),
    "other names and layout": ("int f(int a, int b) { int c = a - b; return c * c; }", "int f(int x, int y)\n{\n  int z = (x - y);\n  return z * z;\n}"),
    "turned comparison": ("int f(int a, int b) { return a < b ? a : b; }", "int f(int a, int b) { return b > a ? a : b; }"),
    "braces": ("int f(Box &b) { for (int i = 0; i < b.n; ++i) if (i < b.m) b.m += i; return b.m; }",
               "int f(Box &b) { for (int i = 0; i < b.n; i++) { if (i < b.m) { b.m += i; } } return b.m; }"),
    "recursion": ("int f(int a) { return a < 2 ? a : f(a - 2) * a; }", "int f(int a) { return a < 2 ? a : f(a - 2) * a; }"),
    "helpers that are the same too": ("static int helper(int a) { return a * 3; }\nint f(int a) { return helper(a); }", "static int helper(int b) { return b * 3; }\nint f(int a) { return helper(a); }"),
    "logging": ("int f(int a) { return base(a, a); }", 'int f(int a) { log_failure("f"); return base(a, a); }'),
    "a lambda": ("int f(int a) { auto g = [&](int b) { return a * b; }; return g(a); }", "int f(int n) { auto h = [&](int m) { return n * m; }; return h(n); }"),
    "a constant under two names": ("constexpr int kOne = 7;\nint f(int a) { return a + kOne; }", "constexpr int kOther = 7;\nint f(int a) { return a + kOther; }"),
}


class OnlyWhatIsTheSameIsSafe(ProjectTest):
    def verdicts(self, pairs):
        text, rules = "struct Box { int n, m; };\nint base(int, int);\nvoid log_failure(const char *);\nstruct Bad {};\n" \
            "struct Guard { Guard(); ~Guard(); };\nstruct Odd { bool operator<(Odd) const; bool operator>=(Odd) const; };\n", "ssot: 1\nrules:\n"
        for i, (canonical, copy) in enumerate(pairs.values()):
            text += f"namespace c{i} {{\n{canonical}\n}}\nnamespace d{i} {{\n{copy}\n}}\n"
            rules += f"  - {{id: r{i}, kind: single-function, canonical: 'c{i}::f', match: {{name: 'd{i}::f'}}}}\n"
        self.write("a.cpp", text)
        self.database("a.cpp")
        self.write(".ssot.yaml", rules)
        report, _ = self.report()
        found = {int(drift["symbol"][1:].split(":")[0]): drift for drift in report["drift"]}
        return {name: found[i] for i, name in enumerate(pairs)}

    def test_nothing_else_is_called_safe(self):
        for name, drift in self.verdicts(NOT_THE_SAME).items():
            with self.subTest(name):
                self.assertNotEqual(drift["verdict"], "safe", drift)

    def test_what_is_the_same_is(self):
        for name, drift in self.verdicts(THE_SAME).items():
            with self.subTest(name):
                self.assertEqual(drift["verdict"], "safe", drift)

    def test_generated_bodies_of_ten_thousand_branches(self):
        returns = "int f(int a) {" + "".join(f" if (a == {i}) return {i + 3};" for i in range(10000)) + " return 0; }"
        turned = "int f(int a) {" + "".join(f" if (a != {i}) ; else return {i + 3};" for i in range(10000)) + " return 0; }"
        ends = "void f(Box &b) {" + "".join(f" if (b.n == {i}) {{ b.m = {i + 3}; return; }} else {{ ++b.m; }}" for i in range(10000)) + " }"
        verdicts = self.verdicts({"returns": (returns, turned), "ends": (ends, ends)})
        self.assertEqual({name: drift["verdict"] for name, drift in verdicts.items()}, {"returns": "safe", "ends": "safe"})


class DriftOfClasses(ProjectTest):
    def test_what_fields_begin_with_and_constructors_do(self):
        self.write("a.cpp", """
struct Meter { int add(int n) { sum += n; return sum; } int sum = 3; };
struct MeterTwin { int add(int n) { sum += n; return sum; } int sum = 3; };
struct MeterLate { int add(int n) { sum += n; return sum; } int sum = 5; };
struct MeterMade { MeterMade() : sum(3) { sum += 4; } int add(int n) { sum += n; return sum; } int sum = 3; };
""")
        self.database("a.cpp")
        self.write(".ssot.yaml", "ssot: 1\nrules:\n  - {id: one, kind: single-class, canonical: Meter, match: {name: Meter.*}}\n")
        report, _ = self.report()
        self.assertEqual([(drift["symbol"], drift["verdict"]) for drift in report["drift"]],
                         [("MeterTwin", "safe"), ("MeterLate", "needs-decision"), ("MeterMade", "unknown")])
        self.assertIn("begins as '5', the canonical one as '3'", report["drift"][1]["reason"])

    def test_missing_extra_and_renamed_methods(self):
        self.write("a.cpp", HEAD + """
struct Router {
  void put(Sink &sink) { sink.open(2); sink.send(7); sink.close(2); }
  void drop(Sink &sink) { sink.close(4); }
};
struct OldRouter {
  void insert(Sink &sink) { sink.open(2); sink.send(7); sink.close(2); }
  void flush(Sink &sink) { sink.send(9); }
  void idle(Sink &sink) { sink.send(8); }
};
void user(OldRouter &router, Sink &sink) { router.flush(sink); }
""")
        self.database("a.cpp")
        self.write(".ssot.yaml", "ssot: 1\nrules:\n  - {id: one, kind: single-class, canonical: Router, match: {name: OldRouter}}\n")
        report, _ = self.report()
        [drift] = report["drift"]
        rows = [(row["canonical"], row["duplicate"], [(each["kind"], each["decides"]) for each in row["differences"]])
                for row in drift["methods"]]
        self.assertEqual(rows, [("put", "insert", []), ("drop", "", [("missing", False)]),
                                ("", "flush", [("extra", True)]), ("", "idle", [("extra", False)])])
        self.assertEqual(drift["verdict"], "needs-decision")
        text = self.check("--drift").stdout
        self.assertIn("Drift of the duplicates: 0 safe to migrate, 1 to be decided, 0 unknown", text)
        self.assertIn("'flush', which is called and has nothing to go to (a.cpp:19)", text)
        self.assertIn("`OldRouter` | `Router` | needs a decision", self.check("--format", "markdown").stdout)

    def test_a_body_outside_the_analysed_code_is_unknown(self):
        self.write("a.cpp", "struct Router { int put(int); };\nstruct OldRouter { int put(int a) { return a; } };\n")
        self.database("a.cpp")
        self.write(".ssot.yaml", "ssot: 1\nrules:\n  - {id: one, kind: single-class, canonical: Router, match: {name: OldRouter}}\n")
        [drift] = self.report()[0]["drift"]
        self.assertEqual(drift["verdict"], "unknown")


class DriftAndMigration(ProjectTest):
    def migrate(self, text):
        self.write("a.cpp", "int fresh(int a) { return a * 7; }\nint old(int a) { return " + text + "; }\nint use() { return old(1); }\n")
        self.database("a.cpp")
        self.write(".ssot.yaml", """ssot: 1
rules:
  - {id: one, kind: single-function, canonical: fresh, match: {name: old}}
  - {id: names, kind: legacy-name, replace: {old: fresh}}
""")
        return json.loads(self.ssot("migrate", "--format", "json").stdout)

    def test_a_use_of_a_faithful_copy_is_rewritten(self):
        self.assertEqual([edit["rule"] for edit in self.migrate("a * 7")["edits"]], ["names"])

    def test_a_use_of_a_drifted_copy_is_left_to_a_person(self):
        result = self.migrate("a * 8")
        self.assertEqual(result["edits"], [])
        self.assertIn(("names", "behaviour-differs", 3), {(each["rule"], each["reason"], each["line"]) for each in result["residue"]})


class DriftInTheLegacyCode(ProjectTest):
    """The broadcasts of fixtures/legacy_app; its sources say which have drifted, and how."""

    def test_broadcasts(self):
        truth_test.configure()
        report, _ = self.report("--root", APP, "-c", APP / ".ssot.yaml", "-p", BUILD, "--rule", "broadcast-similar", cwd=APP)
        found = {drift["symbol"].removeprefix("netra::"):
                 (drift["verdict"], {each["kind"] for row in drift["methods"] for each in row["differences"] if each["decides"]})
                 for drift in report["drift"]}
        self.assertEqual(found, {
            "services::WebSocketEventRouter::broadcast_to_user": ("unknown", set()), # it asks a manager that it has made itself
            "services::user_scoped::broadcast_to_user": ("needs-decision", {"error"}),
            "routing::BroadcastRouter::broadcast_to_user": ("needs-decision", {"constant"}),
            "services::UserScopedWebSocketEventRouter::broadcast_to_user": ("needs-decision", {"constant"}),
            "services::user_scoped::broadcast_user_event": ("needs-decision", {"constant"}),
        })


if __name__ == "__main__":
    unittest.main()
