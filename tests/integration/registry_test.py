#!/usr/bin/env python3
"""`ssot registry`: the names to use with what the code says of them, and a check that the written file is true."""

import json
import unittest

from support import ProjectTest

RULES = """\
ssot: 1
rules:
  - id: one-router
    kind: single-class
    canonical: app::Router
    header: app/router.h
    match: {name: ".*Router"}
  - id: one-sender
    kind: single-function
    canonical: app::send
    match: {name: ".*send.*"}
  - id: made-once
    kind: factory-only
    class: app::Router
    factory: app::make_router
  - id: new-names
    kind: legacy-name
    replace: {"app::Old": "app::Router", "app::Gone": "app::Router"}
  - id: new-headers
    kind: legacy-include
    replace: {"app/old(_[a-z]+)?\\\\.h": "app/router.h", "unused.h": "app/router.h"}
  - id: new-calls
    kind: legacy-call
    from: app::emit(a, b)
    to: app::send($b)
    canonical: app::send
    header: app/router.h
"""

FILES = {
    "app/router.h": "#pragma once\nnamespace app {\nclass Router { public: int route(int id); };\nRouter *make_router();\nint send(int id);\nint emit(int a, int b);\nclass Old;\n}\n",
    "app/old.h": '#pragma once\n#include "router.h"\n',
    "app/old_style.h": '#pragma once\n#include "app/router.h"\n',
    "a.cpp": '#include "app/router.h"\nnamespace app {\nint Router::route(int id) { return id; }\nRouter *make_router() { return new Router; }\n'
             "int send(int id) { return id + 1; }\nclass Old {};\n}\n",
    "b.cpp": '#include "app/old.h"\n#include "app/old_style.h"\napp::Old *first; app::Old *second;\napp::Router *own() { return new app::Router; }\n'
             "int send_again(int id) { return app::send(id); }\n"
             "int tell(int id) { int n = app::emit(1, id); return n + app::emit(2, id); }\n",
}


