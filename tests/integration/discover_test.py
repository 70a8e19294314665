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


# What real code has in common without being a duplicate (docs/real-code.md), and the same once more without what makes it none.
NEAR_MISSES = {
    "a class and what wraps its base": ("""
struct Walker { virtual ~Walker() = default; virtual bool good() const = 0; virtual void next() = 0; virtual int at(int i) const = 0; };
struct Other { bool good() const; void next(); int at(int i) const; };
struct Checked {
  bool good() const { return fine; }
  void next() { walker->next(); fine = walker->good(); if (fine) last = walker->at(0); else last = -1; }
  int at(int i) const { if (i == 0) return last; int v = walker->at(i); return v > 0 ? v : -v; }
  Walker *walker; bool fine = false; int last = 0;
};
struct Steps : Walker {
  bool good() const override { return fine; }
  void next() override { below->next(); fine = below->good(); if (fine) last = below->at(0); else last = -1; }
  int at(int i) const override { if (i == 0) return last; int v = below->at(i); return v > 0 ? v : -v; }
  Other *below = nullptr; bool fine = false; int last = 0;
};
""", "Walker *walker;", "Other *walker;"),
    "overrides of one function": ("""
struct Shape { virtual ~Shape() = default; virtual int area(int scale, int least) const = 0; };
struct Square : Shape { int side = 1; int area(int scale, int least) const { int all = 0; for (int i = 0; i < side; ++i) { all += side * scale; if (all > 99) all -= i; }
  return all > least ? all : least; } };
struct Tile : Shape { int edge = 1; int area(int scale, int least) const { int all = 0; for (int i = 0; i < edge; ++i) { all += edge * scale; if (all > 55) all -= i; }
  return all > least ? all : least; } };
""", "struct Tile : Shape {", "struct Tile {"),
    "a function and what it calls": ("""
struct Log { int lines[9]; int size = 0; };
int recover_log(Log &log, int from) { int all = 0; for (int i = from; i < log.size; ++i) { if (log.lines[i] > 0) all += log.lines[i]; else all -= i; } return all; }
int recover_all(Log &log, int from) { int all = recover_log(log, 0); for (int i = from; i < log.size; ++i) { if (log.lines[i] > 0) all += log.lines[i]; else all -= i; }
  return all; }
""", "recover_log(log, 0)", "0"),
    "what a macro makes": ("""
#define SUM_OF(type) type sum_of_##type(const type *values, int count) { type all = 0; for (int i = 0; i < count; ++i) { if (values[i] > 0) all += values[i]; else all -= i; } return all; }
SUM_OF(int)
SUM_OF(long)
""", "SUM_OF(long)", "long sum_of_long(const long *values, int count) { long all = 0; for (int i = 0; i < count; ++i) { if (values[i] > 0) all += values[i]; else all -= i; } return all; }"),
    "a class and a class inside of it": ("""
struct Map { struct Inner {
    int put(int key, int value) { for (int i = 0; i < size; ++i) if (keys[i] == key) { values[i] = value; return i; } keys[size] = key; values[size] = value; return size++; }
    int keys[8]; int values[8]; int size = 0; };
  int put(int key, int value) { for (int i = 0; i < size; ++i) if (keys[i] == key) { values[i] = value; return i; } keys[size] = key; values[size] = value; return size++; }
  int keys[8]; int values[8]; int size = 0;
};
""", None, None),
    "two operators of one class": ("""
struct Key { int size = 0; int text[9];
  bool operator<(const Key &other) const { for (int i = 0; i < size; ++i) if (text[i] != other.text[i]) return text[i] < other.text[i]; return size < other.size; }
  bool operator==(const Key &other) const { for (int i = 0; i < size; ++i) if (text[i] != other.text[i]) return text[i] == other.text[i]; return size == other.size; } };
""", "operator==(", "operator_("),
    "a const overload": ("""
struct Line { int size = 0; int *all; int *last;
  int *find(int key) { for (int i = 0; i < size; ++i) { if (all[i] == key) return all + i; if (all[i] > 99 * key) break; } return last; }
  const int *find(int key) const { for (int i = 0; i < size; ++i) { if (all[i] == key) return all + i; if (all[i] > 99 * key) break; } return last; } };
""", "const int *find(int key) const", "const int *find(short key) const"),
    "tables": ("""
enum Colour { red, green, blue, black, white, grey, pink };
enum Mood { good, bad, odd, fresh, old, calm, loud };
const char *name_of(Colour c) { switch (c) { case red: return "1"; case green: return "2"; case blue: return "3"; case black: return "4"; case white: return "5";
  case grey: return "6"; case pink: return "7"; } return "?"; }
const char *name_of(Mood m) { switch (m) { case good: return "a"; case bad: return "b"; case odd: return "c"; case fresh: return "d"; case old: return "e";
  case calm: return "f"; case loud: return "g"; } return "?"; }
""", None, None),
}
# And what is one, though its bodies are small: both speak of the same things.
SMALL = """
namespace post {
struct Socket { void *link = nullptr; }; struct Letter { int stamp = 0; };
bool hand_over(Socket &, const Letter &);
Socket *socket_of(int user, int number);
struct Post { int sent = 0, lost = 0;
  int send_to_user(int user, const Letter &letter) {
    for (int i = 0; Socket *socket = socket_of(user, i); ++i) if (hand_over(*socket, letter)) ++sent; else ++lost;
    return sent - lost; } };
int send_to_user(int user, const Letter &letter) {
  int count = 0, number = 0;
  if (letter.stamp == 0) return 0;
  while (Socket *socket = socket_of(user, number++)) if (hand_over(*socket, letter)) count += 1;
  return count;
}
}
"""
SUM = """
int sum_of(const int *values, int count) { int all = 0; for (int i = 0; i < count; ++i) { if (values[i] > 0) all += values[i]; else all -= i; }
  while (all > 99) all -= count; return all; }
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

    def test_copies_of_one_name_are_told_apart_by_their_files(self):
        for kind, code in (("class", COPY % {"name": ""}), ("function", "namespace {" + SUM + "}")):
            for name in ("one", "two"):
                self.write(f"{name}.cpp", code)
            self.database("one.cpp", "two.cpp")
            families, _ = self.families()
            self.assertEqual([(family["kind"], len(family["members"])) for family in families], [(kind, 2)])
            self.write("rules.yaml", "ssot: 1\nrules:\n" + families[0]["rule"])
            report, _ = self.report("-c", "rules.yaml")
            self.assertEqual([finding["file"] for finding in report["findings"]], ["two.cpp"])

    def test_overloads_get_no_rule_that_could_not_tell_them_apart(self):
        self.write("one.cpp", SUM + SUM.replace("int *values", "long *values"))
        self.database("one.cpp")
        families, _ = self.families()
        self.assertEqual(len(families), 1)
        self.assertEqual(yaml.safe_load(families[0]["rule"]), None)

    def test_overloads_beside_others_get_no_rule_either(self):
        self.write("one.cpp", SUM + SUM.replace("int *values", "long *values") + SUM.replace("sum_of", "sum_of_all"))
        self.database("one.cpp")
        [family] = self.families()[0]
        self.assertEqual(len(family["members"]), 3)
        self.write("user.cpp", "int sum_of(const int *values, int count);\nint use(const int *v) { return sum_of(v, 1); }\n")
        self.database("one.cpp", "user.cpp")
        [family] = self.families()[0]
        self.assertEqual((family["canonical"], yaml.safe_load(family["rule"])), ("sum_of", None))
        self.assertIn("2 overloads of sum_of, and others", family["rule"])

    def test_a_rule_says_whom_its_names_mean_besides(self):
        self.write("one.cpp", SUM + SUM.replace("sum_of", "sum_of_all") + "int sum_of_all(int a) { return a; }\n")
        self.database("one.cpp")
        [family] = self.families()[0]
        self.assertIn("# means 1 other overload of sum_of_all too\n", family["rule"])
        self.assertEqual(yaml.safe_load(family["rule"])[0]["match"], {"name": "sum_of_all"})

    def test_a_const_overload_is_no_member_of_its_own(self):
        line = NEAR_MISSES["a const overload"][0]
        self.write("one.cpp", line + line.replace("Line", "Row").replace("return last", "return 0"))
        self.database("one.cpp")
        for family in self.families()[0]:
            self.assertEqual(len(family["members"]), 2)

    def test_methods_of_a_family_are_told_with_it_and_so_is_who_is_like_them(self):
        method = COPY[COPY.index("  int sum"):COPY.index("  int keys")]
        self.write("one.cpp", COPY % {"name": "A"} + COPY % {"name": "B"} + COPY % {"name": "C"} +
                   "struct Apart { void clear(double d) { while (d > 1.0) { d /= 3.0; } size = d; }\n" + method + "  int keys[8]; int values[8]; int count = 0; double size = 0; };\n")
        self.database("one.cpp")
        families, _ = self.families()
        self.assertEqual([family["kind"] for family in families], ["class"])
        self.assertEqual([other["symbol"] for other in families[0]["related"]], ["Apart::sum"])
        self.assertIn("a method of theirs is also like Apart::sum (one.cpp:", self.ssot("discover").stdout)

    def test_a_project_without_rules_can_be_looked_at(self):
        (self.root / ".ssot.yaml").unlink()
        self.write("one.cpp", COPY % {"name": "A"} + COPY % {"name": "B"})
        self.database("one.cpp")
        self.assertEqual(len(self.families()[0]), 1)

    def three(self, a="", b="", c=""):
        """Three copies, of which B is used most; an attribute may stand before the name of each."""
        for name, attribute in (("A", a), ("B", b), ("C", c)):
            self.write(f"{name}.cpp", (COPY % {"name": name}).replace("struct ", f"struct {attribute} "))
        self.write("user.cpp", (self.root / "B.cpp").read_text() + "int use(TableB &t) { return t.sum(1); }\n")
        self.database("A.cpp", "C.cpp", "user.cpp")

    def test_what_is_deprecated_is_never_suggested(self):
        self.three(b='[[deprecated("use TableC")]]')
        families, _ = self.families()
        self.assertEqual(families[0]["canonical"], "TableA")
        members = {member["symbol"]: member for member in families[0]["members"]}
        self.assertEqual([members[name]["deprecated"] for name in ("TableA", "TableB", "TableC")], [False, True, False])
        self.assertEqual((members["TableB"]["points"], members["TableB"]["reasons"]), (0, "deprecated (use TableC)"))
        self.assertIn("1 caller, deprecated (use TableC))", self.ssot("discover").stdout)
        self.assertIn("canonical: TableA\n", families[0]["rule"])
        # Said of a declaration before the definition, without a reason, and of a method by its class.
        self.three(a="[[deprecated]]", c="[[deprecated]]")
        self.write("A.cpp", "struct [[deprecated]] TableA;\n" + COPY % {"name": "A"})
        self.assertEqual(self.families()[0][0]["canonical"], "TableB")
        # Nothing is left that could stay.
        self.three(a="[[deprecated]]", b="[[deprecated]]", c="[[deprecated]]")
        self.assertEqual(self.families()[0], [])

    def test_functions_that_are_deprecated_are_not_suggested_either(self):
        one = ("int total(const int *all, int size) { int sum = 0; for (int i = 0; i < size; ++i) { if (all[i] > 0) sum += all[i]; else sum -= i; } return sum; }\n")
        method = "struct %s Old { " + one.replace("int total", "static int sum_total") + "};\n"
        user = "int use(const int *all) { return Old::sum_total(all, 1); }\n"
        self.database("a.cpp")
        for attribute, suggested in (("", "Old::sum_total"), ("[[deprecated]]", "total")):
            self.write("a.cpp", one + method % attribute + user)
            self.assertEqual([family["canonical"] for family in self.families()[0]], [suggested])
        self.write("a.cpp", "[[deprecated]] " + one + method % "")
        self.assertEqual([family["canonical"] for family in self.families()[0]], ["Old::sum_total"])

    def test_facts_that_other_machines_extracted_give_the_same(self):
        self.three()
        local = self.ssot("discover", "--format", "json", "--no-cache").stdout
        (self.root / "facts").mkdir()
        for shard in ("1/2", "2/2"):
            done = self.ssot("extract", "--discover", "--shard", shard, "-o", f"facts/{shard[0]}.facts")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.families("--facts", "facts")[1], local)
        (self.root / "compile_commands.json").unlink()
        self.assertEqual(self.families("--facts", "facts", "--facts-only")[1], local)
        # Facts that were made for a check do not hold every body.
        self.database("A.cpp", "C.cpp", "user.cpp")
        self.ssot("extract", "-o", "check.facts")
        done = self.ssot("discover", "--facts", "check.facts")
        self.assertEqual(done.returncode, 3)
        self.assertIn("ssot extract --discover", done.stderr)

    def test_unchanged_units_come_from_the_cache(self):
        self.three()
        _, text = self.families("--cache", "kept")
        done = self.ssot("discover", "--format", "json", "--cache", "kept", "-v")
        self.assertEqual(done.stdout, text)
        self.assertIn("units read from the cache: 3, parsed: 0", done.stderr)
        self.write("C.cpp", OTHER)
        self.assertEqual(len(self.families("--cache", "kept")[0][0]["members"]), 2)
        # A check asks for something else and takes nothing of it.
        self.assertEqual(self.ssot("check", "--cache", "kept").returncode, 0)
        self.assertEqual(len(self.families("--cache", "kept")[0][0]["members"]), 2)

    def test_nothing_alike_is_no_family(self):
        self.write("a.cpp", COPY % {"name": "A"} + OTHER)
        self.database("a.cpp")
        self.assertEqual(self.families()[0], [])
        self.assertIn("0 families of duplicates", self.ssot("discover").stdout)

    def test_what_is_alike_for_another_reason_is_no_family(self):
        self.database("a.cpp")
        for name, (text, reason, other) in NEAR_MISSES.items():
            with self.subTest(name):
                kind = "class" if name.startswith("a class") else "function"
                self.write("a.cpp", text)
                self.assertEqual([family for family in self.families()[0] if family["kind"] == kind], [])
                if reason:
                    self.write("a.cpp", text.replace(reason, other))
                    self.assertEqual(len([family for family in self.families()[0] if family["kind"] == kind]), 1)

    def test_small_functions_that_speak_of_the_same_are_one_and_it_says_why(self):
        self.write("a.cpp", SMALL)
        self.database("a.cpp")
        families, _ = self.families()
        self.assertEqual([[member["symbol"] for member in family["members"]] for family in families], [["post::Post::send_to_user", "post::send_to_user"]])
        copy = next(member for member in families[0]["members"] if member["symbol"] != families[0]["canonical"])
        self.assertIn("in common: words 1.00, callees 1.00, types 1.00", copy["terms"])
        self.assertIn(copy["terms"], self.ssot("discover").stdout)

    def test_the_routers_and_the_broadcasts_of_the_legacy_code_come_first(self):
        truth_test.configure()
        families, _ = self.families("--root", APP, "-c", APP / ".ssot.yaml", "-p", BUILD, cwd=APP)
        rows = yaml.safe_load((APP / "truth.yaml").read_text())["message-router-similar"]
        routers = {row["symbol"] for row in rows if row["rule"] == "router-similar"}
        found = {member["symbol"] for member in families[0]["members"]}
        self.assertLessEqual(found, routers)
        self.assertGreaterEqual(len(found), 0.9 * len(routers))
        self.assertEqual(families[0]["canonical"], "netra::websocket_core::MessageRouter")
        broadcasts = {row["symbol"] for row in rows if row["rule"] == "broadcast-similar"}
        found = {member["symbol"] for member in families[1]["members"]}
        self.assertLessEqual(found, broadcasts)
        # The sixth is a method of one of the routers.
        self.assertEqual(broadcasts - found, {"netra::routing::BroadcastRouter::broadcast_to_user"})


if __name__ == "__main__":
    unittest.main()
