#!/usr/bin/env python3
"""Units that cannot hold a site are not parsed, and that never changes a report: every case here is run with and without."""

import json
import os
import random
import unittest

from support import ONE_ROUTER, ProjectTest

SEED = int(os.environ.get("SSOT_SKIP_SEED", "8"))
PROJECTS = int(os.environ.get("SSOT_SKIP_PROJECTS", "6"))
ROUTER = "#pragma once\nnamespace app { class Router { public: int route(int id) { return id; } }; }\n"


class SkipTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", ONE_ROUTER)
        self.write("router.h", ROUTER)
        self.write("router.cpp", '#include "router.h"\nint use(app::Router &r) { return r.route(1); }\n')

    def skipped(self, *arguments):
        """Runs both ways, compares, and gives how many units were skipped."""
        self.database(*sorted(path.name for path in self.root.glob("*.cpp")))
        quick, code = self.report("--skip", *arguments)
        whole, same = self.report(*arguments)
        self.assertEqual((code, {**quick, "units": None}), (same, {**whole, "units": None}))
        self.assertEqual(whole["units"]["skipped"], 0)
        self.assertEqual(quick["units"]["parsed"] + quick["units"]["skipped"], whole["units"]["parsed"])
        return quick["units"]["skipped"]


class Single(SkipTest):
    def test_a_unit_that_says_nothing_of_it(self):
        self.write("other.cpp", "int other() { return 1; }\n")
        self.assertEqual(self.skipped(), 1)

    def test_a_definition_whose_name_a_macro_pastes_together(self):
        self.write("make.h", "#define MAKE(a, b) class a##b { int n; };\n")
        self.write("pasted.cpp", '#include "make.h"\nMAKE(Rou, te)\nMAKE(Old, Rou##ter)\n'.replace("Rou##ter", "Route"))
        self.write("twice.cpp", '#include "make.h"\nMAKE(Old, Ro)\n#define JOIN(a, b) a##b\n#define CLASS(a, b) class JOIN(a, b) { int n; };\nCLASS(My, JOIN(Rou, ter))\nCLASS(ARou, ter)\n')
        self.assertEqual(self.skipped(), 1, "pasted.cpp makes Route and OldRoute")

    def test_a_name_that_goes_on_in_the_next_line(self):
        self.write("split.cpp", "class OldRou\\\nter { int n; };\n")
        self.assertEqual(self.skipped(), 0)

    def test_forwarders_in_units_that_name_neither(self):
        self.write("one.h", "#pragma once\nint one(int id);\n")
        self.write("two.h", "#pragma once\nint two(int id);\n")
        self.write("old.cpp", '#include "one.h"\nclass OldRouter { public: int route(int id) { return one(id); } };\n')
        self.write("one.cpp", '#include "one.h"\n#include "two.h"\nint one(int id) { return two(id); }\n')
        self.write("two.cpp", '#include "router.h"\n#include "two.h"\nint two(int id) { static thread_local app::Router r; return r.route(id); }\n')
        self.write("three.cpp", "int three(int id) { return id; }\n")
        self.assertEqual(self.skipped(), 1)

    def test_the_rule_file_may_ask_for_it(self):
        self.write("other.cpp", "int other() { return 1; }\n")
        self.database("other.cpp", "router.cpp")
        self.write(".ssot.yaml", ONE_ROUTER + "check: {parse: needed}\n")
        self.assertEqual(self.report()[0]["units"]["skipped"], 1)
        self.assertEqual(self.report("--no-skip")[0]["units"]["skipped"], 0)
        self.write("base.yaml", "ssot: 1\nextends: [./rules.yaml]\ncheck: {parse: needed}\n")
        self.write("rules.yaml", ONE_ROUTER)
        self.write(".ssot.yaml", "ssot: 1\nextends: [./base.yaml]\n")
        self.assertEqual(self.report()[0]["units"]["skipped"], 1, "it is inherited")
        self.write(".ssot.yaml", "ssot: 1\nextends: [./base.yaml]\ncheck: {parse: all}\n")
        self.assertEqual(self.report()[0]["units"]["skipped"], 0, "and overridden")

    def test_near_names_when_the_canonical_one_is_missing(self):
        self.write(".ssot.yaml", ONE_ROUTER.replace("app::Router", "app::Rooter").replace(".*Router", ".*Rooter"))
        self.write("other.cpp", "class Rooters { int n; };\n")
        self.assertEqual(self.skipped(), 0)

    def test_suppressions_that_suppress_nothing(self):
        self.write("other.cpp", "int n; // NOLINT(ssot-one-router): there was one\n")
        self.assertEqual(self.skipped(), 1)

    def test_an_error_of_the_preprocessor_is_noticed(self):
        self.write("other.cpp", '#include "gone.h"\n')
        self.assertEqual(self.skipped(), 0)

    def test_an_error_that_is_noticed_at_the_end(self):
        """Where all units are parsed."""
        self.write(".ssot.yaml", ONE_ROUTER.replace("rules:", "rules:\n  - {id: short, kind: size-limit, max-function-lines: 9}"))
        template = "template <typename T> T twice(T n) { return n + n; }\nint four() { return twice(2); }\n"
        for end in ("MAKE0\n", "namespace other {\n", "class Other { int n; }\n", "int other() { return twice(3)\n", "int other = twice(3)\n"):
            self.write("other.cpp", template + end)
            with self.subTest(end):
                self.assertEqual(self.skipped(), 0)
                self.assertEqual(len(self.report("--skip")[0]["units"]["failed"]), 1)
        self.write("other.cpp", template + "int other() { return twice(3); }\n")
        self.assertEqual(self.skipped(), 0)
        self.assertEqual(self.report("--skip")[0]["units"]["failed"], [])

    def test_rules_that_need_every_body(self):
        self.write("other.cpp", "int other() { return 1; }\n")
        self.write(".ssot.yaml", ONE_ROUTER + "  - {id: short, kind: size-limit, max-function-lines: 10}\n")
        self.assertEqual(self.skipped(), 0)
        self.assertIn("rule 'short' asks about every function", self.check("--skip", "-v").stderr)
        self.write(".ssot.yaml", ONE_ROUTER + "  - {id: short, kind: size-limit, max-file-lines: 10}\n")
        self.assertEqual(self.skipped(), 1)


