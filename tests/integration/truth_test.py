#!/usr/bin/env python3
"""`ssot check` on the legacy code base against truth.yaml, both ways: every row is found, and nothing besides. For the `similar` rules, whose
rows say what should be found, precision and recall are printed and must be 1. The rules of message-router-events.yaml are judged
in a run of their own."""

import collections
import json
import os
import pathlib
import subprocess
import sys
import unittest

import yaml

from validators import validate_gitlab, validate_junit, validate_sarif

ROOT = pathlib.Path(__file__).resolve().parents[2]
SSOT = os.environ["SSOT"]
APP = ROOT / "fixtures/legacy_app"
BUILD = pathlib.Path(os.environ["SSOT_BINARY_DIR"]) / "legacy_app_database"


def configure():
    subprocess.run(["cmake", "-S", APP, "-B", BUILD, "-G", "Ninja", "-DCMAKE_CXX_COMPILER=clang++-19", "-DCMAKE_C_COMPILER=clang-19",
                    "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"], check=True, stdout=subprocess.DEVNULL)


def reports():
    """The report in each format, by the format's name."""
    formats = ("json", "text", "sarif", "junit", "gitlab")
    done = subprocess.run([SSOT, "check", "--root", APP, "-c", APP / ".ssot.yaml", "-p", BUILD,
                           *(f"--format={form}:{BUILD / 'report'}.{form}" for form in formats)], capture_output=True, text=True)
    if done.returncode != 1:
        sys.exit(f"exit {done.returncode}\n{done.stderr}")
    return {form: (BUILD / f"report.{form}").read_text() for form in formats}


def report_of_events():
    rules = ["agent-event-order", "router-same-interface"]
    done = subprocess.run([SSOT, "check", "--root", APP, "-c", APP / ".ssot.yaml", "-p", BUILD, "--format", "json",
                           "--rules", APP / "message-router-events.yaml", *(f"--rule={rule}" for rule in rules)],
                          capture_output=True, text=True)
    if done.returncode != 1:
        sys.exit(f"exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


class Truth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        configure()
        cls.reports = reports()
        cls.report, cls.text = json.loads(cls.reports["json"]), cls.reports["text"]
        cls.truth = yaml.safe_load((APP / "truth.yaml").read_text())

    def violations(self, rows):
        return collections.Counter((row["rule"], row["file"], row["line"], row["symbol"], row["role"]) for row in rows
                                   if row["verdict"] == "violation")

    def test_violations_both_ways(self):
        rows = self.truth["message-router"]
        rules = {row["rule"] for row in rows}
        expected = self.violations(rows)
        found = collections.Counter((f["rule"], f["file"], f["line"], f["symbol"], f["role"]) for f in self.report["findings"]
                                    if f["rule"] in rules)
        lost, extra = sorted((expected - found).elements()), sorted((found - expected).elements())
        self.assertEqual((lost, extra), ([], []), "lost and extra:\n" + "\n".join(map(str, lost)) + "\n--\n" + "\n".join(map(str, extra)))

    def test_others_can_read_the_reports(self):
        validate_sarif(self.reports["sarif"])
        validate_junit(self.reports["junit"])
        validate_gitlab(self.reports["gitlab"])

    def test_compliant_sites_in_number(self):
        expected = collections.Counter(row["rule"] for row in self.truth["message-router"] if row["verdict"] == "compliant")
        found = {rule["id"]: rule["compliant"] for rule in self.report["rules"]}
        self.assertEqual({rule: count for rule, count in expected.items()}, {rule: found.get(rule) for rule in expected})

    def test_events_and_interfaces_both_ways(self):
        report, rows = report_of_events(), self.truth["message-router-events"]
        found = collections.Counter((f["rule"], f["file"], f["line"], f["symbol"], f["role"]) for f in report["findings"])
        expected = self.violations(rows)
        self.assertEqual((sorted((expected - found).elements()), sorted((found - expected).elements())), ([], []))
        compliant = collections.Counter(row["rule"] for row in rows if row["verdict"] == "compliant")
        self.assertEqual({rule["id"]: rule["compliant"] for rule in report["rules"]}, dict(compliant))
        helpers = {(row["file"], row["line"], row["symbol"]) for row in self.truth["roles"] if row["rule"] == "agent-event-order"}
        self.assertEqual({(aside["file"], aside["line"], aside["symbol"]) for aside in report["asides"]}, helpers)
        self.assertEqual(report["unjudged"], [])

    def test_likeness_alone_finds_all_copies(self):
        for rule in ("router-similar", "broadcast-similar"):
            expected = {(row["file"], row["line"]) for row in self.truth["message-router-similar"]
                        if row["rule"] == rule and row["verdict"] == "violation"}
            found = {(f["file"], f["line"]) for f in self.report["findings"] if f["rule"] == rule}
            both = len(expected & found)
            precision, recall = both / max(1, len(found)), both / max(1, len(expected))
            print(f"{rule}: precision {precision:.2f}, recall {recall:.2f} ({both} of {len(expected)}; {len(found)} found)")
            self.assertEqual(precision, 1, sorted(found - expected))
            self.assertEqual(recall, 1, sorted(expected - found))

    def test_nothing_is_left_out_of_the_analysis(self):
        self.assertEqual(self.report["compliance"]["coverage"], 100.0)
        self.assertTrue(self.report["compliance"]["complete"])

    def test_what_the_documents_show_is_what_it_prints(self):
        self.maxDiff = None
        self.assertMultiLineEqual((ROOT / "docs/check.txt").read_text(), self.text, "write it again: ./dev check > docs/check.txt")
        readme = (ROOT / "README.md").read_text()
        shown = readme[readme.index("== single-message-router"):].split("\n```")[0]
        for part in shown.split("\n...\n"):
            self.assertIn(part.strip("\n"), self.text)


if __name__ == "__main__":
    unittest.main()
