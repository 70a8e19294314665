"""Whole processes, measured: wall-clock time, processor time of a process and all below it, peak memory of the largest of them."""

import json
import os
import pathlib
import shlex
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass


@dataclass
class Cost:
    wall: float    # seconds
    cpu: float     # seconds, user and system
    memory: float  # MiB, of the largest process
    err: str = ""  # what it said on stderr

    def as_json(self):
        return {key: value for key, value in asdict(self).items() if key != "err"}


def measured(command, cwd=None, codes=(0, 1)):
    """Runs `command`, a list of words or a line for bash. Exit codes other than `codes` are an error."""
    words = ["bash", "-c", command] if isinstance(command, str) else [str(word) for word in command]
    with tempfile.TemporaryFile("w+") as err:
        begin = time.perf_counter()
        process = subprocess.Popen(words, cwd=cwd, stdout=subprocess.DEVNULL, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        text = err.read()
    if process.returncode not in codes:
        raise SystemExit(f"bench: exit code {process.returncode}: {shlex.join(words)[:300]}\n{text[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def in_turns(programs, runs):
    """The least cost of each program, which run in turns so that a busy moment hits all of them; noise only adds."""
    best = {}
    for _ in range(runs):
        for name, run in programs.items():
            cost = run()
            known = best.setdefault(name, cost)
            best[name] = Cost(min(known.wall, cost.wall), min(known.cpu, cost.cpu), max(known.memory, cost.memory), cost.err)
    return best


class Units:
    """The units of a compile database below a root, for programs other than ssot."""

    def __init__(self, database, root):
        self.folder = tempfile.TemporaryDirectory(prefix="ssot-bench-")
        self.entries = [entry for entry in json.loads(pathlib.Path(database).read_text())
                        if pathlib.Path(root).resolve() in (pathlib.Path(entry["directory"]) / entry["file"]).resolve().parents]

    def __len__(self):
        return len(self.entries)

    @staticmethod
    def syntax_command(entry):
        argv = entry.get("arguments") or shlex.split(entry["command"])
        kept, skip = [], False
        for word in argv[1:]:
            if skip:
                skip = False
            elif word in ("-o", "-MF", "-MT", "-MQ"):
                skip = True
            elif word not in ("-c", "-MD", "-MMD"):
                kept.append(word)
        return ["clang++-19", "-w", "-fsyntax-only", *kept]

    def syntax_only(self, jobs):
        """One process of the compiler for each unit."""
        lines = pathlib.Path(self.folder.name) / "commands"
        lines.write_text("".join(f"cd {shlex.quote(entry['directory'])} && exec {shlex.join(self.syntax_command(entry))}\0" for entry in self.entries))
        return lambda: measured(f"xargs -0 -n 1 -P {jobs} sh -c < {shlex.quote(str(lines))}", codes=(0, 123))

    def clang_tidy(self, check, jobs):
        """run-clang-tidy-19 with one check over the same units."""
        (pathlib.Path(self.folder.name) / "compile_commands.json").write_text(json.dumps(self.entries))
        return lambda: measured(["run-clang-tidy-19", "-quiet", "-j", jobs, "-p", self.folder.name, f"-checks=-*,{check}", ".*"])


def line_through(points):
    """Least squares: slope, intercept and R² of (x, y) points."""
    count = len(points)
    mean_x, mean_y = (sum(point[axis] for point in points) / count for axis in (0, 1))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    intercept = mean_y - slope * mean_x
    rest = sum((y - slope * x - intercept) ** 2 for x, y in points)
    total = sum((y - mean_y) ** 2 for _, y in points)
    return slope, intercept, 1 - rest / total if total else 1.0
