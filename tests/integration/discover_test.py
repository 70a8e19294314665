#!/usr/bin/env python3
"""`ssot discover`: families of duplicates without a rule, the same in every run, and rules that find what they were made from."""

import json
import unittest

import truth_test
import yaml
from support import ProjectTest
from truth_test import APP, BUILD

COPY = """
struct Table%(name)s {
  bool put(int key, int value) {
    for (int i = 0; i < count; ++i)
      if (keys[i] == key) { values[i] = value; return false; }
    keys[count] = key; values[count] = value; count += 1;
    return true;
  }
  int sum(int from) const {
    int all = 0;
    for (int i = from; i < count; ++i) { if (values[i] > 0) all += values[i]; else all -= keys[i]; }
    return all;
  }
  int keys[8]; int values[8]; int count = 0;
};
"""
OTHER = """
struct Clock { double tick(double d) { while (d > 60.0) { d -= 60.0; minutes = minutes * 2 + 1; } seconds = d; return seconds / minutes; }
  void reset() { seconds = 0; minutes = 0; }
  double seconds, minutes; };
"""


RULES = "ssot: 1\nrules:\n  - {id: sizes, kind: size-limit, max-file-lines: 1000}\n"


class Discover(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)

    def families(self, *arguments, **options):
        done = self.ssot("discover", "--format", "json", *arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(report["schema"], "ssot-discover/1")
        return report["families"], done.stdout

    def test_three_copies_are_one_family_with_a_rule_that_finds_them(self):
        for name in "ABC":
            self.write(f"{name}.cpp", COPY % {"name": name})
        self.write("user.cpp", COPY % {"name": "B"} + OTHER + "int use(TableB &t) { return t.sum(1); }\n")
        self.database("A.cpp", "C.cpp", "user.cpp")
        families, text = self.families()
        self.assertEqual([[member["symbol"] for member in family["members"]] for family in families if family["kind"] == "class"],
                         [["TableA", "TableC", "TableB"]])
        self.assertEqual(families[0]["canonical"], "TableB")
        self.assertEqual(self.families("-j", "1")[1], text)
        self.write("rules.yaml", "ssot: 1\nrules:\n" + families[0]["rule"])
        report, _ = self.report("-c", "rules.yaml")
        self.assertEqual([finding["symbol"] for finding in report["findings"]], ["TableA", "TableC"])

    def test_nothing_alike_is_no_family(self):
        self.write("a.cpp", COPY % {"name": "A"} + OTHER)
        self.database("a.cpp")
        self.assertEqual(self.families()[0], [])
        self.assertIn("0 families of duplicates", self.ssot("discover").stdout)

    def test_the_routers_of_the_legacy_code_come_first(self):
        truth_test.configure()
        families, _ = self.families("--root", APP, "-c", APP / ".ssot.yaml", "-p", BUILD, cwd=APP)
        rows = yaml.safe_load((APP / "truth.yaml").read_text())["message-router-similar"]
        routers = {row["symbol"] for row in rows if row["rule"] == "router-similar"}
        found = {member["symbol"] for member in families[0]["members"]}
        self.assertLessEqual(found, routers)
        self.assertGreaterEqual(len(found), 0.9 * len(routers))
        self.assertEqual(families[0]["canonical"], "netra::websocket_core::MessageRouter")


if __name__ == "__main__":
    unittest.main()
