#!/usr/bin/env python3
"""Findings that rest on one another point at each other: a duplicate at its callers and its shared instance, and the instance back."""

import json
import unittest

from support import ProjectTest

SOURCE = """
struct Router { int route(int to) { return to * 2 + 1; } };
struct OldRouter { int route(int to) { return to * 2 + 1; } };
static OldRouter kept;
int first(OldRouter &router) { return router.route(1); }
int second(OldRouter &router) { return router.route(2) + router.route(3); }
int third(OldRouter &router) { return router.route(4); }
int fourth(OldRouter &router) { return router.route(5); }
OldRouter *make() { return nullptr; }
int copy(int x) { return x + 1; }
int original(int x) { return x + 1; }
int caller() { return copy(1); }
"""
RULES = """ssot: 1
rules:
  - {id: one-router, kind: single-class, canonical: Router, match: {name: OldRouter}}
  - {id: one-work, kind: single-function, canonical: original, match: {name: copy}}
  - {id: instances, kind: factory-only, class: OldRouter, factory: make, shared-state: forbid}
"""


class Related(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write("a.cpp", SOURCE)
        self.write(".ssot.yaml", RULES)
        self.database("a.cpp")

    def notes(self):
        report, _ = self.report()
        return {(finding["rule"], finding["symbol"]): [(note.get("line"), note["message"]) for note in finding["notes"]]
                for finding in report["findings"]}

    def test_a_duplicate_class_points_at_its_first_callers_and_at_its_shared_instance(self):
        notes = self.notes()["one-router", "OldRouter"]
        self.assertEqual(notes[:4], [(5, "'first' calls it"), (6, "'second' calls it"), (7, "'third' calls it"),
                                     (None, "and 1 more")])
        self.assertIn(4, [line for line, _ in notes[4:]])

    def test_the_shared_instance_points_back(self):
        self.assertIn((3, "'OldRouter' is a second implementation of 'Router'"), self.notes()["instances", "kept"])

    def test_a_duplicate_function_points_at_its_caller(self):
        self.assertIn((12, "'caller' calls it"), self.notes()["one-work", "copy"])

    def test_sarif_has_them_as_related_locations(self):
        log = json.loads(self.check("--format", "sarif").stdout)
        lines = {result["properties"]["rule"]: [place["physicalLocation"]["region"]["startLine"] for place in result["relatedLocations"]]
                 for result in log["runs"][0]["results"] if "relatedLocations" in result}
        self.assertEqual(lines["one-router"][:3], [5, 6, 7])
        self.assertIn(3, lines["instances"])

    def test_the_drift_of_each_duplicate_is_in_the_sarif(self):
        drifts = json.loads(self.check("--format", "sarif").stdout)["runs"][0]["properties"]["drift"]
        self.assertEqual([(entry["symbol"], entry["verdict"]) for entry in drifts], [("OldRouter", "safe"), ("copy", "safe")])


if __name__ == "__main__":
    unittest.main()
