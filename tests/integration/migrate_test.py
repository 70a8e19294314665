#!/usr/bin/env python3
"""`ssot migrate`: what is planned, what is proven, and what is left alone."""

import subprocess
import unittest

from legacy_router import NEW, OLD, RULES, MigrateTest

class Layout(MigrateTest):
    """Lines that an edit touches are laid out as the project's .clang-format has it; no other line is, and only white space moves."""

    BEFORE = ('#include "old/router.h"\n'
              "int   untouched( ) ;\n"
              "int call(old::Router router, old::Router another,\n"
              "         int id);\n"
              "using  Kept=old::Router ; // NOLINT(some-check)\n")

    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES.replace("old::Router: net::Router", "old::Router: net::CanonicalRouter"))
        self.write("include/net/router.h", NEW.replace("Router", "CanonicalRouter"))

    def migrated(self, text=BEFORE, style="BasedOnStyle: LLVM\nColumnLimit: 60\n"):
        if style:
            self.write(".clang-format", style)
        self.units(a=text)
        report, done = self.migrate("--apply")
        self.assertTrue(report["verified"], done.stderr)
        self.assertEqual(report["rejected"], [])
        return self.text("a"), done

    def test_a_line_that_grew_is_broken_and_its_neighbours_stay(self):
        text, _ = self.migrated()
        self.assertEqual(text, '#include "net/router.h"\n'
                               "int   untouched( ) ;\n"
                               "int call(net::CanonicalRouter router,\n"
                               "         net::CanonicalRouter another, int id);\n"
                               "using  Kept=net::CanonicalRouter ; // NOLINT(some-check)\n")

    def test_without_a_style_nothing_but_the_name_changes(self):
        text, _ = self.migrated(style="DisableFormat: true\n")
        self.assertEqual(text, self.BEFORE.replace("old::Router", "net::CanonicalRouter").replace("old/", "net/"))

    def test_line_endings_stay(self):
        text, _ = self.migrated(self.BEFORE.replace("\n", "\r\n"))
        self.assertNotIn("\n", text.replace("\r\n", ""))
        self.assertIn("router,\r\n         net::CanonicalRouter another, int id);\r\n", text)

    def test_only_white_space_moves(self):
        style = ("BasedOnStyle: LLVM\nColumnLimit: 60\nQualifierAlignment: Right\nInsertBraces: true\nSortUsingDeclarations: true\n"
                 "BreakStringLiterals: true\nReflowComments: true\n")
        text, _ = self.migrated('#include "old/router.h"\n'
                                'int f(const old::Router&r) { if (r.route(1)) return old::send(2); return old::send(3); } // a long comment that stays\n',
                                style)
        self.assertEqual("".join(text.split()),
                         '#include"net/router.h"intf(constnet::CanonicalRouter&r){if(r.route(1))returnnet::send(2);returnnet::send(3);}'
                         "//alongcommentthatstays")
        self.assertIn("const net::CanonicalRouter &r", text)

    def test_a_style_that_cannot_be_read_is_told_and_the_line_stays_as_edited(self):
        text, done = self.migrated(style="ColumnLimit: [\n")
        self.assertIn("src/a.cpp: not laid out: ", done.stderr)
        self.assertIn("int call(net::CanonicalRouter router, net::CanonicalRouter another,\n         int id);", text)

    def test_a_saved_plan_has_the_layout(self):
        self.write(".clang-format", "BasedOnStyle: LLVM\nColumnLimit: 60\n")
        self.units(a=self.BEFORE)
        self.migrate("--save-plan", "plan.json")
        patch = self.ssot("migrate", "--plan", "plan.json").stdout
        self.assertEqual(self.ssot("migrate", "--plan", "plan.json", "--apply").returncode, 0)
        self.assertIn("int call(net::CanonicalRouter router,\n         net::CanonicalRouter another, int id);\n", self.text("a"))
        self.assertIn("+         net::CanonicalRouter another, int id);", patch)


