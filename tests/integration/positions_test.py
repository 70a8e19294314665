#!/usr/bin/env python3
"""`ssot migrate` moves a name in every position that C++ has for one, or says why it does not. One project, one run, one file for each position."""

import unittest

from legacy_router import MigrateTest

OLD = """\
#pragma once
namespace old {
class Router {
public:
  enum Mode { fast, safe };
  Router() = default;
  explicit Router(int level) : level(level) {}
  int route(int id) const { return id; }
  static int count() { return 1; }
  bool operator==(const Router &) const { return true; }
  int level = 0;
};
template <typename T> struct Box {
  T value;
};
struct Pair { int first; int second; };
enum class Color { red, green };
using Id = int;
constexpr int limit = 3;
inline int total = 0;
inline int send(int id) { return id; }
template <typename T> T same(T value) { return value; }
namespace util { inline int help() { return 1; } }
}
#define OLD_TWICE(x) ((x) + (x))
"""
NEW = OLD.replace("namespace old", "namespace net").replace("Router", "CanonicalRouter").replace("route(", "deliver(").replace(
    "namespace util", "namespace tools").replace("OLD_TWICE", "NET_TWICE")

RULES = """\
ssot: 1
rules:
  - {id: old-include, kind: legacy-include, replace: {old/api.h: net/api.h}}
  - id: old-name
    kind: legacy-name
    replace:
      old::Router: net::CanonicalRouter
      old::Router::route: net::CanonicalRouter::deliver
      old::Box: net::Box
      old::Pair: net::Pair
      old::Color: net::Color
      old::Id: net::Id
      old::limit: net::limit
      old::total: net::total
      old::send: net::send
      old::same: net::same
      old::util: net::tools
      OLD_TWICE: NET_TWICE
"""

