#!/usr/bin/env python3
"""`ssot migrate` moves the declarations and the definition of a function together: where one of them cannot move, every unit would compile and nothing would
link."""

import subprocess
import unittest

from legacy_router import MigrateTest

RULES = """\
ssot: 1
scope: {EDITABLE}
rules:
  - {id: old-include, kind: legacy-include, replace: {old/api.h: net/api.h}}
  - {id: old-name, kind: legacy-name, replace: {old::Tag: net::Tag, old::kMax: net::kMax}}
"""
TAG = "#pragma once\nnamespace %s { struct Tag { int n = 0; }; const int kMax = 3; }\n"
MAIN = '#include "g.h"\nint main() { old::Tag tag; return g(tag) + h(3); }\n'
DEFINITION = '#include "g.h"\nint g(const old::Tag &tag) { return tag.n; }\nint h(int n) { return n; }\n'
HEADER = '#pragma once\n#include "old/api.h"\nint g(const old::Tag &tag);\nint h(int n = old::kMax);\n'


class Linkage(MigrateTest):
    def run_with(self, editable, **units):
        self.apis(RULES.replace("EDITABLE", f"editable: {editable}"), TAG % "old", TAG % "net")
        self.write("include/g.h", HEADER)
        self.units(**{"a": DEFINITION, "b": MAIN, **units})
        result, done = self.migrate("--apply")
        files = [str(file) for file in sorted((self.root / "src").glob("*.cpp"))]
        linked = subprocess.run(["clang++-19", "-std=c++20", f"-I{self.root}/include", *files, "-o", str(self.root / "program")], capture_output=True, text=True)
        self.assertEqual(linked.returncode, 0, linked.stderr + done.stdout)
        again, _ = self.migrate("--apply")
        self.assertEqual(again["edits"], [])
        return [(left["file"], left["line"], left["detail"]) for left in result["residue"] if left["reason"] == "behaviour-differs"]

    def test_both_move(self):
        self.assertEqual(self.run_with('["src/**", "include/g.h"]'), [])
        self.assertIn("int g(const net::Tag &tag);", (self.root / "include/g.h").read_text())
        self.assertIn("int g(const net::Tag &tag) {", self.text("a"))

    def test_a_declaration_stays_with_its_definition(self):
        self.assertEqual(self.run_with('["src/b.cpp", "include/g.h"]'), [("include/g.h", 3, "'g' is still defined with the old parameters, at src/a.cpp:2")])
        self.assertIn("int g(const old::Tag &tag);", (self.root / "include/g.h").read_text())
        self.assertIn("n = net::kMax", (self.root / "include/g.h").read_text(), "what does not change the function moves")

    def test_a_definition_stays_with_its_declarations(self):
        main = '#include "g.h"\nint main() { return g({}) + h(3); }\n'
        own = DEFINITION.replace('#include "g.h"', '#include "g.h"\n#include "old/api.h"')
        self.assertEqual(self.run_with('["src/**"]', a=own, b=main), [("src/a.cpp", 3, "'g' is still declared with the old parameters, at include/g.h:3")])

    def test_a_declaration_in_another_source(self):
        own = '#include "old/api.h"\nint g(const old::Tag &);\nint c() { return g({}); }\n'
        self.assertEqual(self.run_with('["src/a.cpp", "src/b.cpp", "include/g.h"]', c=own),
                         [("include/g.h", 3, "'g' is still defined with the old parameters, at src/a.cpp:2"),
                          ("src/a.cpp", 2, "'g' is still declared with the old parameters, at src/c.cpp:2")])


if __name__ == "__main__":
    unittest.main()
