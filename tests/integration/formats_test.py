#!/usr/bin/env python3
"""The formats of `ssot check` as other programs read them: each is parsed, checked against what its reader demands, and fed with hostile names."""

import csv
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

from support import SSOT, ProjectTest
from validators import validate_gitlab, validate_junit, validate_sarif

FORMATS = re.search(r"One of ([a-z, ]+);", " ".join(subprocess.run([SSOT, "check", "--help"], capture_output=True, text=True).stdout.split())).group(1).split(", ")

RULES = """\
ssot: 1
rules:
  - id: one-router
    kind: single-class
    description: One router routes all messages.
    canonical: app::Router
    match: {name: ".*Router"}
  - id: new-names
    kind: legacy-name
    severity: warning
    replace: {"app::Old": "app::New"}
"""

SOURCE = """\
namespace app {
class Router { public: int route(int id) { return id; } };
class OtherRouter { const char *password = "hunter2"; int n; public: int route(int id) { n = id; return n; } };
class ThirdRouter { int n; public: int route(int id) { n = id; return n; } }; // NOLINT(ssot-one-router): leaves with v3
struct Old {}; struct New {};
Old make();
}
/* ä */ app::Old other();
"""

HOSTILE_SOURCE = "namespace evil { class HostileRouter { int n; public: int route(int id) { n = id; return n; } }; }\n"

# As a file name: a formula, a tag, a workflow command, an escape sequence, Markdown and a quote.
HOSTILE = "=1+1,<img src=x onerror=alert(1)>\n::error::%0A@admin [a](b) `c` \x1b[31m\"';|&.cpp"


