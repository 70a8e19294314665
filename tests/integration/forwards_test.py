#!/usr/bin/env python3
"""`ssot migrate` and what declares a name in front of its use: forward declarations, using-directives, aliases of a namespace."""

import unittest

from legacy_router import MigrateTest

OLD = """\
#pragma once
namespace old {
class Router { public: int route(int id) const { return id; } };
class Session { public: int id = 0; };
template <typename T> struct Box { T value; };
enum class Color : int { red };
struct Extra {};
inline int send(int id) { return id; }
inline int post(const Extra &) { return 1; }
namespace deep { struct Inner {}; }
}
struct Plain {};
"""
NEW = """\
#pragma once
namespace net {
struct Router { int route(int id) const { return id; } };
template <typename T> struct Box { T value; };
enum class Color : int { red };
inline int send(int id) { return id; }
inline namespace v2 { struct Versioned {}; }
struct Implementation {};
using Alias = Implementation;
namespace core { class Session { public: int id = 0; }; struct Plain {}; struct Inner {}; }
}
namespace old { class Renamed {}; }
"""
RULES = """\
ssot: 1
rules:
  - id: name
    kind: legacy-name
    replace:
      old::Router: net::Router
      old::Session: net::core::Session
      old::Box: net::Box
      old::Color: net::Color
      old::send: net::send
      old::deep::Inner: net::core::Inner
      Plain: net::core::Plain
      old::Former: old::Renamed
      old::Alias: net::Alias
      old::Versioned: net::Versioned
      net::Inner: net::core::Inner
      old::Missing: net::Missing
      old::check: net::check
"""

