#!/usr/bin/env python3
"""The cache: what it saves, and that a report made with it is the report made without it, whatever happened in between."""

import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import unittest

from support import ONE_ROUTER, SSOT, ProjectTest

ROUTER = "#pragma once\nnamespace app { class Router { public: int route(int id) { return id; } }; }\n"
STUB = "class %sRouter { int n; public: int route(int id) { n = id; return n; } };\n"

SEED = int(os.environ.get("SSOT_CACHE_SEED", "8"))


class CacheTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.cache = self.root / ".ssot" / "cache"
        self.write(".ssot.yaml", ONE_ROUTER)
        self.write("first/placeholder.h", "")
        self.write("second/router.h", ROUTER)
        self.write("b.h", "#pragma once\n" + STUB % "Header")
        self.write("a.cpp", '#include "router.h"\n' + STUB % "A")
        self.write("b.cpp", '#include "b.h"\n' + STUB % "B")
        self.write("c.cpp", "int c;\n")
        self.flags = ["-std=c++20", "-Ifirst", "-Isecond"]
        self.sources = ["a.cpp", "b.cpp", "c.cpp"]
        self.age()

    def commands(self):
        self.database(*self.sources, flags=self.flags)

    def age(self):
        """Files as they are when nobody has just edited them: their stamps can be trusted."""
        self.commands()

    def fresh(self, *arguments):
        return self.check("--no-cache", "--format", "json", *arguments)

    def cached(self, *arguments, **options):
        return self.check("--cache", self.cache, "-v", "--format", "json", *arguments, **options)

    def same(self, *arguments):
        """Runs with the cache and without, compares, and gives how many units were read and how many Clang looked at."""
        cached, fresh = self.cached(*arguments), self.fresh(*arguments)
        self.assertEqual((cached.returncode, cached.stdout), (fresh.returncode, fresh.stdout), cached.stderr)
        return self.counts(cached)

    def counts(self, done):
        read, parsed, skipped = self.counters(done)
        return read, parsed + skipped

    def counters(self, done):
        """Of a run: units read from the cache, parsed, and found to need no parse."""
        found = re.search(r"read from the cache: (\d+), parsed: (\d+)(?:, skipped: (\d+))?", done.stderr)
        self.assertTrue(found, done.stderr)
        return tuple(int(count or 0) for count in found.groups())

    def assertTrue_(self, done):
        """After a mishap: the report is right all the same."""
        fresh = self.fresh()
        self.assertEqual((done.returncode, done.stdout), (fresh.returncode, fresh.stdout), done.stderr)


class Hits(CacheTest):
    def test_an_unchanged_project_is_not_parsed_again(self):
        self.assertEqual(self.same(), (0, 3))
        self.assertEqual(self.same(), (3, 0))

    def test_a_file_that_was_touched_is_the_same_file(self):
        self.same()
        for name in ("a.cpp", "b.h", "second/router.h"):
            os.utime(self.root / name)
        self.assertEqual(self.same(), (3, 0))

    def test_a_file_that_was_replaced_by_the_same_text_is_the_same_file(self):
        self.same()
        text = (self.root / "b.h").read_bytes()
        (self.root / "b.h").unlink()
        self.write("b.h", text)
        self.assertEqual(self.same(), (3, 0))

    def test_severity_message_and_allowances_do_not_parse(self):
        self.same()
        self.write(".ssot.yaml", ONE_ROUTER.replace("kind:", "description: one is enough\n    severity: warning\n    kind:"))
        self.assertEqual(self.same(), (3, 0))
        self.write(".ssot.yaml", ONE_ROUTER.replace("match:", "allow: [{symbol: BRouter, reason: kept}]\n    match:"))
        self.assertEqual(self.same(), (3, 0))
        self.write(".ssot.yaml", ONE_ROUTER.replace('".*Router"', '"[AB]Router"'))
        self.assertEqual(self.same(), (3, 0))

    def test_without_an_option_nothing_is_kept(self):
        self.fresh()
        self.check()
        self.assertFalse(self.cache.exists())

    def test_registry_and_migrate_read_it_too(self):
        self.same()
        for command in (("registry",), ("migrate", "--format", "json")):
            with_cache = self.ssot(*command, "--cache", self.cache)
            without = self.ssot(*command, "--no-cache")
            self.assertEqual((with_cache.returncode, with_cache.stdout), (without.returncode, without.stdout))


