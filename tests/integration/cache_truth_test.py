#!/usr/bin/env python3
"""Random edits of a small project: after each, the report with the cache is the report without it, byte for byte.

`./dev cache-truth [COUNT [SEED]]` makes as many edits as one likes; the test makes a few."""

import collections
import os
import pathlib
import random
import re
import shutil
import subprocess
import unittest

from support import SSOT, ProjectTest

EDITS = int(os.environ.get("SSOT_CACHE_EDITS", "40"))
SEED = int(os.environ.get("SSOT_CACHE_SEED", "8"))

RULE_HEAD = "ssot: 1\n"
RULES = [  # each may be there or not, in each of its forms
    ["  - {id: one-router, kind: single-class, canonical: app::Router, match: {name: '.*Router'}}\n",
     "  - {id: one-router, kind: single-class, severity: warning, canonical: app::Router, match: {name: '.*Router'}}\n",
     "  - {id: one-router, kind: single-class, canonical: app::Router, match: {name: 'R[12]Router'}}\n",
     "  - {id: one-router, kind: single-class, canonical: app::Router, match: {similar: 0.9}}\n"],
    ["  - {id: one-send, kind: single-function, canonical: 'app::Router::route', match: {name: 'send.*'}}\n"],
    ["  - {id: old-x, kind: legacy-name, replace: {R1Router: R2Router}}\n",
     "  - {id: old-x, kind: legacy-name, replace: {R1Router: R2Router, send3: send2, MORE: LESS}}\n"],
    ["  - {id: old-header, kind: legacy-include, replace: {x.h: y.h}}\n"],
    ["  - {id: made, kind: factory-only, class: app::Router, factory: app::make, shared-state: forbid}\n"],
    ["  - {id: short, kind: size-limit, max-file-lines: 12}\n", "  - {id: short, kind: size-limit, max-function-lines: 3}\n"],
    ["  - {id: one-type, kind: one-definition, names: 'R.*'}\n"],
]
ROUTER = "#pragma once\nnamespace app { class Router { public: int route(int id) { return id; } }; }\n"
PIECES = [
    "class R{0}Router {{ int n; public: int route(int id) {{ n = id; return n; }} }};\n",
    "inline int send{0}(int id) {{ app::Router r; return r.route(id); }}\n",
    "int send{0}(int id);\n",
    "static int use{0}(int id) {{ return send{1}(id); }}\n",
    "#ifdef MORE\nstruct More{0} {{ R{1}Router r; }};\n#endif\n",
    "int n{0}; // NOLINT(ssot-old-x): for now\n",
    "#define MAKE{0} class R{0}Router {{ int m; }};\n",
    "MAKE{0}\n",
]