# What is declared: (before, after). Nothing of it includes a definition.
FORWARDS = {
    "alone in its line": (
        "namespace old { class Router; }\nvoid f(old::Router &);\n",
        "namespace net { struct Router; }\nvoid f(net::Router &);\n"),
    "alone in its block": (
        "namespace old {\nclass Router;\n}  // namespace old\n\nvoid f(old::Router &);\n",
        "namespace net {\nstruct Router;\n}  // namespace net\n\nvoid f(net::Router &);\n"),
    "beside what stays": (
        "namespace old { class Router; struct Later; }\nvoid f(old::Router &, old::Later &);\n",
        "namespace net { struct Router; }\nnamespace old { struct Later; }\nvoid f(net::Router &, old::Later &);\n"),
    "in a large block, with its comments": (
        "namespace old {\n\nstruct Mine;\n\n// Routes.\nclass Router; // defined elsewhere\n\nstruct Mine { Router *router; };\n\n} // namespace old\n",
        "namespace net {\n// Routes.\nstruct Router; // defined elsewhere\n} // namespace net\n\nnamespace old {\n\nstruct Mine;\n\nstruct Mine { net::Router *router; };\n\n} // namespace old\n"),
    "a comment that others share stays": (
        "namespace old {\n// All of them.\nclass Router;\nstruct Later;\n}\nold::Router *a;\n",
        "namespace net {\nstruct Router;\n}\n\nnamespace old {\n// All of them.\nstruct Later;\n}\nnet::Router *a;\n"),
    "several, to two namespaces": (
        "namespace old {\n  class Router;\n  template <typename T> struct Box;\n  class Session;\n}\nvoid f(old::Router &, old::Box<int> &, old::Session &);\n",
        "namespace net {\n  struct Router;\n  template <typename T> struct Box;\n}\nnamespace net {\nnamespace core {\n  class Session;\n}\n}\n"
        "void f(net::Router &, net::Box<int> &, net::core::Session &);\n"),
    "in blocks that follow each other": (
        "struct First;\n\nnamespace old {\nclass Router;\n} // namespace old\n\nnamespace old {\nenum class Color : int;\n} // namespace old\n\nvoid f(old::Router &, old::Color);\n",
        "struct First;\n\nnamespace net {\nstruct Router;\nenum class Color : int;\n} // namespace net\n\nvoid f(net::Router &, net::Color);\n"),
    "deeper in the same namespace": (
        "namespace net {\nstruct First;\n\n// api.h\nstruct Inner; // here\n\nvoid f(Inner &);\n}\n",
        "namespace net {\nstruct First;\n\nnamespace core {\n// api.h\nstruct Inner; // here\n}\n\nvoid f(core::Inner &);\n}\n"),
    "in a nested namespace": (
        "namespace old::deep { struct Inner; }\nold::deep::Inner *a;\n", "namespace net::core { struct Inner; }\nnet::core::Inner *a;\n"),
    "in blocks within blocks": (
        "namespace old {\nnamespace deep {\nstruct Inner;\n}\n}\nold::deep::Inner *a;\n",
        "namespace net {\nnamespace core {\nstruct Inner;\n}\n}\nnet::core::Inner *a;\n"),
    "in no namespace": ("struct Plain;\nPlain *a;\n", "namespace net {\nnamespace core {\nstruct Plain;\n}\n}\nnet::core::Plain *a;\n"),
    "within a namespace around both": (
        "namespace old { namespace deep { struct Inner; } struct Later; }\nold::deep::Inner *a;\n",
        "namespace net { namespace core { struct Inner; } }\nnamespace old { struct Later; }\nnet::core::Inner *a;\n"),
    "an enumeration": ("namespace old { enum class Color : int; }\nold::Color a();\n", "namespace net { enum class Color : int; }\nnet::Color a();\n"),
    "a function": ("namespace old { int send(int id); }\nint a = old::send(1);\n", "namespace net { int send(int id); }\nint a = net::send(1);\n"),
    "another name in the same namespace": (
        "namespace old { class Former; class Other; }\nold::Former *a;\n", "namespace old { class Renamed; class Other; }\nold::Renamed *a;\n"),
    "one that is there already": (
        "namespace net { struct Router; }\nnamespace old { class Router; }\nvoid f(old::Router &, net::Router &);\n",
        "namespace net { struct Router; }\nvoid f(net::Router &, net::Router &);\n"),
    "one that comes right behind": (
        "namespace old { class Router; }\nnamespace net { struct Router; }\nvoid f(old::Router &, net::Router &);\n",
        "namespace net { struct Router; }\nvoid f(net::Router &, net::Router &);\n"),
    "CRLF": ("namespace old {\r\nclass Router;\r\n}\r\nold::Router *a;\r\n", "namespace net {\r\nstruct Router;\r\n}\r\nnet::Router *a;\r\n"),
    "a friend": (
        "namespace old { class Router; }\nclass F { friend class old::Router; };\n", "namespace net { struct Router; }\nclass F { friend struct net::Router; };\n"),
}
FRIENDS = {
    "a friend in the old namespace": (
        "namespace old {\n\nclass Mine {\n  friend class Router;\n};\n\n} // namespace old\n",
        "namespace net {\nstruct Router;\n} // namespace net\n\nnamespace old {\n\nclass Mine {\n  friend class net::Router;\n};\n\n} // namespace old\n"),
    "a friend of what is declared in front": (
        "namespace old { class Router; class Mine { friend class Router; Router *a; }; }\n",
        "namespace net { struct Router; }\nnamespace old { class Mine { friend class net::Router; net::Router *a; }; }\n"),
    "a friend of what is declared only behind": (
        "namespace old { class Mine { friend class Router; }; class Router; }\n",
        "namespace net { struct Router; }\nnamespace old { class Mine { friend class net::Router; }; }\n"),
    "a friend whose new name is there": (
        "namespace net { struct Router; }\nnamespace old { class Mine { friend class Router; }; }\n",
        "namespace net { struct Router; }\nnamespace old { class Mine { friend class net::Router; }; }\n"),
    "a friend whose new name is declared too late": (
        "namespace old { class Mine { friend class Router; }; }\nnamespace net { struct Router; }\n",
        "namespace net { struct Router; }\nnamespace old { class Mine { friend class net::Router; }; }\nnamespace net { struct Router; }\n"),
    "a friend where another namespace hides the new one": (
        "namespace old { namespace net {} class Mine { friend class Router; }; }\n",
        "namespace net { struct Router; }\nnamespace old { namespace net {} class Mine { friend class ::net::Router; }; }\n"),
    "a friend of a nested class, a template and a function's class": (
        "namespace old {\ntemplate <typename T> class Mine { struct In { friend class Router; }; };\ninline void f() { struct L { friend class old::Mine<int>; friend class Router; }; }\n}\n",
        "namespace net {\nstruct Router;\n}\n\nnamespace old {\ntemplate <typename T> class Mine { struct In { friend class net::Router; }; };\ninline void f() { struct L { friend class old::Mine<int>; friend class Router; }; }\n}\n"),
    "a friend that is a template": (
        "namespace old { class Mine { template <typename T> friend struct Box; }; }\n",
        "namespace net { template <typename T> struct Box; }\nnamespace old { class Mine { template <typename T> friend struct net::Box; }; }\n"),
    "a friend that goes deeper in the same namespace": (
        "namespace net {\n// What I have.\nclass Mine { friend struct Inner; };\n}\n",
        "namespace net {\nnamespace core {\nstruct Inner;\n}\n// What I have.\nclass Mine { friend struct net::core::Inner; };\n}\n"),
    "a friend that gets another name in the same namespace": (
        "namespace old { class Mine { friend class Former; }; }\n",
        "namespace old { class Renamed; class Mine { friend class old::Renamed; }; }\n"),
    "a class that a member names first": (
        "namespace old { struct Mine { class Router *a; }; }\n",
        "namespace net { struct Router; }\nnamespace old { struct Mine { class net::Router *a; }; }\n"),
    "a function's parameter that names it first": (
        "namespace old { void f(class Router *); }\n",
        "namespace net { struct Router; }\nnamespace old { void f(class net::Router *); }\n"),
    "a friend function that is declared": (
        "namespace net { int send(int); }\nnamespace old { class Mine { friend int send(int); }; }\n",
        "namespace net { int send(int); }\nnamespace old { class Mine { friend int net::send(int); }; }\n"),
}