class Judged(CacheTest):
    """What the judges said is kept too: while nothing that it follows from has changed, nothing is linked and judged."""

    RULES = ONE_ROUTER + """\
  - {id: sizes, kind: size-limit, max-file-lines: 2}
"""

    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", self.RULES)
        self.write("c.cpp", "int a;\nint b;\nint c; // NOLINT(ssot-sizes): no\n")
        self.same()

    def judges(self, *arguments, formats=("json",)):
        """Whether a run judges. In each format the report is the one without a cache, and so is the one of the run after it."""
        judged = set()
        for name in formats:
            fresh = self.check("--no-cache", "--format", name, *arguments)
            for expected in (None, False):
                done = self.check("--cache", self.cache, "-v", "--format", name, *arguments)
                self.assertEqual((done.returncode, done.stdout), (fresh.returncode, fresh.stdout), done.stderr)
                judged.add("judged by an earlier run" not in done.stderr)
                if expected is not None:
                    self.assertEqual("judged by an earlier run" not in done.stderr, expected, done.stderr)
        return True in judged

    def test_nothing_has_changed(self):
        self.assertFalse(self.judges(formats=["json", "text", "csv", "junit", "github", "gitlab", "markdown"]))
        self.assertEqual(self.counts(self.cached()), (3, 0))

    def test_a_touched_file_is_read_and_judged_as_before(self):
        os.utime(self.root / "a.cpp")
        self.assertFalse(self.judges())

    def test_what_follows_from_more_than_the_facts_is_looked_at_each_time(self):
        self.assertEqual(self.ssot("baseline", "create").returncode, 0)
        for arguments in (["--baseline", ".ssot-baseline"], ["--min-compliance", "10"], ["--date", "2030-01-01"], ["--show-suppressed"]):
            self.assertFalse(self.judges(*arguments), arguments)
        self.write("CODEOWNERS", "* @somebody\n")
        self.assertFalse(self.judges())
        self.assertIn("@somebody", self.cached().stdout)

    def test_dates_and_allowances(self):
        self.write(".ssot.yaml", self.RULES.replace("id: sizes,", "id: sizes, allow: [{file: c.cpp, reason: later, until: '2029-12-31'}],"))
        self.assertTrue(self.judges("--date", "2029-12-31"))
        self.assertFalse(self.judges("--date", "2030-01-01"))
        self.assertIn("expired-allowance", self.cached("--date", "2030-01-01").stdout)

    def test_fixes_are_of_what_is_there(self):
        self.write(".ssot.yaml", "ssot: 1\nrules:\n  - {id: old, kind: legacy-name, replace: {BRouter: ARouter}}\n")
        self.write("b.cpp", "class BRouter {};\nBRouter one;\n")
        self.assertTrue(self.judges(formats=["sarif"]))
        self.assertFalse(self.judges(formats=["sarif"]))
        self.write("b.cpp", "class BRouter {};\n\nBRouter one, *two;\n")
        self.assertTrue(self.judges(formats=["sarif"]))

    def test_what_the_judgement_follows_from(self):
        rules = self.RULES

        def edit(path, text):
            return lambda: self.write(path, text)
        for name, change in {
            "a message": edit(".ssot.yaml", rules.replace("id: sizes,", "id: sizes, description: Short files.,")),
            "a severity": edit(".ssot.yaml", rules.replace("id: sizes,", "id: sizes, severity: warning,")),
            "a threshold": edit(".ssot.yaml", rules.replace("max-file-lines: 2", "max-file-lines: 1")),
            "the scope": edit(".ssot.yaml", rules.replace("rules:", "scope: {exclude: [c.cpp]}\nrules:")),
            "what is a test": edit(".ssot.yaml", rules.replace("rules:", "scope: {tests: ['*.cpp']}\nrules:")),
            "the canonical name": edit(".ssot.yaml", rules.replace("app::Router", "ARouter")),
            "an allowance": edit(".ssot.yaml", rules.replace("id: sizes,", "id: sizes, allow: [{file: c.cpp, reason: later}],")),
            "a source": edit("a.cpp", '#include "router.h"\n' + STUB % "Other"),
            "a comment in a source": edit("b.cpp", '#include "b.h"\n// NOLINTNEXTLINE(ssot-one-router): for now\n' + STUB % "B"),
            "a header": edit("b.h", "#pragma once\n" + STUB % "Header" + STUB % "Second"),
            "a header that shadows another": edit("first/router.h", "#pragma once\nnamespace app { class Router {}; }\n"),
            "a header that no unit reads": edit("unread.h", "#pragma once\n"),
            "a source that no command compiles": edit("orphan.cpp", "int orphan;\n"),
            "flags": lambda: self.database(*self.sources, flags=[*self.flags, "-DMORE"]),
            "units": lambda: self.database(*self.sources[:2], flags=self.flags),
            "a source is gone": lambda: (self.root / "c.cpp").unlink(),
        }.items():
            with self.subTest(name):
                change()
                self.assertTrue(self.judges())

    def test_what_is_asked_for(self):
        self.assertTrue(self.judges("--rule", "sizes"))
        self.assertTrue(self.judges("b.cpp"))
        self.assertTrue(self.judges("--skip"))
        self.assertFalse(self.judges())

    @unittest.skipUnless(shutil.which("llvm-objcopy-19"), "needs llvm-objcopy-19")
    def test_another_build_judges_itself(self):
        done = subprocess.run([self.another_build(), "check", "--cache", self.cache, "-v"], cwd=self.root, capture_output=True, text=True)
        self.assertNotIn("judged by an earlier run", done.stderr)
        self.assertFalse(self.judges())

    def test_what_is_not_kept_is_not_judged_once(self):
        self.write("c.cpp", "const char *when = __DATE__;\n")
        for _ in range(2):
            self.assertNotIn("judged by an earlier run", self.cached().stderr)

    def test_a_sample_that_is_analysed_again_is_judged_again(self):
        done = self.cached("--verify-cache", "100%")
        self.assertIn("verified: 3", done.stderr)
        self.assertNotIn("judged by an earlier run", done.stderr)

    def test_only_the_newest_are_kept(self):
        for lines in range(3, 20):
            self.write(".ssot.yaml", self.RULES.replace("max-file-lines: 2", f"max-file-lines: {lines}"))
            self.assertTrue(self.judges())
        self.assertIn(" 8 judgements, ", self.ssot("cache", "stats").stdout)
        self.assertEqual(self.ssot("cache", "clear").returncode, 0)
        self.assertIn(" 0 judgements, ", self.ssot("cache", "stats").stdout)

    def test_the_profile_says_so(self):
        done = self.cached("--profile")
        self.assertRegex(done.stderr, re.compile(r"^judgement of an earlier run ", re.M))
        self.assertNotRegex(done.stderr, re.compile(r"^(facts of units|link|judge) ", re.M))


