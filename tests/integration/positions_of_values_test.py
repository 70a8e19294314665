#!/usr/bin/env python3
"""`ssot migrate` leaves what would compile and mean something else because a position has another meaning: parameters and fields in another order,
methods that override nothing any more, and macros that stand for another constant."""

import unittest

from legacy_router import MigrateTest

OLD = """\
#pragma once
#define OLD_LIMIT 10
#define OLD_STEP 5
#define OLD_TWICE(x) ((x) + (x))
#include <stdexcept>
inline int old_most(int a, int b) { return a > b ? a : b; }
#define OLD_MOST(a, b) old_most(a, b)
#define OLD_HALF(a) ((a) / 2)
#define OLD_SAME(a) (a)
#define OLD_TEXT(a) #a
namespace old {
struct Error : std::runtime_error { using std::runtime_error::runtime_error; };
struct Failure : std::runtime_error { using std::runtime_error::runtime_error; };
enum class Kind { text, number };
enum class Size3 { small, big };
inline bool ready() { return true; }
inline bool done() { return true; }
inline int ask() { return 1; }
inline int area(int width, int height) { return width * 10 + height; }
inline int same(int width, int height) { return width * 10 + height; }
inline int renamed(int width, int height) { return width * 10 + height; }
inline int partly(int a, int b = 1, int c = 1) { return a * 100 + b * 10 + c; }
struct Point { int x = 0, y = 0; };
struct Corner { int x, y; };
struct Edge { int x, y; };
struct Config { int a = 1; Config &with(int v) { a = v; return *this; } };
struct Other { int a = 1; Other &with(int v) { a = v; return *this; } };
struct Size { int w = 0, h = 0; };
enum Level { low, high };
struct Options { bool loud = false; int tries = 3; };
struct Limits { int most = 3; };
struct Base { virtual ~Base() = default; virtual int cost(int) { return 1; } virtual int kept(int) { return 1; } int plain(int) { return 1; } };
}
"""
NEW = """\
#pragma once
#define NET_LIMIT 11
#define NET_STEP (5)
#define NET_TWICE(x) ((x) * 2)
#include <stdexcept>
#define NET_PICK(a, b) ((a) > (b) ? (a) : (b))
#define NET_MOST(a, b) NET_PICK(a, b)
#define NET_HALF(a) (a) / 2
#define NET_SAME(a) a
#define NET_TEXT(a) "" #a
namespace net {
struct Error { Error(const char *) {} };
struct Failure : std::runtime_error { using std::runtime_error::runtime_error; };
enum class Kind { number, text };
enum class Size3 { small, big, huge };
inline int ready() { return 2; }
inline bool done() { return true; }
inline bool ask() { return true; }
inline int area(int height, int width) { return width * 10 + height; }
inline int same(int width, int height) { return width * 10 + height; }
inline int renamed(int w, int h) { return w * 10 + h; }
inline int partly(int a, int c = 1, int b = 1) { return a * 100 + b * 10 + c; }
struct Point { int y = 0, x = 0; };
struct Corner { int x, y; Corner(int y, int x) : x(x), y(y) {} };
struct Edge { int x, y; Edge(int x, int y) : x(x), y(y) {} };
struct Config { int a = 1; Config with(int v) const { return Config{v}; } };
struct Other { int a = 1; void with(int v) { a = v; } };
struct Size { int w = 0, h = 0; };
enum Level { high, low };
struct Options { bool loud = true; int tries = 3; };
struct Limits { int most = 3; int least = 1; };
struct Base { virtual ~Base() = default; virtual int cost(long) { return 1; } virtual int kept(int) { return 1; } virtual int plain(int) { return 1; } };
}
"""
NAMES = ["area", "same", "renamed", "partly", "Point", "Size", "Options", "Limits", "Level", "low", "high", "Base", "Error", "Failure", "Kind", "Size3", "Corner", "Edge", "Config", "Other", "ready", "done", "ask"]
RULES = "ssot: 1\nrules:\n  - {id: old-include, kind: legacy-include, replace: {old/api.h: net/api.h}}\n  - id: old-name\n    kind: legacy-name\n    replace:\n" + "".join(
    f"      old::{name}: net::{name}\n" for name in NAMES) + "".join(f"      OLD_{name}: NET_{name}\n" for name in ("LIMIT", "STEP", "TWICE", "MOST", "HALF", "SAME", "TEXT"))

