#!/usr/bin/env python3
"""`ssot where`: whoever is about to write a second one is told of the first, by whatever name they know it."""

import json
import unittest

from support import ProjectTest

RULES = """\
ssot: 1
scope: {include: ["app/**", "*.cpp", "test/**"]}
rules:
  - id: one-router
    kind: single-class
    description: There is one router, which dispatches what arrives.
    canonical: app::Router
    header: app/router.h
    match: {name: ".*Router"}
  - id: one-sender
    kind: single-function
    canonical: app::send
    header: app/send.h
    match: {name: ".*(deliver|tell).*"}
  - id: made-once
    kind: factory-only
    class: app::Router
    factory: app::make_router
  - id: new-names
    kind: legacy-name
    replace: {"app::Switchboard": "app::OldRouter"}
  - id: newer-names
    kind: legacy-name
    replace: {"app::OldRouter": "app::Router"}
  - id: new-headers
    kind: legacy-include
    replace: {"app/switchboard.h": "app/router.h"}
  - id: new-calls
    kind: legacy-call
    from: app::emit(a, b)
    to: app::send($b)
    canonical: app::send
    header: app/send.h
"""

CODE = """\
namespace std { template <class T> class basic_string {}; using string = basic_string<char>; }
namespace app {
struct UserId { int value; };
class Router { public: int route(int id) { return id; } private: int secret_route(int id) { return id; } };
class OldRouter { public: int pass_along(int id) { return id + 1; } };
class Switchboard { public: int connect(int id) { return id + 2; } };
Router *make_router() { return new Router; }
int send(int id) { return id; }
int deliver(int id) { return id * 2; }
int emit(int a, int b) { return a * b; }
std::string trimSpaces(const std::string &text) { return text; }
std::string trimSpaces(const std::string &text, int most) { return text; }
bool is_known(UserId user, int since) { return user.value > since; }
bool is_muted(UserId user) { return user.value > 0; }
static int hidden_helper(int id) { return id; }
namespace { int other_helper(int id) { return hidden_helper(id); } }
int helper() { auto inner = [](int id) { return other_helper(id); }; return inner(1); }
enum class Colour { Red };
}
"""