# position: (before, after). Where nothing is said to the contrary, all of it is migrated, and it compiles.
POSITIONS = {
    "variable, reference, pointer, array": (
        "old::Router a; const old::Router &b = a; old::Router *const c = &a; old::Router d[2];",
        "net::CanonicalRouter a; const net::CanonicalRouter &b = a; net::CanonicalRouter *const c = &a; net::CanonicalRouter d[2];"),
    "parameter and result": (
        "old::Router f(old::Router a, old::Id b = old::limit); auto g(int) -> old::Router;",
        "net::CanonicalRouter f(net::CanonicalRouter a, net::Id b = net::limit); auto g(int) -> net::CanonicalRouter;"),
    "template arguments": (
        "template <typename T, int N = 0> struct H {}; H<old::Router> a; H<const old::Router *, old::limit> b; H<H<old::Box<old::Id>>> c;",
        "template <typename T, int N = 0> struct H {}; H<net::CanonicalRouter> a; H<const net::CanonicalRouter *, net::limit> b; "
        "H<H<net::Box<net::Id>>> c;"),
    "template template argument": (
        "template <template <typename> class T> struct H { T<int> a; }; H<old::Box> b;",
        "template <template <typename> class T> struct H { T<int> a; }; H<net::Box> b;"),
    "default template argument": (
        "template <typename T = old::Router, int N = old::limit> struct H {};",
        "template <typename T = net::CanonicalRouter, int N = net::limit> struct H {};"),
    "class template argument deduction": ("int f() { old::Box b{1}; return b.value; }", "int f() { net::Box b{1}; return b.value; }"),
    "base and initialiser of the base": (
        "struct D : public virtual old::Router { D() : old::Router(2) {} int f() { return old::Router::level; } };",
        "struct D : public virtual net::CanonicalRouter { D() : net::CanonicalRouter(2) {} int f() { return net::CanonicalRouter::level; } };"),
    "inherited constructors": (
        "struct D : old::Router { using old::Router::Router; using old::Router::level; };",
        "struct D : net::CanonicalRouter { using net::CanonicalRouter::CanonicalRouter; using net::CanonicalRouter::level; };"),
    "constructions": (
        "auto a = old::Router(); auto b = old::Router{1}; auto *c = new old::Router(2); auto *d = new old::Router[3]; old::Router e(4), f{5};",
        "auto a = net::CanonicalRouter(); auto b = net::CanonicalRouter{1}; auto *c = new net::CanonicalRouter(2); "
        "auto *d = new net::CanonicalRouter[3]; net::CanonicalRouter e(4), f{5};"),
    "destructor": ("void f(old::Router *a) { a->~Router(); }", "void f(net::CanonicalRouter *a) { a->~CanonicalRouter(); }"),
    "casts": (
        "void *p; auto *a = static_cast<old::Router *>(p); auto *b = (old::Router *)p; auto c = old::Id(1.5); auto *d = reinterpret_cast<const old::Router *>(p);",
        "void *p; auto *a = static_cast<net::CanonicalRouter *>(p); auto *b = (net::CanonicalRouter *)p; auto c = net::Id(1.5); "
        "auto *d = reinterpret_cast<const net::CanonicalRouter *>(p);"),
    "sizeof, alignof, noexcept, decltype": (
        "int a[sizeof(old::Router) + alignof(old::Router)]; bool b = noexcept(old::send(1)); decltype(old::send(1)) c; decltype(old::Router::level) d; "
        "decltype(old::total) *e = &old::total;",
        "int a[sizeof(net::CanonicalRouter) + alignof(net::CanonicalRouter)]; bool b = noexcept(net::send(1)); decltype(net::send(1)) c; "
        "decltype(net::CanonicalRouter::level) d; decltype(net::total) *e = &net::total;"),
    "using and typedef": (
        "using A = old::Router; typedef const old::Router *B; template <typename T> using C = old::Box<T>; A a; B b = &a; C<int> c;",
        "using A = net::CanonicalRouter; typedef const net::CanonicalRouter *B; template <typename T> using C = net::Box<T>; A a; B b = &a; C<int> c;"),
    "using-declaration": (
        "using old::send; using old::Color; int a = send(1); Color b = Color::red;",
        "using net::send; using net::Color; int a = send(1); Color b = Color::red;"),
    "using-declaration of a class with another name": (
        "using old::Router; Router a; int b = a.route(1);", "using net::CanonicalRouter; CanonicalRouter a; int b = a.deliver(1);"),
    "namespace alias": ("namespace u = old::util; int a = u::help();", "namespace u = net::tools; int a = u::help();"),
    "using-directive": ("using namespace old::util; int a = help();", "using namespace net::tools; int a = help();"),
    "friends": (
        "class F { friend class old::Router; friend old::Box<int>; friend int old::send(int); int x; };",
        "class F { friend class net::CanonicalRouter; friend net::Box<int>; friend int net::send(int); int x; };"),
    "function pointers": (
        "int (*a)(int) = &old::send; int (*b)(int) = old::send; int (*c)(const old::Router &); double (*d)(double) = old::same<double>;",
        "int (*a)(int) = &net::send; int (*b)(int) = net::send; int (*c)(const net::CanonicalRouter &); double (*d)(double) = net::same<double>;"),
    "pointers to members": (
        "int (old::Router::*a)(int) const = &old::Router::route; int old::Router::*b = &old::Router::level; using M = int (old::Router::*)(int) const; "
        "template <auto P> struct H {}; H<&old::Router::route> c; int d(const old::Router &r) { return (r.*a)(1) + r.*b; }",
        "int (net::CanonicalRouter::*a)(int) const = &net::CanonicalRouter::deliver; int net::CanonicalRouter::*b = &net::CanonicalRouter::level; "
        "using M = int (net::CanonicalRouter::*)(int) const; template <auto P> struct H {}; H<&net::CanonicalRouter::deliver> c; "
        "int d(const net::CanonicalRouter &r) { return (r.*a)(1) + r.*b; }"),
    "members through objects, pointers and this": (
        "struct D : old::Router { int f() { return route(1) + this->route(2) + old::Router::route(3); } }; int f(D &d, D *p) { return d.route(1) + p->route(2) + "
        "d.old::Router::route(3); }",
        "struct D : net::CanonicalRouter { int f() { return deliver(1) + this->deliver(2) + net::CanonicalRouter::deliver(3); } }; "
        "int f(D &d, D *p) { return d.deliver(1) + p->deliver(2) + d.net::CanonicalRouter::deliver(3); }"),
    "nested names": (
        "old::Router::Mode a = old::Router::fast; auto b = old::Router::Mode::safe; int c = old::Router::count();",
        "net::CanonicalRouter::Mode a = net::CanonicalRouter::fast; auto b = net::CanonicalRouter::Mode::safe; int c = net::CanonicalRouter::count();"),
    "enumerators, case labels and using enum": (
        "int f(old::Color c) { using enum old::Color; switch (c) { case old::Color::red: return 1; case green: return 2; } return 0; }",
        "int f(net::Color c) { using enum net::Color; switch (c) { case net::Color::red: return 1; case green: return 2; } return 0; }"),
    "statements": (
        "int f() { if (old::Router r; r.level) return 1; for (old::Id i = 0; i < old::limit; ++i) old::total += i; try { throw old::Router(); } "
        "catch (const old::Router &) {} static_assert(old::limit == 3); return [](old::Id i) -> old::Id { return old::send(i); }(1); }",
        "int f() { if (net::CanonicalRouter r; r.level) return 1; for (net::Id i = 0; i < net::limit; ++i) net::total += i; "
        "try { throw net::CanonicalRouter(); } catch (const net::CanonicalRouter &) {} static_assert(net::limit == 3); "
        "return [](net::Id i) -> net::Id { return net::send(i); }(1); }"),
    "conversion function and bit-field": (
        "struct S { operator old::Router() const { return old::Router(b); } unsigned b : old::limit; };",
        "struct S { operator net::CanonicalRouter() const { return net::CanonicalRouter(b); } unsigned b : net::limit; };"),
    "specialisation": (
        "template <typename T> struct Traits {}; template <> struct Traits<old::Router> { static int f(old::Router); }; int Traits<old::Router>::f(old::Router) { return 1; }",
        "template <typename T> struct Traits {}; template <> struct Traits<net::CanonicalRouter> { static int f(net::CanonicalRouter); }; "
        "int Traits<net::CanonicalRouter>::f(net::CanonicalRouter) { return 1; }"),
    "requires": (
        "template <typename T> concept Sends = requires(T t) { old::send(t); requires sizeof(T) >= sizeof(old::Color); }; template <Sends T> int f(T t) { return old::send(t); } "
        "int a = f(1);",
        "template <typename T> concept Sends = requires(T t) { net::send(t); requires sizeof(T) >= sizeof(net::Color); }; "
        "template <Sends T> int f(T t) { return net::send(t); } int a = f(1);"),
    "within a namespace that has the new name": ("namespace net { int f(old::Router r) { return old::send(r.level); } }",
                                                 "namespace net { int f(CanonicalRouter r) { return send(r.level); } }"),
    "within the old namespace": ("namespace old { int f(Router r) { return send(r.level) + util::help(); } }",
                                 "namespace old { int f(net::CanonicalRouter r) { return net::send(r.level) + net::tools::help(); } }"),
    "where another name hides the new one": ("namespace app { namespace net { struct X; } int f(old::Router r) { return old::send(r.level); } }",
                                             "namespace app { namespace net { struct X; } int f(::net::CanonicalRouter r) { return ::net::send(r.level); } }"),
    "from the global namespace": ("::old::Router a; int b = ::old::send(1);", "net::CanonicalRouter a; int b = net::send(1);"),
    "a macro's name and its argument": ("int a = OLD_TWICE(old::send(1));", "int a = NET_TWICE(net::send(1));"),
    "a macro's body, when every use of it agrees": (
        "#define MAKE(id) old::send(id)\nint a = MAKE(1) + MAKE(2);", "#define MAKE(id) net::send(id)\nint a = MAKE(1) + MAKE(2);"),
    "a macro's body from the global namespace": (
        "#define MAKE(id) ::old::send(id)\nint a = MAKE(1);", "#define MAKE(id) ::net::send(id)\nint a = MAKE(1);"),
    "out of scope of a directive": ("using namespace old; Router a; int b = send(1);", "net::CanonicalRouter a; int b = net::send(1);"),
}


class Positions(MigrateTest):
    maxDiff = None

    def test_every_position(self):
        self.apis(RULES, OLD, NEW)
        files = {f"p{number:02}": position for number, position in enumerate(POSITIONS)}
        self.units(**{name: f'#include "old/api.h"\n{POSITIONS[position][0]}\n' for name, position in files.items()})
        report, done = self.migrate("--apply")
        for name, position in files.items():
            with self.subTest(position):
                old, _, text = self.text(name).partition("\n")
                left = [(each["line"], each["reason"]) for each in report["residue"] if each["file"] == f"src/{name}.cpp"]
                said = [each["error"] for each in report["rejected"] if each["file"] == f"src/{name}.cpp"]
                self.assertEqual((text.removeprefix('#include "net/api.h"\n'), said), (POSITIONS[position][1] + "\n", []), left)
                self.assertEqual(left, [])
        self.assertTrue(report["verified"], done.stderr)


if __name__ == "__main__":
    unittest.main()
