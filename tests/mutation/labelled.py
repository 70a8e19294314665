#!/usr/bin/env python3
"""Measures likeness of classes on pairs that a reader judged without knowing it.

`candidates` lists pairs of classes of a Debian package by what has nothing to do with likeness: their names, the names of their methods,
their files. A reader of the code labels pairs of that list in labelled.yaml, which was committed before anything was compared.
`measure` then asks `ssot check` and jscpd for the same pairs. A pair belongs to one half by a hash of its names: nothing is ever chosen
on the evaluation half. Pairs of two more packages, in fresh.yaml, are for choosing only.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

from run import ROOT, SSOT, WORK, run, share

LABELS = pathlib.Path(__file__).resolve().with_name("labelled.yaml")
FRESH = LABELS.with_name("fresh.yaml")
SCOPES = {
    # Without what they have from others.
    "geos": {"include": ["src/**", "include/**"], "exclude": ["**/vend/**"]},
    "poco": {"include": ["Foundation/**", "Net/**"], "exclude": ["**/testsuite/**", "**/samples/**", "Foundation/src/*.cc", "Foundation/src/*.h",
             "**/ordered_*.h"]},
    "libjsoncpp": {"include": ["src/lib_json/**", "include/**"]},
    "xerces-c": {"include": ["src/xercesc/**"]},
    "bullet": {"include": ["src/LinearMath/**", "src/BulletCollision/**", "src/BulletDynamics/**", "src/Bullet3Common/**", "src/Bullet3Collision/**",
               "src/Bullet3Dynamics/**", "src/Bullet3Geometry/**"]},
}
LEAST_LINES = 25  # in all bodies of a class: what is smaller has nothing to move
THRESHOLD = 0.5


def project(name):
    subprocess.run([ROOT / "tests/real/run.py", "--fetch-only", name], check=True)
    return ROOT / "build/real" / name, ROOT / "build/real" / name / "build"


def words(name):
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name.rsplit("::", 1)[-1])


class Type:
    def __init__(self, symbol):
        self.symbol, self.methods, self.extents, self.lines = symbol, set(), set(), 0

    @property
    def files(self):
        return {file for file, _, _ in self.extents}

    @property
    def stems(self):
        return {pathlib.PurePath(file).stem for file in self.files}


def types_of(name):
    """The classes of a package with their public methods, and where their code lies."""
    root, build = project(name)
    WORK.mkdir(parents=True, exist_ok=True)
    config = WORK / f"{name}.types.yaml"
    method = "cxxMethodDecl(isPublic(), unless(isImplicit()), unless(cxxConstructorDecl()), unless(cxxDestructorDecl())).bind('node')"
    rules = [
        {"id": "types", "kind": "matcher", "message": "a class",
         "match": "cxxRecordDecl(isDefinition(), unless(isImplicit()), unless(isLambda())).bind('node')"},
        {"id": "methods", "kind": "matcher", "message": "a method", "match": method},
        {"id": "bodies", "kind": "size-limit", "max-function-lines": 1},
    ]
    config.write_text(yaml.safe_dump({"ssot": 1, "scope": SCOPES[name], "rules": rules}))
    found = run(root, build, config, "check", "--allow-incomplete", "--format", "json")["findings"]
    types = {each["symbol"]: Type(each["symbol"]) for each in found if each["rule"] == "types"}
    for each in found:
        owner = each["symbol"].rpartition("::")[0]
        if each["rule"] == "types":
            types[each["symbol"]].extents.add((each["file"], each["line"], each["end_line"]))
        elif each["rule"] == "methods" and owner in types:
            types[owner].methods.add(each["symbol"].rpartition("::")[2])
        elif each["rule"] == "bodies" and owner in types:
            lines = int(re.search(r"a body of (\d+) lines", each["message"]).group(1))
            types[owner].lines += lines
            types[owner].extents.add((each["file"], each["line"], each["line"] + lines))
    return types


def reasons(a, b):
    """Why a reader should look at the two; nothing of it is part of likeness."""
    why = []
    left, right = words(a.symbol), words(b.symbol)
    differ = [i for i in range(len(left)) if left[i] != right[i]] if len(left) == len(right) else []
    shared = a.methods & b.methods
    half = 2 * len(shared) >= min(len(a.methods), len(b.methods)) > 0
    if left == right:
        why.append("same name")
    if len(differ) == 1 < len(left) and (half or (len(left) > 2 and differ[0] < len(left) - 1)):
        why.append("names differ in one word")
    if len(shared) >= 3 and 10 * len(shared) >= 6 * len(a.methods | b.methods):
        why.append("same methods")
    if a.stems & b.stems and half:
        why.append("same file, half of the methods")
    return why


def candidates(name):
    types = types_of(name)
    large = sorted((each for each in types.values() if each.lines >= LEAST_LINES), key=lambda each: each.symbol)
    for i, a in enumerate(large):
        for b in large[i + 1:]:
            if why := reasons(a, b):
                yield a, b, why


def half_of(a, b):
    return "evaluation" if hashlib.sha256(f"{a} {b}".encode()).digest()[0] % 2 else "tuning"


def list_candidates(options):
    for name in options.projects:
        listed = list(candidates(name))
        print(f"# {name}: {len(listed)} pairs")
        for a, b, why in listed:
            print(f"{a.symbol} | {b.symbol} | {', '.join(why)} | {a.lines} {b.lines} lines | {' '.join(sorted(a.files | b.files))}")


def labels():
    """(package, first class, second class, label, half) of every pair."""
    for file in (LABELS, FRESH):
        for name, sorts in yaml.safe_load(file.read_text()).items():
            for label, pairs in sorts.items():
                for a, b in pairs:
                    yield name, a, b, label, "fresh" if file == FRESH else half_of(a, b)


def scores_of(name, pairs):
    """What `ssot check` says of each pair when the first class is the canonical one. What it does not list is 0."""
    root, build = project(name)
    WORK.mkdir(parents=True, exist_ok=True)
    firsts = sorted({a for a, _ in pairs})
    rules = [{"id": f"pair-{number}", "kind": "single-class", "canonical": a, "match": {"similar": 0.05}} for number, a in enumerate(firsts)]
    config = WORK / f"{name}.labelled.yaml"
    config.write_text(yaml.safe_dump({"ssot": 1, "scope": SCOPES[name], "rules": rules}))
    report = run(root, build, config, "check", "--allow-incomplete", "--format", "json")
    missing = [each["message"] for each in report["findings"] if "similarity" not in each]
    if missing:
        sys.exit(f"{name}: {missing[:3]}")
    found = {(firsts[int(each["rule"][5:])], each["symbol"]): (each["similarity"], each["message"]) for each in report["findings"]}
    return {pair: found.get(pair, (0.0, "")) for pair in pairs}


def clones_of(name, types, pairs):
    """Which pairs have a clone, as jscpd reports it, between their code."""
    root, _ = project(name)
    tool = WORK / "node"
    if not (tool / "node_modules/.bin/jscpd").exists():
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", tool, "jscpd@4"], check=True)
    # Outside of the repository: jscpd passes over what git ignores.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ssot-jscpd-"))
    named = {file: f"{number}-{pathlib.PurePath(file).stem}.cpp" for number, file in enumerate(sorted(
        {file for pair in pairs for symbol in pair for file in types[symbol].files}))}
    for file, copy in named.items():
        shutil.copy(root / file, folder / copy)
    subprocess.run([tool / "node_modules/.bin/jscpd", "--silent", "--min-tokens", "50", "--min-lines", "1", "--max-size", "1mb", "--max-lines",
                    "100000", "--reporters", "json", "--output", folder / "out", folder], check=True, stdout=subprocess.DEVNULL)
    clones = json.loads((folder / "out/jscpd-report.json").read_text())["duplicates"]
    shutil.rmtree(folder)

    def lies_in(side, symbol):
        return any(named[file] == pathlib.Path(side["name"]).name and side["start"] <= last and first <= side["end"]
                   for file, first, last in types[symbol].extents)

    def is_clone(a, b):
        return any(lies_in(clone["firstFile"], x) and lies_in(clone["secondFile"], y) for clone in clones for x, y in ((a, b), (b, a)))
    return {pair for pair in pairs if is_clone(*pair)}


def measure(options):
    judged = []
    for name in options.projects:
        listed = {(a, b): (label, half) for each, a, b, label, half in labels() if each == name and half in options.halves}
        if not listed:
            continue
        scores = scores_of(name, list(listed))
        clones = clones_of(name, types_of(name), list(listed)) if options.jscpd else set()
        judged += [(name, a, b, label, half, *scores[a, b], (a, b) in clones) for (a, b), (label, half) in listed.items()]
    (WORK / "labelled.json").write_text(json.dumps(judged, indent=1))
    print(f"| half | package | copied | rewritten | precision | copied, jscpd | rewritten, jscpd | precision, jscpd |\n"
          "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for half in options.halves:
        for name in [*(each for each in options.projects if any(row[0] == each and row[4] == half for row in judged)), "all"]:
            cells = []
            for is_found in (lambda each: each[5] >= THRESHOLD, lambda each: each[7]):
                rows = [each for each in judged if each[4] == half and name in (each[0], "all")]

                def count(*wanted, only=lambda each: True):
                    return sum(each[3] in wanted and only(each) for each in rows)
                good = count("copied", "rewritten", only=is_found)
                cells += [share(count("copied", only=is_found), count("copied")), share(count("rewritten", only=is_found), count("rewritten")),
                          share(good, good + count("different", only=is_found))]
            print(f"| {half} | {name} | {' | '.join(cells)} |")
    if not options.wrong:
        return
    for name, a, b, label, half, score, message, clone in sorted(judged, key=lambda each: -each[5]):
        if half in options.halves and (label == "unsure" or (score >= THRESHOLD) != (label != "different")):
            print(f"{half} {label} {score:.2f}{' jscpd' if clone else ''}: {a} ~ {b}: {message}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["candidates", "measure"])
    parser.add_argument("--half", dest="halves", action="append", choices=["tuning", "evaluation", "fresh"])
    parser.add_argument("--jscpd", action="store_true", help="ask jscpd as well")
    parser.add_argument("--wrong", action="store_true", help="list what is wrong, and what the reader was not sure of")
    parser.add_argument("projects", nargs="*", default=list(SCOPES))
    options = parser.parse_intermixed_args()
    options.halves = options.halves or ["tuning", "evaluation"]
    return {"candidates": list_candidates, "measure": measure}[options.what](options)


if __name__ == "__main__":
    sys.exit(main())
