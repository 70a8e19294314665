#!/usr/bin/env python3
"""`ssot check` on the hard cases of fixtures/cases: what is marked is found, and nothing besides.

A case is a folder with `case.yaml` (the rule file; its first comment says what is hard) and sources with the marks of tests/support/marks.h:
`$violation[[..]]`, `$compliant[[..]]`, `$adapter[[..]]`, `$test-double[[..]]`, `$declaration[[..]]`, `$alias[[..]]`, `$unjudged[[..]]`, and
besides `$suppressed[[..]]`, `$allowed[[..]]` and the gate's own findings, such as `$unused-suppression[[..]]`. In a case with several rules
the id of the rule stands for `violation`, as in rules/examples. The marks are taken off before the tool sees the file. The report says of
compliant sites only how many they are, so of their marks the number counts.

A gallery is a case of many files of one form each, which a person understands at a glance. Where its rules are named as its files,
`violation` in a file means that rule; `breaks-source`, `changes-behaviour` and `harmless` are violations whose message says so.

Every .cpp file is a unit, compiled as C++20. What is otherwise stands in `run.yaml`, with the keys of RUN_KEYS."""

import json
import pathlib
import re
import unittest

import yaml

from support import ROOT, ProjectTest

FOLDERS = sorted(path for path in (ROOT / "fixtures/cases").iterdir() if path.is_dir())
SOURCES = (".cpp", ".c", ".h", ".inc", ".yaml")
RUN_KEYS = {
    "units": "list of {file, flags, directory, compiler, spelled}; flags besides -std=c++20, `spelled` is how the database names the file",
    "symlinks": "link to target, made before the run",
    "arguments": "of ssot check, besides",
    "exit": "exit code; by default 1 when something is marked as an error, else 0",
    "failed": "units that are reported as failed",
    "coverage": "percent; by default 100",
}
ASIDES = {"test-double", "declaration", "alias", "unjudged"}
COUNTED = {"compliant", "adapter"}
EXCUSED = {"suppressed", "allowed"}
GRADES = {"breaks-source": "(breaks source)", "changes-behaviour": "(changes behaviour)", "harmless": "(harmless to callers)"}
WARNINGS = {"unused-suppression", "unmatched-suppression", "unused-allowance", "expired-allowance"}
MARK = re.compile(r"\$([a-z-]+)\[\[")


def marks_of(text):
    """The text without marks, and each mark's word with its place: (word, line, column, end line, end column), counted from 1.
    Columns count bytes: the text is read as Latin-1."""
    plain, found, opened = [], [], []
    line, column, at = 1, 1, 0
    while at < len(text):
        start = MARK.match(text, at)
        if start:
            opened.append((start.group(1), line, column))
            at = start.end()
        elif opened and text.startswith("]]", at):
            found.append((*opened.pop(), line, column))
            at += 2
        else:
            plain.append(text[at])
            line, column = (line + 1, 1) if text[at] == "\n" else (line, column + 1)
            at += 1
    assert not opened, f"a mark is never closed: {opened}"
    return "".join(plain), found


