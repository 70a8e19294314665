#!/usr/bin/env python3
"""Measures ssot beside its peers over the same units, in one run, and prints the tables of docs/performance.md.

Each program runs as a whole process, in turns (so that a busy moment hits all of them), a few times; the smallest time counts, since noise only
adds. Ratios are of processor time, which other work on the machine changes least; what a person waits for is given as wall-clock time.
Results are kept in build/bench/results.json, one entry for each section, so that a section can be measured again alone.

sections:
  real     the legacy application and two projects of Debian: the compiler, clang-tidy with one check, ssot
  project  a generated project of 1,000 units: cold, nothing changed, a source, a header, a rule; the curves
  standard the same with standard headers, as units of real projects include them: cold (once), nothing changed, a source, a header, a rule
  large    the first with 10,000 units: nothing changed
  reduce   `ssot check --facts` over 10,000 facts files
  migrate  a migration, planned, verified and applied, beside a check of the same units: generated, and re2
  copies   copies in the legacy application: jscpd, ssot discover
  micro    link, judge, serialise: Google Benchmark
  depth    what rules by content (likeness, drift, storage, events, interfaces) add to a check; duplicates among a million lines
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

import depth
import document
import generate
from measure import Units, in_turns, measured

ROOT = pathlib.Path(__file__).resolve().parents[2]
SSOT = pathlib.Path(os.environ.get("SSOT", ROOT / "build/release/tool/ssot"))
WORK = ROOT / "build/bench"
PEER_CHECK = "cppcoreguidelines-avoid-non-const-global-variables"
SYNTAX, TIDY, CHECK = "clang++-19 -fsyntax-only", "clang-tidy-19, one check", "ssot check"
SIZES = (125, 250, 500, 1000)
CHANGES = (0, 1, 10, 50, 100, 250)
VARIED = 1360  # units of the generated project with bodies made at random: a million lines


class Bench:
    def __init__(self, jobs, runs, units=1000):
        self.jobs, self.runs, self.units = jobs, runs, units

    def check(self, root, *arguments, config=None, build=None):
        words = [SSOT, "check", "-j", self.jobs, "--root", root, "-c", config or root / "named.yaml", "-p", build or root,
                 "--format", "json", "-o", os.devnull, "--progress", "never", *arguments]
        return measured(words, cwd=root)

    # --- real projects -------------------------------------------------------------------------------------------------

    def real(self):
        result = {}
        for name in ("legacy_app", "leveldb", "re2"):
            root, build, config = self.place(name)
            units = Units(build / "compile_commands.json", root)
            best = in_turns({
                SYNTAX: units.syntax_only(self.jobs),
                TIDY: units.clang_tidy(PEER_CHECK, self.jobs),
                CHECK: lambda: self.check(root, "-q", config=config, build=build),
            }, self.runs)
            result[name] = {"units": len(units), "programs": {program: cost.as_json() for program, cost in best.items()}}
        return result

    def place(self, name):
        """Root, build folder and rule file of a real project."""
        if name != "legacy_app":
            subprocess.run([ROOT / "tests/real/run.py", "--fetch-only", name], check=True)
            root = ROOT / "build/real" / name
            return root, root / "build", ROOT / "tests/real" / f"{name}.yaml"
        root, build = ROOT / "fixtures/legacy_app", ROOT / "build/legacy_app"
        if not (build / "compile_commands.json").exists():
            subprocess.run(["cmake", "-S", root, "-B", build, "-G", "Ninja", "-DCMAKE_CXX_COMPILER=clang++-19",
                            "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"], check=True, stdout=subprocess.DEVNULL)
        return root, build, root / ".ssot.yaml"

    # --- a generated project -------------------------------------------------------------------------------------------

    def generated(self, units, name="project", files=generate.files_of):
        root = WORK / f"{name}{units}"
        shutil.rmtree(root / "cache", ignore_errors=True)
        generate.generate(root, units, files)
        return root

    def project(self):
        root = self.generated(self.units)
        measured = self.cold_and_warm(root, self.runs, bodies=lambda: self.check(root, "-q", config=root / "bodies.yaml"))
        return {**measured, "largest_unit": self.largest_unit(root).as_json(), "sizes": self.sizes(root), "changes": self.changes(root)}

    def standard(self):
        root = self.generated(self.units, "standard", generate.standard_files)
        measured = self.cold_and_warm(root, 1)  # a run of a peer takes minutes
        one = min((self.largest_unit(root) for _ in range(3)), key=lambda cost: cost.wall)
        return {**measured, "largest_unit": one.as_json()}

    def cold_and_warm(self, root, runs, **others):
        units = Units(root / "compile_commands.json", root)
        cold = in_turns({
            SYNTAX: units.syntax_only(self.jobs),
            TIDY: units.clang_tidy(PEER_CHECK, self.jobs),
            "skip": lambda: self.check(root, "-q", "--skip"),
            "named": lambda: self.check(root, "-q"),
            **others,
        }, runs)
        return {"units": len(units), "cold": {name: cost.as_json() for name, cost in cold.items()}, "warm": self.warm(root)}

    def largest_unit(self, root):
        source = max((root / "src").rglob("*.cpp"), key=lambda path: path.stat().st_size)
        return measured(["clang++-19", "-std=c++20", "-Iinclude", "-fsyntax-only", source], cwd=root)

    def warm(self, root):
        """Each scenario after a run with a full cache. Edits are undone after it."""
        cached = ("--skip", "--cache", root / "cache", "-v")
        fill = self.check(root, *cached)
        result = {"fill": self.with_counts(fill)}

        def scenario(name, *edits, config=None):
            """Each run is the first of its kind: what was there before is kept as well."""
            best = None
            for number in range(max(3, self.runs)):
                before = {path: path.read_text() for path in [*edits, *([config] if config else [])]}
                for path, text in before.items():
                    path.write_text(f"{text}{'#' if path == config else '//'} {name} {number}\n")
                cost = self.with_counts(self.check(root, *cached, config=config))
                best = cost if best is None or cost["wall"] < best["wall"] else best
                for path, text in before.items():
                    path.write_text(text)
                self.check(root, *cached)
            result[name] = best

        scenario("nothing changed")
        unit = self.units // 3
        scenario("one source", root / f"src/part{unit // 100}/unit{unit}.cpp")
        scenario("one header of ten units", root / f"include/shared/shared{unit // generate.SHARING}.h")
        scenario("rules edited", config=root / "edited.yaml")
        return result

    @staticmethod
    def with_counts(cost):
        found = re.search(r"read from the cache: (\d+), parsed: (\d+)", cost.err)
        return {**cost.as_json(), "read": int(found.group(1)), "parsed": int(found.group(2))}

    def sizes(self, root):
        """Cold runs over the first N units."""
        entries = json.loads((root / "compile_commands.json").read_text())
        points = []
        for count in (size * self.units // SIZES[-1] for size in SIZES):
            folder = root / "first"
            folder.mkdir(exist_ok=True)
            (folder / "compile_commands.json").write_text(json.dumps(entries[:count]))
            best = min((self.check(root, "-q", "--skip", build=folder) for _ in range(self.runs)), key=lambda cost: cost.cpu)
            points.append((count, best.cpu))
        shutil.rmtree(root / "first")
        return points

    def changes(self, root):
        """Runs with a full cache after an edit of N sources."""
        cached = ("--skip", "--cache", root / "cache", "-q")
        self.check(root, *cached)
        sources = sorted((root / "src").rglob("*.cpp"))
        points = []
        for count in CHANGES:
            edited = sources[:: max(1, len(sources) // count)][:count] if count else []
            before = {path: path.read_text() for path in edited}
            for path, text in before.items():
                path.write_text(text + f"// {count} edited\n")
            points.append((count, self.check(root, *cached).cpu))
            for path, text in before.items():
                path.write_text(text)
            self.check(root, *cached)
        return points

    # --- ten thousand units --------------------------------------------------------------------------------------------

    def large(self):
        root = self.generated(10000)
        cached = ("--skip", "--cache", root / "cache", "-v")
        fill = self.check(root, *cached)
        warm = min((self.check(root, *cached) for _ in range(3)), key=lambda cost: cost.wall)
        return {"fill": self.with_counts(fill), "nothing changed": self.with_counts(warm)}

    def reduce(self):
        root = self.generated(10000)
        facts = self.facts_files(root)
        reduced = {name: min((self.check(root, "-q", *words, "--facts", folder) for _ in range(self.runs)), key=lambda cost: cost.wall)
                   for name, words, folder in (("10,000 files", (), facts), ("10,000 files, --skip", ("--skip",), facts),
                                               ("one archive", (), root / "all.facts"))}
        points = [(count, min((self.check(root, "-q", "--facts-only", "--facts", self.archive_of(root, facts, count))
                               for _ in range(self.runs)), key=lambda cost: cost.cpu).cpu) for count in (1250, 2500, 5000, 10000)]
        return {"runs": {name: cost.as_json() for name, cost in reduced.items()}, "points": points}

    def facts_files(self, root, config="named.yaml"):
        """One facts file for each unit, as a build system would have written them: an archive, taken apart."""
        archive, folder = root / "all.facts", root / "facts"
        measured([SSOT, "extract", "-j", self.jobs, "--root", root, "-c", root / config, "-p", root, "-o", archive], cwd=root)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for number, record in enumerate(records_of(archive)):
            (folder / f"{number}.facts").write_bytes(record)
        return folder

    @staticmethod
    def archive_of(root, folder, count):
        archive = root / f"first{count}.facts"
        with open(archive, "wb") as file:
            for number in range(count):
                file.write((folder / f"{number}.facts").read_bytes())
        return archive

    # --- migrations ----------------------------------------------------------------------------------------------------

    def migrate(self):
        return {name: self.migration(*place()) for name, place in (("generated", self.affected), ("re2", self.migrated_re2))}

    def affected(self):
        """The units of the generated project that use the legacy API, and no others."""
        root = self.generated(1000)
        entries = [entry for entry in json.loads((root / "compile_commands.json").read_text())
                   if "legacy_router.h" in (root / entry["file"]).read_text()]
        build = root / "affected"
        build.mkdir(exist_ok=True)
        (build / "compile_commands.json").write_text(json.dumps(entries))
        return root, build, root / "moved.yaml"

    @staticmethod
    def migrated_re2():
        subprocess.run([ROOT / "tests/real/migrate.py", "--prepare-only", "re2"], check=True)
        root = ROOT / "build/real/migrate/re2"
        return root, root / "build", ROOT / "tests/real/re2-migrate.yaml"

    def migration(self, root, build, config):
        def apply():
            cost = measured([SSOT, "migrate", "--apply", "-q", "-j", self.jobs, "--root", root, "-c", config, "-p", build], cwd=root)
            measured([SSOT, "rollback", "--root", root], cwd=root)
            return cost

        best = in_turns({"check": lambda: self.check(root, "-q", config=config, build=build), "migrate": apply}, self.runs)
        plan = subprocess.run([SSOT, "migrate", "-q", "-j", str(self.jobs), "--root", root, "-c", config, "-p", build, "--format", "json"],
                              cwd=root, capture_output=True, text=True)
        edits = json.loads(plan.stdout)["edits"]
        return {"units": len(Units(build / "compile_commands.json", root)), "edits": len(edits), "files": len({edit["file"] for edit in edits}),
                **{name: cost.as_json() for name, cost in best.items()}}

    # --- copies, and single rooms --------------------------------------------------------------------------------------

    def copies(self):
        root, build, config = self.place("legacy_app")
        jscpd = ROOT / "tests/bench/node/node_modules/.bin/jscpd"
        if not jscpd.exists():
            raise SystemExit("bench: jscpd is not there: cd tests/bench/node && npm ci")
        best = in_turns({
            "jscpd": lambda: measured([jscpd, "--silent", "--format", "cpp", "--min-tokens", "50", root / "src", root / "include"]),
            "ssot discover": lambda: measured([SSOT, "discover", "-q", "-j", self.jobs, "--root", root, "-c", config, "-p", build,
                                               "--format", "json"]),
        }, self.runs)
        return {name: cost.as_json() for name, cost in best.items()}

    def micro(self):
        root = self.generated(1000)
        archive = root / "all.facts"
        measured([SSOT, "extract", "-j", self.jobs, "--root", root, "-c", root / "bodies.yaml", "-p", root, "-o", archive], cwd=root)
        return {"benchmarks": [{key: one[key] for key in ("name", "cpu_time", "time_unit", "units")}
                               for one in self.rooms(archive, root / "bodies.yaml")]}


    # --- rules by content ----------------------------------------------------------------------------------------------

    def depth(self):
        return {"checks": {name: self.added(name) for name in depth.PROJECTS}, "sizes": self.likeness_sizes(), "copies": self.copies_found()}

    def added(self, name):
        """A check of a real project without and with them."""
        root, build, _ = self.place(name)
        configs = []
        for part, text in zip(("base", "depth"), depth.rules(name)):
            configs.append(WORK / f"{name}.{part}.yaml")
            configs[-1].write_text(text)
        best = in_turns({
            "without": lambda: self.check(root, "-q", config=configs[0], build=build),
            "with": lambda: self.check(root, "-q", "--drift", config=configs[1], build=build),
        }, self.runs)
        return {part: cost.as_json() for part, cost in best.items()}

    def likeness_sizes(self):
        """Reading, linking and comparing the facts of so many lines."""
        root = WORK / f"varied{VARIED}"
        generate.generate(root, VARIED, generate.varied_files)
        facts = self.facts_files(root, "bodies.yaml")
        lines = [len((root / f"src/part{unit // 100}/unit{unit}.cpp").read_text().splitlines()) for unit in range(VARIED)]
        points = []
        for count in (VARIED // 4, VARIED // 2, VARIED):
            rooms = self.rooms(self.archive_of(root, facts, count), root / "bodies.yaml", "deserialise|link|discover")
            seconds = {one["name"]: one["cpu_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}[one["time_unit"]] for one in rooms}
            families = next(one["families"] for one in rooms if one["name"] == "discover")
            points.append({"lines": sum(lines[:count]), "families": int(families), **seconds})
        return points

    def copies_found(self):
        """How many of the copies that were put into all of it are in one family with their original."""
        root = WORK / f"varied{VARIED}"
        done = subprocess.run([SSOT, "discover", "-q", "--format", "json", "-c", root / "bodies.yaml", "-p", root, "--root", root], check=True,
                              capture_output=True, text=True)
        family_of = {member["symbol"]: number for number, family in enumerate(json.loads(done.stdout)["families"]) for member in family["members"]}
        names = [generate.varied_functions(unit)[0][0] for unit in range(VARIED - 1)]
        found = sum(family_of.get(f"unit{unit}::{name}", -1) == family_of.get(f"unit{unit + 1}::{name}_again", -2) for unit, name in enumerate(names))
        return {"found": found, "planted": len(names)}

    @staticmethod
    def rooms(archive, config, which="."):
        done = subprocess.run([ROOT / "build/release/tests/bench/rooms_bench", "--benchmark_format=json", f"--benchmark_filter={which}", archive, config],
                              check=True, capture_output=True, text=True)
        return json.loads(done.stdout)["benchmarks"]


def records_of(archive):
    """The units of a facts archive, each as the records of a facts file of its own: the pieces of its facts, and itself. In the archive a piece stands
    before the first unit that needs it. A record is 8 bytes that name the format, its version, the length of what follows after 16 of a checksum.

    Nothing is held in memory: what is measured later would begin with the most that this process ever had."""
    known, fresh = {}, []  # places of pieces in the archive
    with open(archive, "rb") as file:
        def read(place):
            file.seek(place[0])
            return file.read(place[1])

        at, size = 0, archive.stat().st_size
        while at < size:
            head = read((at, 41))
            place = (at, 40 + int.from_bytes(head[16:24], "little"))
            at += place[1]
            if head[40:] == b"p":
                fresh.append(place)
            elif head[40:] == b"u":
                record = read(place)
                names = list(dict.fromkeys(pieces_of(record[41:])))
                known.update(zip((name for name in names if name not in known), fresh))
                fresh = []
                yield b"".join(read(known[name]) for name in names) + record


def pieces_of(unit):
    """The names of the pieces of a unit's facts."""
    at = 0

    def number():
        nonlocal at
        at += 8
        return int.from_bytes(unit[at - 8: at], "little")

    def text():
        nonlocal at
        size = number()
        at += size
        return unit[at - size: at]

    text()  # the version of ssot
    at += 3 * 16
    text()  # the unit
    for _ in range(number()):
        text()
        at += 16
    text()  # why there are no facts
    for facts in (text(), text()):
        if facts:
            own = int.from_bytes(facts[8:16], "little")
            begin, count = 24 + own, int.from_bytes(facts[16 + own: 24 + own], "little")
            yield from (facts[entry + 1: entry + 17] for entry in range(begin, begin + 25 * count, 25))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="section", help="default: real project migrate copies micro")
    parser.add_argument("--runs", type=int, default=2, help="of each program (2)")
    parser.add_argument("--units", type=int, default=1000, help="of the generated projects of 1,000 units: fewer to see whether a section works (1000)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="units at once (all cores)")
    parser.add_argument("--write", action="store_true", help="write the tables and plots into docs/")
    options = parser.parse_args()
    if options.write and options.units != 1000:
        parser.error("--write goes with 1,000 units")
    bench = Bench(options.jobs, options.runs, options.units)
    known = {"real": bench.real, "project": bench.project, "standard": bench.standard, "large": bench.large, "reduce": bench.reduce, "migrate": bench.migrate,
             "copies": bench.copies, "micro": bench.micro, "depth": bench.depth}
    sections = options.sections or (["real", "project", "migrate", "copies", "micro"] if not options.write else [])
    if unknown := set(sections) - set(known):
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    WORK.mkdir(parents=True, exist_ok=True)
    kept = WORK / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    for section in sections:
        load = os.getloadavg()[0]
        results[section] = known[section]()
        results[section]["how"] = {"jobs": options.jobs, "runs": options.runs, "cores": os.cpu_count(), "load": round(load, 1),
                                   "nice": os.nice(0), "day": datetime.date.today().isoformat(), "machine": platform.machine()}
        kept.write_text(json.dumps(results, indent=1) + "\n")
    text = document.tables(results)
    if options.write:
        document.write(ROOT / "docs", text, results)
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
