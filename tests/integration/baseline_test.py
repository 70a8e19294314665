#!/usr/bin/env python3
"""Baselines with the real program and real git: what is accepted stays accepted however the code moves, and nothing else gets in."""

import json
import os
import random
import unittest

from router_project import CANONICAL, RULES, duplicate, use
from support import SSOT, ProjectTest

class BaselineTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)
        self.write("app.h", CANONICAL)
        self.write("a.cpp", '#include "app.h"\n' + duplicate("First") + use("one") + use("two"))
        self.units("a.cpp")

    def units(self, *files):
        self.database(*(self.root / file for file in files))

    def baseline(self, command, *arguments, code=0):
        done = self.ssot("baseline", command, *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def create(self):
        self.baseline("create")
        return self.lines()

    def lines(self, name=".ssot-baseline"):
        return (self.root / name).read_text().splitlines()[1:]

    def judge(self, *arguments):
        """(new ones, stale entries, exit code)"""
        report, code = self.report("--baseline", ".ssot-baseline", *arguments)
        new = [f"{f['rule']} {f['file']}:{f['line']}" for f in report["findings"] if f["state"] == "new" and f["kind"] != "stale-baseline"]
        stale = [f["symbol"] for f in report["findings"] if f["kind"] == "stale-baseline"]
        self.assertEqual(report["baseline"]["entries"], report["baseline"]["matched"] + report["baseline"]["unmatched"])
        return new, stale, code

    def same(self):
        self.assertEqual(self.judge("--strict-baseline"), ([], [], 0))


class Commands(BaselineTest):
    def test_create_accepts_what_there_is(self):
        self.assertEqual(self.check().returncode, 1)
        done = self.baseline("create")
        self.assertEqual(done.stdout, f"{self.root}/.ssot-baseline: 3 entries (3 added, 0 removed)\n")
        self.assertEqual([line.split("\t")[1:] for line in self.lines()],
                         [["new-names", "a.cpp:8", "app::Old"], ["new-names", "a.cpp:13", "app::Old"], ["one-router", "a.cpp:2", "FirstRouter"]])
        self.same()
        self.assertEqual(self.check().returncode, 1, "without --baseline nothing is accepted")

    def test_create_does_not_overwrite(self):
        before = self.create()
        self.assertIn("is there already; `ssot baseline update`", self.baseline("create", code=2).stderr)
        self.assertEqual(self.lines(), before)

    def test_update_takes_in_and_out_and_says_what(self):
        self.create()
        self.write("a.cpp", '#include "app.h"\n' + duplicate("Second") + use("one") + use("two"))
        done = self.baseline("update")
        self.assertEqual(done.stdout.splitlines(), ["- one-router a.cpp:2 FirstRouter", "+ one-router a.cpp:2 SecondRouter",
                                                    f"{self.root}/.ssot-baseline: 3 entries (1 added, 1 removed)"])
        self.same()

    def test_prune_takes_out_only(self):
        self.create()
        self.write("a.cpp", '#include "app.h"\n' + duplicate("Second") + use("two"))
        done = self.baseline("prune")
        self.assertEqual(done.stdout.splitlines(), ["- new-names a.cpp:8 app::Old", "- one-router a.cpp:2 FirstRouter",
                                                    f"{self.root}/.ssot-baseline: 1 entry (0 added, 2 removed)"])
        self.assertEqual(self.judge(), (["one-router a.cpp:2"], [], 1))

    def test_a_second_update_changes_no_byte(self):
        self.create()
        before = (self.root / ".ssot-baseline").read_bytes()
        for command in ("update", "prune", "update"):
            self.baseline(command)
            self.assertEqual((self.root / ".ssot-baseline").read_bytes(), before)

    def test_write_baseline_of_check(self):
        done = self.check("--write-baseline", "other")
        self.assertEqual(done.returncode, 1)
        self.create()
        self.assertEqual(self.lines("other"), self.lines())
        self.assertEqual(self.check("--write-baseline", "other", "a.cpp").returncode, 2)

    def test_only_a_part(self):
        self.write("b.cpp", '#include "app.h"\n' + use("three"))
        self.units("a.cpp", "b.cpp")
        self.create()
        self.write("b.cpp", '#include "app.h"\n')
        self.assertEqual(self.judge("a.cpp"), ([], [], 0), "what was not looked at is not stale")
        self.baseline("update", "a.cpp")
        self.assertEqual(len(self.lines()), 4)
        self.baseline("prune", "--rule", "one-router")
        self.assertEqual(len(self.lines()), 4)
        self.baseline("prune")
        self.assertEqual(len(self.lines()), 3)

    def test_an_incomplete_analysis_writes_nothing(self):
        self.write("b.cpp", '#include "app.h"\n' + use("three"))
        self.units("a.cpp", "b.cpp")
        before = self.create()
        self.write("b.cpp", "int x = nowhere;\n")
        self.assertIn("nothing is written", self.baseline("prune", code=3).stderr)
        self.assertEqual(self.lines(), before)
        self.baseline("prune", "--allow-incomplete")
        self.assertEqual(self.lines(), before, "the entries of what was not analysed are kept")

    def test_wrong_files(self):
        self.assertIn("`ssot baseline create --baseline FILE`", self.baseline("update", code=2).stderr)
        self.assertEqual(self.check("--baseline", "nowhere").returncode, 2)
        self.write(".ssot-baseline", "<<<<<<< HEAD\n")
        done = self.check("--baseline", ".ssot-baseline")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn(".ssot-baseline:1:1: error:", done.stderr)

    def test_help(self):
        for command in ("create", "update", "prune", "merge"):
            self.assertIn("ssot baseline " + command, self.baseline(command, "--help").stdout)
        self.assertIn("git config merge.ssot-baseline.driver 'ssot baseline merge %O %A %B'", self.baseline("merge", "--help").stdout)


class Gate(BaselineTest):
    def test_a_swap_fails(self):
        self.create()
        self.write("a.cpp", '#include "app.h"\n' + duplicate("First") + use("one") + use("three"))
        new, stale, code = self.judge()
        self.assertEqual((new, stale, code), (["new-names a.cpp:13"], ["app::Old"], 1))

    def test_a_swap_between_files_fails(self):
        # The same include, the same code of the same name: only the file differs.
        self.write(".ssot.yaml", RULES + '  - id: new-headers\n    kind: legacy-include\n    replace: {"old.h": "app.h"}\n')
        self.write("old.h", "#pragma once\n")
        self.write("a.cpp", '#include "old.h"\n#include "app.h"\nstatic ' + use("helper"))
        self.write("b.cpp", '#include "app.h"\n')
        self.units("a.cpp", "b.cpp")
        self.create()
        self.same()
        a, b = (self.root / "a.cpp").read_text(), (self.root / "b.cpp").read_text()
        self.write("a.cpp", b)
        self.write("b.cpp", a)
        new, stale, code = self.judge()
        self.assertEqual((len(new), len(stale), code), (2, 2, 1))

    def test_fewer_violations_never_fail(self):
        self.create()
        self.write("a.cpp", '#include "app.h"\n' + use("one"))
        new, stale, code = self.judge()
        self.assertEqual((new, sorted(stale), code), ([], ["FirstRouter", "app::Old"], 0))
        self.assertEqual(self.judge("--strict-baseline")[2], 1)

    def test_a_rule_that_is_gone_leaves_stale_entries(self):
        self.create()
        self.write(".ssot.yaml", RULES[:RULES.index("  - id: new-names")])
        new, stale, code = self.judge()
        self.assertEqual((new, stale, code), ([], ["app::Old", "app::Old"], 0))
        text = self.check("--baseline", ".ssot-baseline").stdout
        self.assertIn(".ssot-baseline:2:1: warning: this entry matches no violation any more", text)
        self.assertIn("Baseline                  1 of 3 entries match", text)

    def test_sarif_tells_the_states_apart(self):
        self.create()
        self.write("a.cpp", (self.root / "a.cpp").read_text() + use("three"))
        log = json.loads(self.check("--baseline", ".ssot-baseline", "--format", "sarif").stdout)
        self.assertEqual([result["baselineState"] for result in log["runs"][0]["results"]], ["new", "unchanged", "unchanged", "unchanged"])
        log = json.loads(self.check("--format", "sarif").stdout)
        self.assertFalse([result for result in log["runs"][0]["results"] if "baselineState" in result])

    def test_accepted_ones_are_shown_on_request(self):
        self.create()
        self.assertIn("Not shown: 3 baseline findings", self.check("--baseline", ".ssot-baseline").stdout)
        self.assertIn("a.cpp:2:7: baseline:", self.check("--baseline", ".ssot-baseline", "--show-suppressed").stdout)


class History(BaselineTest):
    """With git: commits, renames, merges."""

    def setUp(self):
        super().setUp()
        self.git_init()
        self.write(".gitignore", "compile_commands.json\n")

    def commit(self, message):
        super().commit(message, "--allow-empty")

    def driver(self):
        """As `ssot baseline merge --help` says."""
        self.write(".gitattributes", ".ssot-baseline merge=ssot-baseline\n")
        self.git("config", "merge.ssot-baseline.name", "ssot baseline: what either side removed is gone")
        self.git("config", "merge.ssot-baseline.driver", f"'{SSOT}' baseline merge %O %A %B")

    def test_formatting_moved_lines_and_a_renamed_file(self):
        self.create()
        self.commit("start")
        text = (self.root / "a.cpp").read_text()
        self.write("a.cpp", text.replace("\n", "\n\n").replace("  ", "\t").replace("{", "{ /* said twice */"))
        self.commit("reformat")
        self.same()
        self.write("a.cpp", '#include "app.h"\n\n// Two before one.\n' + use("two") + duplicate("First") + use("one"))
        self.commit("move")
        self.same()
        (self.root / "sub").mkdir()
        self.git("mv", "a.cpp", "sub/b.cpp")
        self.write("sub/b.cpp", (self.root / "sub/b.cpp").read_text().replace('"app.h"', '"../app.h"'))
        self.units("sub/b.cpp")
        self.commit("rename")
        self.same()
        self.write("sub/b.cpp", (self.root / "sub/b.cpp").read_text() + use("three"))
        new, stale, code = self.judge()
        self.assertEqual((len(new), stale, code), (1, [], 1), "and still nothing new gets in")

    def test_both_sides_fix_something(self):
        self.driver()
        self.create()
        self.commit("start")
        self.git("checkout", "-q", "-b", "topic")
        self.write("a.cpp", '#include "app.h"\n' + duplicate("First") + use("one"))
        self.baseline("prune")
        self.commit("fix two")
        self.git("checkout", "-q", "main")
        self.write("a.cpp", '#include "app.h"\n' + use("one") + use("two"))
        self.baseline("prune")
        self.commit("fix the router")
        self.git("merge", "-q", "topic", "-m", "merge")
        self.assertEqual([line.split("\t")[1] for line in self.lines()], ["new-names"])
        self.same()

    def test_a_squash_does_not_bring_an_entry_back(self):
        """A branch from before the fix rewrites the baseline of its time; squashed, it would undo the ratchet."""
        self.driver()
        self.create()
        self.commit("start")
        self.git("checkout", "-q", "-b", "topic")
        self.write("b.cpp", '#include "app.h"\n' + use("three"))
        self.units("a.cpp", "b.cpp")
        self.baseline("update")
        self.commit("a new violation, accepted")
        self.git("checkout", "-q", "main")
        self.write("a.cpp", '#include "app.h"\n' + duplicate("First"))
        self.units("a.cpp")
        self.baseline("prune")
        self.commit("fix all uses in a.cpp")
        self.git("merge", "-q", "--squash", "topic")
        self.assertEqual([line.split("\t")[1:3] for line in self.lines()], [["new-names", "b.cpp:3"], ["one-router", "a.cpp:2"]])
        self.units("a.cpp", "b.cpp")
        self.same()

    def test_a_side_that_is_no_baseline_is_a_conflict(self):
        self.driver()
        self.create()
        self.commit("start")
        self.git("checkout", "-q", "-b", "topic")
        self.write(".ssot-baseline", "not a baseline\n")
        self.commit("break it")
        self.git("checkout", "-q", "main")
        self.write("a.cpp", '#include "app.h"\n' + use("one"))
        self.baseline("prune")
        self.commit("fix")
        before = self.lines()
        self.git("merge", "-q", "topic", "-m", "merge", code=1)
        self.assertIn(".ssot-baseline", self.git("diff", "--name-only", "--diff-filter=U"))
        self.assertEqual(self.lines(), before)

    def test_without_the_driver_a_conflict_is_said_so(self):
        self.create()
        self.commit("start")
        text = (self.root / ".ssot-baseline").read_text()
        self.write(".ssot-baseline", text + "<<<<<<< HEAD\n=======\n>>>>>>> topic\n")
        done = self.check("--baseline", ".ssot-baseline")
        self.assertEqual(done.returncode, 2)
        self.assertIn("a merge conflict", done.stderr)


class RandomHistories(BaselineTest):
    """Whatever is done to the text of the code, on one branch or on two that are merged, the sites stay the same; one more is always found."""

    def setUp(self):
        super().setUp()
        self.git_init()
        self.write(".gitignore", "compile_commands.json\n")

    def parts_of(self, random_):
        names = [f"name{i}" for i in range(6)]
        return {name: duplicate(name.capitalize()) if random_.random() < 0.4 else use(name) for name in names}

    def step(self, random_, files, parts):
        kind = random_.choice(["reformat", "comment", "shuffle", "rename", "edit", "blank"])
        file = random_.choice(sorted(files))
        names = files[file]
        if kind == "reformat":
            for name in names:
                parts[name] = parts[name].replace("\n  ", random_.choice(["\n", "\n\t", "\n      ", " "])).replace("{ ", random_.choice(["{\n", "{ "]))
        elif kind == "comment":
            name = random_.choice(names)
            parts[name] = f"// {random_.randrange(1000)} app::Old Router\n" + parts[name]
        elif kind == "shuffle":
            random_.shuffle(names)
        elif kind == "rename":
            files[f"r{random_.randrange(10**9)}.cpp"] = files.pop(file)
        elif kind == "edit":
            parts[f"added{random_.randrange(10**9)}"] = ""
            name = f"clean{random_.randrange(10**9)}"
            parts[name] = f"int {name}() {{ return {random_.randrange(100)}; }}\n"
            names.insert(random_.randrange(len(names) + 1), name)
        else:
            name = random_.choice(names)
            parts[name] = "\n" * random_.randrange(5) + parts[name]

    def merge(self, random_, files, parts):
        """Two branches, each of which works on files of its own, come together."""
        self.lay_out(files, parts)
        self.commit("where they part", "--allow-empty")
        mine = sorted(files)[0]
        sides = [{name: list(names) for name, names in files.items() if (name == mine) == first} for first in (True, False)]
        self.git("checkout", "-q", "-B", "topic")
        theirs = dict(parts)
        self.step(random_, sides[1], theirs)
        self.lay_out({mine: files[mine], **sides[1]}, theirs)
        self.commit("theirs", "--allow-empty")
        self.git("checkout", "-q", "main")
        ours = dict(parts)
        self.step(random_, sides[0], ours)
        self.lay_out({**sides[0], **{name: names for name, names in files.items() if name != mine}}, ours)
        self.commit("ours", "--allow-empty")
        self.git("merge", "-q", "topic", "-m", "merge")
        files.clear()
        files.update(sides[0] | sides[1])
        parts.update({name: text for side, kept in ((sides[0], ours), (sides[1], theirs)) for names in side.values() for name, text in kept.items() if name in names})
        merged = {path.name: path.read_text() for path in self.root.glob("*.cpp")}
        self.assertEqual(merged, {name: self.text_of(names, parts) for name, names in files.items()})

    def text_of(self, names, parts):
        return '#include "app.h"\n' + "".join(parts[name] for name in names)

    def lay_out(self, files, parts):
        for old in self.root.glob("*.cpp"):
            old.unlink()
        for file, names in files.items():
            self.write(file, self.text_of(names, parts))
        self.units(*files)

    def test_identity_survives(self):
        for seed in range(int(os.environ.get("SSOT_HISTORIES", "200"))):
            with self.subTest(seed=seed):
                random_ = random.Random(seed)
                parts = self.parts_of(random_)
                names = list(parts)
                files = {"a.cpp": names[:3], "b.cpp": names[3:]}
                self.lay_out(files, parts)
                (self.root / ".ssot-baseline").unlink(missing_ok=True)
                self.create()
                for _ in range(random_.randrange(1, 12)):
                    self.step(random_, files, parts)
                if random_.random() < 0.5:
                    self.merge(random_, files, parts)
                self.lay_out(files, parts)
                self.same()
                # One fixed and one added in the same file: always seen.
                file = random_.choice(sorted(files))
                fixed = next(name for name in files[file] if name.startswith("name"))
                files[file].remove(fixed)
                parts["intruder"] = use("intruder") if random_.random() < 0.5 else duplicate("Intruder")
                files[file].append("intruder")
                self.lay_out(files, parts)
                new, stale, code = self.judge()
                self.assertEqual((len(new), len(stale), code), (1, 1, 1))

    def test_merges_come_out_stricter(self):
        """What either side has removed is gone, what one has added stays, whichever side is ours."""
        line = lambda number: f"{number:016x}\tnew-names\tf{number % 3}.cpp:{number}\tapp::Old\n"
        head = "# ssot-baseline/1: accepted violations, one a line. Written by `ssot baseline`.\n"
        for seed in range(200):
            with self.subTest(seed=seed):
                random_ = random.Random(seed)
                base = {number for number in range(12) if random_.random() < 0.5}
                left, right = ({number for number in range(12) if (number in base and random_.random() < 0.7) or (number not in base and random_.random() < 0.2)}
                               for _ in range(2))
                merged = []
                for ours, theirs in ((left, right), (right, left)):
                    for name, side in (("base", base), ("ours", ours), ("theirs", theirs)):
                        self.write(name, head + "".join(map(line, sorted(side))))
                    self.baseline("merge", "base", "ours", "theirs")
                    merged.append({int(entry.split("\t")[0], 16) for entry in self.lines("ours")})
                self.assertEqual(merged[0], merged[1])
                self.assertEqual(merged[0] & base, left & right & base)
                self.assertEqual(merged[0] - base, (left | right) - base)


if __name__ == "__main__":
    unittest.main()
