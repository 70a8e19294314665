#!/usr/bin/env python3
"""`ssot migrate` spells out what a call left to a default, where the new function has another one or none."""

import unittest

from legacy_router import MigrateTest

OLD = """\
#pragma once
namespace old {
enum class Mode { slow, fast };
enum Level { low = 1, high = 2 };
constexpr int kTries = 3;
struct Limits { static constexpr int most = 9; private: static constexpr int hidden = 4; friend int secret(int, int); public: static int open(int n, int most = hidden) { return n + most; } };
inline int dynamic() { return 7; }
inline int number(int n, int tries = 3) { return n + tries; }
inline int none(int n, int tries = kTries) { return n + tries; }
inline int same(int n, int tries = kTries) { return n + tries; }
inline int many(int a = 1, int b = 2, int c = 3) { return a + b + c; }
inline int text(const char *s = "x", bool loud = false, char c = 'c', double d = -.5) { return s[0] + loud + c + int(d); }
inline int mode(Mode mode = Mode::fast) { return int(mode); }
inline int level(int n, Level level = high) { return n + level; }
inline int most(int n, int most = Limits::most) { return n + most; }
inline int called(int n, int more = dynamic()) { return n + more; }
inline int fewer(int n, int more = 1) { return n + more; }
inline int both(int n, int more = 1) { return n + more; }
inline int both(const char *s, int more = 1) { return s[0] + more; }
inline int mixed(int n, int more = 1) { return n + more; }
inline int mixed(long n, int more = 2) { return int(n) + more; }
inline int other(int n, int more = 1) { return n + more; }
struct Clock { Clock(int n = 1, bool loud = false) : n(n + loud) {} int n; };
struct Steady { Steady(int n = 1) : n(n) {} int n; };
struct Listed { Listed(int n = 1) : n(n) {} int n; };
inline int moved(int n, int more = 5) { return n + more; }
inline int negative(int n, int more = -5) { return n + more; }
class Meter { public: int peek(int n = 1) const { return n; } int keep(int n = 1) const { return n; } };
}
"""
NEW = """\
#pragma once
#include <initializer_list>
namespace net {
enum class Mode { slow, fast };
inline int number(int n, int tries = 5) { return n + tries; }
inline int none(int n, int tries) { return n + tries; }
inline int same(int n, int tries = 3) { return n + tries; }
inline int many(int a = 1, int b = 20, int c = 3) { return a + b + c; }
inline int text(const char *s = "y", bool loud = true, char c = 'd', double d = .5) { return s[0] + loud + c + int(d); }
inline int mode(Mode mode = Mode::slow) { return int(mode); }
inline int level(int n, int level = 1) { return n + level; }
inline int most(int n, int most = 8) { return n + most; }
inline int called(int n, int more = 1) { return n + more; }
inline int fewer(int n) { return n; }
inline int both(int n, int more = 2) { return n + more; }
inline int both(const char *s, int more = 2) { return s[0] + more; }
inline int mixed(int n, int more = 7) { return n + more; }
inline int mixed(long n, int more = 2) { return int(n) + more; }
inline int other(short n, int more = 2) { return n + more; }
inline int other(long n, int more = 3) { return int(n) + more; }
struct Watch { Watch(int n = 5, bool loud = true) : n(n + loud) {} int n; };
struct Steady { Steady(int n = 1) : n(n) {} int n; };
struct Listed { Listed(int n = 2) : n(n) {} Listed(std::initializer_list<int> all) : n(int(all.size())) {} int n; };
inline int moved(int more, int n) { return n + more; }
inline int open(int n, int most = 5) { return n + most; }
class Meter { public: int peek(int n = 2) const { return n; } int keep(int n = 1) const { return n; } };
}
"""
RULES = """\
ssot: 1
rules:
  - id: name
    kind: legacy-name
    replace:
      old::Limits::open: net::open
""" + "".join(f"      old::{name}: net::{name}\n" for name in "Mode number none same many text mode level most called fewer both mixed other Meter Steady Listed".split()) + """\
      old::Clock: net::Watch

  - {id: moved, kind: legacy-call, from: "old::moved(int n, int more)", to: "net::moved($more, $n)", header: net/api.h}
  - {id: negative, kind: legacy-call, from: "old::negative(int n, int more)", to: "net::moved($more + 1, $n)", canonical: net::moved, header: net/api.h}
"""