class CacheTruth(ProjectTest):
    SOURCES = [f"{name}.cpp" for name in "abcdef"]
    HEADERS = ["router.h", "x.h", "y.h", "z.h"]
    FOLDERS = ["first", "second", "."]

    def setUp(self):
        super().setUp()
        self.dice = random.Random(SEED)
        self.cache = self.root / ".ssot" / "cache"
        self.program = SSOT
        self.builds = [SSOT]
        if shutil.which("llvm-objcopy-19"):
            self.builds += [self.another_build(number) for number in (1, 2)]
        self.environment = {}
        self.units = self.SOURCES[:4]
        self.flags = ["-std=c++20", "-Ifirst", "-Isecond"]
        self.write("first/placeholder.h", "")
        self.write("second/router.h", ROUTER)
        for source in self.SOURCES:
            self.write(source, self.text())
        self.rules()
        self.database(*self.units, flags=self.flags)

    def text(self):
        dice = self.dice
        lines = [f'#include "{dice.choice(self.HEADERS)}"\n' for _ in range(dice.randrange(3))]
        lines += [dice.choice(PIECES).format(dice.randrange(4), dice.randrange(4)) for _ in range(dice.randrange(4))]
        if dice.randrange(12) == 0:
            lines.append("int broken = nowhere;\n")
        return "".join(lines)

    def header(self):
        return f"{self.dice.choice(self.FOLDERS)}/{self.dice.choice(self.HEADERS)}"

    # --- the edits ---------------------------------------------------------------------------------------------------

    def source(self):
        self.write(self.dice.choice(self.SOURCES), self.text())

    def change_or_shadow(self):
        path = self.root / self.header()
        if path.is_symlink():
            path.unlink()
        self.write(path.relative_to(self.root), ROUTER if self.dice.randrange(3) == 0 else "#pragma once\n" + self.text())

    def append(self):
        """The same size of a change as people make: a line more, or one less."""
        path = self.root / self.dice.choice(self.SOURCES)
        lines = path.read_text().splitlines(keepends=True)
        if lines and self.dice.randrange(2):
            del lines[self.dice.randrange(len(lines))]
        else:
            lines.append(self.dice.choice(["// a comment\n", "\n", "int extra;\n"]))
        path.write_text("".join(lines))

    def same_size(self):
        """Another text of the same length, with the times as they were."""
        path = self.root / self.dice.choice(self.SOURCES)
        before = path.stat()
        text = re.sub(r"[0-3]", lambda digit: str(3 - int(digit.group())), path.read_text())
        path.write_text(text)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def remove_header(self):
        (self.root / self.header()).unlink(missing_ok=True)

    def symbolic_link(self):
        path = self.root / self.header()
        path.unlink(missing_ok=True)
        path.symlink_to(self.root / self.header())

    def swap_links(self):
        links = [path for path in self.root.rglob("*.h") if path.is_symlink()]
        if len(links) > 1:
            a, b = self.dice.sample(sorted(links), 2)
            targets = os.readlink(a), os.readlink(b)
            for path, target in zip((b, a), targets):
                path.unlink()
                path.symlink_to(target)

    def hard_link(self):
        path, other = self.root / self.header(), self.root / self.header()
        if other.is_file() and not (path.exists() and path.samefile(other)):
            path.unlink(missing_ok=True)
            os.link(other.resolve(), path)

    def touch(self):
        path = self.dice.choice(sorted(self.root.rglob("*.[ch]*")))
        if path.exists() and path.is_file():
            os.utime(path)

    def swap_folders(self):
        first, second, spare = (self.root / name for name in ("first", "second", "spare"))
        first.rename(spare), second.rename(first), spare.rename(second)

    def change_flags(self):
        self.flags = ["-std=c++20", *self.dice.sample(["-Ifirst", "-Isecond", "-DMORE", "-I.", "-include", "-w"], self.dice.randrange(1, 6))]
        if "-include" in self.flags:
            self.flags.insert(self.flags.index("-include") + 1, "second/router.h")
        self.database(*self.units, flags=self.flags)

    def change_units(self):
        self.units = self.dice.sample(self.SOURCES, self.dice.randrange(2, len(self.SOURCES) + 1))
        if self.dice.randrange(3) == 0:
            self.units.append(self.units[0])
        self.database(*self.units, flags=self.flags)

    def rules(self):
        chosen = [self.dice.choice(forms) for forms in RULES if self.dice.randrange(2)]
        scope = self.dice.choice(["", "", "scope: {exclude: ['second/**']}\n", "scope: {include: ['*.cpp', 'first/**']}\n"])
        self.write(".ssot.yaml", RULE_HEAD + scope + "rules:\n" + "".join(chosen or RULES[0][:1]))

    def environment_changes(self):
        self.environment = self.dice.choice([{}, {"CPATH": str(self.root / "second")}, {"CPLUS_INCLUDE_PATH": "first"}])

    def rebuild(self):
        self.program = self.dice.choice(self.builds)

    def kill(self):
        run = subprocess.Popen([self.program, "check", *self.dice.choice([(), ("--skip",)]), "--cache", str(self.cache)], cwd=self.root,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(timeout=self.dice.uniform(0, 0.2))
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()

    def damage(self):
        """One byte of the database, somewhere after its head."""
        data = self.cache / "facts.db"
        if data.exists() and data.stat().st_size > 4096:
            with data.open("r+b") as file:
                file.seek(self.dice.randrange(4096, data.stat().st_size))
                byte = file.read(1)
                file.seek(-1, os.SEEK_CUR)
                file.write(bytes([byte[0] ^ (1 << self.dice.randrange(8))]))

    # What makes everything new is rare, so that there is something in the cache to be wrong about.
    OFTEN = ["source", "change_or_shadow", "append", "same_size", "remove_header", "symbolic_link", "swap_links", "hard_link", "touch",
             "swap_folders"]
    RARELY = ["change_flags", "change_units", "rules", "environment_changes", "rebuild", "kill", "damage"]

    # --- the comparison ----------------------------------------------------------------------------------------------

    def run_once(self, *arguments):
        return subprocess.run([self.program, "check", *map(str, arguments)], cwd=self.root, capture_output=True,
                              text=True, env={**os.environ, "NO_COLOR": "1", **self.environment})

    def compare(self):
        """\\returns how many units the cache spared."""
        how = [*self.dice.choice([(), ("--skip",)]), *self.dice.choice([(), ("-j1",), ("-j3",)])]
        verify = self.dice.choice([(), (), ("--verify-cache", "50%")])
        how += ["--format", self.dice.choice(["json", "json", "sarif", "text"])]
        fresh = self.run_once("--no-cache", *how)
        cached = self.run_once("--cache", self.cache, "-v", *how, *verify)
        again = self.run_once("--cache", self.cache, "-v", *how)  # nothing has changed: it may have been judged by the run before
        for run in (cached, again):
            self.assertEqual((run.returncode, run.stdout), (fresh.returncode, fresh.stdout), f"{how} {verify}\n{run.stderr}\n{fresh.stderr}")
        self.judged += "judged by an earlier run" in again.stderr
        read = re.search(r"read from the cache: (\d+)", cached.stderr)
        return int(read.group(1)) if read else 0

    def test_a_cached_report_is_a_fresh_report(self):
        history, read, made = [], 0, collections.Counter()
        self.judged = 0
        for step in range(EDITS):
            names = [self.dice.choice(self.OFTEN if self.dice.randrange(4) else self.RARELY) for _ in range(self.dice.randrange(1, 3))]
            for name in names:
                getattr(self, name)()
            history.append(names)
            made.update(names)
            try:
                read += self.compare()
            except AssertionError:
                print(f"seed {SEED}, step {step}: {history[-8:]}")
                raise
        self.assertGreater(read, EDITS // 2, "the cache was used at all")
        self.assertGreater(self.judged, EDITS // 3, "and so was what it holds of whole runs")
        if EDITS > 100:
            print(f"{EDITS} edits, seed {SEED}: {read} units came from the cache, {self.judged} runs were judged before; {dict(sorted(made.items()))}")


if __name__ == "__main__":
    unittest.main()