class Where(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)
        self.write("code.cpp", CODE)
        self.write("test/double.cpp", "namespace app { class TrimTester {}; int trim_for_test() { return 1; } }\n")
        self.database(self.root / "code.cpp", self.root / "test/double.cpp")

    def where(self, *words, code=0):
        done = self.ssot("where", "--format", "json", *words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def names(self, *words, **options):
        return [result["symbol"] for result in self.where(*words, **options)["results"]]

    def test_words_lead_to_the_canonical_one(self):
        answer = self.where("router")
        first = answer["results"][0]
        self.assertEqual((first["symbol"], first["canonical"], first["rule"], first["include"]), ("app::Router", True, "one-router", "app/router.h"))
        self.assertEqual(first["stands_for"], ["app::OldRouter", "app::OldRouter::pass_along", "app::Switchboard", "app::Switchboard::connect"])
        self.assertEqual((first["file"], first["line"], first["column"]), ("code.cpp", 4, 7))

    def test_what_is_replaced_is_no_answer_of_its_own(self):
        for words in ("OldRouter", "app::OldRouter", "switchboard", "app::Switchboard::connect", "pass along", "connect"):
            self.assertEqual(self.names(words)[0], "app::Router", words)
            self.assertNotIn("app::OldRouter", self.names(words), words)
        self.assertEqual(self.where("switchboard")["results"][0]["asked_for"], ["app::Switchboard"])

    def test_a_copy_leads_to_the_canonical_function(self):
        self.assertEqual(self.names("deliver"), ["app::send"])
        self.assertEqual(self.names("emit"), ["app::send"])
        self.assertEqual(self.names("int deliver(int)"), ["app::send"])

    def test_what_the_rule_says_of_it_counts(self):
        self.assertEqual(self.names("dispatch"), ["app::Router"])

    def test_members_of_a_canonical_class_are_canonical(self):
        first = self.where("app::Router::route")["results"][0]
        self.assertEqual((first["symbol"], first["rule"]), ("app::Router::route", "one-router"))

    def test_headers(self):
        first = self.where("app/switchboard.h")["results"][0]
        self.assertEqual((first["symbol"], first["kind"], first["asked_for"]), ("app/router.h", "header", ["app/switchboard.h"]))

    def test_factories(self):
        self.assertEqual(self.names("making a router")[0], "app::make_router")

    def test_what_no_rule_speaks_of(self):
        answer = self.where("trimming space")
        self.assertEqual([result["symbol"] for result in answer["results"]], ["app::trimSpaces"])
        self.assertEqual(answer["results"][0]["signatures"], ["std::string (const std::string &)", "std::string (const std::string &, int)"])
        self.assertFalse(answer["results"][0]["canonical"])
        self.assertEqual(self.names("trimspaces"), ["app::trimSpaces"])
        self.assertEqual(self.names("colour"), ["app::Colour"])

    def test_signatures(self):
        self.assertEqual(self.names("bool(app::UserId)"), ["app::is_muted"])
        self.assertEqual(self.names("(UserId who, long since)")[0], "app::is_known")
        self.assertEqual(self.names("bool known(UserId who)")[0], "app::is_known")
        self.assertEqual(self.names("string(string_view)")[0], "app::trimSpaces")

    def test_what_nobody_can_call_is_no_answer(self):
        for words in ("secret route", "hidden helper", "other helper"):
            self.assertNotIn("secret", " ".join(self.names(words)), words)
            self.assertNotIn("hidden_helper", " ".join(self.names(words)), words)
            self.assertNotIn("other_helper", " ".join(self.names(words)), words)
        self.assertEqual(self.names("tester", code=1), [])
        self.assertEqual(self.names("trim_for_test"), ["app::trimSpaces"])

    def test_none(self):
        answer = self.where("frobnicate", code=1)
        self.assertEqual((answer["results"], answer["unmatched"], answer["found"]), ([], ["frobnicate"], 0))
        done = self.ssot("where", "frobnicate")
        self.assertEqual((done.returncode, done.stdout.splitlines()[0]), (1, "nothing of that name"))

    def test_words_that_nothing_has_are_said(self):
        self.assertEqual(self.where("router", "frobnicate")["unmatched"], ["frobnicate"])
        self.assertIn("no name has: frobnicate\n", self.ssot("where", "router", "frobnicate").stdout)

    def test_text(self):
        done = self.ssot("where", "switchboard")
        self.assertEqual(done.stdout.split("app/router.h (header")[0],
                         'app::Router (class, canonical: one-router)\n    #include "app/router.h"\n    code.cpp:4:7\n'
                         "    instead of app::Switchboard\n")
        self.assertIn("coverage 100.0 % (2 of 2 units)\n", done.stdout)

    def test_limit(self):
        self.assertEqual(len(self.where("--limit", "1", "router")["results"]), 1)
        self.assertGreater(self.where("--limit", "1", "router")["found"], 1)
        self.assertIn("more (--limit 0 shows all)\n", self.ssot("where", "--limit", "1", "router").stdout)

    def test_characters_that_mean_something_to_the_index(self):
        for words in ('"', "a OR", "name:", "ro*ter", "NEAR(router", "-router", "'router'"):
            self.assertIn(self.ssot("where", "--", words).returncode, (0, 1, 2), words)
        self.assertEqual(sorted(self.names("'router\" AND")), sorted(self.names("router")))

    def test_without_rules(self):
        (self.root / ".ssot.yaml").unlink()
        self.assertEqual(self.names("switchboard"), ["app::Switchboard"])

    def test_units_that_the_rules_do_not_need(self):
        self.write(".ssot.yaml", RULES.replace("rules:", "check: {parse: needed}\nrules:", 1))
        self.write("far.cpp", "int far_away(int id) { return id; }\n")
        self.database(self.root / "code.cpp", self.root / "far.cpp")
        self.assertEqual(self.names("far away"), ["far_away"])

    def test_the_same_bytes_whatever_the_jobs(self):
        self.assertEqual(self.ssot("where", "-j", "1", "router").stdout, self.ssot("where", "-j", "4", "router").stdout)

    def test_a_unit_that_does_not_parse(self):
        self.write("test/double.cpp", "int broken( {\n")
        done = self.ssot("where", "router")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("test/double.cpp:1:", done.stderr)
        self.assertIn("app::Router (class", done.stdout)
        self.assertEqual(self.ssot("where", "--allow-incomplete", "router").returncode, 0)

    def test_wrong_usage(self):
        self.assertEqual(self.ssot("where").returncode, 2)
        done = self.ssot("where", "send(int")
        self.assertEqual((done.returncode, done.stderr), (2, "ssot: error: a bracket is not closed\n"))


if __name__ == "__main__":
    unittest.main()