BLOCKS = "#define NS_BEGIN namespace old {\n#define NS_END }\n"
DEEP = "#define NS_BEGIN namespace old { namespace deep {\n#define NS_END } }\n"
MACROS = {
    "a namespace that macros open and close": (
        BLOCKS + "NS_BEGIN\nclass Router;\nNS_END\n\nvoid f(old::Router &);\n",
        BLOCKS + "namespace net {\nstruct Router;\n}\n\nvoid f(net::Router &);\n"),
    "such a namespace with something else in it": (
        BLOCKS + "NS_BEGIN class Router; class Other; NS_END\nvoid f(old::Router &, old::Other &);\n",
        BLOCKS + "namespace net { struct Router; }\nNS_BEGIN class Other; NS_END\nvoid f(net::Router &, old::Other &);\n"),
    "two namespaces that one macro opens": (
        DEEP + "NS_BEGIN\nstruct Inner;\nNS_END\nold::deep::Inner *a;\n",
        DEEP + "namespace net {\nnamespace core {\nstruct Inner;\n}\n}\nnet::core::Inner *a;\n"),
    "a friend in such a namespace": (
        BLOCKS + "NS_BEGIN\nclass Mine { friend class Router; };\nNS_END\n",
        BLOCKS + "namespace net {\nstruct Router;\n}\n\nNS_BEGIN\nclass Mine { friend class net::Router; };\nNS_END\n"),
    "both names given to a macro": (
        "#define FORWARD(space, name) namespace space { class name; }\nFORWARD(old, Router)\nFORWARD(app, Later)\nvoid f(old::Router &, app::Later &);\n",
        "#define FORWARD(space, name) namespace space { class name; }\nFORWARD(net, Router)\nFORWARD(app, Later)\nvoid f(net::Router &, app::Later &);\n"),
    "both names given to a macro, and both change": (
        "#define FORWARD(space, name) namespace space { class name; }\nFORWARD(net, Former)\nvoid f(net::Former &);\n",
        "#define FORWARD(space, name) namespace space { class name; }\nFORWARD(old, Renamed)\nvoid f(old::Renamed &);\n"),
    "a macro that writes all of it": (
        "#define FORWARDS namespace old { class Router; template <typename T> struct Box; }\nFORWARDS\nvoid f(old::Router &, old::Box<int> &);\n",
        "#define FORWARDS namespace net { class Router; template <typename T> struct Box; }\nFORWARDS\nvoid f(net::Router &, net::Box<int> &);\n"),
    "the name alone, in the same namespace": (
        "#define FORWARD(name) class name\nnamespace old { FORWARD(Former); FORWARD(Other); }\nvoid f(old::Former &, old::Other &);\n",
        "#define FORWARD(name) class name\nnamespace old { FORWARD(Renamed); FORWARD(Other); }\nvoid f(old::Renamed &, old::Other &);\n"),
}
FORWARDS["a friend"] = (FORWARDS["a friend"][0], FORWARDS["a friend"][1].replace("friend struct", "friend class"))