class Misses(CacheTest):
    def setUp(self):
        super().setUp()
        self.assertEqual(self.same(), (0, 3))

    def test_a_source_was_edited(self):
        self.write("c.cpp", STUB % "C")
        self.assertEqual(self.same(), (2, 1))

    def test_a_source_was_edited_within_the_same_size_and_time(self):
        path = self.root / "a.cpp"
        was = path.stat()
        self.write("a.cpp", path.read_text().replace("ARouter", "XRouter"))
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
        self.assertEqual(self.same(), (2, 1))

    def test_a_header_was_edited(self):
        self.write("b.h", STUB % "Other")
        self.assertEqual(self.same(), (2, 1))

    def test_a_flag_was_added(self):
        self.flags.append("-DMORE")
        self.commands()
        self.assertEqual(self.same(), (0, 3))

    def test_a_new_header_shadows_the_one_that_was_read(self):
        self.write("first/router.h", "#pragma once\nclass ShadowRouter { int n; };\n")
        self.assertEqual(self.same(), (2, 1))
        (self.root / "first/router.h").unlink()
        # What the unit spoke of then it speaks of again, and that is still there.
        self.assertEqual(self.same(), (3, 0))

    def test_an_include_directory_appears(self):
        self.flags = ["-std=c++20", "-Ilater", *self.flags[1:]]
        self.commands()
        self.assertEqual(self.same(), (0, 3))
        self.write("later/router.h", "#pragma once\nclass LaterRouter { int n; };\n")
        self.assertEqual(self.same(), (0, 3))

    def test_a_header_was_removed_and_comes_back(self):
        (self.root / "second/router.h").unlink()
        self.assertEqual(self.same(), (2, 1))
        self.assertEqual(self.same(), (3, 0))  # the error follows from what is there
        self.write("second/router.h", ROUTER)
        self.assertEqual(self.same(), (3, 0), "what was judged then holds again")

    def test_a_symbolic_link_was_swapped(self):
        self.write("one.h", STUB % "One")
        self.write("two.h", STUB % "Two")
        (self.root / "link.h").symlink_to("one.h")
        self.write("c.cpp", '#include "link.h"\n')
        self.assertEqual(self.same(), (2, 1))
        (self.root / "link.h").unlink()
        (self.root / "link.h").symlink_to("two.h")
        self.assertEqual(self.same(), (2, 1))

    def test_a_symbolic_link_was_swapped_to_the_same_text_in_another_place(self):
        for name in ("old", "new"):
            self.write(name + "/x.h", STUB % "Linked")
        (self.root / "current").symlink_to("old")
        self.write("c.cpp", '#include "current/x.h"\n')
        self.assertEqual(self.same(), (2, 1))
        (self.root / "current").unlink()
        (self.root / "current").symlink_to("new")
        self.assertEqual(self.same(), (2, 1))

    def test_a_link_in_a_circle_is_something_else_than_nothing(self):
        self.write("c.cpp", '#include "circle.h"\n')
        self.same()
        (self.root / "circle.h").symlink_to("circle.h")
        self.same()
        (self.root / "circle.h").unlink()
        self.same()

    def test_two_headers_became_one_file(self):
        text = "#pragma once\nstruct S%s {};\n"
        self.write("x.h", text % "")
        self.write("y.h", (text % "").replace("{", "{ "))
        self.write("c.cpp", '#include "x.h"\n#define S T\n#include "y.h"\n')
        self.same()
        (self.root / "y.h").unlink()
        os.link(self.root / "x.h", self.root / "y.h")
        self.same()

    def test_a_rule_that_asks_for_more(self):
        self.write(".ssot.yaml", ONE_ROUTER + "  - {id: no-c, kind: legacy-name, replace: {c: d}}\n")
        self.assertEqual(self.same(), (2, 1), "only c.cpp speaks of c")
        self.write(".ssot.yaml", ONE_ROUTER)
        self.assertEqual(self.same(), (3, 0))

    def test_a_wider_pattern_parses_what_it_selects(self):
        rules = ONE_ROUTER.replace('".*Router"', '"A?Router"')
        self.write(".ssot.yaml", rules)
        self.write("d.cpp", "class Divert {};\n")
        self.sources.append("d.cpp")
        self.commands()
        self.assertEqual(self.counters(self.cached("--skip")), (3, 0, 1), "d.cpp has nothing of that")
        self.write(".ssot.yaml", ONE_ROUTER.replace('".*Router"', '".*Router|Divert"'))
        self.assertEqual(self.counters(self.cached("--skip")), (3, 1, 0))
        self.write(".ssot.yaml", rules)
        cached, fresh = self.cached("--skip"), self.fresh("--skip")
        self.assertEqual((cached.stdout, self.counters(cached)), (fresh.stdout, (4, 0, 0)))

    def test_the_scope_changed(self):
        self.write(".ssot.yaml", ONE_ROUTER + "scope: {exclude: ['b.h']}\n")
        self.assertEqual(self.same(), (0, 3))

    def test_the_environment_names_another_include_directory(self):
        self.write("elsewhere/router.h", ROUTER)
        self.assertEqual(self.counts(self.cached(env={"CPATH": str(self.root / "elsewhere")})), (0, 3))

    def test_what_asks_for_the_time_is_not_kept(self):
        self.write("c.cpp", "const char *when = __DATE__;\n")
        self.assertEqual(self.same(), (2, 1))
        self.assertEqual(self.same(), (2, 1))


