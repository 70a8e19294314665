#!/usr/bin/env python3
"""Nothing is passed over in silence: every mention that `ssot migrate` knows of and does not rewrite is in the residue, with its reason."""

import unittest

from legacy_router import RULES, MigrateTest

HEAD = '#include "old/router.h"\n'
CALL_RULE = """\
  - id: send-call
    kind: legacy-call
    from: old::send(id)
    to: net::send($id)
"""
NAME_RULE = RULES.replace(", old::send: net::send", "")

# Reason -> what to write, and where the mention stands. `flags` are those of one unit each; the default is one without any.
CASES = {
    "macro-body": {"rules": NAME_RULE + CALL_RULE, "files": {"src/a.cpp": HEAD + "#define SEND(x) old::send(x)\nint v = SEND(1);\n"},
                   "at": ("src/a.cpp", 2, "send-call")},
    "dependent": {"files": {"src/a.cpp": HEAD + "template <typename T> int f(T t) { return send(t); }\nold::Router r;\n"}, "at": ("src/a.cpp", 2, "old-name")},
    "inactive-branch": {"files": {"src/a.cpp": '#include "net/router.h"\n#ifdef OTHER\nold::Router r;\n#endif\n'}, "at": ("src/a.cpp", 3, "old-name")},
    "string-or-comment": {"files": {"src/a.cpp": 'const char *s = "old::Router";\n'}, "at": ("src/a.cpp", 1, "old-name")},
    "unparsed-unit": {"files": {"src/a.cpp": HEAD + "old::Router r;\nint x = nowhere;\n"}, "at": ("src/a.cpp", 2, "old-name")},
    "unreached-header": {"files": {"src/a.cpp": "int x;\n", "src/unused.h": "\nold::Router *p;\n"}, "at": ("src/unused.h", 2, "old-name")},
    "outside-scope": {"rules": RULES.replace("rules:", "scope: {editable: ['src/**']}\nrules:"),
                      "files": {"src/a.cpp": '#include "../lib/b.h"\n', "lib/b.h": HEAD + "inline old::Router r;\n"}, "at": ("lib/b.h", 2, "old-name")},
    "configurations-disagree": {"files": {"src/a.cpp": HEAD + '#include "net/router.h"\nnamespace third { struct Router {}; }\n#ifdef THIRD\nnamespace now = third;\n'
                                                              "#else\nnamespace now = old;\n#endif\nnow::Router r;\n"},
                                "flags": ([], ["-DTHIRD"]), "at": ("src/a.cpp", 9, "old-name")},
    "behaviour-differs": {"rules": NAME_RULE + CALL_RULE.replace("send(id)", "send(id, times)").replace("($id)", "($times, $id)"),
                          "old": "int send(int id, int times);", "new": "int send(int times, int id);",
                          "files": {"src/a.cpp": HEAD + "int next();\nint v = old::send(next(), next());\n"}, "at": ("src/a.cpp", 3, "send-call")},
    "no-rewrite": {"rules": RULES + "  - {id: one, kind: one-definition, names: '.*Config'}\n",
                   "files": {"src/a.cpp": "namespace a {\nstruct Config { int x; };\n}\n", "src/b.cpp": "namespace b {\n\nstruct Config { int x; };\n}\n"},
                   "at": ("src/b.cpp", 3, "one")},
}


