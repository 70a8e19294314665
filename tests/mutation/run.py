#!/usr/bin/env python3
"""Measures likeness on variants of real classes and functions, and chooses its weights.

Each class of the given projects becomes a rule of its own; `ssot rules test --mutate` makes its variants and says how alike everything
is to it. Which half a definition belongs to follows from a hash of its name: normalisation, weights and thresholds are chosen on the tuning half
(`tune`), the figures of docs/similarity.md come from the evaluation half (`evaluate --keep`), on which nothing is ever chosen. `jscpd`
then runs the npm program of that name over the same files.
"""

import argparse
import collections
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SSOT = pathlib.Path(os.environ.get("SSOT", ROOT / "build/release/tool/ssot"))
WORK = ROOT / "build/mutation"
TERMS = ["signatures", "state", "bodies", "callees", "effects"]
PACKAGES = ["leveldb", "re2", "spdlog", "protobuf"]
# Definitions smaller than this are like nothing by definition (similar/likeness.h); they would say nothing here.
LEAST_LINES = {"class": 12, "function": 8}
MOST = 60  # definitions of one kind and project


def project(name):
    """Root, compile database and scope of a project by name."""
    if name == "ssot":
        return ROOT, ROOT / "build/release", {"include": ["tool/**", "runtime/**"], "exclude": ["runtime/bench/**"]}
    subprocess.run([ROOT / "tests/real/run.py", "--fetch-only", name], check=True)
    root = ROOT / "build/real" / name
    return root, root / "build", {"exclude": ["third_party/**", "**/*test*/**", "**/*_test.*", "**/bench/**", "build/**"]}