# The call: what it becomes, or None where a person must look.
CALLS = {
    "int a = old::number(1);": "int a = net::number(1, 3);",
    "int a = old::number( 1 /* one */ );": "int a = net::number( 1 /* one */, 3 );",
    "int a = old::number(1, 4);": "int a = net::number(1, 4);",
    "int a = old::number(old::number(1));": "int a = net::number(net::number(1, 3), 3);",
    "int a = old::none(1);": "int a = net::none(1, old::kTries);",
    "int a = old::same(1);": "int a = net::same(1);",
    "int a = old::many();": "int a = net::many(1, 2);",
    "int a = old::many(5);": "int a = net::many(5, 2);",
    "int a = old::many(5, 6);": "int a = net::many(5, 6);",
    "int a = old::text();": "int a = net::text(\"x\", false, 'c', -.5);",
    "int a = old::mode();": "int a = net::mode(net::Mode::fast);",
    "int a = old::level(1);": "int a = net::level(1, old::high);",
    "int a = old::most(1);": "int a = net::most(1, old::Limits::most);",
    "int a = old::Limits::open(1);": None,
    "int a = old::called(1);": None,
    "int a = old::fewer(1);": None,
    "int a = old::both(1);": "int a = net::both(1, 1);",
    "int a = old::both(\"x\");": "int a = net::both(\"x\", 1);",
    "int a = old::mixed(1) + old::mixed(1L);": "int a = net::mixed(1, 1) + net::mixed(1L);",
    "int a = old::other(1);": None,
    "int f() { old::Clock c; return c.n; }": "int f() { net::Watch c(1, false); return c.n; }",
    "int f() { const static old::Clock c{}; return c.n; }": "int f() { const static net::Watch c{1, false}; return c.n; }",
    "old::Clock a, b(2), c(3, false);": "net::Watch a(1, false), b(2, false), c(3, false);",
    "int a = old::Clock().n + old::Clock(2).n;": "int a = net::Watch(1, false).n + net::Watch(2, false).n;",
    "auto *a = new old::Clock();": "auto *a = new net::Watch(1, false);",
    "old::Steady a;": "net::Steady a;",
    "struct S { old::Clock c; } s;": None,
    "old::Clock a[2];": None,
    "auto *a = new old::Clock;": None,
    "struct S : old::Clock {} s;": None,
    "old::Listed a{};": None,
    "namespace app { namespace old { constexpr int kTries = 4; } int a = ::old::none(1); }": None,
    "#define ONE old::number(1)\nint a = ONE;": None,
    "template <typename T> int f(T t) { return old::number(t); } int a = f(1);": "template <typename T> int f(T t) { return net::number(t, 3); } int a = f(1);",
    "int f(const old::Meter &m) { return m.peek() + m.keep(); }": "int f(const net::Meter &m) { return m.peek(1) + m.keep(); }",
    "int a = old::moved(1);": "int a = net::moved(5, 1);",
    "int a = old::negative(1);": "int a = net::moved((-5) + 1, 1);",
}


class Defaults(MigrateTest):
    maxDiff = None

    def test_every_default(self):
        self.apis(RULES, OLD, NEW)
        files = {f"d{number:02}": code for number, code in enumerate(CALLS)}
        self.units(**{name: f'#include "net/api.h"\n#include "old/api.h"\n{code}\n' for name, code in files.items()})
        report, done = self.migrate("--apply")
        self.assertIsNotNone(report, done.stderr)
        for name, code in files.items():
            with self.subTest(code):
                text = self.text(name).split('"old/api.h"\n')[1]
                left = [each["detail"] for each in report["residue"] if each["file"] == f"src/{name}.cpp"]
                said = [each["error"] for each in report["rejected"] if each["file"] == f"src/{name}.cpp"]
                if CALLS[code]:
                    self.assertEqual((text, left, said), (CALLS[code] + "\n", [], []))
                else:
                    self.assertIn("old::", text)
                    self.assertTrue(left + said)
        self.assertTrue(report["verified"], done.stderr)
        again, _ = self.migrate()
        self.assertEqual(again["edits"], [])


if __name__ == "__main__":
    unittest.main()