# What stays: (before, after, the reasons).
STAYS = {
    "a mention in a branch that is off needs it": (
        "namespace old { class Router; }\nvoid f(old::Router &);\n#ifdef NOWHERE\nold::Router *a;\n#endif\n",
        "namespace net { struct Router; }\nnamespace old { class Router; }\nvoid f(net::Router &);\n#ifdef NOWHERE\nold::Router *a;\n#endif\n",
        ["inactive-branch", "still-used"]),
    "an alias cannot be declared in front": (
        "namespace old { class Alias; }\nold::Alias *a;\n", None, ["behaviour-differs", "rejected"]),
    "another of an inline namespace": (
        "namespace old { class Versioned; }\nold::Versioned *a;\n", None, ["behaviour-differs", "rejected"]),
    "a function with other parameters": (
        "namespace old { int send(long id); }\nint a = old::send(1);\n", None, ["rejected"]),
    "a macro that writes the namespace for others too": (
        "#define FORWARD(name) namespace old { class name; }\nFORWARD(Router)\nFORWARD(Later)\n", None, ["macro-body"]),
    "a macro that writes the namespace and declares more in it": (
        "#define FORWARDS namespace old { class Router; class Later; }\nFORWARDS\n", None, ["macro-body"]),
    "a macro that declares in two places": (
        "#define FORWARDS namespace old { class Router; class Session; }\nFORWARDS\n", None, ["macro-body", "macro-body"]),
    "a macro within a namespace": (
        "#define FORWARD(name) class name\nnamespace old { FORWARD(Router); }\n", None, ["macro-body"]),
    "a friend that a macro writes": (
        "#define FRIENDS friend class Router\nnamespace old { class Mine { FRIENDS; }; }\n", None, ["macro-body"]),
    "a friend of a class that a macro writes": (
        "#define MINE class Mine { friend class Router; }\nnamespace old { MINE; }\n", None, ["macro-body"]),
    "a friend that nobody declares": (
        "namespace old { class Mine { friend class Missing; }; }\n", None, ["behaviour-differs"]),
    "a friend function that nobody declares": (
        "namespace old { class Mine { friend int check(const Mine &); }; }\n", None, ["behaviour-differs"]),
    "a friend of another class": (
        "namespace old { class Mine { friend class Later; friend class Router2; }; }\n", None, []),
    "a local class is no friend of the old one": (
        "namespace old { inline void f() { struct L { friend class Router; }; } }\n", None, []),
    "what does not move": ("namespace old { struct Extra; }\nold::Extra *a;\n", None, []),
    "a namesake in another namespace": ("namespace app { class Router; }\napp::Router *a;\n", None, []),
}


class Forwards(MigrateTest):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.apis(RULES, OLD, NEW)

    def run_cases(self, cases):
        files = {f"f{number:02}": case for number, case in enumerate(cases)}
        self.units(known='#include "net/api.h"\n#include "old/api.h"\n', **{name: cases[case][0] for name, case in files.items()})
        report, done = self.migrate("--apply")
        self.assertIsNotNone(report, done.stderr)
        self.assertTrue(report["verified"], done.stderr)
        self.assertEqual(self.migrate()[0]["edits"], [])
        for name, case in files.items():
            left = sorted(each["reason"] for each in report["residue"] if each["file"] == f"src/{name}.cpp")
            said = [each["error"] for each in report["rejected"] if each["file"] == f"src/{name}.cpp"]
            yield case, self.text(name), left, said

    def test_every_forward_declaration(self):
        for case, text, left, said in list(self.run_cases(FORWARDS)):
            with self.subTest(case):
                self.assertEqual((text, left, said), (FORWARDS[case][1], [], []))

    def test_friends_and_what_a_declarator_names_first(self):
        for case, text, left, said in list(self.run_cases(FRIENDS)):
            with self.subTest(case):
                self.assertEqual((text, left, said), (FRIENDS[case][1], [], []))

    def test_what_macros_write(self):
        self.write(".ssot.yaml", RULES + "      net::Former: old::Renamed\n")
        for case, text, left, said in list(self.run_cases(MACROS)):
            with self.subTest(case):
                self.assertEqual((text, left, said), (MACROS[case][1], [], []))

    def test_a_macro_of_another_file_is_edited_once(self):
        self.write("include/forwards.h", "#pragma once\n#define FORWARDS namespace old { class Router; }\n")
        source = '#include "forwards.h"\nFORWARDS\nold::Router *p;\n'
        self.units(known='#include "net/api.h"\n#include "old/api.h"\n', a=source, b=source.replace("*p", "*q"))
        report, done = self.migrate("--apply")
        self.assertEqual((self.root / "include/forwards.h").read_text(), "#pragma once\n#define FORWARDS namespace net { class Router; }\n", done.stderr)
        self.assertEqual((self.text("a"), report["rejected"]), ('#include "forwards.h"\nFORWARDS\nnet::Router *p;\n', []))

    def test_what_stays(self):
        for case, text, left, said in list(self.run_cases(STAYS)):
            before, after, reasons = STAYS[case]
            with self.subTest(case):
                self.assertEqual((text, left + ["rejected"] * len(said)), (after or before, reasons))