def run(root, build, config, *arguments, ok=(0, 1, 3)):
    done = subprocess.run([SSOT, *arguments, "--root", root, "-p", build, "-c", config], capture_output=True, text=True)
    if done.returncode not in ok:
        sys.exit(f"{arguments[0]}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def definitions(name, root, build, scope):
    """The names of the project's classes and functions that are large enough, by kind."""
    config = WORK / f"{name}.list.yaml"
    limit = f"max-function-lines: {LEAST_LINES['function']}"
    config.write_text("ssot: 1\nscope: " + json.dumps(scope) + "\nrules:\n  - {id: types, kind: matcher, message: a class, match: "
                      "\"cxxRecordDecl(isDefinition(), unless(isImplicit()), unless(isLambda())).bind('node')\"}\n"
                      f"  - {{id: functions, kind: size-limit, {limit}}}\n")
    report = run(root, build, config, "check", "--allow-incomplete", "--format", "json")
    found = collections.defaultdict(set)
    types, functions = set(), {}
    for finding in report["findings"]:
        if finding["rule"] == "types":
            types.add(finding["symbol"])
        elif finding["rule"] == "functions":
            functions[finding["symbol"]] = int(re.search(r"a body of (\d+) lines", finding["message"]).group(1))
    lines = collections.Counter()
    for symbol, count in functions.items():
        owner = symbol.rsplit("::", 1)[0] if "::" in symbol else ""
        lines[owner] += count
        if owner not in types:
            found["function"].add(symbol)
    found["class"] = {symbol for symbol in types if lines[symbol] >= LEAST_LINES["class"]}
    found["class"] = {symbol for symbol in found["class"] if symbol.rsplit("::", 1)[0] not in types}
    return found


def spread(names, most):
    """At most so many of the sorted names, evenly."""
    names = sorted(names)
    return names if len(names) <= most else [names[i * len(names) // most] for i in range(most)]


def measure(name, half, keep=None, threshold=0.4):
    root, build, scope = project(name)
    WORK.mkdir(parents=True, exist_ok=True)
    listed = definitions(name, root, build, scope)
    rules, arguments = [], []
    for kind in ("class", "function"):
        for number, symbol in enumerate(spread(listed[kind], MOST)):
            rules.append({"id": f"{kind}-{number}", "kind": f"single-{kind}", "canonical": symbol, "match": {"similar": threshold}})
            arguments += ["--mutate", f"{kind}-{number}"]
    config = WORK / f"{name}.yaml"
    config.write_text(yaml.safe_dump({"ssot": 1, "scope": scope, "rules": rules}))
    if keep:
        arguments += ["--keep", keep]
    report = run(root, build, config, "rules", "test", "--half", half, "--allow-incomplete", "--format", "json", *arguments)
    (WORK / f"{name}.{half}.json").write_text(json.dumps(report))
    return report


def score(likeness, weights):
    """What similar/likeness.cpp computes from the terms: absent ones leave their weight to the others."""
    if not likeness or not likeness["score"]:
        return 0.0
    whole = sum(weights[term] for term in TERMS if term in likeness)
    return sum(weights[term] * likeness[term] for term in TERMS if term in likeness) / whole if whole else 0.0


def pairs(reports, kind):
    """(sort, type, expected, likeness, original, other) of every pair that is to be judged."""
    labels = {tuple(sorted(pair)) for pair in yaml.safe_load((HERE / "labels.yaml").read_text())["duplicates"]}
    for report in reports:
        for rule in report["rules"]:
            if rule["kind"] != f"single-{kind}" or not rule["originals"]:
                continue
            original = rule["originals"][0]
            for variant in rule["variants"]:
                if variant["likeness"] and variant["likeness"]["score"] == 0 and variant["variant"] == "copy":
                    break  # too small to be like anything
                yield variant["variant"], variant["type"], variant["expected"], variant["likeness"], original, variant["symbol"]
            else:
                for other in rule["others"]:
                    same = tuple(sorted((original, other["symbol"]))) in labels
                    yield ("labelled" if same else "other"), 0, same, other["likeness"], original, other["symbol"]


def figures(judged, threshold, weights=None):
    found, whole, wrong = collections.Counter(), collections.Counter(), []
    for sort, type_, expected, likeness, original, other in judged:
        value = score(likeness, weights) if weights else (likeness or {"score": 0})["score"]
        whole[sort, type_, expected] += 1
        if value >= threshold:
            found[sort, type_, expected] += 1
            if not expected:
                wrong.append((value, sort, original, other))
    return found, whole, sorted(wrong, reverse=True)


def summary(found, whole):
    def recall(types):
        part = sum(count for (sort, type_, expected), count in found.items() if expected and type_ in types)
        all_ = sum(count for (sort, type_, expected), count in whole.items() if expected and type_ in types)
        return part, all_
    good = sum(count for key, count in found.items() if key[2])
    bad = sum(count for key, count in found.items() if not key[2])
    return {"types 1-3": recall({1, 2, 3}), "type 4": recall({4}), "precision": (good, good + bad)}


def share(part, whole):
    return f"{int(1000 * part / whole) / 1000:.3f} ({part} of {whole})" if whole else "-"


def evaluate(options, half):
    reports = [measure(name, half, keep=WORK / f"{name}.{half}.files" if options.keep else None) if not options.reuse
               else json.loads((WORK / f"{name}.{half}.json").read_text()) for name in options.projects]
    for kind in ("class", "function"):
        threshold = options.threshold[0 if kind == "class" else 1]
        found, whole, wrong = figures(pairs(reports, kind), threshold)
        print(f"\n### {kind}, similar: {threshold}, {half} half of {', '.join(options.projects)}\n")
        print("| variant | type | found |\n| --- | ---: | ---: |")
        for key in sorted(whole, key=lambda key: (not key[2], key[1], key[0])):
            sort, type_, expected = key
            print(f"| {sort} | {type_ if type_ else ('yes' if expected else 'no')} | {share(found[key], whole[key])} |")
        for name, (part, all_) in summary(found, whole).items():
            print(f"| **{name}** | | {share(part, all_)} |")
        for value, sort, original, other in wrong[:options.wrong]:
            print(f"wrong {value:.2f} {sort}: {original} ~ {other}")


CHOSEN = {"class": [.30, .20, .25, .10, .15], "function": [.20, 0, .60, .20, 0]}  # the table of similar/likeness.cpp
TRIED = {"class": [[.1, .2, .3], [.1, .2], [.25, .4, .5, .6], [.05, .1], [.05, .15]], "function": [[.1, .2, .3], [0], [.5, .6, .7, .8], [.1, .2, .3], [0]]}


def calibrate(options):
    """Tries weights and thresholds on what `tune` has measured: the sum of the smaller recall and the precision counts."""
    reports = [json.loads((WORK / f"{name}.tuning.json").read_text()) for name in options.projects]
    for kind in ("class", "function"):
        # Some parts are most of a class (docs/similarity.md); no weight tells them from copies.
        judged = [pair for pair in pairs(reports, kind) if pair[0] != "part"]

        def best(weights):
            results = []
            for threshold in (number / 100 for number in range(30, 76, 2)):
                found, whole, _ = figures(judged, threshold, dict(zip(TERMS, weights)))
                values = {name: part / max(1, all_) for name, (part, all_) in summary(found, whole).items()}
                results.append((round(min(values["types 1-3"], values["type 4"]) + values["precision"], 4), threshold, values))
            return max(results, key=lambda result: result[0])
        print(f"{kind}: chosen {CHOSEN[kind]}: {best(CHOSEN[kind])}")
        tried = sorted(((best(weights), weights) for weights in itertools.product(*TRIED[kind])), key=lambda each: -each[0][0])
        for result, weights in tried[:5]:
            print(f"  of {len(tried)} tried {list(weights)}: {result}")


def jscpd(options):
    """The share of variants in which jscpd finds a clone of their original: type by type, each in a folder with the originals alone."""
    tool = WORK / "node"
    if not (tool / "node_modules/.bin/jscpd").exists():
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", tool, "jscpd@4"], check=True)
    found, whole = collections.Counter(), collections.Counter()
    for name in options.projects:
        files = WORK / f"{name}.evaluation.files"
        types = {v["variant"]: (v["type"], v["expected"]) for rule in json.loads((WORK / f"{name}.evaluation.json").read_text())["rules"]
                 for v in rule["variants"]}
        for kind in sorted(types):
            # Outside of the repository: jscpd passes over what git ignores.
            folder = pathlib.Path(tempfile.mkdtemp(prefix="ssot-jscpd-"))
            variants = sorted(files.glob(f"*.{kind}.cpp"))
            for variant in variants:
                original = variant.with_name(variant.name.replace(f".{kind}.cpp", ".original.cpp"))
                shutil.copy(variant, folder)
                shutil.copy(original, folder)
            subprocess.run([tool / "node_modules/.bin/jscpd", "--silent", "--min-tokens", "50", "--min-lines", "1", "--max-size", "1mb",
                            "--max-lines", "100000", "--reporters", "json", "--output", folder / "out", folder], check=True,
                           stdout=subprocess.DEVNULL)
            clones = json.loads((folder / "out/jscpd-report.json").read_text())["duplicates"]
            shutil.rmtree(folder)
            pairs = {frozenset(pathlib.Path(clone[side]["name"]).name for side in ("firstFile", "secondFile")) for clone in clones}
            for variant in variants:
                whole[types[kind][0], kind] += 1
                found[types[kind][0], kind] += frozenset((variant.name, variant.name.replace(f".{kind}.", ".original."))) in pairs
    print("\n### jscpd over the same files (--min-tokens 50)\n\n| variant | type | found |\n| --- | ---: | ---: |")
    for type_, kind in sorted(whole, key=lambda key: (key[0] == 0, key)):
        print(f"| {kind} | {type_ or 'no'} | {share(found[type_, kind], whole[type_, kind])} |")
    for label, types in (("types 1-3", {1, 2, 3}), ("type 4", {4})):
        print(f"| **{label}** | | {share(*(sum(c for (t, _), c in counter.items() if t in types) for counter in (found, whole)))} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["evaluate", "tune", "calibrate", "jscpd"])
    parser.add_argument("--reuse", action="store_true", help="judge what was measured before")
    parser.add_argument("--keep", action="store_true", help="keep the files under build/mutation")
    parser.add_argument("--threshold", type=float, nargs=2, default=[0.4, 0.4], help="for classes and for functions")
    parser.add_argument("--wrong", type=int, default=0, help="how many wrong findings to list")
    parser.add_argument("projects", nargs="*", default=PACKAGES)
    options = parser.parse_intermixed_args()
    if options.what in ("jscpd", "calibrate"):
        return {"jscpd": jscpd, "calibrate": calibrate}[options.what](options)
    return evaluate(options, "evaluation" if options.what == "evaluate" else "tuning")


if __name__ == "__main__":
    main()