CALLS = """\
ssot: 1
rules:
  - id: send-call
    kind: legacy-call
    from: old::send(to, times)
    to: net::bus().deliver($times, $to)
    canonical: net::Bus::deliver
    header: net/bus.h
  - id: old-name
    kind: legacy-name
    replace: {old::Name: net::Name}
  - id: post-call
    kind: legacy-call
    from: old::Line::post(text)
    to: $object.publish($text + 1, 2)
"""

CALLS_OLD = """\
#pragma once
namespace old {
struct Name { operator int() const { return 1; } };
inline int send(int to, int times = 1) { return to * times; }
struct Line {
  int post(int text) { return publish(text + 1, 2); }
  int publish(int text, int times) { return text * times; }
  int twice() { return post(1); }
};
}
"""
CALLS_NEW = """\
#pragma once
namespace net {
struct Name { operator int() const { return 1; } };
struct Bus { int deliver(int times, int to) { return to * times; } };
inline Bus &bus() { static Bus only; return only; }
}
"""


class LegacyCall(MigrateTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", CALLS)
        self.write("include/old/calls.h", CALLS_OLD)
        self.write("include/net/bus.h", CALLS_NEW)

    def becomes(self, before, after, residue=()):
        self.units(a='#include "old/calls.h"\nint next();\n' + before)
        report, done = self.migrate("--apply")
        self.assertEqual(report["rejected"], [], done.stderr)
        self.assertEqual(self.text("a").split("int next();\n")[1], after)
        self.assertEqual([entry["reason"] for entry in report["residue"] if entry["file"] == "src/a.cpp"], list(residue))
        again, done = self.migrate()
        self.assertEqual(again["edits"], [])

    def test_arguments_in_another_order_and_the_header(self):
        self.becomes("int a = old::send(1, 2 + 3);\n", "int a = net::bus().deliver(2 + 3, 1);\n")
        self.assertIn('#include "net/bus.h"\n', self.text("a"))

    def test_a_name_in_an_argument(self):
        self.becomes("int a = old::send(old::Name(), 2);\n", "int a = net::bus().deliver(2, net::Name());\n")

    def test_the_inner_call_first(self):
        self.becomes("int a = old::send(3, old::send(1, 2));\n",
                     "int a = net::bus().deliver(net::bus().deliver(2, 1), 3);\n")

    def test_the_order_of_effects_is_kept(self):
        self.becomes("int a = old::send(next(), next());\nint b = old::send(next(), 2);\n",
                     "int a = old::send(next(), next());\nint b = net::bus().deliver(2, next());\n", ["behaviour-differs"])

    def test_a_default_is_written_and_a_comment_and_a_directive_are_left(self):
        left = "int b = old::send(1 /* one */, 2);\nint c = old::send(1,\n#ifndef X\n 2\n#endif\n );\n"
        self.becomes("int a = old::send(1);\n" + left, "int a = net::bus().deliver(1, 1);\n" + left, ["behaviour-differs"] * 2)

    def test_a_macro_argument_and_a_macro_body(self):
        self.becomes("#define SAME(x) x\n#define SEND(x) old::send(x, 2)\nint a = SAME(old::send(1, 2));\nint b = SEND(3);\n",
                     "#define SAME(x) x\n#define SEND(x) old::send(x, 2)\nint a = SAME(net::bus().deliver(2, 1));\nint b = SEND(3);\n",
                     ["macro-body"])

    def test_objects(self):
        self.becomes("int f(old::Line &line, old::Line *at, int n) { return line.post(n) + at->post(n ? 1 : 2) + (*at).post(3); }\n",
                     "int f(old::Line &line, old::Line *at, int n) { return line.publish(n + 1, 2) + at->publish((n ? 1 : 2) + 1, 2) + "
                     "(*at).publish(3 + 1, 2); }\n")
        self.assertIn("int twice() { return publish(1 + 1, 2); }", (self.root / "include/old/calls.h").read_text())

    def test_the_object_behind_a_smart_pointer(self):
        smart = ("template <typename T> struct Smart { T *operator->() const { return at; } T *at; };\n"
                 "struct Nested { Smart<old::Line> operator->() const { return {}; } };\nSmart<old::Line> make();\n")
        self.becomes(smart + "int f(Smart<old::Line> line, Nested deep) { return line->post(1) + make()->post(2) + deep->post(3) + line.operator->()->post(4); }\n",
                     smart + "int f(Smart<old::Line> line, Nested deep) { return line->publish(1 + 1, 2) + make()->publish(2 + 1, 2) + "
                     "deep->publish(3 + 1, 2) + line.operator->()->publish(4 + 1, 2); }\n")

    def test_a_template_that_is_instantiated(self):
        self.becomes("template <typename T> int f(T to) { return old::send(to, 2); }\nint a = f(1);\n",
                     "template <typename T> int f(T to) { return net::bus().deliver(2, to); }\nint a = f(1);\n")

    def test_what_does_not_compile_is_rejected(self):
        self.write("include/net/bus.h", CALLS_NEW.replace("int times, int to", "int *times, int to").replace("to * times", "to * *times"))
        self.units(a='#include "old/calls.h"\nint a = old::send(1, 2);\n')
        report, _ = self.migrate("--rule", "send-call")
        self.assertEqual((report["edits"], len(report["rejected"])), ([], 1), "nor is the header added for nothing")


class Edits(MigrateTest):
    def migrated(self, text, expected, code=0):
        self.units(a=text)
        result, done = self.migrate("--apply")
        self.assertEqual(self.text("a"), expected, done.stderr)
        self.assertEqual(done.returncode, code, done.stdout)
        return result

    def test_include_type_and_call(self):
        result = self.migrated('#include "old/router.h"\nint f(const old::Router &r) { return r.route(1) + old::send(2); }\n',
                               '#include "net/router.h"\nint f(const net::Router &r) { return r.route(1) + net::send(2); }\n')
        self.assertTrue(result["verified"])
        self.assertEqual(result["compliance"]["after"], 100.0)
        self.assertEqual((result["residue"], result["rejected"]), ([], []))

    def test_names_in_many_positions(self):
        self.migrated('#include "old/router.h"\n#include <vector>\n'
                      'using Alias = old::Router;\nstruct D : public old::Router {};\n'
                      'std::vector<old::Router> all;\nauto p = &old::send;\n'
                      'int g() { old::Router r; auto *q = new old::Router; int v = q->route(1); delete q; return v + sizeof(old::Router) + r.route(2); }\n'
                      'decltype(old::send(1)) x;\n',
                      '#include "net/router.h"\n#include <vector>\n'
                      'using Alias = net::Router;\nstruct D : public net::Router {};\n'
                      'std::vector<net::Router> all;\nauto p = &net::send;\n'
                      'int g() { net::Router r; auto *q = new net::Router; int v = q->route(1); delete q; return v + sizeof(net::Router) + r.route(2); }\n'
                      'decltype(net::send(1)) x;\n')

    def test_the_class_of_a_member_pointer_with_what_qualifies_it(self):
        self.migrated('#include "old/router.h"\nint (old::Router::*way)(int) const = &::old::Router::route;\nint ( :: old :: Router :: * same)(int) const = way;\n',
                      '#include "net/router.h"\nint (net::Router::*way)(int) const = &net::Router::route;\nint ( net::Router :: * same)(int) const = way;\n')

    def test_using_declaration_and_what_comes_in_by_it(self):
        self.migrated('#include "old/router.h"\nusing old::Router;\nint f(Router r) { return r.route(1); }\n',
                      '#include "net/router.h"\nusing net::Router;\nint f(Router r) { return r.route(1); }\n')

    def test_the_shortest_name_that_resolves(self):
        self.migrated('#include "old/router.h"\nnamespace net { int f(old::Router r) { return r.route(1); } }\n',
                      '#include "net/router.h"\nnamespace net { int f(Router r) { return r.route(1); } }\n')

    def test_what_a_using_directive_brings_in_stays_out(self):
        self.write(".ssot.yaml", RULES.replace("old::", "app::old::").replace("net::", "app::net::"))
        for header, text in ("old/router.h", OLD), ("net/router.h", NEW):
            self.write("include/" + header, text.replace("namespace ", "namespace app { namespace ") + "}\n")
        self.migrated('#include "old/router.h"\nusing namespace app;\nold::Router a;\nint b = app::old::send(1) + old::send(2);\n',
                      '#include "net/router.h"\nusing namespace app;\nnet::Router a;\nint b = app::net::send(1) + net::send(2);\n')

    def test_a_shadowed_name_gets_the_longer_form(self):
        self.migrated('#include "old/router.h"\nnamespace app { namespace net { struct X {}; } int f(old::Router r) { return r.route(1); } }\n',
                      '#include "net/router.h"\nnamespace app { namespace net { struct X {}; } int f(::net::Router r) { return r.route(1); } }\n')

    def test_two_includes_of_one_thing_merge(self):
        self.migrated('#include "net/router.h"\n#include "old/router.h"\nold::Router r;\n', '#include "net/router.h"\nnet::Router r;\n')

    def test_the_old_header_stays_where_more_of_it_is_used(self):
        self.migrated('#include "old/router.h"\nold::Router r;\nold::Extra e;\n',
                      '#include "old/router.h"\n#include "net/router.h"\nnet::Router r;\nold::Extra e;\n', code=1)

    def test_the_first_include_of_a_file(self):
        self.write(".ssot.yaml", RULES + "  - {id: one, kind: single-function, canonical: net::send, header: net/router.h, match: {name: none}}\n")
        declared = "namespace old { int send(int id); }\n"
        use, new_use = (f"int f() {{ return {space}::send(1); }}\n" for space in ("old", "net"))
        for above in ("", "\ufeff", "// Sends.\n// All rights reserved.\n\n", "/* Sends.\n\n   All of it. */\n\n", "#pragma once\n\n",
                      "// Sends.\n\n#ifndef F_H\n#define F_H\n\n"):
            below = "#endif\n" if "#ifndef" in above else ""
            with self.subTest(above):
                self.migrated(above + declared + use + below,
                              above + '#include "net/router.h"\n\n' + declared + new_use + below)
        # A comment right above what it speaks of stays there.
        self.migrated("// What is sent.\nint n = 1;\n" + declared + use,
                      '#include "net/router.h"\n\n// What is sent.\nint n = 1;\n' + declared + new_use)

    def test_a_file_that_only_includes_stays_as_it_is_where_the_old_header_does(self):
        text = '#include "old/router.h"\nold::Extra e;\n'
        result = self.migrated(text, text, code=1)
        self.assertEqual([(left["line"], left["reason"]) for left in result["residue"]], [(1, "still-used")])
        self.assertEqual(result["compliance"]["before"], result["compliance"]["after"])

    def test_a_new_header_stands_with_those_of_the_project(self):
        self.write(".ssot.yaml", RULES + "  - {id: one, kind: single-class, canonical: net::Router, header: net/router.h, match: {name: none}}\n")
        self.write("include/mine.h", '#pragma once\n#include "old/router.h"\n')
        self.write("include/near.h", '#pragma once\n#include "old/router.h"\n')
        self.write("src/a.h", '#pragma once\n#include "old/router.h"\n')
        self.units(a='#include "mine.h"\n#include "near.h"\n\n#include <map>\nold::Router a;\n')
        self.assertEqual(self.migrate("--apply", "src")[0]["rejected"], [])
        self.assertEqual(self.text("a"), '#include "mine.h"\n#include "near.h"\n#include "net/router.h"\n\n#include <map>\nnet::Router a;\n')
        self.units(a='#include "a.h"\n\n#include <map>\nold::Router a;\n')
        self.assertEqual(self.migrate("--apply", "src/a.cpp")[0]["rejected"], [])
        self.assertEqual(self.text("a"), '#include "a.h"\n\n#include "net/router.h"\n\n#include <map>\nnet::Router a;\n')

    def test_macro_argument_and_body(self):
        self.migrated('#include "old/router.h"\n#define MAKE(type, name) type name\nMAKE(old::Router, a);\n',
                      '#include "net/router.h"\n#define MAKE(type, name) type name\nMAKE(net::Router, a);\n')

    def test_crlf_bom_and_a_missing_last_newline(self):
        self.migrated('\ufeff#include "old/router.h"\r\nint f(old::Router r)\r\n{ return r.route(1); }',
                      '\ufeff#include "net/router.h"\r\nint f(net::Router r)\r\n{ return r.route(1); }')

    def test_comments_inside_a_call_and_odd_spacing(self):
        self.migrated('#include "old/router.h"\nint v = old /* of the net */ ::  send( /* id */ 1 );\n',
                      '#include "net/router.h"\nint v = net::send( /* id */ 1 );\n')

    def test_a_shared_header_gets_each_edit_once(self):
        self.write("src/shared.h", '#pragma once\n#include "old/router.h"\ninline int shared(old::Router r) { return r.route(1); }\n')
        self.units(a='#include "shared.h"\n', b='#include "shared.h"\n#define WITH\n', c='#include "../src/shared.h"\n')
        result, _ = self.migrate("--apply")
        self.assertEqual(len(result["edits"]), 2)
        self.assertEqual((self.root / "src/shared.h").read_text(),
                         '#pragma once\n#include "net/router.h"\ninline int shared(net::Router r) { return r.route(1); }\n')


class Residue(MigrateTest):
    def reasons(self, result):
        return [(left["line"], left["reason"]) for left in result["residue"]]

    def test_comment_string_and_inactive_branch(self):
        self.units(a='#include "net/router.h"\n// old::Router was here\nconst char *s = "old::Router";\n#ifdef OTHER\nold::Router r;\n#endif\n')
        result, done = self.migrate()
        self.assertIn((2, "string-or-comment"), self.reasons(result))
        self.assertIn((3, "string-or-comment"), self.reasons(result))
        self.assertIn((5, "inactive-branch"), self.reasons(result))
        self.assertEqual(done.returncode, 1)

    def test_dependent_call_without_instantiation(self):
        self.units(a='#include "old/router.h"\ntemplate <typename T> int f(T t) { return send(t); }\nold::Router r;\n')
        result, _ = self.migrate("--apply")
        self.assertIn((2, "dependent"), self.reasons(result))

    def test_a_header_that_nobody_includes(self):
        self.units(a='int x;\n')
        self.write("src/unused.h", "old::Router *p;\n")
        result, _ = self.migrate()
        self.assertIn(("src/unused.h", "unreached-header"), [(left["file"], left["reason"]) for left in result["residue"]])

    def test_a_broken_unit_among_others(self):
        self.units(a='#include "old/router.h"\nold::Router r;\n', broken='#include "old/router.h"\nold::Router r; int x = nowhere;\n')
        result, done = self.migrate("--apply")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(self.text("a"), '#include "net/router.h"\nnet::Router r;\n')
        self.assertIn("old::Router", self.text("broken"))
        self.assertIn(("src/broken.cpp", "unparsed-unit"), [(left["file"], left["reason"]) for left in result["residue"]])


class Verification(MigrateTest):
    def test_an_edit_that_does_not_compile_is_rejected_with_the_compilers_words(self):
        self.write("include/net/router.h", NEW.replace("class Router", "class Router; inline int send(int id, int way) { return id + way; }\nclass Router").replace(
            "inline int send(int id) { return id + 1; }\n", ""))
        self.units(a='#include "old/router.h"\nint f() { return old::send(1); }\nint g(old::Router r) { return r.route(1); }\n')
        result, done = self.migrate("--apply")
        self.assertEqual([(r["line"], "too few arguments" in r["error"] or "no matching function" in r["error"]) for r in result["rejected"]], [(2, True)])
        self.assertIn("old::send(1)", self.text("a"))
        self.assertIn("net::Router r", self.text("a"))
        self.assertEqual(done.returncode, 1)

    def test_what_fails_only_in_a_template_of_others_is_rejected(self):
        self.write("include/old/router.h", OLD.replace("public:", "public: Router(int = 0) {} bool idle() const { return true; }"))
        self.units(a='#include "old/router.h"\n#include <algorithm>\n#include <memory>\n#include <vector>\n'
                     'auto f() { return std::make_unique<old::Router>(2); }\n'
                     'auto g(std::vector<old::Router> &all) { return std::count_if(all.begin(), all.end(), [](const auto &each) { return each.idle(); }); }\n'
                     'int h(const old::Router &r) { return r.route(1); }\n')
        result, _ = self.migrate("--apply")
        self.assertEqual(sorted(r["line"] for r in result["rejected"]), [5, 6])
        self.assertIn("const net::Router &r", self.text("a"))
        self.assertTrue(result["verified"])
        subprocess.run(["clang++-19", "-std=c++20", "-fsyntax-only", f"-I{self.root}/include", self.root / "src/a.cpp"], check=True)

    def test_names_of_one_type_are_told_from_those_that_a_macro_makes_two(self):
        # Only where they are one type in all units, a template of others cannot notice.
        self.write("include/old/router.h", '#pragma once\n#include "net/router.h"\nnamespace old {\n#ifdef APART\nstruct Router : net::Router { Router(int) {} };\n'
                   "#else\nusing Router = net::Router;\n#endif\n}\n")
        body = '#include "old/router.h"\n#include <memory>\nauto VAR = std::make_unique<old::Router>(ARGUMENTS);\n'
        self.units(a=body.replace("VAR", "a").replace("ARGUMENTS", ""), b="#define APART\n" + body.replace("VAR", "b").replace("ARGUMENTS", "2"))
        result, _ = self.migrate("--apply")
        self.assertEqual([(r["file"], r["line"]) for r in result["rejected"]], [("src/b.cpp", 4)])
        self.assertIn("std::make_unique<net::Router>()", self.text("a"))
        self.assertTrue(result["verified"])

    def test_only_the_variable_that_needs_what_the_new_class_lacks_stays(self):
        self.write("include/old/router.h", OLD.replace("public:", "public: int extra() const { return 2; }"))
        self.units(a='#include "old/router.h"\nint f() { old::Router plain; return plain.route(1); }\n'
                     'int g() { old::Router special; return special.extra(); }\nint h(const old::Router &r) { return r.route(2); }\n')
        result, _ = self.migrate("--apply")
        self.assertEqual([(r["line"], "no member named 'extra'" in r["error"]) for r in result["rejected"]], [(3, True)])
        self.assertIn("net::Router plain", self.text("a"))
        self.assertIn("old::Router special", self.text("a"))
        self.assertIn("const net::Router &r", self.text("a"))
        self.assertIn(("src/a.cpp", "still-used"), [(left["file"], left["reason"]) for left in result["residue"]])
        again, _ = self.migrate("--apply")
        self.assertEqual(again["edits"], [])

    def test_a_dry_run_writes_nothing(self):
        self.units(a='#include "old/router.h"\nold::Router r;\n')
        before = self.tree()
        result, done = self.migrate()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(result["edits"]), 2)
        self.assertEqual(self.tree(), before)

    def test_a_second_run_has_nothing_to_do(self):
        self.units(a='#include "old/router.h"\nold::Router r;\n')
        self.migrate("--apply")
        before = self.tree()
        result, done = self.migrate("--apply")
        self.assertEqual((result["edits"], done.returncode), ([], 0))
        self.assertEqual(self.tree(), before)

    def test_no_verify_goes_with_a_patch_only(self):
        self.units(a='#include "old/router.h"\nold::Router r;\n')
        self.assertEqual(self.ssot("migrate", "--no-verify", "--apply").returncode, 2)


