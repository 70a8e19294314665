#!/usr/bin/env python3
"""`check --against REV` with real git: each way to make the gate weaker is a finding, and whatever makes it no weaker is none."""

import json
import unittest

from router_project import CANONICAL, duplicate, use
from support import ProjectTest

RULES = """\
ssot: 1
scope: {include: ["src/**"], exclude: ["src/generated/**"]}
gate: {min-compliance: 10}
rules:
  - id: one-router
    kind: single-class
    canonical: app::Router
    match: {name: ".*Router", methods: {names: [send, route], at-least: 1}}
    allow:
      - {symbol: "app::OldRouter", reason: leaves with v3, until: 2030-01-01}
      - {file: "src/old/*.cpp", reason: leaves with v3}
  - id: new-names
    kind: legacy-name
    replace: {"app::Old": "app::New", "app::Older": "app::New"}
  - id: short
    kind: size-limit
    severity: warning
    max-file-lines: 100
"""


class Against(ProjectTest):
    def setUp(self):
        super().setUp()
        self.git_init()
        self.write(".gitignore", "compile_commands.json\n")
        self.write(".ssot.yaml", RULES)
        self.write(".github/CODEOWNERS", "* @everybody\n.ssot.yaml @org/architects\n/src/ @coders\n")
        self.write("src/app.h", CANONICAL)
        self.write("src/a.cpp", '#include "app.h"\n' + use("one").replace("old;", "old; // NOLINT(ssot-new-names): soon", 1))
        self.write("src/b.cpp", '#include "app.h"\nint b;\n')
        self.database(self.root / "src/a.cpp", self.root / "src/b.cpp")
        self.commit("start")
        self.git("checkout", "-q", "-b", "topic")

    def weaker(self, *arguments, revision="main"):
        report, code = self.report("--against", revision, "--date", "2026-01-01", *arguments)
        found = [f for f in report["findings"] if f["kind"] == "weakened-gate"]
        for finding in found:
            self.assertEqual((finding["severity"], finding["state"]), ("error", "new"))
            self.assertTrue(finding["message"].startswith(f"weaker than at {revision}: "), finding)
            self.assertGreater(finding["line"], 0)
            self.assertGreater(finding["column"], 0)
        if found:
            self.assertEqual(code, 1)
            self.assertFalse(report["gate"]["passed"])
        return found

    def one(self, old, new, rule, what, place=None):
        """After the change of the rule file there is one finding, and it says what."""
        self.assertIn(old, RULES)
        self.write(".ssot.yaml", RULES.replace(old, new))
        found = self.weaker()
        self.assertEqual([f["rule"] for f in found], [rule], found)
        self.assertIn(what, found[0]["message"])
        self.assertIn("; @org/architects could approve it", found[0]["message"])
        self.assertEqual(found[0]["file"], ".ssot.yaml")
        if place:
            self.assertEqual((found[0]["line"], found[0]["column"]), place)

    def none(self, old, new):
        self.assertIn(old, RULES)
        self.write(".ssot.yaml", RULES.replace(old, new))
        self.assertEqual(self.weaker(), [])


