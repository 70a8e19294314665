#!/usr/bin/env python3
"""`ssot migrate` keeps what goes by a type while the program runs: a handler moves with what it catches or not at all, an object is destroyed through
its base as before, an alias stands for the type it stood for, and a value is converted as before."""

import unittest

from legacy_router import MigrateTest

RULES = """\
ssot: 1
scope: {editable: ["src/**"]}
rules:
  - {id: old-include, kind: legacy-include, replace: {old/api.h: net/api.h}}
  - {id: old-name, kind: legacy-name, replace: {NAMES}}
"""
OLD = """\
#pragma once
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
namespace old {
struct Error : std::runtime_error { using std::runtime_error::runtime_error; };
struct Base { virtual ~Base() {} };
struct Kept { virtual ~Kept() {} };
struct Number { int n = 0; operator int() const { return n; } };
struct Same { int n = 0; operator int() const { return n; } };
using Int = int;
using Length = int;
template <typename T> using Maybe = std::optional<T>;
}
"""
NEW = """\
#pragma once
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
namespace net {
struct Error : std::runtime_error { using std::runtime_error::runtime_error; };
struct Base { ~Base() {} };
struct Kept { virtual ~Kept() {} };
struct Number { long n = 0; operator long() const { return n; } };
struct Same { int n = 0; operator int() const { return n; } };
using Int = long;
using Length = int;
template <typename T> using Maybe = std::unique_ptr<T>;
}
"""
NAMES = ["Error", "Base", "Kept", "Number", "Same", "Int", "Length", "Maybe"]
EACH = RULES.replace("NAMES", ", ".join(f"old::{name}: net::{name}" for name in NAMES))

# What becomes of a line; None: it is left.
CASES = {
    "destroyed through its base no more": ("struct Mine : old::Base { std::string text; };", None),
    "destroyed through its base still": ("struct Mine : old::Kept { std::string text; };", "struct Mine : net::Kept { std::string text; };"),
    "converted otherwise": ("int f(old::Number n) { int x = n; return x; }", None),
    "converted as before": ("int f(old::Same n) { int x = n; return x; }", "int f(net::Same n) { int x = n; return x; }"),
    "an alias of another number": ("old::Int f(int n);", None),
    "the size of an alias of another number": ("int f() { return int(sizeof(old::Int)); }", None),
    "an alias of the same number": ("old::Length f(int n);", "net::Length f(int n);"),
    "an alias of another template": ("bool f(const old::Maybe<int> &n) { return n ? *n : 0; }", None),
}


