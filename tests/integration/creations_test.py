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
    def migrated(self, before, after, residue=0, rejected=0):
        self.write(".ssot.yaml", RULES)
        self.write("include/net/router.h", HEADER)
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
        text = ("int f() { net::Router a(1); return a.level + net::Router(2).level; }\nnet::Router *g() { return new net::Router(3); }\n"
                "int h() { auto leaked = new net::Router(4); return leaked->level; }\nvoid i(std::optional<net::Router> &o) { o.emplace(5); }\n"
                "std::unique_ptr<net::Router> j(new net::Router{6});\nstd::unique_ptr<net::Router[]> k(new net::Router[7]);\n")
        self.migrated(text, text, residue=7)

    def test_arguments_that_the_factory_does_not_take(self):
        text = "auto a(const net::Router &other) { return std::make_unique<net::Router>(other); }\n"
        self.migrated(text, text, rejected=1)


if __name__ == "__main__":
    unittest.main()
