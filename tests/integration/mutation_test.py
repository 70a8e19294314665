#!/usr/bin/env python3
"""`ssot rules test --mutate`: variants of real definitions are made, compile, and are counted; nothing of the project changes."""

import json
import unittest

from support import ProjectTest

TABLE = """#pragma once
#define TAKE(x) (x)
namespace app {
// Keeps numbers by key.
class Table {
public:
  bool put(int key, int value);
  int sum(int from) const;
  int lowest() const { int least = values[0]; for (int i = 1; i < count; ++i) { if (values[i] < least) { least = values[i]; } } return least; }
private:
  int find(int key) const;
  void grow();
  int keys[8]; int values[8]; int count = 0; int limit = 8;
};
int total(const int *all, int size);
}
"""
SOURCE = """#include "table.h"
namespace app {
int Table::find(int key) const {
  for (int i = 0; i < count; ++i) {
    if (keys[i] == key) return i;
  }
  return -1;
}
void Table::grow() { limit += 8; if (limit > 64) { limit = 64; } }
bool Table::put(int key, int value) {
  int at = find(TAKE(key));
  if (at >= 0) { values[at] = value; return false; }
  grow();
  keys[count] = key;
  values[count] = value;
  count += 1;
  return true;
}
int Table::sum(int from) const {
  int all = 0;
  int step = 1;
  int i = from;
  while (i < count) { if (values[i] > 0) { all += values[i]; } else { all -= keys[i]; } i += step; }
  return all;
}
int total(const int *all, int size) {
  int result = 0;
  int best = 0;
  for (int i = 0; i < size; ++i) { result += all[i]; if (all[i] > best) { best = all[i]; } }
  result = best > result ? best : result;
  return result;
}
static Table *kept = new Table;
Table *make() { static Table one; kept = &one; return &one; }
Table *fresh() { return new Table; }
}
"""
RULES = """ssot: 1
rules:
  - {id: one-table, kind: single-class, canonical: app::Table, match: {similar: 0.5}}
  - {id: one-total, kind: single-function, canonical: app::total, match: {similar: 0.5}}
  - {id: by-name, kind: single-class, canonical: app::Table, match: {name: ".*::Table"}}
  - {id: factory, kind: factory-only, class: app::Table, factory: app::fresh, shared-state: forbid}
"""


class Mutation(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write("table.h", TABLE)
        self.write("table.cpp", SOURCE)
        self.write(".ssot.yaml", RULES)
        self.database("table.cpp")

    def mutate(self, *rules, arguments=("--format", "json"), code=0):
        done = self.ssot("rules", "test", *(word for rule in rules for word in ("--mutate", rule)), *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout

    def rule(self, name, *arguments):
        report = json.loads(self.mutate(name, arguments=("--format", "json", *arguments)))
        self.assertEqual(report["schema"], "ssot-mutation/1")
        return report["rules"][0]

    def test_each_kind_of_variant_is_made_of_a_class_and_found_but_for_near_misses(self):
        rule = self.rule("one-table")
        self.assertEqual(rule["figures"]["discarded"], 0, self.mutate("one-table", arguments=("-v",)))
        self.assertEqual({(v["variant"], v["type"]) for v in rule["variants"]}, {
            ("copy", 1), ("renamed", 2), ("retyped", 2), ("inserted", 3), ("deleted", 3), ("reordered", 3), ("edited", 3), ("loops", 4),
            ("branches", 4), ("split", 4), ("merged", 4), ("templated", 4), ("rewritten", 4), ("stub", 0), ("wrapper", 0), ("part", 0)})
        self.assertEqual([v["symbol"] for v in rule["variants"] if v["found"] != v["expected"]], [])
        self.assertEqual(rule["figures"]["recall"], {"value": 1.0, "part": 13, "whole": 13})
        self.assertEqual(rule["figures"]["precision"], {"value": 1.0, "part": 13, "whole": 13})

    def test_of_a_function_too(self):
        rule = self.rule("one-total")
        self.assertEqual(rule["figures"]["discarded"], 0)
        found = {v["variant"] for v in rule["variants"] if v["found"]}
        self.assertLessEqual({"copy", "renamed", "retyped", "inserted", "reordered", "edited", "loops", "branches", "split"}, found)

    def test_a_rule_by_name_finds_copies_and_no_renamed_ones(self):
        variants = {v["variant"]: v["found"] for v in self.rule("by-name")["variants"]}
        self.assertTrue(variants["copy"] and variants["split"] and variants["stub"])
        self.assertFalse(variants["renamed"] or variants["edited"])
        self.assertFalse(variants["wrapper"], "a delegating adapter complies")

    def test_another_kind_of_rule_is_asked_whether_variants_of_a_site_are_judged_like_it(self):
        rule = self.rule("factory")
        self.assertIn("app::make", rule["originals"])
        of = {(v["original"], v["variant"]): (v["expected"], v["found"]) for v in rule["variants"]}
        self.assertEqual(of["app::make", "copy"], (True, True))
        self.assertEqual(of["app::make", "inserted"], (True, True))

    def test_the_sarif_says_the_figures_in_the_properties_of_the_rule(self):
        log = json.loads(self.mutate("one-table", arguments=("--format", "sarif")))
        rule = log["runs"][0]["tool"]["driver"]["rules"][0]
        self.assertEqual(rule["id"], "ssot-one-table")
        self.assertEqual(rule["properties"]["ssot/mutation"]["recall"]["value"], 1.0)
        kinds = [entry["variant"] for entry in rule["properties"]["ssot/mutation"]["variants"]]
        self.assertIn("rewritten", kinds)

    def test_the_same_input_gives_the_same_bytes_and_nothing_is_written(self):
        before = sorted((path, path.read_bytes()) for path in self.root.rglob("*") if path.is_file())
        first = self.mutate("one-table", "one-total", arguments=("--format", "json", "-j", "1"))
        self.assertEqual(self.mutate("one-table", "one-total", arguments=("--format", "json", "-j", "2")), first)
        self.assertEqual(sorted((path, path.read_bytes()) for path in self.root.rglob("*") if path.is_file()), before)

    def test_the_texts_can_be_kept(self):
        self.mutate("one-table", arguments=("--keep", self.root.parent / "kept"))
        kept = {path.name: path.read_text() for path in (self.root.parent / "kept").iterdir()}
        self.assertIn("Keeps numbers", TABLE)
        self.assertIn("app_Table.original.cpp", kept)
        self.assertIn("namespace app { namespace ssot_renamed_1 {", kept["app_Table.renamed.cpp"])
        self.assertNotIn("keys", kept["app_Table.renamed.cpp"])

    def test_each_definition_is_in_one_half(self):
        halves = {half: {name for rule in json.loads(self.mutate("one-table", "one-total", arguments=("--format", "json", "--half", half)))
                         ["rules"] for name in rule["originals"]} for half in ("tuning", "evaluation")}
        self.assertEqual(halves["tuning"] & halves["evaluation"], set())
        self.assertEqual(halves["tuning"] | halves["evaluation"], {"app::Table", "app::total"})

    def test_an_unknown_rule_is_wrong_usage(self):
        done = self.ssot("rules", "test", "--mutate", "one-tabel")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'one-table'?", done.stderr)


if __name__ == "__main__":
    unittest.main()
