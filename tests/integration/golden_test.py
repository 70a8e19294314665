#!/usr/bin/env python3
"""The migration of the legacy code base, end to end: a copy of fixtures/legacy_app, the hand-made patches and the run of `ssot migrate` of
fixtures/migration_steps in their order, and what comes out is fixtures/migrated_app, byte for byte. `--update` writes that folder and the figures."""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SSOT = os.environ["SSOT"]
LEGACY = ROOT / "fixtures/legacy_app"
GOLDEN = ROOT / "fixtures/migrated_app"
STEPS = ROOT / "fixtures/migration_steps"
README = STEPS / "README.md"
BUILD = pathlib.Path(os.environ["SSOT_BINARY_DIR"]) / "migrated_app_database"

RULES = ["--rules", STEPS / "2-rules.yaml"]
CALLERS = ["include/netra/app", "src/app"]

# A test of the signatures that only callers elsewhere use; it leaves with them.
REMOVED_TEST = "tests/event_router_test.cpp"


def run(*command, cwd=None, codes=(0,), env=None):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, env={**os.environ, **(env or {})})
    if done.returncode not in codes:
        raise AssertionError(f"{command}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def configure(source, build):
    run("cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_CXX_COMPILER=clang++-19", "-DCMAKE_C_COMPILER=clang-19",
        f"-DNETRA_RUNTIME_DIR={ROOT / 'runtime'}")


def by_hand(app, patch):
    # Within a repository git would leave out what lies elsewhere.
    run("git", "apply", "--whitespace=nowarn", STEPS / patch, cwd=app, env={"GIT_CEILING_DIRECTORIES": str(app.parent)})


def migrated(work):
    """Takes the steps in the folder `work`. Returns the application and what the tool said of its part."""
    app = work / "app"
    shutil.copytree(LEGACY, app)
    by_hand(app, "1-one-router-per-user.patch")
    configure(app, work / "build")
    # Exit code 1: what is left is for the third step.
    said = run(SSOT, "migrate", "--apply", "--format", "json", *RULES, "-p", work / "build", *CALLERS, cwd=app, codes=(1,))
    shutil.rmtree(app / ".ssot")
    by_hand(app, "3-last-uses.patch")
    for name in (STEPS / "3-removed.txt").read_text().split():
        (app / name).unlink()
        for folder in (app / name).parents:
            if folder == app or any(folder.iterdir()):
                break
            folder.rmdir()
    return app, json.loads(said)


def tree(root):
    return {str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mode & 0o111) for path in root.rglob("*") if path.is_file()}


def hand_made(patch):
    """Hunks, lines added and lines taken away of a patch, without those of README.md."""
    files = [part for part in re.split(r"^(?=diff --git )", (STEPS / patch).read_text(), flags=re.M) if part and " b/README.md" not in part]
    lines = [line for part in files for line in part[part.find("\n@@"):].splitlines()]
    return (sum(line.startswith("@@") for line in lines), sum(line.startswith("+") for line in lines), sum(line.startswith("-") for line in lines))


def figures(said):
    """The figures of the README, from the patches and from what the tool said."""
    compliance = said["compliance"]
    rows = [f"| {step} by hand | {hunks} hunks, {added} lines added, {removed} removed |"
            for step, (hunks, added, removed) in ((1, hand_made("1-one-router-per-user.patch")), (3, hand_made("3-last-uses.patch")))]
    removed = (STEPS / "3-removed.txt").read_text().split()
    lines = sum(len((LEGACY / name).read_text().splitlines()) for name in removed)
    before, after = ("{} of {} sites".format(compliance[f"compliant_{when}"], compliance[f"sites_{when}"]) for when in ("before", "after"))
    rows[1:1] = [f"| 2 by the tool | {len(said['edits'])} verified edits in {len({edit['file'] for edit in said['edits']})} files, {len(said['rejected'])} rejected |",
                 f"| compliance before and after step 2 | {compliance['before']} % ({before}), {compliance['after']} % ({after}) |"]
    rows.append(f"| 3 files removed | {len(removed)}, with {lines} lines |")
    counted = collections.Counter(entry["reason"] for entry in said["residue"])
    rows.append("| residue of step 2 | " + ", ".join(f"{count} `{reason}`" for reason, count in sorted(counted.items())) + " |")
    return "\n".join(rows) + "\n"


def with_figures(text, rows):
    return re.sub(r"(?<=\| --- \| --- \|\n)(?=\| 1 by hand).*?(?=\n\n)", lambda _: rows.rstrip("\n"), text, flags=re.S)


class Golden(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory(prefix="ssot golden ") as folder:
            app, cls.said = migrated(pathlib.Path(folder).resolve())
            cls.tree = tree(app)

    def test_the_steps_end_in_the_golden_application(self):
        golden = tree(GOLDEN)
        self.assertEqual(sorted(self.tree), sorted(golden))
        for name, (content, mode) in self.tree.items():
            self.assertEqual((content.decode(), mode), (golden[name][0].decode(), golden[name][1]), name)

    def test_the_tool_proved_its_part(self):
        self.assertTrue(self.said["verified"])
        self.assertIsNotNone(self.said["journal"])

    def test_the_figures_are_those_of_the_readme(self):
        self.assertEqual(README.read_text(), with_figures(README.read_text(), figures(self.said)))
        self.assertIn("| 2 by the tool |", README.read_text())

    def test_the_tests_of_the_application_are_as_they_were(self):
        before = {name: content for name, content in tree(LEGACY).items() if name.startswith("tests/") and name != REMOVED_TEST}
        after = {name: content for name, content in self.tree.items() if name.startswith("tests/")}
        self.assertEqual(after, before)

    def test_it_checks_at_100_percent(self):
        configure(GOLDEN, BUILD)
        report = json.loads(run(SSOT, "check", "--root", GOLDEN, "-c", GOLDEN / ".ssot.yaml", *RULES, "-p", BUILD, "--format", "json"))
        self.assertEqual((report["findings"], report["compliance"]["ssot"], report["compliance"]["architecture"], report["compliance"]["coverage"]),
                         ([], 100, 100, 100))
        self.assertTrue(report["gate"]["passed"] and report["compliance"]["complete"])

    def test_nothing_of_the_old_is_reached_any_more(self):
        old = {name.removeprefix("include/") for name in (STEPS / "3-removed.txt").read_text().split() if name.endswith(".h")}
        for name, (content, _) in self.tree.items():
            for included in re.findall(r'^#include ["<](.*)[">]', content.decode(), flags=re.M):
                self.assertNotIn(included, old, name)


def update():
    with tempfile.TemporaryDirectory(prefix="ssot golden ") as folder:
        app, said = migrated(pathlib.Path(folder).resolve())
        shutil.rmtree(GOLDEN)
        shutil.copytree(app, GOLDEN)
    README.write_text(with_figures(README.read_text(), figures(said)))


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        update()
    else:
        unittest.main()