class Text(MigrateTest):
    def test_places_first_figures_last(self):
        self.write("include/net/router.h", NEW.replace("inline int send(int id)", "inline int send(int id, int way)").replace("id + 1; }\n}", "id + way; }\n}"))
        self.write("src/unused.h", "int x;\n")
        self.units(a='#include "old/router.h"\n// old::Router\nint f() { return old::send(1); }\n#ifdef X\nold::Router *q;\n#endif\nold::Router r;\n')
        text = self.ssot("migrate").stdout
        self.assertIn("src/a.cpp:3:18: rejected: old::send -> net::send [ssot-old-name]\n    src/a.cpp:3:29: too few arguments", text)
        self.assertIn("src/a.cpp:5:6: left: inactive-branch [ssot-old-name]\n", text)
        self.assertNotIn("src/a.cpp:2:", text)
        self.assertEqual(text[text.index("migration  "):], """\
migration            count
edits                    2  verified
files                    1
rejected                 1  would not compile, see above
residue                  3
  inactive-branch        1  see above
  still-used             1  see above
  string-or-comment      1  no decision needed; --format json lists them

SSOT compliance
before            0.0 %  0 of 3 sites
after            50.0 %  2 of 4 sites
coverage         50.0 %  1 of 1 unit, 1 of 3 headers
""")
        report, _ = self.migrate("--apply")
        self.assertEqual(report["compliance"], {"before": 0.0, "after": 50.0, "sites_before": 3, "compliant_before": 0, "sites_after": 4, "compliant_after": 2,
                                                "coverage": 50.0, "complete": True})

    def test_colours_are_those_of_a_diff_and_only_when_wanted(self):
        self.units(a='#include "old/router.h"\nold::Router r;\n')
        self.assertNotIn("\x1b", self.ssot("migrate").stdout)
        text = self.ssot("migrate", "--color", "always", "--save-plan", "plan.json").stdout
        diff = '\x1b[31m-old::Router r;\x1b[0m\n\x1b[32m+#include "net/router.h"\x1b[0m\n\x1b[32m+net::Router r;\x1b[0m\n'
        self.assertIn(diff, text)
        self.assertIn("\x1b[36m@@ -1,2 +1,2 @@\x1b[0m", text)
        self.assertIn(diff, self.ssot("migrate", "--color", "always", "--plan", "plan.json").stdout)

    def test_what_was_applied_says_how_to_undo_it(self):
        self.units(a='#include "old/router.h"\nold::Router r;\n')
        self.assertIn("edits          2  verified and applied (`ssot rollback 0001` undoes it)\n", self.ssot("migrate", "--apply").stdout)


