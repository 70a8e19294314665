#!/usr/bin/env python3
"""`ssot migrate --apply` and `ssot rollback`: all files or none, whatever happens on the way."""

import json
import os
import shutil
import stat
import subprocess
import unittest

from legacy_router import MigrateTest, RULES, tree


class Applying(MigrateTest):
    def setUp(self):
        super().setUp()
        self.units(a='#include "old/router.h"\nold::Router r;\n', b='#include "old/router.h"\nold::Router s;\n')

    def applied(self):
        report, done = self.migrate("--apply")
        self.assertEqual(done.returncode, 0, done.stderr)
        return report["journal"]

    def refused(self, *command, word):
        """Runs a command that must be refused with a word and leave the tree alone."""
        before = tree(self.root)
        done = self.ssot(*command)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(word, done.stderr)
        self.assertEqual(tree(self.root), before)
        return done.stderr

    # --- what stays

    def test_rollback_restores_bytes_and_modes(self):
        os.chmod(self.root / "src/a.cpp", 0o750)
        before = tree(self.root)
        journal = self.applied()
        self.assertNotEqual(tree(self.root), before)
        self.assertEqual(stat.S_IMODE((self.root / "src/a.cpp").stat().st_mode), 0o750)
        self.assertEqual(self.ssot("rollback", journal).returncode, 0)
        self.assertEqual(tree(self.root), before)

    def test_bytes_that_are_not_edited_stay(self):
        head, use = '#include "old/router.h"', "old::Router r;"
        texts = {
            "crlf": f"{head}\r\n{use}\r\n",
            "mixed": f"int x;\r\n{head}\nint y;\r\n{use}\n\r\nint z;\r\n",
            "lone_cr": f"{head}\n// a\r// b\n{use}\n",
            "bom": f"\ufeff{head}\n{use}\n",
            "no_newline": f"{head}\n{use}",
            "tabs": f"{head}\t \n\t{use}\t // \t\n\f\n",
            "latin1": f"{head}\n// gr\udcfc\udcdf\n{use}\n",
            "raw": f'{head}\nconst char *text = R"(old::Router\r\n)";\n{use}\n',
            "continued": f"{head}\n#define X \\\n  1\nold::\\\nRouter r;\n{use.replace(' r', ' s')}\n",
        }
        for name, text in texts.items():
            with self.subTest(name):
                before = text.encode(errors="surrogateescape")
                self.database(self.write(f"src/{name}.cpp", before), flags=("-std=c++20", f"-I{self.root}/include"))
                report, done = self.migrate("--apply")
                self.assertTrue(report["verified"], done.stderr)
                after = (self.root / f"src/{name}.cpp").read_bytes()
                self.assertNotEqual(after, before)
                back = after.replace(b'"net/router.h"', b'"old/router.h"')
                for written in (b"net::Router r;", b"net::Router s;"):
                    back = back.replace(written, written.replace(b"net", b"old"))
                self.assertEqual(back.replace(b"old::Router r;", b"old::\\\nRouter r;") if name == "continued" else back, before)
                self.assertEqual(self.ssot("rollback").returncode, 0)
                self.assertEqual((self.root / f"src/{name}.cpp").read_bytes(), before)

    def test_a_symbolic_link_is_followed_to_the_real_file(self):
        (self.root / "real").mkdir()
        shutil.move(self.root / "src/a.cpp", self.root / "real/a.cpp")
        (self.root / "src/a.cpp").symlink_to("../real/a.cpp")
        self.applied()
        self.assertTrue((self.root / "src/a.cpp").is_symlink())
        self.assertIn("net::Router", (self.root / "real/a.cpp").read_text())
        self.assertEqual(self.ssot("rollback").returncode, 0)
        self.assertTrue((self.root / "src/a.cpp").is_symlink())
        self.assertIn("old::Router", (self.root / "real/a.cpp").read_text())

    def test_a_plan_does_not_lead_out_of_the_project(self):
        outside = self.root.parent / "outside.cpp"
        outside.write_text(self.text("a"))
        self.ssot("migrate", "--save-plan", "plan.json")
        plan = (self.root / "plan.json").read_text()
        self.write("plan.json", plan.replace("src/a.cpp", "../outside.cpp"))
        self.refused("migrate", "--plan", "plan.json", "--apply", word="../outside.cpp: lies outside")
        (self.root / "src/away.cpp").symlink_to(outside)
        self.write("plan.json", plan.replace("src/a.cpp", "src/away.cpp"))
        self.refused("migrate", "--plan", "plan.json", "--apply", word="src/away.cpp: lies outside")
        self.assertIn("old::Router", outside.read_text())

    def test_the_journal_is_ignored_by_git(self):
        self.git_init()
        self.commit("before")
        self.applied()
        self.assertEqual(self.git("status", "--porcelain").split(), ["M", "src/a.cpp", "M", "src/b.cpp"])

    # --- what is refused

    def test_a_read_only_file_is_refused_before_anything_is_written(self):
        os.chmod(self.root / "src/b.cpp", 0o444)
        self.refused("migrate", "--apply", word="src/b.cpp: is read-only")
        self.assertEqual(self.ssot("rollback", "--list").stdout, "")

    def test_a_file_that_was_made_read_only_is_not_rolled_back(self):
        self.applied()
        os.chmod(self.root / "src/b.cpp", 0o444)
        self.refused("rollback", word="src/b.cpp: is read-only")

    def test_rollback_refuses_what_a_person_edited_and_says_which(self):
        self.applied()
        self.write("src/b.cpp", self.text("b") + "// mine\n")
        self.assertNotIn("a.cpp", self.refused("rollback", word="src/b.cpp: edited since the migration"))
        done = self.ssot("rollback", "--skip-changed")
        self.assertEqual((done.returncode, "src/b.cpp" in done.stderr), (0, True))
        self.assertIn("old::Router r", self.text("a"))
        self.assertIn("// mine", self.text("b"))

    def test_rollback_refuses_a_file_that_is_gone(self):
        self.applied()
        (self.root / "src/b.cpp").unlink()
        self.refused("rollback", word="src/b.cpp")

    def test_a_damaged_journal_is_not_believed(self):
        journal = self.applied()
        kept = self.root / ".ssot/journal" / journal / "0.before"
        kept.write_text("something else")
        self.refused("rollback", word="0.before: the journal is damaged")

    def test_rollback_without_a_migration_and_of_an_unknown_one(self):
        self.refused("rollback", word="nothing to roll back")
        self.applied()
        self.refused("rollback", "0002", word="no such change")
        self.refused("rollback", "../journal/0001", word="no such change")
        self.assertEqual(self.ssot("rollback").returncode, 0)
        self.refused("rollback", "0001", word="rolled back already")

    def test_the_list(self):
        self.applied()
        self.assertEqual(self.ssot("rollback", "--list").stdout, "0001  applied  2 files\n")
        self.ssot("rollback")
        self.applied()
        self.assertEqual(self.ssot("rollback", "--list").stdout, "0001  rolled back  2 files\n0002  applied  2 files\n")

    # --- plans

    def test_a_plan_that_is_applied_is_a_no_op(self):
        self.ssot("migrate", "--save-plan", "plan.json")
        self.assertEqual(self.ssot("migrate", "--plan", "plan.json", "--apply").returncode, 0)
        after = tree(self.root)
        done = self.ssot("migrate", "--plan", "plan.json", "--apply")
        self.assertEqual((done.returncode, "applied already" in done.stderr), (0, True))
        self.assertEqual(tree(self.root), after)
        self.assertEqual(len(self.ssot("rollback", "--list").stdout.splitlines()), 1)

    def test_a_plan_is_stale_where_any_of_its_files_is(self):
        self.ssot("migrate", "--save-plan", "plan.json")
        self.write("src/b.cpp", self.text("b") + "// later\n")
        self.refused("migrate", "--plan", "plan.json", "--apply", word="src/b.cpp: was edited since the plan was made")
        (self.root / "src/b.cpp").unlink()
        self.refused("migrate", "--plan", "plan.json", "--apply", word="src/b.cpp: the plan edits this file")

    def test_a_plan_that_was_changed_by_hand_is_refused(self):
        self.ssot("migrate", "--save-plan", "plan.json")
        plan = json.loads((self.root / "plan.json").read_text())
        plan["edits"][0]["after"] = '#include "evil.h"\n'
        self.write("plan.json", json.dumps(plan))
        self.refused("migrate", "--plan", "plan.json", "--apply", word="src/a.cpp: the plan's edits do not give the file it promises")

    # --- two at once, and after an interruption

    def test_another_ssot_at_work(self):
        self.ssot("migrate", "--save-plan", "plan.json")
        self.applied()
        holder = subprocess.Popen(["flock", self.root / ".ssot/journal/lock", "sh", "-c", "echo held; read line"], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        self.assertEqual(holder.stdout.readline(), "held\n")
        self.refused("rollback", word="another ssot is changing this project")
        self.assertEqual(self.check().returncode, 0, "who only looks does not wait")
        holder.communicate("\n")
        self.assertEqual(self.ssot("rollback").returncode, 0)

    def test_two_at_once_one_wins_and_the_other_is_told(self):
        self.ssot("migrate", "--save-plan", "plan.json")
        before = tree(self.root)
        command = [os.environ["SSOT"], "migrate", "--plan", "plan.json", "--apply"]
        for _ in range(20):
            both = [subprocess.Popen(command, cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
            told = [process.communicate()[1] for process in both]
            codes = sorted(process.returncode for process in both)
            self.assertIn(codes, ([0, 0], [0, 4]), told)
            self.assertTrue(any(word in "".join(told) for word in ("another ssot", "edited since", "applied already", "not in the others")), told)
            self.assertIn("net::Router r", self.text("a"))
            self.assertEqual(self.ssot("rollback").returncode, 0)
            self.assertEqual(tree(self.root), before)

    def interrupt(self):
        """The tree as if an apply had been killed after its first rename."""
        old = self.text("b")
        journal = self.applied()
        entry = self.root / ".ssot/journal" / journal
        (entry / "done").rename(entry / "not-done")
        self.write("src/b.cpp", old)
        return journal

    def test_the_next_ssot_of_any_kind_completes_what_was_interrupted(self):
        commands = ["check", "migrate", "rollback --list", "registry", "discover", "report -o out", "baseline create", "cache stats", "rules list",
                    "rules validate", "explain old-name", "init"]
        for command in commands:
            with self.subTest(command):
                journal = self.interrupt()
                done = self.ssot(*command.split())
                self.assertIn(f"migration {journal} was interrupted; it is completed now, the tree is as after", done.stderr)
                self.assertIn("net::Router s", self.text("b"))
                self.assertEqual(self.ssot("rollback").returncode, 0)

    def test_an_interrupted_file_that_was_edited_since_is_left_to_its_person(self):
        journal = self.interrupt()
        self.write("src/b.cpp", "// mine\n")
        message = self.refused("check", word="src/b.cpp: migration")
        self.assertIn(f"journal/{journal}", message)
        shutil.copy(self.root / ".ssot/journal" / journal / "1.after", self.root / "src/b.cpp")
        self.assertEqual(self.check().returncode, 0)

    def test_an_interrupted_rollback_leaves_what_was_edited_since(self):
        journal = self.applied()
        entry = self.root / ".ssot/journal" / journal
        (entry / "not-undo").rename(entry / "undo")
        self.write("src/a.cpp", (entry / "0.before").read_text())
        self.write("src/b.cpp", "// mine\n")
        done = self.ssot("rollback", "--list")
        self.assertIn(f"the rollback of migration {journal} was interrupted; it is completed now, the tree is as before; edited since and left as they are: "
                      "src/b.cpp", done.stderr)
        self.assertEqual((done.stdout, self.text("b")), (f"{journal}  rolled back  2 files\n", "// mine\n"))


if __name__ == "__main__":
    unittest.main()
