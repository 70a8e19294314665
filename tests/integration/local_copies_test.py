#!/usr/bin/env python3
"""`ssot migrate` takes a file's own copy of a function out when its callers have moved to the canonical one, and not before."""

import unittest

from legacy_router import MigrateTest

HEADER = """\
#pragma once
namespace text { int count(const char *s); }
"""
BODY = "{\n  int n = 0;\n  while (*s++)\n    ++n;\n  return n;\n}\n"
CANONICAL = '#include "text/count.h"\nnamespace text {\nint count(const char *s) ' + BODY + "}\n"
RULES = """\
ssot: 1
rules:
  - {id: one-count, kind: single-function, canonical: text::count, header: text/count.h, match: {name: "(.*::)?count"}}
  - {id: count, kind: legacy-name, replace: {count: text::count, size_of: text::count}}
"""
COPY = "int count(const char *s) " + BODY
USE = 'int use() { return count("x"); }\n'
NEW_USE = 'int use() { return text::count("x"); }\n'
INCLUDE = '#include "text/count.h"\n\n'

# What a file holds, and what is left of it.
GOES = {
    "static": ("static " + COPY + USE, NEW_USE),
    "between others": ("int a;\n\nstatic " + COPY + "\n" + USE, "int a;\n\n" + NEW_USE),
    "with its comment": ("int a;\n\n// Counts.\n// To the zero.\nstatic " + COPY + "\n" + USE, "int a;\n\n" + NEW_USE),
    "alone in its namespace": ("namespace {\n\n" + COPY + "\n} // namespace\n\n" + USE, NEW_USE),
    "beside others in its namespace": ("namespace {\nint a() { return 1; }\n\n" + COPY + "\n} // namespace\n\n" + USE + "int b() { return a(); }\n",
                                       "namespace {\nint a() { return 1; }\n\n} // namespace\n\n" + NEW_USE + "int b() { return a(); }\n"),
    "two in one namespace": ("namespace {\n" + COPY + "\n" + COPY.replace("count", "size_of") + "} // namespace\n\n" + USE + 'int more() { return size_of("y"); }\n',
                             NEW_USE + 'int more() { return text::count("y"); }\n'),
    "declared before": ("static int count(const char *s);\n" + USE + "static " + COPY, NEW_USE),
    "calls itself": ("static int count(const char *s) { return *s ? 1 + count(s + 1) : 0; }\n" + USE, NEW_USE),
    "its address": ("static " + COPY + "int (*f)(const char *) = count;\n", "int (*f)(const char *) = text::count;\n"),
    "CRLF": (("static " + COPY + USE).replace("\n", "\r\n"), NEW_USE.replace("\n", "\r\n")),
}
# What stays, and a part of what is said.
STAYS = {
    "a branch that is off may use it": ("static " + COPY + USE + '#ifdef MORE\nint more() { return count("y"); }\n#endif\n', None),
    "nothing of it moves": ("[[maybe_unused]] static " + COPY, None),
    "it does something else": ("static " + COPY.replace("*s++", "*s++ && n < 9") + USE, "drifted"),
    "other files see it": (COPY + USE, None),
    "an attribute of its own above": ("[[nodiscard]]\nstatic " + COPY + USE, "unused function 'count'"),
    "a macro makes it": ("#define COUNT(name) static int name(const char *s) { int n = 0; while (*s++) ++n; return n; }\nCOUNT(count)\n" + USE, None),
}


class LocalCopies(MigrateTest):
    def project(self, files):
        self.write(".ssot.yaml", RULES)
        self.write("text/count.h", HEADER)
        self.write("text/count.cpp", CANONICAL)
        for name, text in files.items():
            self.write(name, text.encode())
        self.database("text/count.cpp", *files, flags=("-std=c++20", "-Wall", "-I."))

    def test_a_copy_whose_callers_have_moved_goes(self):
        files = {f"case{i}.cpp": before for i, (before, _) in enumerate(GOES.values())}
        self.project(files)
        done = self.ssot("migrate", "--apply")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for name, (case, (_, after)) in zip(files, GOES.items()):
            written = (self.root / name).read_bytes().decode()
            ending = "\r\n" if case == "CRLF" else "\n"
            include, rest = written.split(ending, 1)
            with self.subTest(case):
                self.assertEqual((include, rest.lstrip("\r\n")), ('#include "text/count.h"', after))
        self.assertEqual(self.ssot("check").returncode, 0)

    def test_a_copy_that_may_be_needed_stays(self):
        for case, (before, said) in STAYS.items():
            with self.subTest(case):
                self.project({"case.cpp": before})
                done = self.ssot("migrate", "--apply")
                self.assertIn(before.split("\nint ")[0], (self.root / "case.cpp").read_text())
                if said:
                    self.assertIn(said, done.stdout)
                    self.assertEqual((self.root / "case.cpp").read_text(), before)

    def test_a_copy_in_a_header_stays_since_others_may_include_it(self):
        self.project({"case.cpp": '#include "own.h"\n' + USE})
        self.write("own.h", "#pragma once\nstatic inline " + COPY)
        self.ssot("migrate", "--apply")
        self.assertIn(NEW_USE, (self.root / "case.cpp").read_text())
        self.assertIn("count(const char *s)", (self.root / "own.h").read_text())


if __name__ == "__main__":
    unittest.main()