class Registry(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)
        for file, text in FILES.items():
            self.write(file, text)
        self.database(self.root / "a.cpp", self.root / "b.cpp", flags=("-std=c++20", "-I" + str(self.root)))

    def registry(self, *arguments, code=0, **options):
        done = self.ssot("registry", *arguments, **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def test_json(self):
        registry = json.loads(self.registry("--format", "json").stdout)
        self.assertEqual(registry["schema"], "ssot-registry/1")
        self.assertEqual([(e["name"], e["kind"], e["header"], e["defined_in"], e["rule"]) for e in registry["canonical"]],
                         [("app::Router", "class", "app/router.h", "app/router.h", "one-router"), ("app::send", "function", "", "a.cpp", "one-sender")])
        self.assertEqual(registry["factories"], [{"class": "app::Router", "factory": "app::make_router", "compliant": 1, "sites": 2, "rule": "made-once"}])
        self.assertEqual(registry["adapters"], [{"symbol": "send_again", "canonical": "app::send", "file": "b.cpp", "owners": []}])
        self.assertEqual([(e["name"], e["replacement"], e["header"]) for e in registry["legacy_names"]],
                         [("app::Old", "app::Router", "app/router.h"), ("app::Gone", "app::Router", "app/router.h")])
        self.assertEqual([(e["header"], e["includes"]) for e in registry["legacy_headers"]], [("app/old(_[a-z]+)?\\.h", 2), ("unused.h", 0)])
        self.assertEqual(registry["legacy_calls"], [{"name": "app::emit", "replacement": "app::send($b)", "header": "app/router.h",
                                                     "uses": 2, "unjudged": 0, "rule": "new-calls", "owners": [], "sunset": None}])
        # The uses are those that the rule counts.
        report, _ = self.report()
        old = [f for f in report["findings"] if f["rule"] == "new-names" and f["symbol"] == "app::Old"]
        self.assertEqual([e["uses"] for e in registry["legacy_names"]], [len(old), 0])
        self.assertGreaterEqual(len(old), 2)

    def test_markdown(self):
        text = self.registry().stdout
        self.assertTrue(text.startswith("# Import registry\n"))
        for line in ("| `app::send` | function | | `a.cpp` | | 1 | `one-sender` |",
                     "| `app::Router` | `app::make_router` | 1 | 2 | `made-once` |",
                     "| `send_again` | `app::send` | `b.cpp` | |",
                     "| `app/old(_[a-z]+)?\\.h` | `app/router.h` | 2 | | | `new-headers` |"):
            self.assertIn(line + "\n", text)

    def test_owners_and_sunset_dates(self):
        self.write("CODEOWNERS", "*.cpp @org/code\n/app/ @app\n/b.cpp @b\n")
        self.write(".ssot.yaml", RULES.replace("kind: legacy-name", "kind: legacy-name\n    sunset: 2030-06-30").replace(
            "kind: legacy-call", 'kind: legacy-call\n    allow: [{file: nowhere.cpp, reason: soon, until: 2029-01-01}, {file: x.cpp, reason: soon, until: 2029-02-01}]'))
        registry = json.loads(self.registry("--format", "json").stdout)
        self.assertEqual([e["owners"] for e in registry["canonical"]], [["@app"], ["@org/code"]])
        self.assertEqual([e["owners"] for e in registry["adapters"]], [["@b"]])
        self.assertEqual([(e["owners"], e["sunset"]) for e in registry["legacy_names"]], [(['@app', '@b'], "2030-06-30"), ([], "2030-06-30")])
        self.assertEqual([(e["owners"], e["sunset"]) for e in registry["legacy_calls"]], [(["@b"], "2029-02-01")])
        self.assertEqual([(e["owners"], e["sunset"]) for e in registry["legacy_headers"]], [(["@b"], None), ([], None)])
        text = self.registry().stdout
        self.assertIn("| `app::send($b)` | `app/router.h` | 2 | `@b` | 2029-02-01 | `new-calls` |\n", text)

    def test_the_check_fails_when_the_file_is_stale_and_shows_why(self):
        for name in ("registry.md", "registry.json"):
            self.registry("--write", name)
            self.assertEqual(self.registry("--check", name).stdout, "")
            (self.root / name).write_text((self.root / name).read_text() + "\n")
            self.registry("--check", name, code=1)
            self.registry("--write", name)
        json.loads((self.root / "registry.json").read_text())
        self.write("b.cpp", FILES["b.cpp"] + "app::Old *third;\n")
        done = self.registry("--check", "registry.md", code=1)
        self.assertRegex(done.stdout, r"\n-\| `app::Old` .*\n\+\| `app::Old` ")
        self.assertIn("`ssot registry --write registry.md` brings it up to date", done.stderr)
        self.assertIn("No such file", self.registry("--check", "nowhere.md", code=1).stderr)

    def test_moved_lines_do_not_make_it_stale(self):
        self.registry("--write", "registry.md")
        self.write("a.cpp", "\n\n" + FILES["a.cpp"])
        self.registry("--check", "registry.md")

    def test_a_canonical_name_that_is_nowhere_or_outside(self):
        self.write(".ssot.yaml", RULES.replace("app::send", "app::sned"))
        self.assertIn("| `app::sned` | function | | **nowhere** | | 0 | `one-sender` |", self.registry().stdout)
        outside = self.root.parent / "lib.h"
        outside.write_text("#pragma once\nnamespace lib { class Router {}; }\n")
        self.write(".ssot.yaml", RULES.replace("app::Router\n    header", "lib::Router\n    header"))
        self.write("a.cpp", '#include "../lib.h"\n' + FILES["a.cpp"])
        text = self.registry().stdout
        self.assertIn("| `lib::Router` | class | `app/router.h` | outside the project | | 0 | `one-router` |", text)
        self.assertNotIn(str(self.root.parent), text)

    def test_an_incomplete_analysis_is_neither_written_nor_checked(self):
        self.registry("--write", "registry.md")
        before = (self.root / "registry.md").read_bytes()
        self.write("b.cpp", "int x = nowhere;\n")
        self.assertIn("nowhere", self.registry("--write", "registry.md", code=3).stderr)
        self.registry("--check", "registry.md", code=3)
        self.registry(code=3)
        self.assertEqual((self.root / "registry.md").read_bytes(), before)
        self.registry("--write", "registry.md", "--allow-incomplete")
        self.assertNotEqual((self.root / "registry.md").read_bytes(), before)

    def test_usage(self):
        self.registry("--check", "a", "--write", "b", code=2)
        self.registry("--format", "xml", code=2)


if __name__ == "__main__":
    unittest.main()