class Residue(MigrateTest):
    def setUp(self):
        super().setUp()
        self.routers = {name: (self.root / f"include/{name}/router.h").read_text() for name in ("old", "net")}

    def project(self, files, rules=RULES, flags=([],), old="", new="", **_):
        self.write(".ssot.yaml", rules)
        for name, more in (("old", old), ("net", new)):
            self.write(f"include/{name}/router.h", self.routers[name] + (f"namespace {name} {{ {more} }}\n" if more else ""))
        for path, text in files.items():
            self.write(path, text)
        self.configurations(*flags)

    def configurations(self, *flags):
        for number, own in enumerate(flags):
            self.database(*(path for path in sorted(self.root.rglob("*.cpp")) if "third_party" not in path.parts),
                          flags=("-std=c++20", f"-I{self.root}/include", *own))
            (self.root / f"build{number}").mkdir(exist_ok=True)
            (self.root / "compile_commands.json").rename(self.root / f"build{number}/compile_commands.json")
        self.places = [word for number in range(len(flags)) for word in ("-p", self.root / f"build{number}")]

    def left(self, *arguments):
        report, done = self.migrate(*self.places, *arguments)
        return {(left["file"], left["line"], left["rule"], left["reason"]) for left in report["residue"]}, report, done

    def test_every_reason_of_the_contract(self):
        for reason, case in CASES.items():
            with self.subTest(reason):
                for path in self.root.rglob("*"):
                    if path.is_file() and "include" not in path.parts:
                        path.unlink()
                self.project(**case)
                file, line, rule = case["at"]
                before = (self.root / file).read_bytes()
                left, report, done = self.left("--apply")
                self.assertIn((file, line, rule, reason), left, done.stderr)
                self.assertEqual([entry for entry in report["edits"] if (entry["file"], entry["line"]) == (file, line)], [])
                self.assertIn(before.splitlines()[line - 1], (self.root / file).read_bytes().splitlines())
                self.assertEqual(done.returncode, {"string-or-comment": 0, "outside-scope": 0, "unparsed-unit": 3}.get(reason, 1), done.stderr)
                for entry in report["residue"]:
                    self.assertEqual(set(entry), {"file", "line", "column", "rule", "reason", "detail"})
                    self.assertIn(entry["reason"], [*CASES, "still-used"])

    def test_a_branch_that_is_off_here_and_on_there_is_migrated(self):
        self.project({"src/a.cpp": HEAD + "#ifdef OTHER\nold::Router r;\n#endif\n"}, flags=([], ["-DOTHER"]))
        left, report, _ = self.left()
        self.assertEqual((left, [edit["line"] for edit in report["edits"]]), (set(), [1, 3]))

    def test_configurations_that_agree(self):
        self.project({"src/a.cpp": HEAD + "#ifdef OTHER\n#define ID 1\n#else\n#define ID 2\n#endif\nold::Router r;\nint v = r.route(ID);\n"}, flags=([], ["-DOTHER"]))
        left, report, done = self.left("--apply")
        self.assertEqual((left, done.returncode), (set(), 0), done.stderr)
        self.assertIn("net::Router r;", self.text("a"))

    def test_a_header_that_only_the_edits_bring_in_is_for_the_next_run(self):
        self.project({"src/a.cpp": HEAD + "old::Router r;\n"})
        both = self.routers["net"].replace("#pragma once\n", '#pragma once\n#include "old/router.h"\n') + "namespace net { inline int both() { return old::send(1); } }\n"
        self.write("include/net/router.h", both)
        left, report, done = self.left("--apply")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(("include/net/router.h", 7, "old-name", "unreached-header"), left)
        self.assertIn("net::Router r;", self.text("a"))
        _, again, _ = self.left("--apply")
        self.assertEqual([(edit["file"], edit["line"]) for edit in again["edits"]], [("include/net/router.h", 2), ("include/net/router.h", 7)])
        self.assertEqual((self.root / "include/net/router.h").read_text(),
                         both.replace('#include "old/router.h"\n', "").replace("old::send", "send"), "it does not include itself")

    def test_what_the_rule_itself_does_not_cover(self):
        self.project({"src/a.cpp": HEAD + "old::Router r;\n"}, rules=RULES + "    scope: {exclude: ['src/**']}\n")
        left, report, _ = self.left()
        self.assertEqual(left & {("src/a.cpp", 2, "old-name", "outside-scope")}, {("src/a.cpp", 2, "old-name", "outside-scope")})

    def test_what_is_out_of_scope_altogether(self):
        self.project({"src/a.cpp": "int x;\n", "third_party/b.cpp": HEAD + "old::Router r;\nint send(int);\nstruct Router {};\n// old::Router\n"},
                     rules=RULES.replace("rules:", "scope: {exclude: ['third_party/**']}\nrules:"))
        left, _, done = self.left()
        self.assertEqual(left, {("third_party/b.cpp", 2, "old-name", "outside-scope")}, "a word alone is no mention where nothing was parsed")
        self.assertEqual(done.returncode, 0)

    def test_paths_limit_what_is_written_and_not_what_is_proven(self):
        self.write("include/net/router.h", self.routers["net"].replace("int id) const", "int id, int way) const"))
        files = {"lib/h.h": HEAD + "using Shared = old::Router;\n", "lib/l.cpp": '#include "h.h"\nold::Router l;\n',
                 "src/a.cpp": '#include "../lib/h.h"\nint f(Shared &r) { return r.route(1); }\n'}
        for path, text in files.items():
            self.write(path, text)
        self.configurations([])
        left, report, _ = self.left("--apply", "lib")
        self.assertEqual([entry["line"] for entry in report["rejected"] if entry["file"] == "lib/h.h"], [2], "src/a.cpp would not compile")
        self.assertEqual(self.text("a"), files["src/a.cpp"])
        left, report, done = self.left("--apply", "src")
        self.assertEqual(report["edits"], [])
        self.assertIn(("lib/l.cpp", 2, "old-name", "outside-scope"), left | {("lib/l.cpp", 2, "old-name", "outside-scope")})
        self.assertEqual(self.ssot("migrate", *self.places, "nowhere").returncode, 2)


if __name__ == "__main__":
    unittest.main()