API_RULES = RULES.replace("rules:\n", "rules:\n  - {id: include, kind: legacy-include, replace: {old/api.h: net/api.h}}\n")

# What the file has below its include: (before, after, the reasons). Where a reason is still-used, the old header stays as well.
DIRECTIVES = {
    "nothing else is found by it": (
        "using namespace old;\n\nRouter a;\nint b = send(1);\n", "\nnet::Router a;\nint b = net::send(1);\n", []),
    "nothing was ever found by it": ("using namespace old;\nold::Router a;\n", "net::Router a;\n", []),
    "something else is found by it": (
        "using namespace old;\nRouter a;\nExtra b;\n", "using namespace old;\nnet::Router a;\nExtra b;\n", ["still-used"]),
    "something else is found by its argument": (
        "using namespace old;\nRouter a;\nint b = post(old::Extra());\n", "using namespace old;\nnet::Router a;\nint b = post(old::Extra());\n", ["still-used"]),
    "what is qualified needs no directive": (
        "using namespace old;\nRouter a;\nold::Extra b;\n", "net::Router a;\nold::Extra b;\n", ["still-used"]),
    "both namespaces": (
        "#include \"net/api.h\"\nusing namespace net;\nusing namespace old;\nold::Router a;\nint f(net::Router &b) { return b.route(old::send(1)); }\n",
        "using namespace net;\nnet::Router a;\nint f(net::Router &b) { return b.route(net::send(1)); }\n", []),
    "in a function": (
        "int f() { using namespace old; return send(1); }\nint g() { using namespace old; return post({}); }\n",
        "int f() { return net::send(1); }\nint g() { using namespace old; return post({}); }\n", ["still-used"]),
    "a namespace in it": (
        "using namespace old;\ndeep::Inner a;\n", "net::core::Inner a;\n", []),
    "an alias": ("namespace o = old;\no::Router a;\nint b = o::send(1);\n", "net::Router a;\nint b = net::send(1);\n", []),
    "an alias that something else needs": (
        "namespace o = old;\no::Router a;\no::Extra b;\n", "namespace o = old;\nnet::Router a;\no::Extra b;\n", ["still-used"]),
    "a directive for an alias": (
        "namespace o = old;\nusing namespace o;\nRouter a;\n", "net::Router a;\n", []),
    "a branch that is off": (
        "using namespace old;\nRouter a;\n#ifdef NOWHERE\nRouter b;\n#endif\n",
        "using namespace old;\nnet::Router a;\n#ifdef NOWHERE\nRouter b;\n#endif\n", ["inactive-branch", "still-used"]),
    "a macro": (
        "#define OPEN using namespace old\nOPEN;\nRouter a;\n", "#define OPEN using namespace old\nOPEN;\nnet::Router a;\n", ["macro-body"]),
    "the new name is in the same namespace": (
        "#include \"net/api.h\"\nnamespace old { class Former; }\nusing namespace old;\nFormer *a;\n",
        "using namespace old;\nRenamed *a;\n", []),
    "another namespace": (
        "namespace app { using old::Extra; }\nusing namespace app;\nold::Router a;\nExtra b;\n",
        "namespace app { using old::Extra; }\nusing namespace app;\nnet::Router a;\nExtra b;\n", ["still-used"]),
}