class Formats(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)
        self.database(self.write("src/a.cpp", SOURCE))

    def output(self, form, *arguments, code=1):
        done = self.check("--format", form, *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def hostile(self):
        """The project with the same code again under a hostile name."""
        self.database(self.root / "src/a.cpp", self.write("src/" + HOSTILE, HOSTILE_SOURCE))

    def incomplete(self):
        self.database(self.root / "src/a.cpp", self.write("src/broken.cpp", "int x = nowhere;\n"))


class Options(Formats):
    def test_all_formats_in_one_run(self):
        forms = ("json", "sarif", "junit", "github", "gitlab", "markdown", "csv")
        done = self.check("--format", "text", *(f"--format={form}:out.{form}" for form in forms))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("Gate failed", done.stdout)
        for form in forms:
            self.assertEqual((self.root / f"out.{form}").read_bytes(), self.run_alone(form), form)

    def run_alone(self, form):
        return subprocess.run([SSOT, "check", "--format", form], cwd=self.root, capture_output=True).stdout

    def test_wrong_ones_are_refused_before_anything_is_done(self):
        for arguments, says in ((("--format", "srif"), "did you mean 'sarif'?"),
                                (("--format", "pdf"), "there are text, json, sarif, junit, github, gitlab, markdown, csv"),
                                (("--format", "sarif:"), "there is no file after the colon"),
                                (("--format", "csv:x", "--format", "json:x"), "two formats cannot be written to one file: x"),
                                (("--format", "csv", "--format", "json:-"), "stdout carries one format only"),
                                (("--format", "csv", "--format", "json"), "stdout carries one format only")):
            done = self.check(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertIn(says, done.stderr)
        self.assertFalse((self.root / "x").exists())

    def test_no_snippets(self):
        for form in ("text", "markdown", "sarif"):
            with self.subTest(form):
                # The range is the name of the class: its line is quoted, or it alone.
                self.assertIn("class OtherRouter" if form != "sarif" else '"snippet"', self.output(form))
                without = self.output(form, "--no-snippets")
                self.assertNotIn("hunter2", without)
                self.assertNotIn("snippet", without)

    def test_the_same_bytes_wherever_it_runs(self):
        # Another checkout, with other times of its files, in another zone and language, from another folder.
        other = self.root.parent / "elsewhere" / "checked out"
        shutil.copytree(self.root, other)
        self.write(other / "compile_commands.json", (self.root / "compile_commands.json").read_text().replace(str(self.root), str(other)))
        for age, path in enumerate(sorted(other.rglob("*"), reverse=True)):
            os.utime(path, (1000 + age, 1000 + age))
        for form in FORMATS:
            outputs = set()
            for root, cwd, zone, language in ((self.root, self.root, "UTC", "C"), (other, pathlib.Path("/"), "Asia/Tokyo", "C.UTF-8")):
                done = self.check("--format", form, "--root", root, "-c", root / ".ssot.yaml", "-p", root, "-j", 1 if root == other else 3,
                                  cwd=cwd, env={"TZ": zone, "LC_ALL": language})
                self.assertEqual(done.returncode, 1, done.stderr)
                outputs.add(done.stdout)
            self.assertEqual(len(outputs), 1, form)
            self.assertNotIn(str(self.root), outputs.pop())


class Golden(Formats):
    """Byte for byte what each format says of the project above: a change of any of them is to be seen in a review."""

    def test_each_format(self):
        for form in set(FORMATS) - {"html"}:  # a whole program; its test looks at what it shows
            golden = pathlib.Path(__file__).parent / "golden" / f"report.{form}"
            with self.subTest(format=form):
                self.assertTrue(golden.exists(), f"{golden.name} is missing: read what `ssot check --format {form}` says of it, and add it")
                done = subprocess.run([SSOT, "check", "--format", form], cwd=self.root, capture_output=True)
                self.assertEqual(done.returncode, 1)
                self.maxDiff = None
                self.assertEqual(done.stdout.decode(), golden.read_bytes().decode())


class Sarif(Formats):
    def log(self, *arguments, code=1):
        text = self.output("sarif", *arguments, code=code)
        log = json.loads(text)
        self.check_github_needs(log)
        validate_sarif(text)
        return log

    def check_github_needs(self, log):
        """What GitHub's code scanning demands beyond the schema."""
        self.assertEqual(log["version"], "2.1.0")
        self.assertIn("sarif-2.1.0", log["$schema"])
        (run,) = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        self.assertEqual(len({rule["id"] for rule in rules}), len(rules))
        for rule in rules:
            for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"], rule["help"]["text"], rule["help"]["markdown"]):
                self.assertTrue(text.strip(), rule["id"])
            self.assertLessEqual(len(rule["shortDescription"]["text"]), 1024)
            self.assertIn(rule["defaultConfiguration"]["level"], ("error", "warning", "note"))
        self.assertLessEqual(len(run["results"]), 25000)
        prints = set()
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            self.assertTrue(result["message"]["text"].strip())
            place = result["locations"][0]["physicalLocation"]
            self.assertNotIn(":", place["artifactLocation"]["uri"].split("/")[0])
            region = place["region"]
            for key in ("startLine", "startColumn", "endLine", "endColumn"):
                self.assertGreaterEqual(region[key], 1, key)
            self.assertLessEqual((region["startLine"], region["startColumn"]), (region["endLine"], region["endColumn"]))
            prints.add(result["partialFingerprints"]["primaryLocationLineHash"])
        self.assertEqual(len(prints), len(run["results"]))

    def test_a_failing_project(self):
        run = self.log()["runs"][0]
        self.assertEqual([(r["ruleId"], r["level"], r["locations"][0]["physicalLocation"]["region"]["startLine"]) for r in run["results"]],
                         [("one-router", "error", 3), ("new-names", "warning", 6), ("new-names", "warning", 8)])
        self.assertEqual(run["invocations"][0], {"executionSuccessful": True, "toolExecutionNotifications": []})
        self.assertFalse(run["properties"]["gatePassed"])

    def test_columns_are_characters(self):
        region = self.log()["runs"][0]["results"][2]["locations"][0]["physicalLocation"]["region"]
        line = SOURCE.splitlines()[7]
        self.assertEqual(line[region["startColumn"] - 1:region["endColumn"] - 1], "Old")

    def test_fixes_give_what_migrate_gives(self):
        fixes = [result for result in self.log()["runs"][0]["results"] if "fixes" in result]
        self.assertEqual([result["ruleId"] for result in fixes], ["new-names", "new-names"])
        lines = SOURCE.splitlines(keepends=True)
        replacements = [change for result in fixes for change in result["fixes"][0]["artifactChanges"][0]["replacements"]]
        for change in sorted(replacements, key=lambda c: c["deletedRegion"]["startLine"], reverse=True):
            region = change["deletedRegion"]
            self.assertEqual(region["startLine"], region["endLine"])
            line = lines[region["startLine"] - 1]
            lines[region["startLine"] - 1] = line[:region["startColumn"] - 1] + change["insertedContent"]["text"] + line[region["endColumn"] - 1:]
        self.assertEqual("".join(lines), SOURCE.replace("Old make", "New make").replace("app::Old other", "app::New other"))

    def test_a_clean_project(self):
        self.database(self.write("src/b.cpp", "namespace app { class Router { int n; }; }\n"))
        run = self.log(code=0)["runs"][0]
        self.assertEqual(run["results"], [])
        self.assertTrue(run["properties"]["gatePassed"])

    def test_an_incomplete_run(self):
        self.incomplete()
        invocation = self.log(code=3)["runs"][0]["invocations"][0]
        self.assertFalse(invocation["executionSuccessful"])
        (note,) = invocation["toolExecutionNotifications"]
        self.assertEqual(note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "src/broken.cpp")
        self.assertIn("nowhere", note["message"]["text"])

    def test_the_way_on_which_an_order_breaks(self):
        self.write(".ssot.yaml", "ssot: 1\nrules:\n  - {id: order, kind: event-order, emit: app::emit, order: [app::Event::begun, app::Event::ended]}\n")
        self.write("src/a.cpp", "namespace app {\nenum class Event { begun, ended };\nvoid emit(Event) {}\nint run(bool early) {\n  emit(Event::begun);\n"
                                "  if (early)\n    return 1;\n  emit(Event::ended);\n  return 0;\n}\n}\n")
        (result,) = self.log()["runs"][0]["results"]
        (flow,) = result["codeFlows"]
        lines = [step["location"]["physicalLocation"]["region"]["startLine"] for step in flow["threadFlows"][0]["locations"]]
        self.assertEqual(lines, [place["physicalLocation"]["region"]["startLine"] for place in result["relatedLocations"]])
        self.assertIn(5, lines)
        self.assertTrue(all(step["location"]["message"]["text"] for step in flow["threadFlows"][0]["locations"]))

    def test_suppressed_ones_on_request(self):
        self.assertFalse([r for r in self.log()["runs"][0]["results"] if "suppressions" in r])
        (excused,) = [r for r in self.log("--show-suppressed")["runs"][0]["results"] if "suppressions" in r]
        self.assertEqual(excused["suppressions"], [{"kind": "inSource", "status": "accepted", "justification": "leaves with v3"}])

    def test_findings_about_rules_and_comments(self):
        self.write(".ssot.yaml", RULES.replace("app::Router", "app::Ruter"))
        self.write("src/a.cpp", "// NOLINTNEXTLINE(ssot-new-names): why\nnamespace app { struct Old {}; struct New {}; }\n")
        rules = {result["ruleId"] for result in self.log()["runs"][0]["results"]}
        self.assertEqual(rules, {"ssot.canonical-missing", "ssot.unused-suppression"})

    def test_hostile_names(self):
        self.hostile()
        uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in self.log()["runs"][0]["results"]}
        self.assertEqual({urllib.parse.unquote(uri) for uri in uris}, {"src/a.cpp", "src/" + HOSTILE})
        self.assertTrue(all(re.fullmatch(r"[A-Za-z0-9%._~/-]+", uri) for uri in uris), uris)

    def test_25000_and_more(self):
        self.database(self.write("src/many.cpp", "namespace app { struct Old {}; struct New {};\n" + "Old f();\n" * 25100 + "class Router {}; class OtherRouter { int n; }; }\n"))
        run = self.log()["runs"][0]
        self.assertEqual(len(run["results"]), 25000)
        self.assertEqual(run["results"][0]["ruleId"], "one-router", "the worst first, though it comes last in the file")
        (note,) = run["invocations"][0]["toolExecutionNotifications"]
        self.assertIn("25000 of 25101", note["message"]["text"])


class Junit(Formats):
    ATTRIBUTES = {"testsuites": {"name", "tests", "failures", "errors", "skipped"},
                  "testsuite": {"name", "tests", "failures", "errors", "skipped"},
                  "testcase": {"classname", "name", "file", "line"},
                  "failure": {"type", "message"}, "error": {"type", "message"}, "skipped": {"message"}}
    CHILDREN = {"testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"failure", "error", "skipped"},
                "failure": set(), "error": set(), "skipped": set()}

    def suites(self, *arguments, code=1):
        text = self.output("junit", *arguments, code=code)
        validate_junit(text)
        root = ElementTree.fromstring(text)
        self.assertEqual(root.tag, "testsuites")
        for element in root.iter():
            self.assertLessEqual(set(element.attrib), self.ATTRIBUTES[element.tag])
            self.assertLessEqual({child.tag for child in element}, self.CHILDREN[element.tag])
        for parent in [root, *root]:
            for key, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
                self.assertEqual(int(parent.attrib[key]), len(list(parent.iter(tag))), key)
        return root

    def test_a_failure_for_what_fails_the_gate(self):
        root = self.suites()
        self.assertEqual([case.attrib["name"] for case in root.iter("testcase") if case.find("failure") is not None], ["src/a.cpp:3:7 app::OtherRouter"])
        self.assertEqual(len(list(root.iter("skipped"))), 2)

    def test_an_error_for_what_was_not_analysed(self):
        self.incomplete()
        (error,) = self.suites(code=3).iter("error")
        self.assertIn("nowhere", error.attrib["message"])
        self.assertEqual(list(self.suites("--allow-incomplete").iter("error")), [])

    def test_hostile_names(self):
        self.hostile()
        names = [case.attrib["name"] for case in self.suites().iter("testcase")]
        self.assertTrue(any("<img src=x onerror=alert(1)>\\n::error::%0A@admin" in name and "\\x1b[31m" in name for name in names), names)


class Github(Formats):
    COMMAND = re.compile(r"::(error|warning|notice) (?:[a-zA-Z]+=[^:,]*)(?:,[a-zA-Z]+=[^:,]*)*::(.*)")

    def lines(self, *arguments, code=1):
        lines = self.output("github", *arguments, code=code).splitlines()
        for line in lines:
            self.assertTrue(self.COMMAND.fullmatch(line) or line.startswith("ssot: "), line)
        return lines

    def test_errors_before_warnings_and_the_verdict_last(self):
        lines = self.lines()
        self.assertEqual([line.split(" ")[0] for line in lines], ["::error", "::warning", "::warning", "ssot:"])
        self.assertTrue(lines[0].startswith("::error file=src/a.cpp,line=3,endLine=3,col=7,endColumn=18,title=ssot%3A one-router::"))

    def test_what_is_missing_comes_first(self):
        self.incomplete()
        self.assertIn("1 of 2 translation units could not be analysed", self.lines(code=3)[0])

    def test_ten_of_a_kind(self):
        self.write("src/a.cpp", SOURCE + "app::Old more();\n" * 30)
        lines = self.lines()
        self.assertEqual(sum(line.startswith("::warning") for line in lines), 10)
        self.assertEqual(lines[-2], "ssot: 22 more of 33 annotations not shown: GitHub shows 10 of each kind a step")

    def test_hostile_names(self):
        self.hostile()
        (line,) = {line.split(",line=")[0] for line in self.lines() if "onerror" in line}
        self.assertIn("file=src/=1+1%2C<img src=x onerror=alert(1)>\\n%3A%3Aerror%3A%3A%250A@admin", line)


class Gitlab(Formats):
    def issues(self, code=1):
        text = self.output("gitlab", code=code)
        validate_gitlab(text)
        issues = json.loads(text)
        for issue in issues:
            self.assertIn(issue["severity"], ("info", "minor", "major", "critical", "blocker"))
            self.assertFalse(issue["location"]["path"].startswith(("/", "./")))
            self.assertGreaterEqual(issue["location"]["lines"]["begin"], 1)
        self.assertEqual(len({issue["fingerprint"] for issue in issues}), len(issues))
        return issues

    def test_the_issues(self):
        self.assertEqual([(i["check_name"], i["severity"], i["location"]["lines"]["begin"]) for i in self.issues()],
                         [("one-router", "major", 3), ("new-names", "minor", 6), ("new-names", "minor", 8)])

    def test_an_incomplete_run_is_no_clean_one(self):
        self.incomplete()
        self.assertEqual((self.issues(code=3)[0]["severity"], self.issues(code=3)[0]["location"]["path"]), ("blocker", "src/broken.cpp"))

    def test_hostile_names(self):
        self.hostile()
        self.assertIn("src/" + HOSTILE, {issue["location"]["path"] for issue in self.issues()})


class Markdown(Formats):
    def test_a_comment(self):
        text = self.output("markdown")
        self.assertTrue(text.startswith("## ssot: Gate failed: 1 violation\n"))
        self.assertIn("| one-router | single-class | error | 1 | 3 | 33.3 % |", text)
        self.assertIn("- `src/a.cpp:3:7` **error**: `app::OtherRouter` is a second implementation of `app::Router`\n  ```\n", text)

    def test_under_60000_characters(self):
        self.write("src/a.cpp", SOURCE + "app::Old more();\n" * 3000)
        text = self.output("markdown")
        self.assertLess(len(text.encode()), 60000)
        self.assertRegex(text, r"Not shown here: \d+ of 3003 findings")
        self.assertEqual(text.count("<details>"), text.count("</details>"))

    def test_hostile_names(self):
        self.hostile()
        for line in self.output("markdown").splitlines():
            if "onerror" in line:
                self.assertRegex(line, r"^- ``src/=1\+1,<img src=x onerror=alert\(1\)>\\n::error::%0A@admin \[a\]\(b\) `c` \\x1b\[31m.*`` ")


class Csv(Formats):
    def rows(self, *arguments):
        done = subprocess.run([SSOT, "check", "--format", "csv", *arguments], cwd=self.root, capture_output=True)
        return list(csv.DictReader(io.StringIO(done.stdout.decode(), newline="")))

    def test_all_findings_with_their_states(self):
        rows = self.rows()
        self.assertEqual([(row["rule"], row["state"], row["line"]) for row in rows],
                         [("one-router", "new", "3"), ("one-router", "suppressed", "4"), ("new-names", "new", "6"), ("new-names", "new", "8")])
        self.assertEqual(rows[1]["reason"], "leaves with v3")

    def test_no_formula(self):
        self.database(self.root / "src/a.cpp", self.write("=1+1.cpp", HOSTILE_SOURCE))
        self.assertIn("'=1+1.cpp", {row["file"] for row in self.rows()})
        for row in self.rows():
            for field in row.values():
                self.assertFalse(field.startswith(("=", "+", "-", "@", "\t", "\r")), field)


class Hostile(Formats):
    """A rule pack from elsewhere, too, says what it wants: its message comes out as text in each format, and so do names of files."""

    MESSAGE = "</script><img src=x onerror=alert(1)>\n::error::=1+1 @admin [a](b) `c` \x1b[31m\u202e|&\r\n- ]]>"

    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES + "  - {id: said, kind: matcher, match: 'recordDecl(hasName(\"Old\"))', message: " + json.dumps(self.MESSAGE) + "}\n")
        self.hostile()

    def test_nothing_moves_the_terminal_or_turns_the_text(self):
        for form in FORMATS:
            with self.subTest(form):
                text = self.output(form)
                self.assertIn("onerror", text)
                self.assertEqual({c for c in text if ord(c) < 32} - {"\n"} - ({"\r"} if form == "csv" else set()), set())
                self.assertNotIn("\u202e", text)

    def test_no_line_is_theirs(self):
        for form in ("text", "github", "markdown", "junit"):
            with self.subTest(form):
                for line in self.output(form).splitlines():
                    self.assertFalse(line.startswith(("::error::=1", "- ]]>")), line)

    def test_json_gives_the_name_and_the_message_back(self):
        findings = json.loads(self.output("json"))["findings"]
        self.assertIn("src/" + HOSTILE, {finding["file"] for finding in findings})

    def test_text_names_the_place_on_one_line(self):
        lines = [line for line in self.output("text").splitlines() if "second implementation" in line and "onerror" in line]
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], r"^src/=1\+1,<img src=x onerror=alert\(1\)>\\n::error::%0A@admin .*\\x1b\[31m.*:1:24: error: ")


if __name__ == "__main__":
    unittest.main()
