#!/usr/bin/env python3
"""Migrates real projects from Debian's source packages with the rules of NAME-migrate.yaml, and proves the result with the project's own tests.

For each project, on a copy of its own: build, run its tests; `ssot migrate --apply`; build and run the tests again, which must end alike;
`ssot migrate` again, which must plan nothing; `ssot rollback`, after which every file has its old bytes.
"""

import argparse
import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time

import run

WORK = run.WORK / "migrate"

# Which of the project's own tests are run, and what the build needs beyond what the check asks for.
TESTS = {
    "re2": {"flags": [], "exclude": ["exhaustive", "random", "dfa_test"]},
    "spdlog": {"flags": ["-DSPDLOG_BUILD_TESTS_HO=ON"], "exclude": []},
}


def digest(source):
    """One hash over the names, modes and bytes of all files that are not the build's or the journal's."""
    total = hashlib.sha256()
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.relative_to(source).parts[0] not in ("build", ".ssot"):
            total.update(f"{path.relative_to(source)} {path.stat().st_mode}\0".encode() + path.read_bytes())
    return total.hexdigest()


def prepare(name):
    source = WORK / name
    if not source.exists():
        fetched = run.fetch(name)
        WORK.mkdir(parents=True, exist_ok=True)
        shutil.copytree(fetched, source, ignore=shutil.ignore_patterns("build", ".ssot"), symlinks=True)
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    run.run("cmake", "-S", source, "-B", source / "build", "-G", "Ninja", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DCMAKE_BUILD_TYPE=Release",
            *launcher, *run.PROJECTS[name], *TESTS[name]["flags"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return source


def build_and_test(name, source):
    """The names of the project's own tests with their results."""
    done = subprocess.run(["ninja", "-C", str(source / "build")], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name}: does not build\n{done.stdout[-4000:]}")
    exclude = ["-E", "|".join(TESTS[name]["exclude"])] if TESTS[name]["exclude"] else []
    done = subprocess.run(["ctest", "--test-dir", str(source / "build"), *exclude], capture_output=True, text=True)
    return dict(re.findall(r"Test +#\d+: (\S+) \.+ *(\S+)", done.stdout))


def timed(*command):
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - begin
    return done, seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def migrate(name):
    source = prepare(name)
    rules = run.HERE / f"{name}-migrate.yaml"
    where = ["--root", source, "-c", rules, "-p", source / "build", "--format", "json"]
    before, tests = digest(source), build_and_test(name, source)

    checked, _, check_cpu = timed(run.SSOT, "check", *where)
    sites = json.loads(checked.stdout)["compliance"]
    done, seconds, cpu = timed(run.SSOT, "migrate", *where, "--apply")
    if done.returncode not in (0, 1):
        sys.exit(f"{name}: migrate: exit {done.returncode}\n{done.stderr}")
    result = json.loads(done.stdout)
    reasons = {}
    for left in result["residue"]:
        reasons[left["reason"]] = reasons.get(left["reason"], 0) + 1
    tests_after = build_and_test(name, source)
    again = json.loads(timed(run.SSOT, "migrate", *where)[0].stdout)
    rolled, _, _ = timed(run.SSOT, "rollback", "--root", source)

    print(f"{name}: {sites['sites']} sites, {sites['sites'] - sites['compliant']} to migrate; {len(result['edits'])} edits in "
          f"{len({edit['file'] for edit in result['edits']})} files, {len(result['rejected'])} rejected, residue {reasons or 'none'}; "
          f"compliance {result['compliance']['before']} -> {result['compliance']['after']}")
    print(f"  {seconds:.1f} s, of the processors {cpu:.1f} s; a check {check_cpu:.1f} s: ratio {cpu / check_cpu:.2f}")
    for rejection in result["rejected"]:
        print(f"  rejected: {rejection['file']}:{rejection['line']}: {rejection['error']}")
    passed = sum(verdict == "Passed" for verdict in tests.values())
    same = tests == tests_after and len(tests) > 0
    print(f"  own tests: {passed} of {len(tests)} passed before, {'the same' if same else 'others: ' + str(tests_after)} after")
    print(f"  second run: {len(again['edits'])} edits; rollback: {'the same bytes' if digest(source) == before else 'OTHER BYTES'}")
    return same and not again["edits"] and rolled.returncode == 0 and digest(source) == before


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("projects", nargs="*", default=list(TESTS))
    parser.add_argument("--prepare-only", action="store_true", help="fetch and configure the copies")
    options = parser.parse_args()
    good = True
    for name in options.projects:
        good &= bool(prepare(name)) if options.prepare_only else migrate(name)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
