#!/usr/bin/env python3
"""`ssot report`: the documents of one run agree with what the other commands say, are the same bytes everywhere, and come all or not at all."""

import json
import os
import pathlib
import re
import shlex
import shutil
import unittest

from router_project import CANONICAL, RULES, duplicate, use
from support import ProjectTest

DOCUMENTS = {"validation-report.md", "proof-summary.md", "ssot-import-registry.md", "ssot-import-registry.json", "migration-guide.md",
             "deprecation-usage.md", "report.json", "report.sarif", "rollback-plan.md", "index.html"}
METRICS = """\
# HELP legacy_api_calls_total Calls of legacy names, by name.
# TYPE legacy_api_calls_total counter
legacy_api_calls_total{api="Old::touch",replacement="New::touch"} 12
legacy_api_calls_total{api="Elsewhere \\"x\\"",replacement="New"} 3
other_total 4
"""


class Report(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES + '  - id: empty\n    kind: legacy-name\n    replace: {"app::Never": "app::New"}\n')
        self.write("CODEOWNERS", "* @all\n/src/ @coders\n")
        self.write("src/app.h", CANONICAL)
        self.write("src/a.cpp", '#include "app.h"\n' + duplicate("First") + use("one") + use("two"))
        self.write("lib/b.cpp", '#include "../src/app.h"\n' + use("three"))
        self.database(self.root / "src/a.cpp", self.root / "lib/b.cpp")

    def bundle(self, *arguments, code=1, cwd=None, env=None, out="out"):
        done = self.ssot("report", "-o", out, *arguments, cwd=cwd, env=env)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        folder = (cwd or self.root) / out
        return {path.name: path.read_text() for path in folder.iterdir()} if folder.exists() else {}

    def row(self, text, first):
        """The cells of the table's row that begins with `first`."""
        (line,) = [line for line in text.splitlines() if line.startswith(f"| {first} |")]
        return [cell.strip() for cell in line.strip("|").split(" |")]


