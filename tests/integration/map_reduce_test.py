#!/usr/bin/env python3
"""`ssot extract` and `ssot check --facts`: the report of many machines is the report of one, byte for byte; and facts that are not those of this
project, as it is, with these rules, are never taken for it."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import unittest

import cases_test
from support import ONE_ROUTER, ROOT, ProjectTest

RULES = ONE_ROUTER + """\
  - id: old-header
    kind: legacy-include
    replace: {"old.h": "router.h"}
"""


class MapReduceTest(ProjectTest):
    def extract(self, *arguments, code=0, **options):
        done = self.ssot("extract", *arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def is_the_same(self, local, reduced):
        self.assertEqual(reduced.returncode, local.returncode, reduced.stderr + reduced.stdout[-2000:])
        self.assertEqual(reduced.stdout, local.stdout)


class Cases(MapReduceTest):
    place_files = cases_test.Cases.place_files
    place_database = cases_test.Cases.place_database

    def test_each_case_mapped_in_another_folder_gives_the_same_report(self):
        """Two projects that differ in where they lie; the facts come from one and are reduced in the other."""
        for case in cases_test.FOLDERS:
            with self.subTest(case.name):
                self.setUp()
                run = cases_test.yaml.safe_load((case / "run.yaml").read_text()) if (case / "run.yaml").exists() else {}
                here, there = self.root, self.root.parent / "somewhere" / "else entirely"
                there.mkdir(parents=True)
                for self.root in (there, here):
                    self.place_files(case)
                    self.place_database(case, run)
                    for link, target in run.get("symlinks", {}).items():
                        (self.root / link).parent.mkdir(parents=True, exist_ok=True)
                        (self.root / link).symlink_to(target)
                # What a case says of its arguments is about the report (PATHs, dates, formats).
                self.extract("-c", "case.yaml", "--allow-incomplete", "-o", here.parent / "all.facts", cwd=there)
                arguments = ["-q", "-c", "case.yaml", "--format", "json", *run.get("arguments", [])]
                self.is_the_same(self.check(*arguments), self.check(*arguments, "--facts", here.parent / "all.facts"))
                self.doCleanups()


class LegacyApp(MapReduceTest):
    def test_mapped_in_shards_from_another_folder(self):
        copy = self.root / "checkout"
        for part in ("fixtures/legacy_app", "runtime/include", "rules"):
            shutil.copytree(ROOT / part, copy / part, symlinks=True)
        entries = json.loads((ROOT / "build/legacy_app/compile_commands.json").read_text())
        for entry in entries:
            entry["arguments"] = shlex.split(entry.pop("command"))
        self.write("checkout/build/legacy_app/compile_commands.json", json.dumps(entries).replace(str(ROOT), str(copy)))

        def where(root):
            app = root / "fixtures/legacy_app"
            return ["--root", app, "-c", app / ".ssot.yaml", "-p", root / "build/legacy_app"]
        facts = self.root / "facts"
        facts.mkdir()
        self.extract(*where(copy), "--shard", "1/2", "-j1", "-o", facts / "1.facts")
        self.extract(*where(copy), "--shard", "2/2", "-j2", "-o", facts / "2.facts")
        for written in facts.iterdir():
            self.assertNotIn(str(copy).encode(), written.read_bytes(), "facts do not tell where the checkout was")
        local = self.check(*where(ROOT), "-q", "--format", "json", "--format", f"sarif:{self.root}/local.sarif")
        self.is_the_same(local, self.check(*where(ROOT), "-q", "--format", "json", "--format", f"sarif:{self.root}/reduced.sarif",
                                           "--facts", facts))
        self.assertEqual((self.root / "local.sarif").read_bytes(), (self.root / "reduced.sarif").read_bytes())


class Project(MapReduceTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)
        self.write("include/router.h", "#pragma once\nnamespace app { class Router { public: int route(int id) { return id; } }; }\n")
        self.write("include/old.h", '#pragma once\n#include "router.h"\n')
        self.write("src/a.cpp", '#include "old.h"\nclass ARouter { int n; public: int route(int id) { n = id; return n; } };\n')
        self.write("src/b.cpp", '#include "router.h"\nint b = app::Router().route(1);\n')
        self.write("src/c.cpp", "auto c = [](int x) { return x; };\nstruct { int x; } unnamed;\n")
        self.sources = ["src/a.cpp", "src/b.cpp", "src/c.cpp"]
        self.flags = ["-std=c++20", "-Iinclude"]
        self.database(*self.sources, flags=self.flags)

    def map(self, folder="facts"):
        (self.root / folder).mkdir(exist_ok=True)
        for source in self.sources:
            self.extract(source, "-o", f"{folder}/{pathlib.Path(source).stem}.facts")

    def reduce(self, *facts):
        done = self.check("--format", "json", *(word for path in facts or ["facts"] for word in ("--facts", path)))
        return json.loads(done.stdout) if done.stdout else None, done

    def refused(self, *facts):
        """The units that were not taken, with the reasons; the exit code says that the analysis is incomplete."""
        report, done = self.reduce(*facts)
        self.assertEqual(done.returncode, 3, done.stderr)
        return {unit["file"]: unit["error"] for unit in report["units"]["failed"]}

    def test_one_file_a_unit(self):
        self.map()
        local = self.check("--format", "json")
        self.is_the_same(local, self.reduce()[1])
        everything = self.write("joined", b"".join(path.read_bytes() for path in sorted((self.root / "facts").iterdir())))
        self.is_the_same(local, self.reduce(everything)[1])

    def test_text_and_paths_too(self):
        self.map()
        for arguments in (["--format", "text"], ["--format", "text", "src/a.cpp"]):
            self.is_the_same(self.check(*arguments), self.check(*arguments, "--facts", "facts"))

    def test_bytes_depend_on_the_input_only(self):
        self.extract("-o", "1.facts", "-j1")
        self.extract("-o", "2.facts", "-j3", env={"TZ": "Asia/Tokyo", "LC_ALL": "C", "HOME": "/nowhere"})
        self.assertEqual((self.root / "1.facts").read_bytes(), (self.root / "2.facts").read_bytes())

    def test_a_shard_without_units_is_whole_all_the_same(self):
        (self.root / "facts").mkdir()
        for i in range(1, 6):
            self.extract("--shard", f"{i}/5", "-o", f"facts/{i}.facts")
        self.is_the_same(self.check("--format", "json"), self.reduce()[1])
        self.assertIn("--shard 6/5: write I/N", self.extract("--shard", "6/5", "-o", "x.facts", code=2).stderr)

    def test_a_unit_that_does_not_parse_is_reported_by_the_reduce_step(self):
        self.write("src/c.cpp", "int c = missing;\n")
        self.assertIn("src/c.cpp:1:9: use of undeclared identifier 'missing'", self.extract("-o", "all.facts", code=3).stderr)
        self.extract("-o", "again.facts", "--allow-incomplete")
        self.is_the_same(self.check("--format", "json"), self.reduce("all.facts")[1])
        self.assertEqual((self.root / "all.facts").read_bytes(), (self.root / "again.facts").read_bytes())

    def test_units_that_cannot_hold_a_site_are_passed_over_as_in_a_local_run(self):
        self.write("src/a.cpp", '#include "old.h"\nint via(int);\nclass ARouter { public: int route(int id) { return via(id); } };\n')
        self.write("src/b.cpp", '#include "router.h"\nint via(int id) { return app::Router().route(id); }\n')
        self.write("src/c.cpp", "int broken = nowhere;\n")
        (self.root / "facts").mkdir()
        self.extract("-o", "facts/all.facts", "--allow-incomplete")
        whole, skipping = (self.check(*how, "--format", "json") for how in ([], ["--skip"]))
        self.assertEqual((whole.returncode, skipping.returncode), (3, 1), "nobody asks about c.cpp")
        self.is_the_same(skipping, self.check("--skip", "--format", "json", "--facts", "facts"))
        self.assertEqual(json.loads(skipping.stdout)["units"], {"total": 3, "parsed": 2, "cached": 0, "skipped": 1, "failed": []})
        self.assertIn("3 of 3 units (1 not parsed: nothing in them is a site)", self.check("--skip").stdout)

    def test_missing_units(self):
        self.map()
        (self.root / "facts/b.facts").unlink()
        self.assertEqual(self.refused(), {"src/b.cpp": "src/b.cpp: there are no facts of it; extract it"})

    def test_a_source_that_has_changed(self):
        self.map()
        self.write("include/old.h", '#pragma once\n#include "router.h"\n// changed\n')
        self.assertRegex(self.refused()["src/a.cpp"], r"facts/a\.facts are out of date: include/old\.h is not as it was; extract again")

    def test_another_command(self):
        self.map()
        self.database(*self.sources, flags=[*self.flags, "-DMORE"])
        self.assertEqual(len(self.refused()), 3)
        self.assertIn("made with another compile command; extract again", self.refused()["src/b.cpp"])

    def test_other_rules(self):
        self.map()
        self.write(".ssot.yaml", RULES + "  - {id: x, kind: legacy-name, replace: {app::Old: app::Router}}\n")
        self.assertIn("made for other rules or another scope; extract again", self.refused()["src/a.cpp"])

    def test_a_rule_edit_that_asks_for_nothing_new_needs_no_map_step(self):
        self.map()
        self.write(".ssot.yaml", RULES.replace("kind: single-class", "kind: single-class\n    severity: note"))
        self.is_the_same(self.check("--format", "json"), self.reduce()[1])

    @unittest.skipUnless(shutil.which("llvm-objcopy-19"), "llvm-objcopy-19 is not installed")
    def test_another_build_of_ssot(self):
        self.map()
        other = self.another_build()
        subprocess.run([other, "extract", "src/b.cpp", "-o", "facts/b.facts"], cwd=self.root, check=True)
        self.assertEqual(list(self.refused()), ["src/b.cpp"])
        self.assertRegex(self.refused()["src/b.cpp"], r"facts/b\.facts were made by another build of ssot \(\d.*\); extract again with this one")

    def test_the_same_twice_is_once(self):
        self.map()
        shutil.copy(self.root / "facts/b.facts", self.root / "facts/copy.facts")
        self.is_the_same(self.check("--format", "json"), self.reduce()[1])

    def test_two_that_disagree(self):
        outside = self.root.parent / "outside.h"
        self.write("src/c.cpp", '#include "../../outside.h"\nclass NAME { public: int route(int); };\n')
        (self.root / "facts").mkdir()
        for name in ("One", "Two"):
            outside.write_text(f"#define NAME {name}\n")
            self.extract("src/c.cpp", "-o", f"facts/{name}.facts")
        self.extract("src/a.cpp", "src/b.cpp", "-o", "facts/rest.facts")
        self.assertEqual(self.refused(), {"src/c.cpp": "src/c.cpp: its facts in facts/One.facts and in facts/Two.facts are not the same; "
                                                       "extract again"})

    def test_damage_and_foreign_files_cost_only_themselves(self):
        self.map()
        whole = (self.root / "facts/b.facts").read_bytes()
        for damaged, why in ((whole[:-1], "is cut off; extract again"), (whole[:20], "is cut off"), (b"", "is empty"),
                             (whole[:-1] + bytes([whole[-1] ^ 1]), "is damaged: its checksum does not hold"),
                             (b"\x7fELF and so on", "is no facts file; remove it, or extract again"),
                             (whole + b"more", "is no facts file"),
                             (whole[:8] + bytes([77]) + whole[9:], "was written by another version of ssot")):
            with self.subTest(why):
                self.write("facts/b.facts", damaged)
                report, done = self.reduce()
                self.assertEqual(done.returncode, 3)
                text = json.dumps(report)
                self.assertIn("facts/b.facts", text)
                self.assertIn(why, text)
                self.assertIn("src/a.cpp", {finding["file"] for finding in report["findings"]}, "the others are judged")

    @staticmethod
    def records(data):
        while data:
            length = 40 + int.from_bytes(data[16:24], "little")
            yield data[:length]
            data = data[length:]

    def test_what_units_share_stands_once_in_a_file(self):
        self.extract("-o", "all.facts", "--allow-incomplete")
        records = list(self.records((self.root / "all.facts").read_bytes()))
        self.assertEqual(len(records), len(set(records)))
        self.assertEqual(sum(record[40:41] == b"u" for record in records), 3)

    def test_a_unit_without_all_that_it_names_has_failed(self):
        self.map()
        for path in (self.root / "facts").iterdir():
            path.write_bytes(b"".join(record for record in self.records(path.read_bytes()) if record[40:41] == b"u"))
        self.assertIn("its facts in facts/b.facts are not whole; extract again", self.refused()["src/b.cpp"])

    def test_every_cut_and_flipped_byte_is_noticed(self):
        self.extract("src/c.cpp", "-o", "c.facts")
        whole = (self.root / "c.facts").read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 40)):
            for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1:]):
                self.write("c.facts", damaged)
                self.assertIn(self.check("--facts", "c.facts").returncode, (2, 3), at)

    def test_wrong_usage(self):
        for arguments, why in ((["--facts", "nowhere"], "--facts nowhere: there is no such file or folder"),
                               (["--facts", "src"], r"--facts src: there is no \*\.facts file"),
                               (["--facts", "src/a.cpp"], "--facts: nothing to analyse: src/a.cpp is no facts file"),
                               (["--facts-only"], "--facts"),
                               (["--facts", "src", "--facts-only", "--diff-base", "HEAD"], "do not go with --facts-only")):
            done = self.check(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertRegex(done.stderr, why)

    def test_facts_of_other_units_are_left_out(self):
        self.map()
        self.database("src/a.cpp", "src/b.cpp", flags=self.flags)
        local, reduced = self.check("--format", "json"), self.reduce()[1]
        self.is_the_same(local, reduced)
        self.assertIn("1 units of the facts are none of this project's", reduced.stderr)

    def command(self, source, *flags):
        return [source, "-o", "facts/" + pathlib.Path(source).stem + ".facts", "--root", ".", "-c", ".ssot.yaml", "--", "clang++-19",
                *(flags or self.flags), "-c", source]

    def test_commands_of_a_build_system(self):
        """Without a compile database; as good as with it."""
        local = self.check("--format", "json")
        (self.root / "compile_commands.json").unlink()
        (self.root / "facts").mkdir()
        for source in self.sources:
            self.extract(*self.command(source))
        reduced = self.check("--format", "json", "--facts", "facts", "--facts-only")
        self.is_the_same(local, reduced)
        self.write("src/orphan.cpp", "int orphan;\n")
        self.assertIn("src/orphan.cpp", self.check("--facts", "facts", "--facts-only").stdout)

    def test_sources_that_are_links(self):
        """Bazel runs actions in folders of links."""
        self.extract(*self.command("src/a.cpp"), cwd=self.real())
        direct = (self.root / "facts/a.facts").read_bytes()
        links = self.root.parent / "links"
        for name in ("src/a.cpp", "include/old.h", "include/router.h", ".ssot.yaml"):
            (links / name).parent.mkdir(parents=True, exist_ok=True)
            (links / name).symlink_to(self.root / name)
        (links / "facts").mkdir()
        self.extract(*self.command("src/a.cpp"), cwd=links)
        self.assertEqual((links / "facts/a.facts").read_bytes(), direct)

    def real(self):
        (self.root / "facts").mkdir(exist_ok=True)
        return self.root

    @unittest.skipUnless(shutil.which("strace"), "strace is not installed")
    def test_a_command_reads_only_what_it_names(self):
        self.write("include/unused.h", "")
        trace = self.root.parent / "trace"
        self.real()
        done = subprocess.run(["strace", "-f", "-o", trace, "-e", "trace=open,openat", os.environ["SSOT"], "extract",
                               *self.command("src/a.cpp")], cwd=self.root, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        opened = set()
        for path in re.findall(r'"([^"]+)"[^"]*\) = \d', trace.read_text()):
            path = pathlib.Path(os.path.normpath(self.root / path))
            if path.is_relative_to(self.root) and not path.name.startswith("a.facts"):
                opened.add(path.relative_to(self.root).as_posix())
        self.assertLessEqual(opened, {"facts", "src/a.cpp", "include/old.h", "include/router.h", ".ssot.yaml"})
        self.assertIn("include/router.h", opened)

    def test_the_environment_adds_nothing_to_a_command(self):
        self.real()
        self.extract(*self.command("src/b.cpp"))
        before = (self.root / "facts/b.facts").read_bytes()
        self.write("elsewhere/router.h", "#error not this one\n")
        self.extract(*self.command("src/b.cpp"), env={"CPATH": "elsewhere", "CPLUS_INCLUDE_PATH": "elsewhere"})
        self.assertEqual((self.root / "facts/b.facts").read_bytes(), before)
        self.assertIn("there is no such file", self.extract(*self.command("src/none.cpp"), code=2).stderr)


if __name__ == "__main__":
    unittest.main()