class Weaker(Against):
    def test_a_removed_rule(self):
        self.one(RULES[RULES.index("  - id: short"):], "", "short", "rule 'short' is removed (the place is that of then)", (15, 5))

    def test_a_lowered_severity(self):
        self.one("    kind: legacy-name\n", "    kind: legacy-name\n    severity: note\n", "new-names", "from error to note", (14, 15))

    def test_a_lowered_minimum(self):
        self.one("min-compliance: 10", "min-compliance: 9.5", "gate", "lowered from 10 to 9.5", (3, 24))
        self.one("gate: {min-compliance: 10}\n", "", "gate", "'min-compliance: 10' is removed")

    def test_a_narrowed_scope(self):
        self.one('include: ["src/**"]', 'include: ["src/*.cpp"]', "gate", "the scope is narrowed: 'src/app.h' would not be judged", (2, 8))
        self.one('"src/generated/**"', '"src/generated/**", "src/legacy/**"', "gate", "files such as 'src/legacy/")
        self.one("    severity: warning\n", "    severity: warning\n    scope: {exclude: [src/b.cpp]}\n", "short", "'src/b.cpp' would not be judged any more")

    def test_wider_tests(self):
        self.one('"src/generated/**"]', '"src/generated/**"], tests: ["**/test*/**", "src/mocks/**"]', "gate", "test doubles in files such as 'src/mocks/")

    def test_a_wider_allowance(self):
        self.one("2030-01-01", "2031-01-01", "one-router", "lasts longer: until 2031-01-01 instead of until 2030-01-01", (10, 9))
        self.one(", until: 2030-01-01", "", "one-router", "without an end instead of until 2030-01-01")
        self.one('"app::OldRouter"', '"app::.*Router"', "one-router", "symbol app::.*Router is new or wider")
        self.one('"src/old/*.cpp"', '"src/old/**"', "one-router", "everything in files such as 'src/old/")
        self.one('"src/old/*.cpp"', '"src/*/*.cpp"', "one-router", "is new or wider")

    def test_a_narrowed_rule(self):
        self.one('name: ".*Router"', 'name: ".*[^d]Router"', "one-router", "the rule is narrowed: 'match.name' is '.*[^d]Router'", (5, 5))
        self.one("at-least: 1", "at-least: 2", "one-router", "'match.methods' selects less")
        self.one("names: [send, route]", "names: [send]", "one-router", "'match.methods' selects less")
        self.one(', "app::Older": "app::New"', "", "new-names", "'app::Older' is no legacy name any more")
        self.one("max-file-lines: 100", "max-file-lines: 120", "short", "'max-file-lines' is 120 instead of 100")
        self.one("max-file-lines: 100", "max-function-lines: 100", "short", "there is no 'max-file-lines' any more")
        self.one("kind: size-limit\n    severity: warning\n    max-file-lines: 100", "kind: one-definition\n    severity: warning", "short", "of another kind")

    def test_a_pack_of_the_project(self):
        self.git("checkout", "-q", "main")
        head, body = RULES[:RULES.index("rules:")], RULES[RULES.index("rules:"):]
        self.write("rules/team.yaml", "ssot: 1\n" + body)
        self.write(".ssot.yaml", head + "extends: [rules/team.yaml]\n")
        self.commit("a pack")
        self.git("checkout", "-q", "-b", "packed")
        self.assertEqual(self.weaker(), [])
        self.write("rules/team.yaml", "ssot: 1\n" + body.replace("max-file-lines: 100", "max-file-lines: 101"))
        (found,) = self.weaker()
        self.assertEqual((found["file"], found["line"]), ("rules/team.yaml", 13))
        self.assertIn("@everybody could approve it", found["message"])
        self.write("rules/team.yaml", "ssot: 1\n" + body)
        self.write(".ssot.yaml", head + "extends: [rules/team.yaml]\noverride: {new-names: {severity: warning}}\n")
        (found,) = self.weaker()
        self.assertEqual((found["file"], found["line"], found["rule"]), (".ssot.yaml", 5, "new-names"))

    def test_a_bundled_pack_that_goes(self):
        self.git("checkout", "-q", "main")
        self.write(".ssot.yaml", "ssot: 1\nextends: [message-router]\n" + RULES[len("ssot: 1\n"):])
        self.commit("a bundled pack")
        self.write(".ssot.yaml", RULES)
        found = self.weaker()
        self.assertTrue(found)
        self.assertEqual({(f["file"], f["line"]) for f in found}, {(".ssot.yaml", 1)})

    def test_a_new_suppression(self):
        self.write("src/a.cpp", (self.root / "src/a.cpp").read_text() + "// NOLINTNEXTLINE(ssot-new-names): also soon\n" + "app::Old *another;\n")
        (found,) = self.weaker()
        self.assertEqual((found["file"], found["line"], found["column"], found["rule"]), ("src/a.cpp", 7, 1, "new-names"))
        self.assertIn("this suppression is new", found["message"])
        self.assertIn("(also soon); @coders could approve it", found["message"])

    def test_a_suppression_that_changes_sides(self):
        self.write("src/a.cpp", '#include "app.h"\n' + use("other").replace("old;", "old; // NOLINT(ssot-new-names): soon", 1))
        self.assertEqual([f["line"] for f in self.weaker()], [3], "one gone and one more is one more")

    def test_a_grown_baseline(self):
        self.write("src/b.cpp", '#include "app.h"\n' + use("two"))
        self.ssot("baseline", "create")
        (found,) = self.weaker("--baseline", ".ssot-baseline")
        self.assertEqual((found["file"], found["line"], found["rule"]), (".ssot-baseline", 1, "gate"))
        self.assertIn("the baseline is new and accepts 1 violation", found["message"])
        self.commit("accepted")
        self.git("branch", "-f", "main")
        self.assertEqual(self.weaker(), [])
        self.write("src/b.cpp", '#include "app.h"\n' + use("two") + use("three"))
        self.ssot("baseline", "update")
        for arguments in ((), ("--baseline", ".ssot-baseline")):
            (found,) = self.weaker(*arguments)
            self.assertEqual((found["file"], found["line"], found["rule"]), (".ssot-baseline", 3, "new-names"))
            self.assertIn("for src/b.cpp (app::Old)", found["message"])
        self.write("src/b.cpp", '#include "app.h"\n')
        self.ssot("baseline", "prune")
        self.assertEqual(self.weaker(), [])

    def test_a_squash_that_takes_back_a_ratchet(self):
        self.git("checkout", "-q", "main")
        self.write(".ssot.yaml", RULES.replace("min-compliance: 10", "min-compliance: 90"))
        self.commit("ratchet")
        self.assertEqual(self.weaker(revision="HEAD~1"), [])
        self.write(".ssot.yaml", RULES)  # as a squash of a branch from before it, taken whole
        self.commit("squash")
        (found,) = self.weaker(revision="HEAD~1")
        self.assertIn("lowered from 90 to 10", found["message"])

    def test_the_rule_file_goes_by_another_name(self):
        self.git("mv", ".ssot.yaml", "gate.yaml")
        self.write("gate.yaml", RULES.replace("max-file-lines: 100", "max-file-lines: 101"))
        (found,) = self.weaker("-c", "gate.yaml")
        self.assertEqual((found["file"], found["line"]), ("gate.yaml", 15))


