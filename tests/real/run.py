#!/usr/bin/env python3
"""Fetches real projects from Debian's source packages, configures them and checks them with a rule file of ours.

The sources stay out of the repository, under build/real. Each project has a rule file NAME.yaml beside this script, which asks a real
question about it, and NAME.expected: the findings that were read one by one. A finding more or less fails the run, and so does a unit
that fails. poco has a rule of every kind, and is only asked whether every unit can be judged: two crashes were found by it alone.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORK = ROOT / "build/real"
SSOT = pathlib.Path(os.environ.get("SSOT", ROOT / "build/release/tool/ssot"))

# What CMake must be told beyond the compiler: tests and examples on where they add units, off where they need what Debian strips.
PROJECTS = {
    "leveldb": ["-DLEVELDB_BUILD_TESTS=OFF", "-DLEVELDB_BUILD_BENCHMARKS=OFF"],
    "re2": ["-DRE2_BUILD_TESTING=ON"],
    "spdlog": ["-DSPDLOG_BUILD_TESTS=ON", "-DSPDLOG_BUILD_EXAMPLE=ON", "-DSPDLOG_FMT_EXTERNAL=ON"],
    "protobuf": ["-Dprotobuf_BUILD_TESTS=OFF"],
}

# Fetched for tests/mutation/labelled.py. What is found in poco is not compared.
FETCHED = {
    "geos": ["-DBUILD_TESTING=OFF", "-DBUILD_BENCHMARKS=OFF"],
    "poco": ["-DENABLE_NET=ON"] + [f"-DENABLE_{part}=OFF" for part in (
        "XML", "JSON", "UTIL", "ZIP", "CRYPTO", "NETSSL", "DATA", "DATA_SQLITE", "DATA_ODBC", "DATA_MYSQL", "DATA_POSTGRESQL", "MONGODB", "REDIS",
        "PAGECOMPILER", "PAGECOMPILER_FILE2PAGE", "ENCODINGS", "JWT", "ACTIVERECORD", "ACTIVERECORD_COMPILER", "POCODOC")],
    "libjsoncpp": ["-DJSONCPP_WITH_POST_BUILD_UNITTEST=OFF"],
    "tinyxml2": [],
    "xerces-c": ["-Dnetwork=OFF", "-Dtranscoder=gnuiconv"],
    "bullet": [f"-DBUILD_{part}=OFF" for part in ("BULLET2_DEMOS", "CPU_DEMOS", "OPENGL3_DEMOS", "EXTRAS", "UNIT_TESTS", "PYBULLET")],
}

# What Debian builds beside CMake: the package's source has the generated tables taken out.
GENERATED = {
    "re2": ("unicode-data", ["make", "REBUILD_TABLES=1", "re2/perl_groups.cc", "re2/unicode_groups.cc", "re2/unicode_casefold.cc"]),
}


def run(*command, **options):
    subprocess.run([str(word) for word in command], check=True, **options)


def enable_sources():
    """Adds a deb-src entry beside the existing deb one, once."""
    listed = subprocess.run(["apt-get", "indextargets", "--format", "$(CREATED_BY)"], capture_output=True, text=True)
    if "Sources" in listed.stdout.split():
        return
    entry = pathlib.Path("/etc/apt/sources.list.d/ssot-deb-src.sources")
    entry.write_text("Types: deb-src\nURIs: http://deb.debian.org/debian\nSuites: bookworm\nComponents: main\n"
                     "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n")
    run("apt-get", "update", "-qq")


def fetch(name):
    """Unpacks and configures a project under build/real/NAME. A plain folder name: CMake does not take a '+' in a path."""
    source = WORK / name
    if not source.exists():
        enable_sources()
        download = WORK / f"{name}.download"
        shutil.rmtree(download, ignore_errors=True)
        download.mkdir(parents=True)
        run("apt-get", "source", "-qq", name, cwd=download, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        unpacked = next(path for path in download.iterdir() if path.is_dir())
        unpacked.rename(source)
        shutil.rmtree(download)
    if not (source / "build/compile_commands.json").exists():
        if name in GENERATED:
            generate(source, *GENERATED[name])
        run("cmake", "-S", source, "-B", source / "build", "-G", "Ninja", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
            *(PROJECTS | FETCHED)[name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return source


def generate(source, package, command):
    if subprocess.run(["dpkg", "-s", package], capture_output=True).returncode != 0:
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package, stdout=subprocess.DEVNULL)
    run(*command, cwd=source, stdout=subprocess.DEVNULL)


def line_of(finding):
    return f"{finding['file']}:{finding['line']}: {finding['rule']}: {finding.get('symbol', '')}"


def check(name, source, update):
    report, seconds, processor = checked(name, source)
    found = sorted(line_of(finding) for finding in report["findings"])
    units, compliance = report["units"], report["compliance"]
    print(f"{name}: {units['total']} units ({len(units['failed'])} failed), {compliance['sites']} sites, {len(found)} findings, "
          f"coverage {compliance['coverage']} %, {seconds:.1f} s, of the processors {processor:.1f} s")
    for unit in units["failed"]:
        print(f"  failed: {unit['file']}: {unit['error']}")
    if name in FETCHED:
        return not units["failed"]
    expected_file = HERE / f"{name}.expected"
    if update:
        expected_file.write_text("".join(line + "\n" for line in found))
    expected = expected_file.read_text().splitlines() if expected_file.exists() else []
    for line in sorted(set(expected) - set(found)):
        print(f"  lost: {line}")
    for line in sorted(set(found) - set(expected)):
        print(f"  new:  {line}")
    return found == expected and not units["failed"]


def checked(name, source):
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([SSOT, "check", "--root", source, "-c", HERE / f"{name}.yaml", "--rules", HERE / "events.yaml", "-p", source / "build",
                           "--drift", "--format", "json"], capture_output=True, text=True)
    seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{name}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout), seconds, processor


def families(name, source, update):
    """Compares the first ten families of `discover` with those that were read. NAME.discover.yaml has a scope of its own."""
    config = next(path for path in (HERE / f"{name}.discover.yaml", HERE / f"{name}.yaml") if path.exists())
    done = subprocess.run([SSOT, "discover", "--root", source, "-c", config, "-p", source / "build", "--format", "json",
                           "--allow-incomplete", "-q"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name}: exit {done.returncode}\n{done.stderr}")
    listed = json.loads(done.stdout)["families"]
    found = [f"{family['kind']}: " + ", ".join(member["symbol"] for member in family["members"]) for family in listed[:10]]
    file = HERE / f"{name}.families"
    verdicts = {line.split(" ", 1)[1]: line.split(" ", 1)[0] for line in file.read_text().splitlines()} if file.exists() else {}
    if update:
        file.write_text("".join(f"{verdicts.get(line, 'unread')} {line}\n" for line in found))
    print(f"{name}: {len(listed)} families, of the first {len(found)} {sum(verdicts.get(line) == 'real' for line in found)} are real")
    for line in found:
        print(f"  {verdicts.get(line, 'unread')} {line}")
    return list(verdicts) == found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fetch-only", action="store_true")
    parser.add_argument("--update", action="store_true", help="write the .expected files from this run; read them before you commit them")
    parser.add_argument("--families", action="store_true", help="discover, and compare with the .families files")
    parser.add_argument("projects", nargs="*", default=[*PROJECTS, "poco"])
    options = parser.parse_intermixed_args()
    good = True
    for name in options.projects:
        source = fetch(name)
        if not options.fetch_only:
            good &= (families if options.families else check)(name, source, options.update)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