class Mishaps(CacheTest):
    def setUp(self):
        super().setUp()
        self.same()
        self.file = self.cache / "facts.db"

    def test_a_damaged_file_is_never_trusted(self):
        whole = self.file.read_bytes()
        shuffle = random.Random(SEED)
        for size in (0, 50, 4096, len(whole) // 2, len(whole)):
            with self.subTest(size=size):
                damaged = bytearray(whole[:size])
                for _ in range(len(damaged) // 100):
                    damaged[shuffle.randrange(len(damaged))] ^= 1 << shuffle.randrange(8)
                self.file.write_bytes(bytes(damaged))
                self.assertTrue_(self.cached())
                self.same()
                self.assertEqual(self.same(), (3, 0))

    def test_damaged_rows_are_never_trusted(self):
        with sqlite3.connect(self.file) as database:
            database.execute("UPDATE units SET facts = substr(facts, 1, length(facts) - 3) || x'ffffff'")
            database.execute("UPDATE runs SET value = substr(value, 1, length(value) - 3) || x'ffffff'")
        verified = self.ssot("cache", "verify")
        self.assertEqual(verified.returncode, 1)
        self.assertIn("1 judgements do not fit their checksum", verified.stderr)
        self.assertEqual(self.same(), (0, 3))
        self.assertEqual(self.ssot("cache", "verify").returncode, 0)
        with sqlite3.connect(self.file) as database:
            database.execute("UPDATE inputs SET path = path || 'x'")
            database.execute("UPDATE runs SET inputs = substr(inputs, 1, length(inputs) - 3) || x'ffffff'")
        self.assertEqual(self.same(), (0, 3))

    def test_a_foreign_file_is_set_aside(self):
        self.file.write_text("someone's notes " * 100)
        done = self.cached()
        self.assertTrue_(done)
        self.assertIn("is not a cache of ssot", done.stderr)
        self.assertEqual(self.same(), (3, 0))
        self.assertTrue((self.cache / "facts.db.set-aside").read_text().startswith("someone's notes"))

    def test_another_version_s_cache_is_made_anew(self):
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA user_version = 999")
        done = self.cached()
        self.assertTrue_(done)
        self.assertIn("another version", done.stderr)
        self.assertEqual(self.same(), (3, 0))

    def test_a_folder_that_cannot_be_written(self):
        # A file where the folder should be: also root cannot write there.
        self.cache = self.write("file", "") / "cache"
        done = self.cached()
        self.assertTrue_(done)
        self.assertIn("goes on without it", done.stderr)

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_read_only_folder(self):
        self.cache.chmod(0o555)
        self.addCleanup(self.cache.chmod, 0o755)
        self.assertTrue_(self.cached())

    def test_a_full_disk(self):
        shutil.rmtree(self.cache)

        def fill():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        done = self.cached(preexec_fn=fill)
        self.assertTrue_(done)
        self.assertIn("goes on without it", done.stderr)
        self.same()
        self.assertEqual(self.same(), (3, 0))

    def test_two_at_once(self):
        for _ in range(3):
            shutil.rmtree(self.cache, ignore_errors=True)
            command = [SSOT, "check", "--cache", str(self.cache), "--format", "json"]
            runs = [subprocess.Popen(command, cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                    for _ in range(4)]
            expected = self.fresh().stdout
            for run in runs:
                out, err = run.communicate()
                self.assertEqual(out, expected, err)
            self.assertEqual(self.same(), (3, 0))

    def test_killed_at_any_point(self):
        shuffle = random.Random(SEED)
        for _ in range(8):
            shutil.rmtree(self.cache, ignore_errors=True)
            run = subprocess.Popen([SSOT, "check", "--cache", str(self.cache)], cwd=self.root,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                run.wait(timeout=shuffle.uniform(0, 0.3))
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait()
            self.same()
            self.assertEqual(self.same(), (3, 0))


class Commands(CacheTest):
    def test_stats_verify_and_clear(self):
        self.assertIn("no cache", self.ssot("cache", "stats").stdout)
        self.same()
        self.assertRegex(self.ssot("cache", "stats").stdout, r"facts\.db: 3 units, \d+ inputs")
        self.assertIn("3 units, all whole", self.ssot("cache", "verify").stdout)
        self.assertIn("3 units removed", self.ssot("cache", "clear").stdout)
        self.assertEqual(self.same(), (0, 3))

    def test_verify_cache_finds_what_is_not_true(self):
        self.same()
        done = self.cached("--verify-cache", "100%")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("verified: 3", done.stderr)
        self.assertEqual(self.cached("--verify-cache", "nonsense").returncode, 2)


if __name__ == "__main__":
    unittest.main()
