#!/usr/bin/env python3
"""`ssot migrate` lets a factory make what was made by hand, where the object keeps its owner; everything else is left to a person."""

import json
import unittest

from support import ProjectTest

RULES = """\
ssot: 1
rules:
  - id: one-router
    kind: single-class
    canonical: net::Router
    header: net/router.h
    match: {name: none}
  - id: by-the-factory
    kind: factory-only
    class: net::Router
    factory: net::make_router
"""

HEADER = """\
#pragma once
#include <memory>
namespace net {
class Router {
public:
  explicit Router(int level = 0) : level(level) {}
  int level;
};
inline std::unique_ptr<Router> make_router(int level = 0) { return std::unique_ptr<Router>(new Router(level)); }
}
"""


class Creations(ProjectTest):
    def migrated(self, before, after, residue=0, rejected=0, header=HEADER):
        self.write(".ssot.yaml", RULES)
        self.write("include/net/router.h", header)
        source = self.write("src/a.cpp", '#include "net/router.h"\n#include <optional>\n' + before)
        self.database(source, flags=("-std=c++20", f"-I{self.root}/include"))
        done = self.ssot("migrate", "--apply", "--format", "json")
        report = json.loads(done.stdout)
        self.assertEqual(source.read_text().split("#include <optional>\n")[1], after, done.stdout)
        self.assertEqual((len(report["residue"]), len(report["rejected"])), (residue, rejected), done.stdout)
        self.assertEqual(json.loads(self.ssot("migrate", "--format", "json").stdout)["edits"], [])

    def test_make_functions(self):
        self.migrated("auto a() { return std::make_unique<net::Router>(1); }\nstd::shared_ptr<net::Router> b = std::make_shared<net::Router>();\n",
                      "auto a() { return net::make_router(1); }\nstd::shared_ptr<net::Router> b = net::make_router();\n")

    def test_new_that_is_given_to_a_smart_pointer(self):
        self.migrated("void f() { std::unique_ptr<net::Router> a(new net::Router(1)); std::unique_ptr<net::Router> b{new net::Router}; }\n"
                      "auto g() { return std::shared_ptr<const net::Router>(new net::Router( 2 )); }\n",
                      "void f() { std::unique_ptr<net::Router> a(net::make_router(1)); std::unique_ptr<net::Router> b{net::make_router()}; }\n"
                      "auto g() { return std::shared_ptr<const net::Router>(net::make_router( 2 )); }\n")

    def test_the_shortest_name(self):
        self.migrated("namespace net { auto f() { return std::make_unique<Router>(1); } }\n"
                      "namespace app { namespace net {} auto f() { return std::make_unique<::net::Router>(1); } }\n",
                      "namespace net { auto f() { return make_router(1); } }\n"
                      "namespace app { namespace net {} auto f() { return ::net::make_router(1); } }\n")

    def test_what_would_have_another_owner_is_left(self):
        text = ("int f() { return net::Router(2).level; }\nnet::Router *g() { return new net::Router(3); }\n"
                "int h() { auto leaked = new net::Router(4); return leaked->level; }\nvoid i(std::optional<net::Router> &o) { o.emplace(5); }\n"
                "std::unique_ptr<net::Router> j(new net::Router{6});\nstd::unique_ptr<net::Router[]> k(new net::Router[7]);\n")
        self.migrated(text, text, residue=6)

    def test_a_variable_becomes_a_pointer_where_all_uses_are_simple(self):
        self.migrated("int f() { net::Router a(1); return a.level + a . level; }\nint g() { static net::Router a{2}; a.level = 3; return a.level; }\n"
                      "int h() { net::Router a; return a.level; }\n",
                      "int f() { auto a = net::make_router(1); return a->level + a -> level; }\n"
                      "int g() { static auto a = net::make_router(2); a->level = 3; return a->level; }\n"
                      "int h() { auto a = net::make_router(); return a->level; }\n")

    def test_a_variable_that_is_used_otherwise_is_left(self):
        text = ("int take(const net::Router &);\nint f() { net::Router a(1); return a.level + take(a); }\nint g() { const net::Router a(1); return a.level; }\n"
                "int h() { net::Router a(1), b(2); return a.level + b.level; }\nint i() { net::Router a(1); return [a] { return a.level; }(); }\n"
                "net::Router j(1);\n#define MADE net::Router a(1)\nint k() { MADE; return a.level; }\nint l() { net::Router a[2]; return a[0].level; }\n"
                "template <typename T> int m(T t) { net::Router a(t); return a.level; }\nint n = m(1);\n")
        self.migrated(text, text, residue=9)

    def test_a_factory_that_gives_a_reference(self):
        header = HEADER.replace("inline std::unique_ptr<Router> make_router(int level = 0) { return std::unique_ptr<Router>(new Router(level)); }",
                                "inline Router &make_router() { static Router router; return router; }")
        self.migrated("int take(net::Router &);\nint f() { static net::Router a; return take(a) + a.level; }\nint g() { const net::Router a; return a.level; }\nnet::Router b;\n",
                      "int take(net::Router &);\nint f() { net::Router &a = net::make_router(); return take(a) + a.level; }\n"
                      "int g() { const net::Router &a = net::make_router(); return a.level; }\nnet::Router b;\n", residue=1, header=header)

    def test_a_factory_that_gives_a_value(self):
        header = HEADER.replace("std::unique_ptr<Router> make_router(int level = 0) { return std::unique_ptr<Router>(new Router(level)); }",
                                "Router make_router(int level = 0) { return Router(level); }")
        self.migrated("int take(net::Router &);\nint f() { net::Router a(1); static net::Router b; return take(a) + take(b); }\nnet::Router b{2};\n"
                      "struct S { S() : a(3), b{4} {} net::Router a, b; };\n",
                      "int take(net::Router &);\nint f() { net::Router a = net::make_router(1); static net::Router b = net::make_router(); return take(a) + take(b); }\n"
                      "net::Router b = net::make_router(2);\nstruct S { S() : a(net::make_router(3)), b{net::make_router(4)} {} net::Router a, b; };\n", header=header)

    def test_a_factory_that_gives_a_bare_pointer(self):
        header = HEADER.replace("std::unique_ptr<Router> make_router(int level = 0) { return std::unique_ptr<Router>(new Router(level)); }",
                                "Router *make_router(int level = 0) { return new Router(level); }")
        text = "int f() { net::Router a(1); return a.level; }\n"
        self.migrated(text, text, residue=1, header=header)

    def test_a_factory_that_gives_a_pointer_to_a_static_variable(self):
        def giving(result, body):
            return HEADER.replace("inline std::unique_ptr<Router> make_router(int level = 0) { return std::unique_ptr<Router>(new Router(level)); }",
                                  f"inline {result} *make_router(int level = 0) {{ static Router router(1), other(2); {body} }}")
        self.migrated("int f() { net::Router a; a.level = 3; return a . level; }\nint g() { static const net::Router a; return a.level; }\n",
                      "int f() { auto *a = net::make_router(); a->level = 3; return a -> level; }\nint g() { const auto *a = net::make_router(); return a->level; }\n",
                      header=giving("Router", "if (level) return &router; return &router;"))
        self.migrated("int f() { net::Router a; return a.level; }\n", "int f() { const auto *a = net::make_router(); return a->level; }\n",
                      header=giving("const Router", "return &router;"))
        left = "int take(const net::Router *);\nint f() { net::Router a; return take(&a); }\nnet::Router b;\n"
        self.migrated(left, left, residue=2, header=giving("Router", "return &router;"))
        left = "int f() { net::Router a; return a.level; }\n"
        for body in ("return level ? &router : &other;", "if (level) return &other; return &router;", "if (level) return nullptr; return &router;",
                     "try { return &router; } catch (...) { return nullptr; }", "static Router *kept = new Router(1); return kept;", "thread_local Router mine; return &mine;"):
            with self.subTest(body):
                self.migrated(left, left, residue=1, header=giving("Router", body))

    def test_a_factory_whose_body_another_unit_has(self):
        header = HEADER.replace("inline std::unique_ptr<Router> make_router(int level = 0) { return std::unique_ptr<Router>(new Router(level)); }", "Router *make_router();")
        self.write("include/net/router.h", header)
        self.write(".ssot.yaml", RULES)
        a = self.write("src/a.cpp", '#include "net/router.h"\nint f() { net::Router a; return a.level; }\n')
        b = self.write("src/b.cpp", '#include "net/router.h"\nnamespace net { Router *make_router() { static Router only; return &only; } }\n')
        self.database(a, b, flags=("-std=c++20", f"-I{self.root}/include"))
        done = self.ssot("migrate", "--apply", "--format", "json")
        self.assertIn("auto *a = net::make_router(); return a->level;", a.read_text(), done.stdout)

    def test_arguments_that_the_factory_does_not_take(self):
        text = "auto a(const net::Router &other) { return std::make_unique<net::Router>(other); }\n"
        self.migrated(text, text, rejected=1)


if __name__ == "__main__":
    unittest.main()
