#!/usr/bin/env python3
"""A `legacy-call` that puts the arguments into another order does so where no argument changes what another one reads, and leaves the others."""

import unittest

from legacy_router import MigrateTest

RULES = """\
ssot: 1
rules:
  - {id: two, kind: legacy-call, from: "old::two(a, b)", to: "net::two($b, $a)", canonical: net::two, header: net.h}
  - {id: text, kind: legacy-call, from: "old::text(a, b)", to: "net::text($b, $a)", canonical: net::text, header: net.h}
  - {id: sink, kind: legacy-call, from: "old::sink(a, b)", to: "net::sink($b, $a)", canonical: net::sink, header: net.h}
  - {id: method, kind: legacy-call, from: "old::Line::put(a)", to: "net::put($a, $object)", canonical: net::put, header: net.h}
"""
OLD = """\
#pragma once
#include <string>
namespace old {
inline int two(int a, int b) { return a * 2 + b; }
inline int text(const std::string &a, const std::string &b) { return int(a.size() * 2 + b.size()); }
inline int sink(std::string a, std::string b) { return int(a.size() * 2 + b.size()); }
struct Line { int put(int a) const { return a; } };
}
"""
NEW = """\
#pragma once
#include <string>
#include "old.h"
namespace net {
inline int two(int b, int a) { return a * 2 + b; }
inline int text(const std::string &b, const std::string &a) { return int(a.size() * 2 + b.size()); }
inline int sink(std::string b, std::string a) { return int(a.size() * 2 + b.size()); }
inline int put(int a, const old::Line &) { return a; }
}
"""
KNOWN = """\
#include <functional>
#include <memory>
#include <vector>
int next();
int look(const int &);
int fill(int *);
std::string make();
extern int global;
const int kFixed = 3;
struct Id {
  int value = 0;
  int get() const { return value; }
  int twice() const { return get() + get(); }
  int take() { return value++; }
  int far() const;
  virtual int open() const { return value; }
};
struct Counted { Counted(int); Counted(const Counted &); operator int() const { return 1; } };
struct Noisy { Noisy(int n) : n(n) { next(); } int n; };
struct Plain { Plain(int n) : n(n) {} int n; };
"""

# Whether the call may be turned round.
MOVES, STAYS = True, False
CASES = [
    ("two(1, 2)", MOVES),
    ("two(kFixed, next())", MOVES),
    ("two(sizeof(x), x++)", MOVES),
    # A local variable changes only who knows it.
    ("two(x, x++)", STAYS),
    ("two(x++, x)", STAYS),
    ("two(x, y++)", MOVES),
    ("two(x, x += 2)", STAYS),
    ("two(x, (y = x))", MOVES),
    ("two(x, next())", MOVES),
    ("two(known, next())", STAYS),
    ("two(held, next())", STAYS),
    ("two(caught, next())", STAYS),
    ("two(looked, next())", MOVES),
    ("two(x, fill(&x))", STAYS),
    ("two(x, look(x))", STAYS),
    ("two(x++, y++)", MOVES),
    ("two(x++, next())", MOVES),
    ("two(known++, next())", STAYS),
    ("two(known++, *at)", STAYS),
    ("two(x++, *at)", MOVES),
    # What is no local variable is known to all.
    ("two(global, next())", STAYS),
    ("two(global, x++)", MOVES),
    ("two(global, global++)", STAYS),
    ("two(*at, next())", STAYS),
    ("two(by, next())", STAYS),
    ("two(next(), next())", STAYS),
    ("two(1, next())", MOVES),
    # Functions whose bodies everybody sees.
    ("two(id.get(), id.twice())", MOVES),
    ("two(id.get(), id.take())", STAYS),
    ("two(id.get(), id.far())", STAYS),
    ("two(id.open(), id.open())", STAYS),
    ("two(id.value, other.value)", MOVES),
    # Objects that are made for the call.
    ("two(Counted(1), Counted(2))", STAYS),
    ("two(Noisy(1).n, Noisy(2).n)", STAYS),
    ("two(Plain(1).n, Plain(2).n)", MOVES),
    ("two(Plain(next()).n, x)", MOVES),
    # The standard library.
    ('text("a", "b")', MOVES),
    ('text(name, name + "b")', MOVES),
    ("text(std::to_string(x), name)", MOVES),
    ("two(name.size(), list[0])", MOVES),
    ("two(list.size(), list.at(1))", MOVES),
    ("two(list.size(), (list.push_back(1), 2))", STAYS),
    ("two(counts[1], counts.size())", MOVES),
    ("two(*owner, global)", MOVES),
    ("two(*owner, next())", STAYS),
    ("two(called(), global)", STAYS),
    ('sink(name, "a")', MOVES),
    ("sink(name, std::move(name))", STAYS),
    ("sink(name, make())", MOVES),
    ("sink(reference, make())", STAYS),
    # Who takes a reference looks at it when all is evaluated.
    ("text(reference, make())", MOVES),
    ('text(name, name += "b")', MOVES),
    ('text(name += "b", name)', STAYS),
    # Lambdas.
    ("two([] { return 1; }(), [] { return 2; }())", MOVES),
    ("two([&] { return y; }(), y++)", STAYS),
    ("two(y, [&] { return y++; }())", STAYS),
    ("two(x, counter())", MOVES),
    ("two(caught, counter())", STAYS),
]


class OrderOfOperands(MigrateTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)
        self.write("include/old.h", OLD)
        self.write("include/net.h", NEW)

    def test_only_what_does_not_depend_on_the_order_is_turned_round(self):
        head = ("int f{0}(int x, Id id, Id other, int *at, int &by, const std::string &reference, std::string name, std::vector<int> list, "
                "std::vector<int> counts, std::shared_ptr<int> owner, std::function<int()> called) {{ int y = 1, known = 2, held = 3, caught = 4, looked = 5; "
                "at = &known; int &alias = held; auto counter = [&caught] {{ return caught++; }}; look(looked); "
                "(void)by; (void)alias; (void)counter; return old::{1}; }}\n")
        body = "".join(head.format(i, call) for i, (call, _) in enumerate(CASES))
        self.units(a='#include "old.h"\n' + KNOWN + body)
        self.migrate("--apply")
        self.assertIn("net::", self.text("a"))
        done = [line for line in self.text("a").splitlines() if "return old::" in line or "return net::" in line]
        for (call, moves), line in zip(CASES, done):
            with self.subTest(call):
                self.assertEqual("return net::" in line, moves, line)

    def test_the_object_is_an_operand_too(self):
        self.units(a='#include "old.h"\nint next();\nold::Line line();\nint f(old::Line known) { return line().put(1) + known.put(next()) + line().put(next()); }\n')
        report, done = self.migrate("--apply")
        self.assertIn("return net::put(1, line()) + net::put(next(), known) + line().put(next());", self.text("a"))
        self.assertEqual([left["reason"] for left in report["residue"]], ["behaviour-differs"], done.stdout)
        self.assertIn("the object would be evaluated after 'a', and one changes what the other one reads or changes", report["residue"][0]["detail"])


if __name__ == "__main__":
    unittest.main()
