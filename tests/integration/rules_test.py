#!/usr/bin/env python3
"""`ssot rules`, `ssot explain` and `ssot init` as a person meets them."""

import unittest

from support import ProjectTest

RULES = """\
ssot: 1
rules:
  - id: one-router
    kind: single-class
    description: One class routes messages.
    why: Two routers route twice.
    example:
      before: |
        OldRouter r;

        r.send();
      after: net::Router r;
    canonical: net::Router
    header: net/router.h
    match: {name: ".*Router"}
    allow: [{symbol: old::Router, reason: removed soon, until: 2030-12-31}]
  - id: sizes
    kind: size-limit
    severity: warning
    max-file-lines: 600
"""

KINDS = ("single-class", "single-function", "legacy-include", "legacy-name", "legacy-call", "factory-only", "event-order",
         "same-interface", "one-definition", "size-limit", "matcher")


class Rules(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)

    def test_list(self):
        done = self.ssot("rules", "list")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "one-router  single-class  error    One class routes messages.\n"
                                      "sizes       size-limit    warning\n")

    def test_validate(self):
        done = self.ssot("rules", "validate", "-c", ".ssot.yaml")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, ".ssot.yaml: 2 rules, no error\n", ""))

    def test_validate_says_everything_that_is_wrong(self):
        self.write(".ssot.yaml", RULES.replace("severity: warning", "severity: warnin").replace("match:", "mach:"))
        done = self.ssot("rules", "validate", "-c", ".ssot.yaml")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr,
                         ".ssot.yaml:15:5: error: unknown key 'mach' in a rule of kind 'single-class'; did you mean 'match'?\n"
                         ".ssot.yaml:3:5: error: missing key 'match' in a rule of kind 'single-class'\n"
                         ".ssot.yaml:19:15: error: unknown value 'warnin' for 'severity'; did you mean 'warning'?\n")


class Explain(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)

    def test_a_rule(self):
        done = self.ssot("explain", "one-router", "-c", ".ssot.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        for text in ("one-router (single-class), .ssot.yaml:3\n  One class routes messages.\n", "\nWhy\n  Two routers route twice.\n",
                     "\n  canonical net::Router (net/router.h)\n", "\nA site is\n  a class definition",
                     "\nBefore\n  OldRouter r;\n\n  r.send();\n\nAfter\n  net::Router r;\n",
                     "\n  old::Router: removed soon (until 2030-12-31)\n", "// NOLINT(ssot-one-router): reason"):
            self.assertIn(text, done.stdout)

    def test_a_rule_that_says_nothing_of_itself(self):
        done = self.ssot("explain", "sizes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("at most 600 lines a file", done.stdout)
        self.assertNotIn("Before", done.stdout)

    def test_every_kind_without_any_rules(self):
        (self.root / ".ssot.yaml").unlink()
        for kind in KINDS:
            done = self.ssot("explain", kind)
            self.assertEqual(done.returncode, 0, done.stderr)
            for text in (f"{kind} (rule kind)\n", "\nA site is\n", "\nIt is compliant when\n", "\nWhat it cannot see\n", "\nKeys\n",
                         f"\nExample\n  - id: "):
                self.assertIn(text, done.stdout)

    def test_a_word_that_nothing_has(self):
        done = self.ssot("explain", "one-ruter")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, "ssot: error: no rule 'one-ruter'; did you mean 'one-router'?\n")


class Init(ProjectTest):
    def written(self):
        return (self.root / ".ssot.yaml").read_text()

    def init(self):
        done = self.ssot("init")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.ssot("rules", "validate").returncode, 0, "what init writes is a sound rule file")
        return done.stdout

    def test_an_empty_folder(self):
        said = self.init()
        self.assertIn("found 0 sources and 0 headers\n", said)
        self.assertIn("compile_commands.json", said)

    def test_a_project(self):
        self.database(self.write("src/deep/a.cpp", "int a;\n"), self.write("app/b.cc", "int b;\n"))
        self.write("include/a.h", "extern int a;\n")
        self.write("third_party/x/x.cpp", "int x;\n")
        self.write("docs/readme.md", "")
        said = self.init()
        self.assertIn("found 3 sources and 1 headers\n", said)
        self.assertIn(f"found the compile database {self.root}/compile_commands.json\n", said)
        self.assertIn('  include: ["app/**", "include/**", "src/**"]\n  exclude: ["third_party/**"]\n', self.written())

    def test_a_database_that_lies_elsewhere(self):
        self.write("src/a.cpp", "int a;\n")
        self.database("src/a.cpp")
        (self.root / "odd").mkdir()
        (self.root / "compile_commands.json").rename(self.root / "odd/compile_commands.json")
        done = self.ssot("init", "-p", "odd")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"found the compile database {self.root}/odd/compile_commands.json\n", done.stdout)

    def test_files_at_the_root_are_in_scope(self):
        self.write("main.cpp", "int main() {}\n")
        self.write("src/a.cpp", "int a;\n")
        self.init()
        self.assertIn('\n  # include: ["src/**"]\n', self.written())

    def test_folder_names_that_no_glob_can_say(self):
        self.write('od"d [1]/a.cpp', "int a;\n")
        self.write("third_party\n/a.cpp", "int a;\n")
        self.init()
        self.assertIn('\n  # include: ["src/**"]\n', self.written())

    def test_a_file_that_exists_is_not_touched(self):
        self.write(".ssot.yaml", "mine")
        done = self.ssot("init")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("exists already", done.stderr)
        self.assertEqual(self.written(), "mine")

    def test_a_root_that_is_not_there(self):
        done = self.ssot("init", "--root", "nowhere")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, "ssot: error: cannot look at 'nowhere': No such file or directory\n")


if __name__ == "__main__":
    unittest.main()