# (line, what becomes of it; None: it is left)
CASES = {
    "parameters in another order": ("int a = old::area(3, 4);", None),
    "parameters in the same order": ("int a = old::same(3, 4);", "int a = net::same(3, 4);"),
    "beside a text that has no type": ('static_assert(sizeof(int) > 1, "wide"); int a = old::same(3, 4);', 'static_assert(sizeof(int) > 1, "wide"); int a = net::same(3, 4);'),
    "braces that become arguments in another order": ("old::Corner a{1, 2};", None),
    "braces that become arguments": ("old::Edge a{1, 2};", "net::Edge a{1, 2};"),
    "a change that becomes a copy": ("int f(old::Config c) { c.with(3); return c.a; }", None),
    "a change whose result is not looked at": ("int f(old::Other c) { c.with(3); return c.a; }", "int f(net::Other c) { c.with(3); return c.a; }"),
    "parameters with other names": ("int a = old::renamed(3, 4);", "int a = net::renamed(3, 4);"),
    "a default in another order": ("int a = old::partly(3, 4);", None),
    "a call that a rule does not rename": ("int area(int, int); int a = area(3, 4);", "int area(int, int); int a = area(3, 4);"),
    "braces for fields in another order": ("old::Point a{1, 2};", None),
    "braces for fields in the same order": ("old::Size a{1, 2};", "net::Size a{1, 2};"),
    "fields by name": ("int f(old::Point &p) { return p.x; }", "int f(net::Point &p) { return p.x; }"),
    "a field that begins otherwise": ("old::Options a;", None),
    "a field that begins otherwise in braces": ("old::Options a = {.tries = 4};", None),
    "a field that begins otherwise, and is given": ("old::Options a{true};", "net::Options a{true};"),
    "a member whose field begins otherwise": ("struct Mine { old::Options a; };", None),
    "a field that is new": ("old::Limits a; struct Mine { old::Limits b; };", "net::Limits a; struct Mine { net::Limits b; };"),
    "a reference to one": ("int f(old::Options &a) { return a.tries; }", "int f(net::Options &a) { return a.tries; }"),
    "empty braces": ("old::Point a{};", "net::Point a{};"),
    "parts in another order": ("int f(old::Point p) { auto [x, y] = p; return x; }", None),
    "parts in the same order": ("int f(old::Size p) { auto [w, h] = p; return w; }", "int f(net::Size p) { auto [w, h] = p; return w; }"),
    "overrides nothing any more": ("struct Mine : old::Base { int cost(int) { return 7; } };", None),
    "overrides what it did not": ("struct Mine : old::Base { int plain(int) { return 7; } };", None),
    "overrides still": ("struct Mine : old::Base { int kept(int) { return 7; } int own(int) { return 8; } };",
                        "struct Mine : net::Base { int kept(int) { return 7; } int own(int) { return 8; } };"),
    "an enumerator that becomes a number": ("int a = old::high;", None),
    "an enumerator that becomes an index": ("int a(const int *b) { return b[old::high]; }", None),
    "an enumerator that becomes a flag": ("bool a = old::high;", None),
    "an enumerator that is one": ("bool a(old::Level level) { return level == old::high || old::low != level; }",
                                  "bool a(net::Level level) { return level == net::high || net::low != level; }"),
    "an enumerator in a switch": ("int a(old::Level level) { switch (level) { case old::low: return 4; default: return 5; } }",
                                  "int a(net::Level level) { switch (level) { case net::low: return 4; default: return 5; } }"),
    "an enumerator beside a number": ("int a(int level) { switch (level) { case old::high: return 4; default: return 5; } }", None),
    "a macro for another number": ("int a = OLD_LIMIT + 1;", None),
    "a macro for another number in a directive": ("#if OLD_LIMIT > 5\nint a;\n#endif", None),
    "a macro for the same number": ("int a = OLD_STEP + 1;", "int a = NET_STEP + 1;"),
    "a macro that is no constant": ("int a = OLD_TWICE(1);", "int a = NET_TWICE(1);"),
    "a macro that evaluates an argument more often": ("int f(int n) { return OLD_MOST(n++, 2); }", None),
    "a macro that evaluates a call more often": ("int g(); int f() { return OLD_MOST(2, g()); }", None),
    "a macro that evaluates more often what has no effects": ("int f(int n) { return OLD_MOST(n + 1, 2); }", "int f(int n) { return NET_MOST(n + 1, 2); }"),
    "a macro that evaluates less often": ("int f(int n) { return OLD_TWICE(n++); }", None),
    "a macro whose text is taken apart": ("int f(int n) { return 8 / OLD_HALF(n); }", None),
    "a macro whose text stands alone": ("int f(int n) { return OLD_HALF(n); }", "int f(int n) { return NET_HALF(n); }"),
    "a macro that takes an argument apart": ("int f(int n) { return 2 * OLD_SAME(n + 1); }", None),
    "a macro that keeps an argument together": ("int f(int n) { return OLD_HALF(n + 1); }", "int f(int n) { return NET_HALF(n + 1); }"),
    "a macro whose argument is one": ("int f(int n) { return 2 * OLD_SAME(n); }", "int f(int n) { return 2 * NET_SAME(n); }"),
    "a macro that evaluates nothing": ("int n; const char *f() { return OLD_TEXT(n++); }", "int n; const char *f() { return NET_TEXT(n++); }"),
    "an exception that other handlers catch": ('void f() { throw old::Error("x"); }', None),
    "an exception of a variable": ('void f(old::Error &e) { throw e; }', None),
    "an exception that the same handlers catch": ('void f() { throw old::Failure("x"); }', 'void f() { throw net::Failure("x"); }'),
    "an exception that is caught": ("int f() { try { return 1; } catch (const old::Failure &) { return 2; } }", "int f() { try { return 1; } catch (const net::Failure &) { return 2; } }"),
    "a choice that becomes a number": ("int f(old::Kind kind) { return static_cast<int>(kind); }", None),
    "a choice that stays one": ("bool f(old::Kind kind) { return kind == old::Kind::text; }", "bool f(net::Kind kind) { return kind == net::Kind::text; }"),
    "a choice that orders": ("bool f(old::Level level, old::Level other) { return level < other; }", None),
    "a choice among more that becomes a number": ("int f(old::Size3 size) { return static_cast<int>(size); }", "int f(net::Size3 size) { return static_cast<int>(size); }"),
    "a number for a truth": ("bool f() { return old::ready() == true; }", None),
    "a truth for a number": ("bool f() { return old::ask() == 1; }", None),
    "a truth for a truth": ("int f() { return old::done(); }", "int f() { return net::done(); }"),
    "overrides at the second step": ("struct Mine : old::Base {}; struct Yours : Mine { int cost(int) { return 7; } };", None),
}