class Documents(Report):
    def test_all_of_them_and_what_check_says(self):
        files = self.bundle()
        with_dashboard = "csv, html;" in " ".join(self.ssot("check", "--help").stdout.split())
        self.assertEqual(DOCUMENTS - (set() if with_dashboard else {"index.html"}), set(files))
        self.assertEqual(json.loads(files["report.json"]), self.report()[0])
        self.assertEqual(files["ssot-import-registry.md"], self.ssot("registry").stdout)
        self.assertEqual(files["ssot-import-registry.json"], self.ssot("registry", "--format", "json").stdout)
        self.assertEqual(files["report.sarif"], self.check("--format", "sarif").stdout)
        if with_dashboard:
            self.assertEqual(files["index.html"], self.check("--format", "html").stdout)
        else:  # npm's registry did not answer when it was built
            self.assertIn("built without the dashboard", self.check("--format", "html").stderr)

    def test_each_criterion_is_passed_failed_or_not_judged(self):
        text = self.bundle()["validation-report.md"]
        verdicts = {"passed": 0, "**failed**": 0, "not judged": 0}
        for line in text.splitlines():
            if line.startswith("| ") and not line.startswith(("| ---", "| criterion")):
                verdicts[line.split(" | ")[1]] += 1
        self.assertIn(f"Of {sum(verdicts.values())} criteria {verdicts['passed']} passed, {verdicts['**failed**']} failed, "
                      f"{verdicts['not judged']} could not be judged. Exit code 1 of `ssot check`.", text)
        self.assertEqual(self.row(text, "`one-router` (error)")[1], "**failed**")
        self.assertEqual(self.row(text, "`empty` (error)")[1:3], ["not judged", "no sites"])
        self.assertEqual(self.row(text, "everything could be analysed")[1], "passed")
        self.assertEqual(self.row(text, "SSOT compliance (no minimum is set)")[1], "not judged")
        self.assertEqual(self.row(text, "no legacy name is called at run time")[1], "not judged")
        self.assertEqual(self.row(self.bundle("--min-compliance", "90.5")["validation-report.md"], "SSOT compliance is at least 90.5 %")[1], "**failed**")

    def test_the_commands_give_the_same_figures(self):
        text = self.bundle()["validation-report.md"]
        for command in set(re.findall(r"`(ssot (?:check|migrate)[^`]*)`", "".join(self.bundle().values()))):
            words = shlex.split(command)[1:]
            if "--apply" not in words:
                self.assertIn(self.ssot(*words).returncode, (0, 1), command)
        report, _ = self.report("--rule", "one-router")
        (rule,) = report["rules"]
        self.assertEqual(self.row(text, "`one-router` (error)")[2], f"{rule['compliance']} %, {rule['compliant']} of {rule['sites']} sites; 1 violation")

    def test_the_plan(self):
        files = self.bundle()
        plan = json.loads(self.ssot("migrate", "--format", "json").stdout)
        self.assertTrue(plan["verified"])
        edits = len(plan["edits"])
        self.assertEqual(self.row(files["proof-summary.md"], "edits planned and proven")[1], f"{edits} in 2 files")
        self.assertEqual(self.row(files["proof-summary.md"], "a second run would plan nothing")[1], "yes")
        guide = files["migration-guide.md"]
        self.assertIn(f"shows {edits} edits in 2 files", guide)
        self.assertIn(f"{edits} proven edits, 0 rejected. Again with `ssot check --rule new-names`.", guide)
        self.assertIn("| `app::Old` | `app::New` | | 3 | |\n", guide)
        self.assertIn("| `FirstRouter` | `app::Router` | | `src/a.cpp` |\n", guide)
        self.assertIn("| owner | violations |\n| --- | ---: |\n| `@all` | 1 |\n| `@coders` | 2 |\n", guide)

    def test_digests(self):
        import hashlib
        text = self.bundle()["proof-summary.md"]
        digest = lambda name: hashlib.sha256((self.root / name).read_bytes()).hexdigest()
        self.assertEqual(self.row(text, "`.ssot.yaml`")[1], f"`{digest('.ssot.yaml')}`")
        names = sorted([".ssot.yaml", "src/app.h", "src/a.cpp", "lib/b.cpp"])
        whole = hashlib.sha256("".join(f"{digest(name)}  {name}\n" for name in names).encode()).hexdigest()
        self.assertEqual(self.row(text, "all 4 files of the project that were read")[1], f"`{whole}`")
        self.assertEqual(self.row(text, "`src/a.cpp`")[1], f"`{digest('src/a.cpp')}`")

    def test_what_was_applied_can_be_put_back(self):
        self.assertIn("None: there is nothing to put back.", self.bundle()["rollback-plan.md"])
        before = (self.root / "src/a.cpp").read_bytes()
        self.assertIn("applied", self.ssot("migrate", "--apply").stdout)
        plan = self.bundle()["rollback-plan.md"]
        (command,) = re.findall(r"`(ssot rollback \S+)` puts back 2 files", plan)
        self.assertIn(command.split()[-1], self.ssot("rollback", "--list").stdout)
        self.assertIn("- `src/a.cpp`\n", plan)
        self.assertEqual(self.ssot(*command.split()[1:]).returncode, 0)
        self.assertEqual((self.root / "src/a.cpp").read_bytes(), before)