class Names(SkipTest):
    def rule(self, text):
        self.write(".ssot.yaml", "ssot: 1\nrules:\n  - {id: it, severity: error, " + text + "}\n")

    def test_includes_need_no_parse_at_all(self):
        self.rule("kind: legacy-include, replace: {router.h: new_router.h}")
        self.assertEqual(self.skipped(), 1)

    def test_names_that_are_pasted_and_names_in_branches_that_are_off(self):
        self.rule("kind: legacy-name, replace: {old_count: new_count}")
        self.write("old.h", "#pragma once\nint old_count();\n#define CALL(what) old_##what()\n")
        self.write("pasted.cpp", '#include "old.h"\nint n = CALL(count);\n')
        self.write("off.cpp", "#ifdef NEVER\nint n = old_count();\n#endif\n")
        self.write("other.cpp", "int other() { return 1; }\n")
        self.assertEqual(self.skipped(), 2, "router.cpp and other.cpp")

    def test_what_is_created_through_an_alias(self):
        self.rule("kind: factory-only, class: app::Router, factory: app::make, shared-state: forbid")
        self.write("alias.h", '#pragma once\n#include "router.h"\nusing Way = app::Router;\nnamespace app { Router *make(); }\ntemplate <typename T> T *fresh() { return new T(); }\n')
        self.write("alias.cpp", '#include "alias.h"\nWay *w = fresh<Way>();\n')
        self.write("other.cpp", "int other() { return 1; }\n")
        self.assertEqual(self.skipped(), 1)

    def test_the_same_name_in_another_scope(self):
        self.rule("kind: same-interface, legacy: old::Router, canonical: app::Router")
        self.write("other.cpp", "namespace app { int Route; }\n")
        self.write("old.cpp", "namespace old { class Router { public: int way(); }; }\n")
        self.assertEqual(self.skipped(), 1)


class Anything(SkipTest):
    """Small projects of pieces that were hard, put together at random."""

    PIECES = [
        "class {0}Router {{ int n; }};\n", "int {0}_work(int id) {{ return id; }}\n", "int {0}_call(int id) {{ return {1}_work(id); }}\n",
        "struct {0}Part {{ int send(int id) {{ return {1}_work(id); }} }};\n",
        "class {0}Router {{ public: int route(int id) {{ return {1}_work(id); }} }};\n",
        "inline int {0}_go() {{ app::Router r; return r.route(2); }}\n", "#define {0}_MAKE(x) class x##er {{ int n; }};\n{0}_MAKE({0}Rout)\n",
        "#ifdef {0}\nclass {0}Router {{}};\n#endif\n", "int {0}_n; // NOLINT(ssot-one-router): why not\n", "using {0}Alias = app::Router;\n",
    ]

    def test_random_projects(self):
        for project in range(PROJECTS):
            shuffle = random.Random(f"{SEED}/{project}")
            for old in self.root.glob("u*.*"):
                old.unlink()
            for unit in range(6):
                others = [f"u{other}.h" for other in range(unit) if shuffle.random() < 0.4]
                text = "#pragma once\n" + "".join(f'#include "{other}"\n' for other in ["router.h", *others] if shuffle.random() < 0.6)
                text += "int a_work(int id);\nint b_work(int id);\nnamespace app { class Router; }\n"
                self.write(f"u{unit}.h", text)
                body = "".join(shuffle.choice(self.PIECES[1:4] + self.PIECES[6:9]).format(f"u{unit}p{n}", shuffle.choice("ab"))
                               for n in range(3))
                if shuffle.random() < 0.4:
                    body = '#include "router.h"\n' + body + shuffle.choice(self.PIECES).format(f"u{unit}x", shuffle.choice("ab"))
                self.write(f"u{unit}.cpp", f'#include "u{unit}.h"\n' + body)
            self.write("ua.cpp", "int b_work(int id);\nint a_work(int id) { return b_work(id); }\n")
            self.write("ub.cpp", '#include "router.h"\nint b_work(int id) { app::Router r; return r.route(id); }\n')
            with self.subTest(project=project, files={path.name: path.read_text() for path in sorted(self.root.glob("u*.*"))}):
                self.skipped()


if __name__ == "__main__":
    unittest.main()
