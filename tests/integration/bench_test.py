#!/usr/bin/env python3
"""What `./dev bench` measures with: the generated project is the same each time and is what its description says, and a target that is not met is
not called met."""

import json
import subprocess
import sys
import unittest

from support import ROOT, ProjectTest

sys.path.insert(0, str(ROOT / "tests/bench"))
import depth  # noqa: E402
import document  # noqa: E402
import generate  # noqa: E402
import measure  # noqa: E402


class Generated(ProjectTest):
    def files(self, folder):
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def test_is_the_same_each_time(self):
        generate.generate(self.root / "a", 30)
        generate.generate(self.root / "a", 30)
        subprocess.run([ROOT / "tests/bench/generate.py", self.root / "b", "30"], check=True)
        first, second = self.files(self.root / "a"), self.files(self.root / "b")
        self.assertEqual([name for name in first if name.endswith(".cpp")], [name for name in first if name.startswith("src/")])
        database = "compile_commands.json"
        self.assertEqual(first.pop(database).replace(b"/a\"", b"/b\""), second.pop(database))
        self.assertEqual(first, second)

    def test_a_tenth_of_the_units_touches_the_api(self):
        generate.generate(self.root, 40)
        report, code = self.report("-c", "named.yaml")
        self.assertEqual((code, report["units"]["total"], report["units"]["failed"]), (1, 40, []))
        header = next(rule for rule in report["rules"] if rule["id"] == "old-header")
        self.assertEqual((header["sites"], header["compliant"]), (4, 2))
        report, _ = self.report("-c", "bodies.yaml")
        self.assertEqual({rule["id"] for rule in report["rules"] if rule["sites"]}, {"like-the-router", "one-definition", "sizes"})


    def test_varied_units_are_the_same_each_time_and_have_copies_that_are_found(self):
        generate.generate(self.root, 4, generate.varied_files)
        first = self.files(self.root)
        generate.generate(self.root, 4, generate.varied_files)
        self.assertEqual(self.files(self.root), first)
        done = self.ssot("discover", "-c", "bodies.yaml", "--format", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        families = [{member["symbol"] for member in family["members"]} for family in json.loads(done.stdout)["families"]]
        for unit in range(3):
            name = generate.varied_functions(unit)[0][0]
            pair = {f"unit{unit}::{name}", f"unit{unit + 1}::{name}_again"}
            self.assertTrue(any(pair <= family for family in families), pair)

    def test_rules_by_content_are_rules(self):
        for name in depth.PROJECTS:
            base, full = depth.rules(name)
            self.write("base.yaml", base)
            self.write("full.yaml", full)
            for file in ("base.yaml", "full.yaml"):
                self.assertEqual(self.ssot("rules", "validate", "-c", file).returncode, 0, file)


class Document(unittest.TestCase):
    def test_a_line_through_points(self):
        slope, intercept, fit = measure.line_through([(1, 3), (2, 5), (4, 9)])
        self.assertAlmostEqual(slope, 2)
        self.assertAlmostEqual(intercept, 1)
        self.assertAlmostEqual(fit, 1)
        self.assertLess(measure.line_through([(0, 0), (1, 5), (2, 1), (3, 6)])[2], 0.9)

    def test_targets_are_met_or_not(self):
        def results(wall):
            run = {"wall": wall, "cpu": wall, "memory": 100}
            return {"reduce": {"runs": {"10,000 files": run}, "points": [(1, 1), (2, 2), (3, 3)], "how": {}}}
        self.assertIn("| reduce of 10,000 facts files: <= 10 s | 9500 ms | yes |", document.targets(results(9.5)))
        self.assertIn("| reduce of 10,000 facts files: <= 10 s | 10.5 s | **no** |", document.targets(results(10.5)))

    def test_what_rules_by_content_add_is_met_or_not(self):
        def results(cpu):
            points = [{"lines": lines, "families": 1, "deserialise": 1, "link": 1, "discover": lines / 1e6} for lines in (250000, 500000, 1000000)]
            return {"depth": {"checks": {"x": {"without": {"cpu": 1.0}, "with": {"cpu": cpu}}}, "sizes": points, "how": {}}}
        self.assertIn("| rules by content add <= 25 % to a check (x) | 20.0 % | yes |", document.targets(results(1.2)))
        self.assertIn("| rules by content add <= 25 % to a check (x) | 30.0 % | **no** |", document.targets(results(1.3)))
        self.assertIn("| 1,000,000 lines compared, from facts: < 60 s | 3000 ms of processor time for 1,000,000 | yes |", document.targets(results(1.2)))

    def test_the_page_has_its_place_for_them(self):
        page = (ROOT / "docs/performance.md").read_text()
        self.assertLess(page.index(document.BEGIN), page.index(document.END))


if __name__ == "__main__":
    unittest.main()