class Usage(Report):
    def usage(self, text=None, code=1):
        arguments = ["--runtime-counts", self.write("metrics.txt", text)] if text is not None else []
        return self.bundle(*arguments, code=code).get("deprecation-usage.md")

    def test_by_module_and_owner(self):
        text = self.usage()
        self.assertIn("2 legacy names: 3 uses left in the code, 0 mentions not judged.", text)
        self.assertIn("| `lib` | `@all` | `app::Old` | 1 |\n| `src` | `@coders` | `app::Old` | 2 |\n", text)
        self.assertEqual(self.row(text, "`app::Old`")[2:5], ["3", "0", "not counted"])

    def test_calls_beside_uses(self):
        text = self.usage(METRICS)
        self.assertIn("15 calls at run time, from `metrics.txt`.", text)
        self.assertEqual(self.row(text, "`app::Old`")[2:5], ["3", "0", "12"])
        self.assertEqual(self.row(text, '`Elsewhere "x"`')[1], "3")

    def test_one_without_the_other(self):
        text = self.usage('x 2026 {"api"\n{"api": "Never", "calls": 4}\n{"api": "Never"}\n')
        self.assertTrue(self.row(text, "`app::Never`")[-1].startswith("called, but no place in this code names it"), text)
        self.assertEqual(self.row(text, "`app::Never`")[4], "5")
        self.assertEqual(self.row(text, "`app::Old`")[-1], "named, but not called in this run")

    def test_warnings_of_a_log(self):
        text = self.usage("12:00 W app::Old is deprecated. Use New from new.h instead.\n" * 3 + "noise\n")
        self.assertEqual(self.row(text, "`app::Old`")[4], "3")

    def test_nothing_was_called(self):
        self.assertEqual(self.row(self.usage("\n".join(METRICS.splitlines()[:2])), "`app::Old`")[4], "0")

    def test_what_is_no_count(self):
        for text, said in (("nothing\n", "metrics.txt:1:1: error: no line is a count"),
                           ("\nlegacy_api_calls_total{api=\"x} 1\n", "metrics.txt:2:1: error: this sample")):
            self.usage(text, code=2)
            done = self.ssot("report", "-o", "out", "--runtime-counts", self.root / "metrics.txt")
            self.assertIn(said, done.stderr)
        self.assertFalse((self.root / "out").exists())


class Writing(Report):
    def test_the_same_bytes_anywhere(self):
        other = self.root.parent / "another place" / "deeper"
        shutil.copytree(self.root, other)
        (other / "compile_commands.json").write_text((self.root / "compile_commands.json").read_text().replace(str(self.root), str(other)))
        for path in sorted(other.rglob("*"), reverse=True):
            os.utime(path, (1, 1))
        here = self.bundle(env={"TZ": "UTC", "LC_ALL": "C"})
        there = self.bundle(cwd=other, env={"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"})
        self.assertEqual(here, there)
        self.assertNotIn(str(self.root), "".join(here.values()))

    def test_all_or_nothing(self):
        before = self.bundle()
        (self.root / "out/report.sarif").unlink()
        (self.root / "out/report.sarif").mkdir()
        (self.root / "out/mine.txt").write_text("stays")
        self.write("lib/b.cpp", '#include "../src/app.h"\n')
        done = self.ssot("report", "-o", "out")
        self.assertEqual(done.returncode, 5)
        self.assertIn("report.sarif", done.stderr)
        self.assertEqual((self.root / "out/report.json").read_text(), before["report.json"])
        self.assertEqual({path.name for path in (self.root / "out").iterdir()}, set(before) | {"mine.txt"})

    def test_an_incomplete_run_says_so(self):
        self.write("lib/b.cpp", "int x = nowhere;\n")
        text = self.bundle(code=3)["validation-report.md"]
        self.assertEqual(self.row(text, "everything could be analysed")[1], "**failed**")
        self.assertIn("Exit code 3 of", text)

    def test_hostile_names(self):
        name = "src/<b>|`x`\n::error::=1.cpp"
        self.write(name, '#include "app.h"\n' + use("four"))
        self.database(self.root / "src/a.cpp", self.root / name)
        files = self.bundle()
        for document in sorted(DOCUMENTS):
            if document.endswith(".md"):
                self.assertNotIn("\n::error::", files[document], document)
                self.assertNotIn("<b>", re.sub(r"(`+).*?\1", "", files[document]), document)

    def test_usage(self):
        self.assertEqual(self.ssot("report").returncode, 2)
        self.write(".ssot.yaml", "nonsense: 1\n")
        self.bundle(code=2)
        self.assertFalse((self.root / "out").exists())


if __name__ == "__main__":
    unittest.main()
