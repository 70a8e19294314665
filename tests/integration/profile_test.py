#!/usr/bin/env python3
"""`check --profile`: where the time of a run went, as a table and as a trace for a viewer; and nothing else changes."""

import json
import re
import unittest

from support import ONE_ROUTER, ProjectTest

RULES = ONE_ROUTER + """\
  - {id: sizes, kind: size-limit, max-file-lines: 9}
"""


class Profile(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)
        self.write("router.cpp", "namespace app { class Router {}; }\n")
        self.write("b.cpp", 'class MyRouter {};\n')
        self.write("odd \"name\".cpp", "int odd;\n")
        self.database("router.cpp", "b.cpp", 'odd "name".cpp')

    def trace(self, *arguments):
        done = self.check("--format", "json", *arguments)
        plain = self.check("--format", "json", *(word for word in arguments if not word.startswith("--profile") and word != "trace.json"))
        self.assertEqual((done.returncode, done.stdout), (plain.returncode, plain.stdout), "the report is the same")
        return json.loads((self.root / "trace.json").read_text()), done.stderr

    def test_the_table(self):
        done = self.check("--profile", "-q")
        self.assertEqual(done.returncode, 1)
        for row in (r"phase +seconds +share", r"facts of units +\d+\.\d{3} +\d+\.\d %", r"link ", r"judge ", r"gate ", r"report: text ",
                    r"the run +\d+\.\d{3} +100\.0 %", r"unit \(slowest first\)", r"router\.cpp +\d+\.\d{3}", r"all 3 ",
                    r"rule \(slowest first\)", r"one-router ", r"sizes "):
            self.assertRegex(done.stderr, re.compile(f"^{row}", re.M))

    def test_the_trace(self):
        """The Trace Event Format: complete events (X) with microseconds, and metadata (M) that names the rows."""
        for arguments in (["--profile", "trace.json"], ["--profile=trace.json", "-j2"]):
            trace, table = self.trace(*arguments)
            self.assertIn("the run", table)
            events = trace["traceEvents"]
            self.assertLessEqual({event["ph"] for event in events}, {"X", "M"})
            spans = [event for event in events if event["ph"] == "X"]
            for event in spans:
                self.assertTrue(all(isinstance(event[key], int) and event[key] >= 0 for key in ("ts", "dur", "pid", "tid")), event)
            named = {kind: {event["name"] for event in spans if event["cat"] == kind} for kind in ("phase", "unit", "rule")}
            self.assertEqual(named["unit"], {"router.cpp", "b.cpp", 'odd "name".cpp'})
            self.assertEqual(named["rule"], {"one-router", "sizes"})
            self.assertLessEqual({"rules", "compile database and files", "facts of units", "link", "judge", "gate", "report: json"}, named["phase"])
            rows = {event["tid"]: event["args"]["name"] for event in events if event["ph"] == "M"}
            self.assertEqual(set(rows), {event["tid"] for event in spans})
            self.within(spans, "unit", next(event for event in spans if event["name"] == "facts of units"))
            self.within(spans, "rule", next(event for event in spans if event["name"] == "judge"))
            self.in_order([event for event in spans if event["cat"] == "phase"])
            for row in rows:
                self.in_order([event for event in spans if event["tid"] == row and event["cat"] == "unit"])

    def within(self, spans, kind, phase):
        for event in spans:
            if event["cat"] == kind:
                self.assertGreaterEqual(event["ts"], phase["ts"])
                self.assertLessEqual(event["ts"] + event["dur"], phase["ts"] + phase["dur"] + 1)

    def in_order(self, spans):
        """Side by side nothing overlaps in one row; a viewer would draw it nested."""
        spans = sorted(spans, key=lambda event: event["ts"])
        for before, after in zip(spans, spans[1:]):
            self.assertLessEqual(before["ts"] + before["dur"], after["ts"] + 1)

    def test_the_reduce_step_too(self):
        self.ssot("extract", "-o", "all.facts")
        trace, _ = self.trace("--profile", "trace.json", "--facts", "all.facts")
        self.assertIn("facts files", {event["name"] for event in trace["traceEvents"]})

    def test_a_trace_that_cannot_be_written(self):
        done = self.check("--profile=nowhere/trace.json")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("nowhere/trace.json: there is no folder nowhere", done.stderr)


if __name__ == "__main__":
    unittest.main()
