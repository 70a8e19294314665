#!/usr/bin/env python3
"""`ssot rules test` runs annotated examples: what is marked must be found, at exactly that place, and nothing besides."""

import unittest

from support import ROOT, ProjectTest

RULES = """
ssot: 1
scope: {include: ["src/**"]}
rules:
  - {id: old-name, kind: legacy-name, replace: {"old::Router": "net::Router"}}
  - {id: no-goto, kind: matcher, message: "a jump", scope: {exclude: ["generated/**"]}, match: "gotoStmt().bind('node')"}
  - {id: one-router, kind: single-class, canonical: "net::Router", match: {name: ".*Router"}}
"""
HEADER = "namespace old { struct Router {}; }\nnamespace net { struct Router {}; }\n"
USE = "void use(old::$old-name[[Router]] &router, net::Router &);\n"


class Examples(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)

    def examples(self, *arguments, code):
        done = self.ssot("rules", "test", *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def test_the_bundled_packs_find_what_their_examples_mark(self):
        packs = sorted((ROOT / "rules/examples").iterdir())
        self.assertTrue(packs)
        for pack in packs:
            out, _ = self.examples("-c", str(ROOT / "rules" / (pack.name + ".yaml")), code=0)
            self.assertIn(" 0 not found, 0 found without a mark\n", out)

    def test_agreement(self):
        # Neither a compile database nor the scope of the project has to do with an example.
        self.write("examples/use.cpp", HEADER.replace("Router {}; }\nn", "$one-router[[Router]] {}; }\nn") + USE)
        out, _ = self.examples("examples", code=0)
        self.assertEqual(out, "1 example, 2 marks: 0 not found, 0 found without a mark\n")

    def test_what_is_lost_and_what_is_not_marked_is_said_with_its_place_in_the_text_as_it_is_written(self):
        self.write("examples/use.cpp", HEADER + "/* $old-name[[x]] */ void use(old::Router &router);\n")
        out, _ = self.examples("examples/use.cpp", code=1)
        self.assertIn("examples/use.cpp:3:15: error: 'old-name' does not find 'x'\n", out)
        self.assertRegex(out, r"examples/use.cpp:3:36: error: 'old-name' finds '\S+', and it is not marked: ")
        self.assertIn("examples/use.cpp:1:24: error: 'one-router' finds 'Router', and it is not marked: ", out)
        self.assertTrue(out.endswith("1 example, 1 mark: 1 not found, 2 found without a mark\n"), out)

    def test_one_rule_alone(self):
        self.write("examples/use.cpp", HEADER + USE)
        out, _ = self.examples("examples", "--rule", "old-name", code=0)
        self.assertIn("1 example, 1 mark: 0 not found", out)

    def test_a_mark_around_more_than_what_is_found_is_not_found(self):
        self.write("examples/use.cpp", HEADER + "void use($old-name[[old::Router]] &router);\n")
        out, _ = self.examples("examples", "--rule", "old-name", code=1)
        self.assertIn("1 not found, 1 found without a mark", out)

    def test_an_example_of_several_files(self):
        self.write("examples/several.cpp", "//- net/router.h\n#pragma once\n" + HEADER + "//- main.cpp\n#include \"net/router.h\"\n" + USE +
                   "//- generated/jump.cpp\nvoid jump() { again: goto again; }\n//- jump.cpp\nvoid leap() { again: $no-goto[[goto again]]; }\n")
        self.examples("examples", "--rule", "old-name", "--rule", "no-goto", code=0)
        self.write("examples/several.cpp", "//- generated/jump.cpp\nvoid jump() { again: $no-goto[[goto again]]; }\n")
        out, _ = self.examples("examples", "--rule", "no-goto", code=1)
        self.assertIn("examples/several.cpp:2:32: error: 'no-goto' does not find 'goto again'; 'generated/jump.cpp' is not in its scope: say another",
                      out)

    def test_an_example_that_does_not_compile_is_no_verdict(self):
        self.write("examples/a.cpp", HEADER + USE)
        self.write("examples/b.cpp", HEADER + "void use(old::$old-name[[Router]] &router, Unknown);\n")
        out, err = self.examples("examples", "--rule", "old-name", code=3)
        self.assertIn("examples/b.cpp:3:44: error: unknown type name 'Unknown'\n", err)
        self.assertEqual(out, "2 examples, 1 mark: 0 not found, 0 found without a mark; 1 example does not compile\n")

    def test_the_problem_of_a_rule_is_said_where_something_is_marked_for_it(self):
        self.write("examples/use.cpp", "namespace old { struct $one-router[[Router]] {}; }\n")
        out, _ = self.examples("examples", code=0)
        self.assertIn("note: 'one-router': ", out)

    def test_wrong_usage(self):
        self.write("examples/use.cpp", HEADER + USE)
        self.write("examples/wrong.cpp", "int $old-nam[[x]];\n")
        self.write("examples/open.cpp", "int $old-name[[x;\n")
        (self.root / "empty").mkdir()
        for arguments, message in [
            (["examples/wrong.cpp"], "examples/wrong.cpp:1:15: error: no rule 'old-nam' is in force; did you mean 'old-name'?"),
            (["examples/open.cpp"], "examples/open.cpp: a mark of 'open.cpp' has no end ']]'"),
            (["nowhere"], "nowhere: there is no such file or folder"),
            (["empty"], "empty: no example (*.cpp) is in it"),
            ([], "no examples: name a file or a folder"),
            (["--rule", "old-nam", "examples/use.cpp"], "old-nam"),
            (["--mutate", "old-name", "examples/use.cpp"], "--mutate"),
        ]:
            _, err = self.examples(*arguments, code=2)
            self.assertIn(message, err)


if __name__ == "__main__":
    unittest.main()