class NoWeaker(Against):
    def test_nothing_changed(self):
        self.assertEqual(self.weaker(), [])

    def test_comments_and_formatting(self):
        self.none("gate: {min-compliance: 10}", "# The gate.\n\n\ngate:\n  min-compliance: 10.0  # percent")
        self.none('match: {name: ".*Router", methods: {names: [send, route], at-least: 1}}',
                  "match:\n      methods:\n        names:\n          - route\n          - 'send'\n        at-least: 1\n      name: .*Router")
        self.none("reason: leaves with v3}", "reason: leaves later}")

    def test_order_of_rules(self):
        rule = RULES[RULES.index("  - id: short"):]
        self.write(".ssot.yaml", RULES.replace(rule, "").replace("rules:\n", "rules:\n" + rule))
        self.assertEqual(self.weaker(), [])

    def test_a_rule_of_another_name(self):
        self.none("id: short", "id: shorter")

    def test_more_rules(self):
        self.write(".ssot.yaml", RULES + "  - id: more\n    kind: size-limit\n    max-function-lines: 10\n")
        self.assertEqual(self.weaker(), [])

    def test_stricter(self):
        self.none('include: ["src/**"]', 'include: ["src/**", "lib/**"]')
        self.none('"src/generated/**"', '"src/generated/deep/**"')
        self.none("min-compliance: 10", "min-compliance: 11")
        self.none("severity: warning\n", "severity: error\n")
        self.none("max-file-lines: 100", "max-file-lines: 99\n    max-function-lines: 10")
        self.none('name: ".*Router"', 'name: ".*Router|.*Bus"')
        self.none("names: [send, route]", "names: [send, route, broadcast]")
        self.none('"app::Older": "app::New"', '"app::Older": "app::New", "app::Oldest": "app::New"')
        self.none("2030-01-01", "2029-01-01")
        self.none('"src/old/*.cpp"', '"src/old/a*.cpp"')
        self.none("      - {file: \"src/old/*.cpp\", reason: leaves with v3}\n", "")

    def test_the_same_paths_in_other_words(self):
        self.none('"src/generated/**"', '"src/generated/"')
        self.none('exclude: ["src/generated/**"]', 'exclude: ["src/generated/*", "src/generated/*/**"]')
        self.none('include: ["src/**"]', 'include: ["src/*", "src/**/*.h", "src/**"]')
        self.none('"src/generated/**"', '"src/generated/**", "docs/**"')

    def test_a_scope_that_moves_into_the_rules(self):
        self.none('scope: {include: ["src/**"], exclude: ["src/generated/**"]}\n', 'scope: {exclude: ["src/generated/**"]}\n')

    def test_a_renamed_file(self):
        self.git("checkout", "-q", "main")
        self.write(".ssot.yaml", RULES.replace('"src/old/*.cpp"', '"src/b.cpp"'))
        self.commit("allow a file")
        self.git("checkout", "-q", "-b", "renamed")
        self.git("mv", "src/b.cpp", "src/c.cpp")
        self.git("mv", "src/a.cpp", "src/d.cpp")
        self.database(self.root / "src/d.cpp", self.root / "src/c.cpp")
        self.write(".ssot.yaml", RULES.replace('"src/old/*.cpp"', '"src/c.cpp"'))
        self.assertEqual(self.weaker(), [], "the allowance and the suppression went with their files")

    def test_a_suppression_that_moves(self):
        self.write("src/a.cpp", '#include "app.h"\n\nint before;\n' + use("one").replace("old;", "old;\n  // more", 1).replace("app::Old old", "// NOLINTNEXTLINE(ssot-new-names): sooner\n  app::Old  old", 1))
        self.assertEqual(self.weaker(), [])

    def test_what_main_did_since(self):
        self.git("checkout", "-q", "main")
        self.write(".ssot.yaml", RULES.replace("min-compliance: 10", "min-compliance: 90"))
        self.commit("ratchet")
        self.git("checkout", "-q", "topic")
        self.assertEqual(self.weaker(), [])

    def test_a_root_below_the_repository(self):
        self.git("mv", ".ssot.yaml", "src", self.write("lib/x", "").parent)
        self.commit("move all")
        self.git("branch", "-f", "main")
        lib = self.root / "lib"
        self.database(lib / "src/a.cpp", lib / "src/b.cpp")
        self.write("lib/.ssot.yaml", RULES.replace("max-file-lines: 100", "max-file-lines: 101"))
        report, code = self.report("--against", "main", cwd=lib)
        (found,) = [f for f in report["findings"] if f["kind"] == "weakened-gate"]
        self.assertEqual((found["file"], found["rule"], code), (".ssot.yaml", "short", 1))


