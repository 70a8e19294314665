#!/usr/bin/env python3
"""`check --diff-base REV` with real git: only sites that were not there at the base fail, whatever moved, was renamed or reformatted."""

import unittest

from router_project import CANONICAL, RULES, duplicate, use
from support import ProjectTest

class DiffBase(ProjectTest):
    def setUp(self):
        super().setUp()
        self.git_init()
        self.write(".gitignore", "/compile_commands.json\n/generated/\n")
        self.write(".ssot.yaml", RULES)
        self.write("app.h", CANONICAL)
        self.write("old.h", '#pragma once\n#include "app.h"\n' + duplicate("Header") + "inline " + use("in_header"))
        self.write("a.cpp", '#include "old.h"\n' + duplicate("First") + use("one") + use("two"))
        self.write("b.cpp", '#include "app.h"\n' + use("three"))
        self.units("a.cpp", "b.cpp")
        self.commit("start")
        self.git("checkout", "-q", "-b", "topic")

    def units(self, *files):
        self.database(*(self.root / file for file in files))

    def text(self, file):
        return (self.root / file).read_text()

    def judge(self, *arguments, base="main", **options):
        report, code = self.report("--diff-base", base, *arguments, **options)
        return [(f["file"], f["symbol"]) for f in report["findings"] if f["state"] == "new"], code

    def test_nothing_new_passes_and_something_new_fails(self):
        self.assertEqual(self.check().returncode, 1)
        self.assertEqual(self.judge(), ([], 0))
        self.write("b.cpp", self.text("b.cpp") + use("four"))
        self.assertEqual(self.judge(), ([("b.cpp", "app::Old")], 1), "uncommitted")
        self.commit("one more")
        self.assertEqual(self.judge(), ([("b.cpp", "app::Old")], 1), "committed")

    def test_a_swap_fails(self):
        self.write("b.cpp", '#include "app.h"\n' + use("four"))
        self.assertEqual(self.judge(), ([("b.cpp", "app::Old")], 1))

    def test_lines_that_changed_are_not_new_sites(self):
        self.write("a.cpp", '#include "old.h"\n\n' + (use("two") + use("one") + duplicate("First")).replace("  ", "\t\t").replace("app::Old old", "app::Old  old /* still */"))
        self.assertEqual(self.judge(), ([], 0))

    def test_a_line_that_did_not_change_may_be_a_new_site(self):
        self.write("b.cpp", self.text("b.cpp").replace("app.h", "more.h"))
        self.write("more.h", '#pragma once\n#include "app.h"\n' + duplicate("More"))
        self.assertEqual(self.judge(), ([("more.h", "MoreRouter")], 1), "an untracked header")

    def test_renames(self):
        self.write("sub/keep", "")
        self.git("mv", "old.h", "sub/new.h")
        self.git("mv", "a.cpp", "sub/c.cpp")
        self.write("sub/new.h", self.text("sub/new.h").replace('"app.h"', '"../app.h"'))
        self.write("sub/c.cpp", self.text("sub/c.cpp").replace("old.h", "new.h"))
        self.units("sub/c.cpp", "b.cpp")
        self.assertEqual(self.judge(), ([], 0))
        self.write("sub/c.cpp", self.text("sub/c.cpp") + duplicate("Second"))
        self.commit("rename and add")
        self.assertEqual(self.judge(), ([("sub/c.cpp", "SecondRouter")], 1))

    def test_a_header_that_went_into_its_unit(self):
        self.write("a.cpp", self.text("old.h").replace("#pragma once\n", "") + self.text("a.cpp").replace('#include "old.h"\n', ""))
        (self.root / "old.h").unlink()
        self.assertEqual(self.judge(), ([], 0), "its file is gone: its sites may be elsewhere")

    def test_a_new_unit_and_a_new_rule(self):
        self.write("d.cpp", '#include "app.h"\n' + use("five"))
        self.units("a.cpp", "b.cpp", "d.cpp")
        self.assertEqual(self.judge(), ([("d.cpp", "app::Old")], 1))
        (self.root / "d.cpp").unlink()
        self.units("a.cpp", "b.cpp")
        self.write(".ssot.yaml", RULES + "  - id: short\n    kind: size-limit\n    max-file-lines: 2\n")
        self.assertEqual(self.judge(), ([], 0), "the rules of now judge the code of then")

    def test_the_base_is_where_the_branch_left(self):
        self.git("checkout", "-q", "main")
        self.write("b.cpp", '#include "app.h"\n')
        self.commit("fixed on main")
        self.git("checkout", "-q", "topic")
        self.assertEqual(self.judge(), ([], 0), "what main fixed since is not ours")

    def test_a_removed_suppression_is_a_new_violation(self):
        self.write("b.cpp", self.text("b.cpp").replace("app::Old old;", "app::Old old; // NOLINT(ssot-new-names): soon"))
        self.commit("suppress")
        self.git("branch", "suppressed")
        self.write("b.cpp", self.text("b.cpp").replace(" // NOLINT(ssot-new-names): soon", ""))
        self.assertEqual(self.judge(base="suppressed"), ([("b.cpp", "app::Old")], 1))

    def test_code_that_did_not_parse_then_counts_as_new(self):
        self.git("checkout", "-q", "main")
        self.write("b.cpp", self.text("b.cpp") + "int x = nowhere;\n")
        self.commit("broken")
        self.git("checkout", "-q", "-b", "mend")
        self.write("b.cpp", self.text("b.cpp").replace("int x = nowhere;\n", ""))
        done = self.check("--diff-base", "main")
        self.assertEqual(done.returncode, 1)
        self.assertIn("b.cpp does not parse as it was at main; what it holds counts as new", done.stderr)

    def test_a_root_below_the_repository(self):
        self.git("mv", ".ssot.yaml", "old.h", "app.h", "a.cpp", "b.cpp", self.write("lib/x", "").parent)
        self.commit("move all")
        self.git("branch", "-f", "main")
        lib = self.root / "lib"
        self.database(lib / "a.cpp", lib / "b.cpp")
        self.assertEqual(self.judge(cwd=lib), ([], 0))
        self.write("lib/b.cpp", self.text("lib/b.cpp") + use("four"))
        self.assertEqual(self.judge(cwd=lib), ([("b.cpp", "app::Old")], 1))

    def test_names_with_spaces_and_newlines(self):
        self.write("sub dir/new\nline.cpp", '#include "../app.h"\n' + use("six"))
        self.units("a.cpp", "b.cpp", "sub dir/new\nline.cpp")
        self.commit("odd name")
        self.git("branch", "-f", "main")
        self.write("sub dir/new\nline.cpp", '#include "../app.h"\n\n' + use("six") + use("seven"))
        self.assertEqual(self.judge(), ([("sub dir/new\nline.cpp", "app::Old")], 1))

    def test_with_a_baseline(self):
        self.assertEqual(self.ssot("baseline", "create").returncode, 0)
        self.write("b.cpp", self.text("b.cpp") + use("three").replace("int three", "int another"))
        self.assertEqual(self.judge("--baseline", ".ssot-baseline"), ([("b.cpp", "app::Old")], 1))

    def test_a_shallow_clone(self):
        self.write("b.cpp", self.text("b.cpp") + use("four"))
        self.commit("one more")
        clone = self.root.parent / "clone"
        self.git("clone", "-q", "--depth=1", "--branch=topic", self.root.as_uri(), clone)
        (clone / "compile_commands.json").write_text(self.text("compile_commands.json").replace(str(self.root), str(clone)))
        done = self.check("--diff-base", "origin/main", cwd=clone)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("git knows no commit 'origin/main' in this shallow clone; fetch it", done.stderr)
        self.git("fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main", cwd=clone)
        done = self.check("--diff-base", "origin/main", cwd=clone)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("compared with origin/main itself", done.stderr)
        self.assertIn("Gate failed: 1 violation\n", done.stdout)

    def test_what_cannot_be(self):
        for base in ("nowhere", "--all", "HEAD~99"):
            done = self.check(f"--diff-base={base}")
            self.assertEqual((done.returncode, done.stdout), (2, ""), base)
            self.assertIn(f"git knows no commit '{base}'", done.stderr)
        self.assertEqual(self.check("--diff-base", "main", "--write-baseline", "x").returncode, 2)
        (self.root / ".git").rename(self.root / "no-git")
        done = self.check("--diff-base", "main", env={"GIT_CEILING_DIRECTORIES": str(self.root.parent)})
        self.assertEqual(done.returncode, 2)
        self.assertIn("--diff-base needs a git repository", done.stderr)


if __name__ == "__main__":
    unittest.main()
