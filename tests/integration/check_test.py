#!/usr/bin/env python3
"""`ssot check` as a person or a CI job meets it: exit codes, errors for bad input, what is reported when something is missing."""

import json
import os
import pathlib
import resource
import subprocess
import unittest

from support import ONE_ROUTER, SSOT, ProjectTest


CLEAN = "namespace app { class Router { public: int route(int id) { return id; } }; }\n"
DUPLICATE = "namespace app { class Router { public: int route(int id) { return id; } };\nclass OtherRouter { int n; public: int route(int id) { n = id; return n; } }; }\n"


class ExitCodes(ProjectTest):
    def test_0_when_the_gate_passes(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.database(self.write("a.cpp", CLEAN))
        report, code = self.report()
        self.assertEqual(code, 0)
        self.assertEqual(report["findings"], [])
        self.assertEqual(report["compliance"]["ssot"], 100.0)
        self.assertTrue(report["gate"]["passed"])

    def test_1_for_a_violation(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.database(self.write("a.cpp", DUPLICATE))
        report, code = self.report()
        self.assertEqual(code, 1)
        self.assertEqual([(f["file"], f["line"], f["symbol"], f["role"]) for f in report["findings"]],
                         [("a.cpp", 2, "app::OtherRouter", "implementation")])
        self.assertEqual((report["compliance"]["compliant"], report["compliance"]["sites"]), (1, 2))

    def test_1_when_compliance_is_under_the_minimum(self):
        self.write(".ssot.yaml", ONE_ROUTER.replace("kind: single-class", "kind: single-class\n    severity: warning"))
        self.database(self.write("a.cpp", DUPLICATE))
        self.assertEqual(self.check().returncode, 0)
        self.write(".ssot.yaml", ONE_ROUTER.replace("rules:", "gate: {min-compliance: 60}\nrules:").replace(
            "match:", "allow: [{symbol: 'app::OtherRouter', reason: kept}]\n    match:"))
        self.assertEqual(self.check().returncode, 1)
        self.assertEqual(self.check("--min-compliance", "50").returncode, 0)

    def test_3_when_a_unit_does_not_parse_and_the_others_go_on(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.database(self.write("a.cpp", DUPLICATE), self.write("broken.cpp", "class BrokenRouter {}; int x = nowhere;\n"))
        report, code = self.report()
        self.assertEqual(code, 3)
        self.assertFalse(report["compliance"]["complete"])
        self.assertFalse(report["gate"]["passed"])
        self.assertEqual(report["units"]["failed"],
                         [{"file": "broken.cpp", "error": "broken.cpp:1:32: use of undeclared identifier 'nowhere'"}])
        self.assertEqual(len(report["findings"]), 1, "no verdict from a broken unit")
        self.assertEqual(self.check("--allow-incomplete").returncode, 1)

    def test_3_when_a_unit_runs_out_of_time(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        forever = "template <int N> struct A { A<N-1> a; A<N-2> b; static constexpr int v = A<N-1>::v + A<N-2>::v; };\n" \
                  "constexpr int spin() { int n = 0; for (long i = 0; i < 4000000000; ++i) n += i % 3; return n; }\n" \
                  "static_assert(spin() > 0);\n"
        self.database(self.write("a.cpp", CLEAN), self.write("slow.cpp", forever),
                      flags=("-std=c++20", "-fconstexpr-steps=2147483647"))
        report, code = self.report("--timeout", "1")
        self.assertEqual(code, 3)
        self.assertEqual([failed["file"] for failed in report["units"]["failed"]], ["slow.cpp"])
        self.assertIn("timed out", report["units"]["failed"][0]["error"])
        self.assertEqual(report["units"]["parsed"], 1)


class BadInput(ProjectTest):
    def refused(self, *arguments, says):
        done = self.check(*arguments)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stdout, "")
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, done.stderr)

    def test_no_compile_database(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.refused(says=["compile_commands.json", "CMAKE_EXPORT_COMPILE_COMMANDS"])

    def test_an_empty_one(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.write("compile_commands.json", "[]")
        self.refused(says="compile_commands.json")

    def test_a_malformed_one(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.write("compile_commands.json", '[\n  {"file": "a.cpp",}\n]')
        self.refused(says="compile_commands.json:2:")

    def test_no_rules_at_all(self):
        self.database(self.write("a.cpp", CLEAN))
        self.refused(says="ssot init")

    def test_zero_units_in_scope(self):
        self.write(".ssot.yaml", ONE_ROUTER.replace("rules:", 'scope: {include: ["nothing/**"]}\nrules:'))
        self.database(self.write("a.cpp", CLEAN))
        self.refused(says="scope")

    def test_a_typing_error_in_a_kind(self):
        self.write(".ssot.yaml", ONE_ROUTER.replace("single-class", "single-clas"))
        self.database(self.write("a.cpp", CLEAN))
        self.refused(says=".ssot.yaml:4:11: error: unknown rule kind 'single-clas'; did you mean 'single-class'?")

    def test_a_typing_error_in_a_matcher(self):
        self.write(".ssot.yaml", "ssot: 1\nrules:\n  - id: m\n    kind: matcher\n    match: varDecl(hasNam(\"x\"))\n    message: no\n")
        self.database(self.write("a.cpp", CLEAN))
        self.refused(says=[".ssot.yaml:5:20", "Matcher not found: hasNam"])

    def test_a_rule_that_does_not_exist(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.database(self.write("a.cpp", CLEAN))
        self.refused("--rule", "one-ruter", says="did you mean 'one-router'?")

    def test_unknown_option(self):
        done = self.check("--no-such-option")
        self.assertEqual(done.returncode, 2)

    def test_two_formats_on_stdout(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.database(self.write("a.cpp", CLEAN))
        self.refused("--format", "json", "--format", "text", says="stdout carries one format only")


    def test_a_file_in_a_folder_that_is_not_there(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.database(self.write("a.cpp", CLEAN))
        for options in (["-o", "gone/x.txt"], ["--format", "json:gone/x.json"], ["--write-baseline", "gone/b"], ["--profile=gone/t.json"], ["--history", "gone/h"]):
            self.refused(*options, says="there is no folder gone")
        for command in (["registry", "--write", "gone/r.md"], ["migrate", "--patch", "gone/p"], ["migrate", "--save-plan", "gone/p"], ["extract", "-o", "gone/f"]):
            done = self.ssot(*command)
            self.assertEqual((done.returncode, done.stdout), (2, ""), command)
            self.assertIn("there is no folder gone", done.stderr, command)


class Incomplete(ProjectTest):
    def test_an_entry_whose_file_is_gone(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.database(self.write("a.cpp", CLEAN), self.root / "gone.cpp")
        done = self.check()
        self.assertEqual(done.returncode, 3)
        self.assertIn("gone.cpp", done.stdout + done.stderr)

    def test_a_canonical_name_that_nothing_defines(self):
        self.write(".ssot.yaml", ONE_ROUTER.replace("app::Router", "app::Ruter"))
        self.database(self.write("a.cpp", CLEAN))
        report, code = self.report()
        self.assertEqual(code, 1)
        missing = [finding for finding in report["findings"] if finding["kind"] == "canonical-missing"]
        self.assertEqual(len(missing), 1)
        self.assertIn("app::Router", missing[0]["message"], "near names are told")

    def test_headers_that_no_unit_reaches_lower_the_coverage(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.write("unused.h", "struct Unused {};\n")
        self.database(self.write("a.cpp", CLEAN))
        report, _ = self.report()
        self.assertEqual(report["compliance"]["coverage"], 50.0)


    def test_a_path_after_the_build_folder_is_a_path(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.database(self.write("a.cpp", DUPLICATE), self.write("b/b.cpp", CLEAN))
        report, code = self.report("-p", ".", "a.cpp")
        self.assertEqual((report["units"]["total"], code), (1, 1))


class Identity(ProjectTest):
    def test_a_header_counts_once_with_several_units_and_flags(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.write("r.h", "#pragma once\n" + DUPLICATE)
        a, b = self.write("a.cpp", '#include "r.h"\n'), self.write("b.cpp", '#include "./r.h"\n')
        self.write("compile_commands.json", json.dumps([
            {"directory": str(self.root), "file": file, "command": f"clang++-19 {flag} -std=c++20 -c '{file}'"}
            for file in (str(a), "b.cpp") for flag in ("-DA", "-DB")]))
        report, code = self.report()
        self.assertEqual(code, 1)
        self.assertEqual(report["units"]["total"], 4)
        self.assertEqual([(f["file"], f["line"]) for f in report["findings"]], [("r.h", 3)])

    def test_same_bytes_whatever_jobs_directory_and_locale(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.write("r.h", "#pragma once\n" + DUPLICATE)
        self.database(*(self.write(f"u{i}.cpp", f'#include "r.h"\nclass R{i}Router {{ public: int n{i}; int route(int x) {{ return n{i} += x; }} }};\n')
                        for i in range(7)))
        outputs = set()
        for jobs, cwd, locale in (("1", self.root, "C"), ("2", self.root, "C.UTF-8"), ("7", pathlib.Path("/"), "tr_TR.UTF-8")):
            for form in ("json", "text"):
                done = self.check("--format", form, "-j", jobs, "--root", self.root, "-c", self.root / ".ssot.yaml", cwd=cwd, env={"LC_ALL": locale})
                self.assertEqual(done.returncode, 1, done.stderr)
                outputs.add((form, done.stdout))
        self.assertEqual(len(outputs), 2)

    def test_a_path_with_a_newline(self):
        self.write(".ssot.yaml", ONE_ROUTER)
        self.database(self.write("new\nline/a.cpp", DUPLICATE))
        report, code = self.report()
        self.assertEqual(code, 1)
        self.assertEqual(report["findings"][0]["file"], "new\nline/a.cpp")
        text = self.check().stdout
        self.assertNotIn("new\nline/a.cpp", text, "control characters are escaped for people")


class Output(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", ONE_ROUTER)
        self.database(self.write("a.cpp", DUPLICATE))

    def test_text_shows_place_source_line_and_figures(self):
        done = self.check()
        self.assertIn("a.cpp:2:7: error:", done.stdout)
        self.assertIn("class OtherRouter", done.stdout)
        self.assertIn("^", done.stdout)
        self.assertIn("50.0 %", done.stdout)
        self.assertEqual(done.stderr, "", "nothing of a progress bar when piped")

    def test_several_formats_in_one_run(self):
        done = self.check("--format", "text", "--format", "json:report.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("a.cpp:2:7", done.stdout)
        self.assertEqual(json.loads((self.root / "report.json").read_text())["schema"], "ssot-report/1")

    def test_a_full_disk_leaves_the_old_report(self):
        target = self.write("report.json", "old")
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))  # the kernel refuses every byte after the 64th
        done = subprocess.run([SSOT, "check", "--format", "json", "-o", str(target)], cwd=self.root, capture_output=True, text=True,
                              preexec_fn=limit)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertEqual(target.read_text(), "old")
        self.assertEqual(sorted(path.name for path in self.root.iterdir()), [".ssot.yaml", "a.cpp", "compile_commands.json", "report.json"])

    def test_a_full_standard_output(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([SSOT, "check"], cwd=self.root, stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 5, done.stderr)


class Help(ProjectTest):
    def test_every_command_explains_itself(self):
        for command in ("check", "baseline", "registry", "rules", "explain", "init"):
            done = self.ssot(command, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertIn("ssot " + command, done.stdout)

    def test_no_command_is_a_usage_error(self):
        self.assertEqual(self.ssot().returncode, 2)

    def test_a_number_that_is_none_or_too_small(self):
        for arguments in (["check", "--timeout", "-1"], ["check", "--timeout", "nan"], ["check", "--timeout", "soon"],
                          ["history", "import", "--history", "h", "--every", "0"]):
            done = self.ssot(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertRegex(done.stderr.splitlines()[0], r"\A--\w+: '\S+' is no number from [01] on\Z")

    def test_version(self):
        self.assertRegex(self.ssot("--version").stdout, r"^ssot \d+\.\d+\.\d+\n$")


class UnityBuilds(ProjectTest):
    """Sources that are compiled as a part of another one."""

    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", ONE_ROUTER)
        self.write("a.cpp", CLEAN)
        self.write("b.cpp", "namespace app { class OtherRouter { int n; public: int route(int id) { n = id; return n; } }; }\n")
        self.write("c.cpp", "int c;\n")

    def judged(self, *units):
        self.write("build/compile_commands.json", json.dumps([
            {"directory": str(self.root), "file": str(self.root / unit), "arguments": ["clang++-19", "-c", str(self.root / unit)]} for unit in units]))
        report, _ = self.report()
        return [finding["file"] for finding in report["findings"]], report["coverage"]["orphan_sources"], report["compliance"]["coverage"]

    def test_cmakes_file_in_the_build_folder(self):
        unity = "build/CMakeFiles/x.dir/Unity/unity_0_cxx.cxx"
        self.write(unity, f'/* generated by CMake */\n#include "{self.root}/a.cpp"\n#include "{self.root}/b.cpp"\n')
        self.assertEqual(self.judged(unity, "c.cpp"), (["b.cpp"], [], 100.0))
        self.assertEqual(self.judged(unity), (["b.cpp"], ["c.cpp"], 50.0))

    def test_a_source_that_includes_the_others(self):
        self.write("all.cpp", '#include "a.cpp"\n#include "b.cpp"\n')
        self.assertEqual(self.judged("all.cpp"), (["b.cpp"], ["c.cpp"], 50.0))


if __name__ == "__main__":
    unittest.main()