class CannotTell(Against):
    def refused(self, *arguments, cwd=None):
        done = self.check(*arguments, cwd=cwd)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        return done.stderr

    def test_an_unknown_revision(self):
        self.assertIn("--against: git knows no commit 'nowhere'", self.refused("--against", "nowhere"))

    def test_a_shallow_clone(self):
        self.commit("more", "--allow-empty")
        clone = self.root.parent / "clone"
        self.git("clone", "-q", "--depth=1", f"file://{self.root}", str(clone))
        self.write(clone / "compile_commands.json", (self.root / "compile_commands.json").read_text().replace(str(self.root), str(clone)))
        self.assertIn("in this shallow clone; fetch it", self.refused("--against", "main", cwd=clone))

    def test_no_repository(self):
        bare = self.root.parent / "bare"
        bare.mkdir()
        for name in (".ssot.yaml", "src/app.h", "src/a.cpp", "src/b.cpp"):
            self.write(bare / name, (self.root / name).read_text())
        self.write(bare / "compile_commands.json", (self.root / "compile_commands.json").read_text().replace(str(self.root), str(bare)))
        self.assertIn("--against needs a git repository", self.refused("--against", "main", cwd=bare))

    def test_rules_that_do_not_load(self):
        self.git("checkout", "-q", "main")
        self.write(".ssot.yaml", RULES + "nonsense: 1\n")
        self.commit("broken")
        self.write(".ssot.yaml", RULES)
        said = self.refused("--against", "main")
        self.assertIn("the rules at main cannot be read", said)
        self.assertRegex(said, r"\.ssot\.yaml:19:1: error: unknown key 'nonsense'")

    def test_no_rules_then(self):
        self.git("checkout", "-q", "--orphan", "fresh")
        self.git("rm", "-q", "--cached", ".ssot.yaml")
        self.git("commit", "-q", "-m", "no rules")
        done = self.check("--against", "fresh")
        self.assertIn("there are no rules at fresh", done.stderr)
        self.assertNotIn("weaker than", done.stdout)

    def test_only_a_part(self):
        self.assertIn("--against needs the whole project", self.refused("--against", "main", "src/a.cpp"))

    def test_nobody_to_ask(self):
        self.git("rm", "-q", ".github/CODEOWNERS")
        self.commit("nobody")
        self.git("branch", "-f", "main")
        self.write(".github/CODEOWNERS", "* @myself\n")
        self.write(".ssot.yaml", RULES.replace("max-file-lines: 100", "max-file-lines: 101"))
        (found,) = self.weaker()
        self.assertIn("CODEOWNERS names nobody who could approve it", found["message"])


if __name__ == "__main__":
    unittest.main()