class Patches(MigrateTest):
    def test_git_takes_the_patch(self):
        self.units(a='#include "old/router.h"\n\n\n\n\n\n\n\n\nold::Router r;\nint last = 1;', b='int b;\r\n#include "old/router.h"\r\nold::Router s;\r\n')
        self.ssot("migrate", "--patch", "p.patch")
        subprocess.run(["git", "init", "-q", "."], cwd=self.root, check=True)
        subprocess.run(["git", "apply", "--check", "p.patch"], cwd=self.root, check=True)
        subprocess.run(["git", "apply", "p.patch"], cwd=self.root, check=True)
        self.assertIn("net::Router r;\nint last = 1;", self.text("a"))
        self.assertIn("net::Router s;\r\n", self.text("b"))


class Plans(MigrateTest):
    def setUp(self):
        super().setUp()
        self.units(a='#include "old/router.h"\nold::Router r;\n')
        self.ssot("migrate", "--save-plan", "plan.json")

    def test_apply_then_again_is_a_no_op(self):
        self.assertEqual(self.ssot("migrate", "--plan", "plan.json", "--apply").returncode, 0)
        after = self.tree()
        self.assertIn("net::Router r;", self.text("a"))
        done = self.ssot("migrate", "--plan", "plan.json", "--apply")
        self.assertEqual(done.returncode, 0)
        self.assertIn("already", done.stderr)
        self.assertEqual(self.tree(), after)

    def test_a_stale_plan_is_refused_with_the_file(self):
        self.write("src/a.cpp", '#include "old/router.h"\nold::Router edited;\n')
        before = self.tree()
        done = self.ssot("migrate", "--plan", "plan.json", "--apply")
        self.assertEqual(done.returncode, 4)
        self.assertIn("src/a.cpp", done.stderr)
        self.assertEqual(self.tree(), before)


if __name__ == "__main__":
    unittest.main()