class PositionsOfValues(MigrateTest):
    def test_each(self):
        for name, (line, becomes) in CASES.items():
            with self.subTest(name):
                self.apis(RULES, OLD, NEW)
                self.units(a='#include "old/api.h"\n#include "net/api.h"\n' + line + "\n")
                result, _ = self.migrate()
                edited = [edit for edit in result["edits"] if edit["rule"] == "old-name"]
                left = {(each["line"], each["reason"]) for each in result["residue"] if each["rule"] == "old-name"}
                if becomes is None:
                    self.assertEqual((edited, left), ([], {(3, "behaviour-differs")}), result)
                else:
                    self.assertEqual(left, set(), result)
                    self.assertEqual(bool(edited), becomes != line, result)


class MadeOfTheOldOne(MigrateTest):
    """A new API that still leaves its work to the old one must not come to call itself."""

    def setUp(self):
        super().setUp()
        self.apis("""ssot: 1
rules:
  - id: old-name
    kind: legacy-name
    replace: {"old::send": "net::send", "old::Router": "net::Router", "old::indirect": "net::indirect"}
  - {id: old-call, kind: legacy-call, from: "old::Port::open(n)", to: "net::open($object, $n)"}
""", """#pragma once
namespace old {
inline int send(int n) { return n; }
inline int indirect(int n) { return n; }
struct Router { int route(int n) { return n; } };
struct Port { int open(int n) { return n; } };
}
""", """#pragma once
#include "old/api.h"
namespace net {
inline int send(int n) { return old::send(n); }
int indirect(int n);
inline int helper(int n) { return old::indirect(n); }
inline int indirect(int n) { return helper(n); }
inline int other(int n) { return old::send(n); }
class Router {
public:
  explicit Router(old::Router *held) : held(held) {}
  int route(int n) { return held->route(n); }
private:
  old::Router *held;
};
inline int open(old::Port &port, int n) { return port.open(n); }
}
""")

    def test_its_own_uses_are_left(self):
        self.units(a='#include "net/api.h"\nint a = old::send(1) + old::indirect(2);\nint f(old::Port &port) { return port.open(3); }\n')
        result, done = self.migrate("--apply")
        self.assertEqual(sorted({each["line"] for each in result["residue"] if each["reason"] == "behaviour-differs"}), [4, 6, 11, 14, 16], result["residue"])
        self.assertIn("would be made of itself", done.stdout)
        self.assertEqual(self.text("a"), '#include "net/api.h"\nint a = net::send(1) + net::indirect(2);\nint f(old::Port &port) { return net::open(port, 3); }\n')
        header = (self.root / "include/net/api.h").read_text()
        self.assertIn("inline int send(int n) { return old::send(n); }", header)
        self.assertIn("inline int other(int n) { return send(n); }", header)

    def test_of_a_namespace_it_is_what_is_named_in_it(self):
        self.write(".ssot.yaml", """ssot: 1
rules:
  - {id: old-name, kind: legacy-name, replace: {old: net}}
""")
        self.write("include/net/api.h", """#pragma once
#include "old/api.h"
namespace net {
inline int send(int n) { return old::send(n); }
int indirect(int n);
inline int helper(int n) { return ::old :: indirect(n); }
inline int indirect(int n) { return helper(n); }
inline int other(int n) { return old::send(n) + old::indirect(n); }
struct Port { int open(int n) { return n; } };
struct Router { old::Router *held; int route(int n) { return held->route(n); } old::Port *port = nullptr; };
}
""")
        self.units(a='#include "net/api.h"\nint a = old::send(1) + old::indirect(2);\n')
        result, done = self.migrate("--apply")
        self.assertEqual(sorted((each["line"], each["column"]) for each in result["residue"] if each["reason"] == "behaviour-differs"), [(4, 33), (6, 37), (10, 17)], result["residue"])
        header = (self.root / "include/net/api.h").read_text()
        self.assertIn("inline int other(int n) { return net::send(n) + net::indirect(n); }", header)
        self.assertIn("net::Port *port", header)
        self.assertEqual(self.text("a").splitlines()[1], "int a = net::send(1) + net::indirect(2);", done.stdout)


if __name__ == "__main__":
    unittest.main()