class TypesAtRunTime(MigrateTest):
    def test_each(self):
        for name, (line, becomes) in CASES.items():
            with self.subTest(name):
                self.apis(EACH, OLD, NEW)
                self.units(a='#include "old/api.h"\n#include "net/api.h"\n' + line + "\n")
                self.migrate("--apply")
                self.assertIn("\n" + (becomes or line) + "\n", self.text("a"))

    def reasons(self, result, file):
        return [(left["line"], left["detail"]) for left in result["residue"] if left["file"] == file and left["reason"] == "behaviour-differs"]

    THROWS = 'void fail() { throw old::Error("x"); }\n'
    CATCHES = "int f() { try { return 1; } catch (const old::Error &) { return 2; } }\nvoid g(const old::Error &);\n"

    def test_a_handler_moves_with_what_it_catches(self):
        for rules in (EACH, RULES.replace("NAMES", "old: net")):
            self.apis(rules, OLD, NEW)
            self.units(a='#include "old/api.h"\n' + self.THROWS, b='#include "old/api.h"\n' + self.CATCHES)
            result, done = self.migrate("--apply")
            self.assertEqual(self.reasons(result, "src/a.cpp") + self.reasons(result, "src/b.cpp"), [], done.stderr)
            self.assertIn("throw net::Error", self.text("a"))
            self.assertIn("catch (const net::Error &)", self.text("b"))

    def test_a_handler_stays_where_the_old_class_is_still_thrown(self):
        for rules in (EACH, RULES.replace("NAMES", "old: net")):
            self.apis(rules, OLD + "namespace old { " + self.THROWS.strip().replace("void", "inline void") + " }\n", NEW)
            self.units(a='#include "old/api.h"\nvoid g() { old::fail(); }\n', b='#include "old/api.h"\n' + self.CATCHES)
            result, done = self.migrate("--apply")
            self.assertEqual(self.reasons(result, "src/b.cpp"), [(2, "'old::Error' is still thrown, at include/old/api.h:16")], done.stderr)
            self.assertIn("catch (const old::Error &)", self.text("b"))
            self.assertIn("void g(const net::Error &);", self.text("b"))
            again, _ = self.migrate("--apply")
            self.assertEqual(again["edits"], [])

    def test_an_exception_stays_where_the_old_class_is_still_caught(self):
        caught = "namespace old { inline int run(int (*f)()) { try { return f(); } catch (const Error &) { return 1; } } }\n"
        self.apis(EACH, OLD + caught, NEW)
        self.units(a='#include "old/api.h"\n' + self.THROWS + "int g() { return old::run(nullptr); }\n", b='#include "old/api.h"\n' + self.CATCHES)
        result, done = self.migrate("--apply")
        self.assertEqual(self.reasons(result, "src/a.cpp"), [(2, "'old::Error' is still caught, at include/old/api.h:16")], done.stderr)
        self.assertEqual(self.reasons(result, "src/b.cpp"), [(2, "'old::Error' is still thrown, at src/a.cpp:2")])

    def test_what_a_handler_guards_stays_with_it(self):
        throws = 'namespace old { inline int parse() { throw Error("x"); } inline int other() { throw Error("x"); } }\n'
        self.apis(EACH.replace("old::Error", "old::parse: net::parse, old::Error"), OLD + throws,
                  NEW + 'namespace net { inline int parse() { throw Error("x"); } }\n')
        self.units(a='#include "old/api.h"\nint f() { try { return old::parse() + old::other(); } catch (const old::Error &) { return 2; } }\n'
                     "int g() { return old::parse(); }\n")
        result, done = self.migrate("--apply")
        self.assertEqual(self.reasons(result, "src/a.cpp"), [(2, "'old::Error' is still caught, at src/a.cpp:2"),
                                                             (2, "'old::Error' is still thrown, at include/old/api.h:16")], done.stderr)
        self.assertIn("return old::parse() + old::other(); } catch (const old::Error &)", self.text("a"))
        self.assertIn("int g() { return net::parse(); }", self.text("a"))

    def test_a_handler_of_a_base_catches_what_derives_from_it(self):
        derived = "struct Lost : old::Error { using old::Error::Error; };\nvoid fail() { throw Lost(\"x\"); }\n"
        self.apis(EACH, OLD, NEW)
        self.units(a='#include "old/api.h"\n' + derived, b='#include "old/api.h"\n' + self.CATCHES)
        result, done = self.migrate("--apply")
        self.assertEqual(result["residue"], [], done.stderr)
        self.assertIn("struct Lost : net::Error", self.text("a"))

    def test_a_new_class_that_is_the_old_one_or_its_base(self):
        self.apis(EACH, '#pragma once\n#include "net/api.h"\nnamespace old { struct Error : net::Error { using net::Error::Error; }; inline void fail() { throw Error("x"); } }\n', NEW)
        self.units(b='#include "old/api.h"\n' + self.CATCHES)
        _, done = self.migrate("--apply")
        self.assertIn("catch (const net::Error &)", self.text("b"), done.stdout)

    def test_what_others_throw_is_not_seen(self):
        self.apis(EACH, OLD, NEW)
        self.write("vendor/old/api.h", OLD)
        (self.root / "include/old/api.h").unlink()
        self.write(".ssot.yaml", EACH.replace("scope: {", 'scope: {exclude: ["vendor/**"], '))
        files = [self.write("src/b.cpp", '#include "old/api.h"\n' + self.CATCHES)]
        self.database(*files, flags=("-std=c++20", f"-I{self.root}/include", f"-isystem{self.root}/vendor"))
        result, done = self.migrate("--apply")
        self.assertEqual(self.reasons(result, "src/b.cpp"), [(2, "'old::Error' may be thrown by code outside of the project")], done.stdout + done.stderr)
        files.append(self.write("src/a.cpp", '#include "old/api.h"\n' + self.THROWS))
        self.database(*files, flags=("-std=c++20", f"-I{self.root}/include", f"-isystem{self.root}/vendor"))
        result, done = self.migrate("--apply")
        self.assertEqual(self.reasons(result, "src/b.cpp"), [], "what the project throws itself is what it catches")


if __name__ == "__main__":
    unittest.main()