class Directives(Forwards):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", API_RULES)

    test_every_forward_declaration = test_what_stays = test_friends_and_what_a_declarator_names_first = None
    test_what_macros_write = test_a_macro_of_another_file_is_edited_once = None

    def test_every_directive(self):
        cases = {case: ('#include "old/api.h"\n' + before, after, reasons) for case, (before, after, reasons) in DIRECTIVES.items()}
        for case, text, left, said in list(self.run_cases(cases)):
            _, after, reasons = DIRECTIVES[case]
            with self.subTest(case):
                body = "".join(line for line in text.splitlines(True) if not line.startswith("#include"))
                self.assertEqual((body, left, said), (after, reasons, []))
                self.assertEqual("old/api.h" in text, reasons == ["still-used"])

    def test_a_header_whose_directive_others_use(self):
        self.write("src/open.h", '#pragma once\n#include "old/api.h"\nusing namespace old;\ninline Router first() { return {}; }\n')
        self.write("src/shut.h", '#pragma once\n#include "old/api.h"\nusing namespace old;\ninline Router second() { return {}; }\n')
        self.units(a='#include "open.h"\nExtra a;\n', b='#include "shut.h"\nRouter b;\n')
        report, done = self.migrate("--apply")
        self.assertIn("using namespace old;", (self.root / "src/open.h").read_text())
        self.assertNotIn("using namespace old;", (self.root / "src/shut.h").read_text())
        self.assertEqual((self.text("b"), report["rejected"]), ('#include "shut.h"\nnet::Router b;\n', []), done.stderr)

    def test_a_header_of_declarations_stays_one_while_no_unit_has_read_the_new_class(self):
        self.write(".ssot.yaml", API_RULES.replace("rules:\n", "rules:\n  - {id: one, kind: single-class, canonical: 'net::Router', header: net/api.h, match: {name: none}}\n"))
        self.write("include/forwards.h", "#pragma once\nnamespace old {\n\n// api.h\nclass Router;\n\n// later.h\nclass Later;\n\n}\n")
        self.units(a='#include "forwards.h"\n#include "old/api.h"\nold::Router a;\n', b='#include "forwards.h"\nold::Router *b;\n')
        report, done = self.migrate("--apply")
        self.assertEqual((self.root / "include/forwards.h").read_text(),
                         "#pragma once\nnamespace net {\n// api.h\nclass Router;\n}\n\nnamespace old {\n\n// later.h\nclass Later;\n\n}\n", done.stderr)
        self.assertEqual((self.text("a"), report["rejected"]), ('#include "forwards.h"\n#include "net/api.h"\nnet::Router a;\n', []))

    def test_a_forward_declaration_that_the_new_header_makes_needless(self):
        self.units(a='#include "old/api.h"\nnamespace old {\nclass Router;\n}\n\nold::Router a;\n')
        report, done = self.migrate("--apply")
        left = [each["reason"] for each in report["residue"] if each["file"] == "src/a.cpp"]
        self.assertEqual((self.text("a"), left, report["rejected"]), ('#include "net/api.h"\n\nnet::Router a;\n', [], []), done.stderr)

    def stuck(self, more_of_a=""):
        """A header whose one use of the old class cannot move, since what takes it may not be edited."""
        self.write(".ssot.yaml", API_RULES.replace("rules:\n", "scope: {editable: ['src/**']}\nrules:\n", 1))
        self.write("include/lib.h", '#pragma once\n#include "old/api.h"\ninline int take(const old::Router &) { return 1; }\n')
        self.write("src/fwd.h", "#pragma once\nnamespace old {\nclass Router;\n}\nstruct Holder { old::Router *kept; };\n")
        self.units(a='#include "fwd.h"\n#include "lib.h"\nint n(Holder &h) { return take(*h.kept); }\n' + more_of_a,
                   b='#include "net/api.h"\nnet::Router b;\n')
        report, done = self.migrate("--apply")
        return (self.root / "src/fwd.h").read_text(), report, done

    def test_a_new_declaration_beside_the_old_one_that_nobody_uses(self):
        text, report, done = self.stuck()
        self.assertNotIn("net", text, done.stderr)
        self.assertIn("src/fwd.h", [each["file"] for each in report["rejected"]])

    def test_a_new_declaration_that_another_edit_needs(self):
        self.write("src/other.h", "#pragma once\nnamespace old {\nclass Session;\n}\nstruct Other { old::Session *kept; };\n")
        text, report, done = self.stuck('#include "other.h"\nOther o;\n')
        self.assertIn("class Session;", (self.root / "src/other.h").read_text())
        self.assertIn("net::core::Session *kept", (self.root / "src/other.h").read_text(), done.stderr)


if __name__ == "__main__":
    unittest.main()