class Cases(ProjectTest):
    """One test for each folder; they are added below."""

    def place_files(self, case):
        marks = []
        for source in sorted(path for path in case.rglob("*") if path.is_file() and path.name != "run.yaml"):
            self.assertIn(source.suffix, SOURCES, source)
            name = source.relative_to(case).as_posix()
            plain, found = marks_of(source.read_bytes().decode("latin-1"))
            self.write(name, plain.encode("latin-1"))
            marks += [(word, name, *place) for word, *place in found]
        return marks

    def place_database(self, case, run):
        units = run.get("units") or [{"file": path.relative_to(case).as_posix()} for path in sorted(case.rglob("*.cpp"))]
        self.write("compile_commands.json", json.dumps([
            {"directory": str(self.root / unit.get("directory", "")), "file": spelled,
             "arguments": [unit.get("compiler", "clang++-19"), "-std=c++20", *unit.get("flags", []), "-c", spelled]}
            for unit in units for spelled in [unit.get("spelled") or str(self.root / unit["file"])]]))

    def expected(self, marks, rules):
        """Of the marks: what stands at which place. Asides have no end in the report."""
        rows = set()
        for word, *place in marks:
            if word == "compliant":
                continue
            if word == "adapter":
                rows.add(("adapter", place[0], place[1]))
            elif word in ASIDES:
                rows.add((word, *place[:3]))
            elif place[0] == "case.yaml":  # a finding about a rule: the line says it all
                rows.add((word, *place[:2]))
            elif word == "violation" or word in GRADES:
                ids = [rule["id"] for rule in rules if len(rules) == 1 or rule["id"] == pathlib.Path(place[0]).stem.replace("_", "-")]
                self.assertTrue(ids, "a case with several rules marks with their ids")
                rows.add((ids[0], *place))
            else:
                rows.add((word, *place))
        return rows

    def found(self, report):
        rows = set()
        for finding in report["findings"]:
            word = finding["rule"] if finding["kind"] in self.kinds else finding["kind"]
            if finding["state"] in EXCUSED:
                word = finding["state"]
            place = [finding[key] for key in ("file", "line", "column", "end_line", "end_column")]
            row = (word, *(place[:2] if finding["file"] == "case.yaml" else place))
            self.assertNotIn(row, rows, "a finding is reported once")
            rows.add(row)
        rows |= {("adapter", adapter["file"], adapter["line"]) for adapter in report["adapters"]}
        rows |= {(aside["role"] if aside["role"] in ASIDES else "declaration", aside["file"], aside["line"], aside["column"])
                 for aside in report["asides"]}
        rows |= {("unjudged", aside["file"], aside["line"], aside["column"]) for aside in report["unjudged"]}
        return rows

    def run_case(self, case):
        run = yaml.safe_load((case / "run.yaml").read_text()) if (case / "run.yaml").exists() else {}
        self.assertEqual(set(run) - set(RUN_KEYS), set(), f"run.yaml knows: {RUN_KEYS}")
        marks = self.place_files(case)
        rules = yaml.safe_load((self.root / "case.yaml").read_text())["rules"]
        self.kinds = {rule["kind"] for rule in rules}
        self.assertTrue(any(case.name.startswith(kind) for kind in self.kinds), "a case is named after a kind of its rules")
        self.place_database(case, run)
        for link, target in run.get("symlinks", {}).items():
            (self.root / link).parent.mkdir(parents=True, exist_ok=True)
            (self.root / link).symlink_to(target)

        report, code = self.report("-c", "case.yaml", *run.get("arguments", []))
        # A unit that is not parsed changes nothing. An error in it is no finding, but only a parse notices it.
        if not report["units"]["failed"]:
            quick, _ = self.report("-c", "case.yaml", "--skip", *run.get("arguments", []))
            self.assertEqual({**quick, "units": None}, {**report, "units": None})

        expected = self.expected(marks, rules)
        found = self.found(report)
        self.assertEqual(found, expected, "\n" + "\n".join(
            [f"lost:  {row}" for row in sorted(expected - found, key=str)] +
            [f"extra: {row}" for row in sorted(found - expected, key=str)] + [json.dumps(report["units"]["failed"])] +
            [f"{f['file']}:{f['line']}:{f['column']}: {f['message']}" for f in report["findings"]]))
        said = {(f["file"], f["line"], f["column"]): f["message"] for f in report["findings"]}
        for word, *place in marks:
            if word in GRADES:
                self.assertIn(GRADES[word], said[tuple(place[:3])], place)
        # Where a rule forbids adapters, one is marked as both.
        violating = {tuple(place) for word, *place in marks if word not in COUNTED}
        compliant = sum(word in COUNTED and tuple(place) not in violating for word, *place in marks)
        self.assertEqual(sum(rule["compliant"] for rule in report["rules"]), compliant, "compliant sites")
        violations = sum(finding["kind"] in self.kinds for finding in report["findings"])
        problems = sum(finding["kind"] == "canonical-missing" for finding in report["findings"])
        self.assertEqual(sum(rule["sites"] for rule in report["rules"]), compliant + violations + problems, "sites")
        self.assertEqual([unit["file"] for unit in report["units"]["failed"]], run.get("failed", []))
        self.assertEqual(report["compliance"]["coverage"], run.get("coverage", 100.0))
        errors = any(word not in COUNTED | ASIDES | EXCUSED | WARNINGS for word, *_ in marks)
        self.assertEqual(code, run.get("exit", int(errors)))

    def test_every_case_says_what_is_hard(self):
        for case in FOLDERS:
            self.assertRegex((case / "case.yaml").read_text(), r"\A# \S", case.name)


def add_tests():
    for case in FOLDERS:
        setattr(Cases, "test_" + case.name.replace("-", "_"), lambda self, case=case: self.run_case(case))


add_tests()

if __name__ == "__main__":
    unittest.main()
