#!/usr/bin/env python3
"""Measures `ssot check` beside its peers over the same units, in one run, and prints the table of docs/performance.md.

Each program runs as a whole process, in turns (so that a busy moment hits all of them), a few times; the smallest time counts, since
noise only adds. Peak memory is that of the largest process of the run. What counts are the ratios to `clang++-19 -fsyntax-only`.
"""

import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SSOT = pathlib.Path(os.environ.get("SSOT", ROOT / "build/release/tool/ssot"))
PEER_CHECK = "cppcoreguidelines-avoid-non-const-global-variables"


def commands(database, root):
    """(directory, argv) of every unit below root, as a compiler that only checks syntax."""
    result = []
    for entry in json.loads(database.read_text()):
        source = (pathlib.Path(entry["directory"]) / entry["file"]).resolve()
        if root.resolve() not in source.parents:
            continue
        argv = entry.get("arguments") or shlex.split(entry["command"])
        kept, skip = [], False
        for word in argv[1:]:
            if skip:
                skip = False
            elif word in ("-o", "-MF", "-MT", "-MQ"):
                skip = True
            elif word not in ("-c", "-MD", "-MMD"):
                kept.append(word)
        result.append((entry["directory"], ["clang++-19", "-w", "-fsyntax-only", *kept], source))
    return result


def measured(start):
    """Seconds and peak memory (MiB, largest process) of what start() runs."""
    begin = time.perf_counter()
    process = start()
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - begin, usage.ru_maxrss / 1024


def shell(script, cwd=None):
    return lambda: subprocess.Popen(["bash", "-c", script], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def syntax_only(units, jobs):
    lines = "".join(f"cd {shlex.quote(d)} && {shlex.join(argv)}\0" for d, argv, _ in units)
    script = pathlib.Path(os.environ.get("TMPDIR", "/tmp")) / f"ssot-bench-{os.getpid()}.txt"
    script.write_text(lines)
    return shell(f"xargs -0 -n 1 -P {jobs} sh -c < {shlex.quote(str(script))}"), script


def bench(name, root, build, config, jobs, runs):
    units = commands(build / "compile_commands.json", root)
    syntax, script = syntax_only(units, jobs)
    sources = "|".join(sorted(f"^{source}$" for _, _, source in units)).replace("+", "\\+")
    tidy_database = script.parent / f"ssot-bench-{os.getpid()}-db"
    tidy_database.mkdir(exist_ok=True)
    wanted = {source for _, _, source in units}
    entries = [e for e in json.loads((build / "compile_commands.json").read_text())
               if (pathlib.Path(e["directory"]) / e["file"]).resolve() in wanted]
    (tidy_database / "compile_commands.json").write_text(json.dumps(entries))
    programs = {
        "clang++-19 -fsyntax-only": syntax,
        f"clang-tidy-19 ({PEER_CHECK})": shell(
            f"run-clang-tidy-19 -quiet -j {jobs} -p {shlex.quote(str(tidy_database))} -checks='-*,{PEER_CHECK}' '.*'"),
        "ssot check": shell(f"{SSOT} check -q -j {jobs} --root {shlex.quote(str(root))} -c {shlex.quote(str(config))} "
                            f"-p {shlex.quote(str(build))} --format json -o /dev/null"),
    }
    best = {program: (float("inf"), 0.0) for program in programs}
    for _ in range(runs):
        for program, start in programs.items():
            seconds, memory = measured(start)
            best[program] = (min(best[program][0], seconds), max(best[program][1], memory))
    script.unlink()
    base_seconds, base_memory = best["clang++-19 -fsyntax-only"]
    print(f"\n### {name}: {len(units)} units, -j {jobs}, best of {runs}\n")
    print("| program | seconds | ratio | peak memory, MiB | ratio |\n| --- | ---: | ---: | ---: | ---: |")
    for program, (seconds, memory) in best.items():
        print(f"| {program} | {seconds:.2f} | {seconds / base_seconds:.2f} | {memory:.0f} | {memory / base_memory:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("projects", nargs="*", default=["legacy_app", "leveldb"])
    options = parser.parse_args()
    for project in options.projects:
        if project == "legacy_app":
            root = ROOT / "fixtures/legacy_app"
            build = ROOT / "build/legacy_app"
            if not (build / "compile_commands.json").exists():
                subprocess.run(["cmake", "-S", root, "-B", build, "-G", "Ninja", "-DCMAKE_CXX_COMPILER=clang++-19",
                                "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"], check=True, stdout=subprocess.DEVNULL)
            bench(project, root, build, root / ".ssot.yaml", options.jobs, options.runs)
        else:
            subprocess.run([ROOT / "tests/real/run.py", "--fetch-only", project], check=True)
            root = ROOT / "build/real" / project
            bench(project, root, root / "build", ROOT / "tests/real" / f"{project}.yaml", options.jobs, options.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
