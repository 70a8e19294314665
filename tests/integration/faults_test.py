#!/usr/bin/env python3
"""Whatever ends an apply or a rollback in its middle, the tree is before or after, never between.

faults.c is preloaded into the real program: it writes down each call that changes files, and ends the n-th badly, for every n."""

import errno
import os
import re
import shutil
import subprocess
import unittest

from legacy_router import MigrateTest, tree
from support import SSOT

FAULTS = os.environ["SSOT_FAULTS"]
APPLY, ROLLBACK = ("migrate", "--plan", "plan.json", "--apply"), ("rollback",)


class Faults(MigrateTest):
    """A plan of two files in two folders, and the project with it applied; each run gets a copy."""

    def setUp(self):
        super().setUp()
        self.write("app/h.h", '#include "old/router.h"\ninline old::Router r;\n')
        os.chmod(self.root / "app/h.h", 0o640)
        self.units(a='#include "../app/h.h"\nold::Router s;\n')
        self.ssot("migrate", "--save-plan", "plan.json")
        self.applied = self.root.parent / "applied"
        shutil.copytree(self.root, self.applied, symlinks=True)
        self.assertEqual(self.run_in(self.applied, *APPLY).returncode, 0)
        self.before, self.after = tree(self.root), tree(self.applied)
        self.assertEqual([name for name in self.before if self.before[name] != self.after[name]], ["app/h.h", "src/a.cpp"])
        self.numbers = iter(range(10000))

    def run_in(self, folder, *command, **environment):
        return subprocess.run([SSOT, *command], cwd=folder, capture_output=True, text=True, env={**os.environ, **environment})

    def copy(self, command):
        """A fresh tree on which the command has something to do."""
        folder = self.root.parent / f"run {next(self.numbers)}"
        shutil.copytree(self.root if command is APPLY else self.applied, folder, symlinks=True)
        return folder

    def faulty(self, folder, command, **faults):
        return self.run_in(folder, *command, LD_PRELOAD=FAULTS, **{f"FAULTS_{name}": str(value) for name, value in faults.items()})

    def calls(self, command):
        """What a run without faults calls: (name, path...) relative to the tree."""
        folder, log = self.copy(command), self.root.parent / "log"
        log.unlink(missing_ok=True)
        self.assertEqual(self.faulty(folder, command, LOG=log).returncode, 0)
        return [tuple(line.replace(f"{folder}/", "").split("\t")) for line in log.read_text().splitlines()]

    def sweep(self, command, faults, codes, only=()):
        """Runs the command once for each of its calls, with the fault there. \\returns the outcomes, as exit code and where the tree is."""
        outcomes = set()
        calls = self.calls(command)
        self.assertGreater(len(calls), 25)
        for n, call in enumerate(calls, 1):
            if only and call[0] not in only:
                continue
            folder = self.copy(command)
            run = self.faulty(folder, command, AT=n, **faults)
            where = f"{command[0]}, call {n}, {faults}: exit {run.returncode}, {run.stderr}"
            self.assertIn(run.returncode, codes, where)
            unchanged, changed = (self.before, self.after) if command is APPLY else (self.after, self.before)
            if run.returncode == 4:
                self.assertEqual(tree(folder), unchanged, where)
            if run.returncode == 0:
                self.assertEqual(tree(folder), changed, where)
            looked = self.run_in(folder, "rollback", "--list")
            self.assertEqual(looked.returncode, 0, where + looked.stderr)
            state = tree(folder)
            self.assertIn(state, (self.before, self.after), where)
            self.assertEqual("applied" in looked.stdout, state == self.after, where + looked.stdout)
            if looked.stderr:
                self.assertIn("the tree is as after" if state == self.after else "the tree is as before", looked.stderr, where)
                again = self.run_in(folder, "rollback", "--list")
                self.assertEqual((again.stderr, again.stdout), ("", looked.stdout), where)
            outcomes.add((run.returncode, state == changed))
            shutil.rmtree(folder)
        return outcomes

    def test_killed_at_every_call(self):
        for command in (APPLY, ROLLBACK):
            self.assertEqual(self.sweep(command, {"HOW": "kill"}, (-9,)), {(-9, False), (-9, True)})

    def test_killed_in_the_middle_of_a_write(self):
        for command in (APPLY, ROLLBACK):
            self.assertEqual(self.sweep(command, {"HOW": "tear"}, (-9,), only=("write",)), {(-9, False)})

    def test_a_full_disk(self):
        """Nothing is replaced before there is room for everything, so a full disk never needs the next run."""
        for command in (APPLY, ROLLBACK):
            outcomes = self.sweep(command, {"HOW": errno.ENOSPC, "FULL": 1}, (0, 4))
            self.assertEqual(outcomes, {(4, False), (0, True)})

    def test_any_call_fails_once(self):
        for command in (APPLY, ROLLBACK):
            outcomes = self.sweep(command, {"HOW": errno.EIO}, (0, 4, 5))
            self.assertLessEqual({(4, False), (0, True)}, outcomes)
            self.assertNotIn((4, True), outcomes)

    def test_permission_denied(self):
        for command in (APPLY, ROLLBACK):
            outcomes = self.sweep(command, {"HOW": errno.EACCES}, (0, 4, 5), only=("open", "mkdir", "rename"))
            self.assertLessEqual({(4, False)}, outcomes)
            self.assertNotIn((4, True), outcomes)

    def test_what_cannot_be_put_back_is_not_called_a_refusal(self):
        """The second rename fails, and from then on the disk is full: half is new, the program says so, and the next one completes it."""
        calls = self.calls(APPLY)
        second = [n for n, call in enumerate(calls, 1) if call[0] == "rename" and not call[1].startswith(".ssot")][1]
        folder = self.copy(APPLY)
        run = self.faulty(folder, APPLY, AT=second, HOW=errno.EIO, FULL=2)
        self.assertEqual(run.returncode, 5, run.stderr)
        self.assertIn("some files are new and some are old; the next ssot completes what was begun", run.stderr)
        self.assertNotIn(tree(folder), (self.before, self.after))
        looked = self.run_in(folder, "rollback", "--list")
        self.assertIn("it is completed now, the tree is as after", looked.stderr)
        self.assertEqual(tree(folder), self.after)

    def test_what_is_told_is_on_the_disk_first(self):
        """A power cut loses what was not flushed. So bytes are flushed before the rename that shows them, and names before the next step."""
        for command in (APPLY, ROLLBACK):
            calls = [call for call in self.calls(command) if not call[-1].endswith((".gitignore", "lock"))]
            shown = [n for n, call in enumerate(calls) if call[0] == "rename"]
            self.assertEqual(len(shown), 4)
            flushed = {n: calls.index(("fsync", os.path.dirname(calls[n][2])), n) for n in shown}
            for n in shown:
                for write in (call for call in calls if call[0] == "write" and call[1].startswith(calls[n][1])):
                    self.assertLess(calls.index(write), calls.index(("fsync", write[1])))
                    self.assertLess(calls.index(("fsync", write[1])), n)
            # The journal, then the files, then the mark that they are all there; each flushed before the next.
            first, *files, last = shown
            for n in files:
                self.assertLess(flushed[first], n)
                self.assertLess(flushed[n], last)

    @unittest.skipUnless(shutil.which("strace"), "strace is not installed")
    def test_no_call_that_changes_files_is_missed(self):
        """The kernel's own list of such calls is the list that the faults go through."""
        changing = ("mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir", "fsync", "fdatasync", "fchmod", "chmod",
                    "fchmodat", "fchown", "chown", "ftruncate", "truncate", "pwrite64", "writev", "link", "linkat", "symlink", "symlinkat", "flock",
                    "sync_file_range", "utimensat", "fallocate", "copy_file_range", "sendfile", "creat", "write")
        for command in (APPLY, ROLLBACK):
            folder, log = self.copy(command), self.root.parent / "trace"
            known = ",".join(f"?{name}" for name in changing)
            subprocess.run(["strace", "-f", "-y", "-qq", "-o", log, "-e", f"trace={known}", SSOT, *command], cwd=folder, check=True, capture_output=True)
            traced = []
            for line in log.read_text().splitlines():
                name, rest = re.match(r"\d+ +(\w+)\((.*)", line).groups()
                if name == "write" and str(folder) not in rest.split(">")[0]:
                    continue  # to the terminal
                traced.append({"unlinkat": "remove"}.get(name, name))
            wanted = [call[0] for call in self.calls(command) if call[0] not in ("open", "close")]
            self.assertEqual(traced, wanted, command)


if __name__ == "__main__":
    unittest.main()
