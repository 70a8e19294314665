#!/usr/bin/env python3
"""What docs/ci offers to copy, run as far as it goes without the services: on a project with a violation, and on one without."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import unittest

import yaml

from support import ROOT, ProjectTest

RULES = """\
ssot: 1
rules:
  - id: old-name
    kind: legacy-name
    replace: {old::send: net::send}
"""
CLEAN = "namespace net { void send(int); }\nvoid use() { net::send(1); }\n"
BAD = "namespace old { void send(int); }\n" + CLEAN + "void more() { old::send(2); }\n"


class Ci(ProjectTest):
    def setUp(self):
        super().setUp()
        self.write(".ssot.yaml", RULES)
        self.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.25)\nproject(app CXX)\nadd_library(app OBJECT src/a.cpp)\n")
        self.write("src/a.cpp", CLEAN)
        self.git_init()
        self.commit("begin")
        self.git("update-ref", "refs/remotes/origin/main", "HEAD")
        self.environment = {"PATH": self.path_with_ssot(), "CXX": "clang++-19", "GITHUB_BASE_REF": "main",
                            "GITHUB_STEP_SUMMARY": str(self.root / "summary.md")}

    def run_line(self, line):
        return subprocess.run(["bash", "-euc", line], cwd=self.root, env={**os.environ, **self.environment}, capture_output=True, text=True)

    def passes(self, line):
        done = self.run_line(line)
        self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}\n{done.stderr}")
        return done

    def fails(self, line):
        done = self.run_line(line)
        self.assertNotEqual(done.returncode, 0, f"{line}\n{done.stdout}\n{done.stderr}")
        return done

    def test_github(self):
        job = yaml.safe_load((ROOT / "docs/ci/github.yml").read_text())["jobs"]["check"]
        lines = {step["name"]: step["run"] for step in job["steps"] if "run" in step}
        self.passes(lines["configure"])
        self.passes(lines["check"])
        self.write("src/a.cpp", BAD)
        self.commit("a legacy call")
        self.assertIn("::error file=src/a.cpp,", self.fails(lines["check"]).stdout)
        guard = {step["name"]: step["run"] for step in yaml.safe_load((ROOT / "docs/ci/github.yml").read_text())["jobs"]["gate"]["steps"] if "run" in step}
        self.assertNotIn("weaker than", self.fails(guard["no weaker"]).stdout)
        self.write(".ssot.yaml", RULES.replace("kind: legacy-name", "kind: legacy-name\n    severity: note"))
        self.assertIn("weaker than at origin/main: the severity is lowered", self.fails(guard["no weaker"]).stdout)
        self.write(".ssot.yaml", RULES)
        uploaded = next(step["with"]["sarif_file"] for step in job["steps"] if "sarif_file" in step.get("with", {}))
        self.assertEqual(len(json.loads((self.root / uploaded).read_text())["runs"][0]["results"]), 1)
        self.passes(lines["summary"])
        self.assertIn("old-name", (self.root / "summary.md").read_text())
        self.assertIn("old-name", self.commented(lines["comment"]))

    def commented(self, line):
        """What the line sends as a comment: `gh` as GitHub's manual has it, but that it writes into a file."""
        gh = self.root.parent / "bin/gh"
        gh.write_text('#!/bin/sh\n[ "$*" = "pr comment $PULL_REQUEST --edit-last --create-if-none --body-file $7" ] && cp "$7" comment.md\n')
        gh.chmod(0o755)
        self.environment["PULL_REQUEST"] = "https://github.com/o/r/pull/1"
        self.passes(line)
        return (self.root / "comment.md").read_text()

    def test_gitlab(self):
        job = yaml.safe_load((ROOT / "docs/ci/gitlab.yml").read_text())["ssot"]
        self.passes(job["script"][0])
        self.passes("ssot baseline create -p build")
        self.passes(job["script"][1])
        self.write("src/a.cpp", BAD)
        self.fails(job["script"][1])
        for report in job["artifacts"]["reports"].values():
            self.assertIn("old::send", (self.root / report).read_text())

    def lines_of_matrix(self):
        """For GitHub and for GitLab: the lines of a map job, its environment for a part, and the lines of the job that reduces."""
        jobs = yaml.safe_load((ROOT / "docs/ci/github-matrix.yml").read_text())["jobs"]
        runs = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
        upload = next(step["with"] for step in jobs["map"]["steps"] if "upload" in step.get("uses", ""))
        download = next(step["with"] for step in jobs["check"]["steps"] if "download" in step.get("uses", ""))
        self.assertEqual((upload["path"], download["path"]), ("*.facts", "facts"))
        yield runs["map"], lambda i, n: {"PART": i, "PARTS": n}, runs["check"]
        jobs = yaml.safe_load((ROOT / "docs/ci/gitlab-parallel.yml").read_text())
        self.assertEqual(jobs["ssot map"]["artifacts"]["paths"], ["facts"])
        yield jobs["ssot map"]["script"], lambda i, n: {"CI_NODE_INDEX": i, "CI_NODE_TOTAL": n}, jobs["ssot"]["script"]

    def test_matrix(self):
        self.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.25)\nproject(app CXX)\nadd_library(app OBJECT src/a.cpp src/b.cpp src/c.cpp)\n")
        self.write("src/b.cpp", BAD)
        self.write("src/c.cpp", "int c;\n")
        for mapping, environment, reducing in self.lines_of_matrix():
            (self.root / "facts").mkdir(exist_ok=True)
            for part in (1, 2):
                self.environment.update({name: str(value) for name, value in environment(part, 2).items()})
                for line in mapping:
                    self.passes(line)
            for written in self.root.glob("*.facts"):  # as the artifacts are laid together
                written.rename(self.root / "facts" / written.name)
            self.passes(reducing[0])
            self.assertIn("src/b.cpp", self.fails(reducing[1]).stdout)
            (self.root / "facts/2.facts").unlink()
            self.assertEqual(self.run_line(reducing[1]).returncode, 3, "a part that is missing is no green run")

    def test_pre_commit(self):
        hook = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]
        self.database(self.root / "src/a.cpp")
        self.passes(f"{hook['entry']} src/a.cpp")
        self.write("src/a.cpp", BAD)
        self.fails(f"{hook['entry']} src/a.cpp")

    def test_cmake(self):
        module = shlex.quote(str(ROOT / "cmake"))
        self.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.25)\nproject(app CXX)\nset(CMAKE_EXPORT_COMPILE_COMMANDS ON)\n"
                                     "add_library(app OBJECT src/a.cpp)\ninclude(SsotCheck)\nssot_add_check(one-source)\n")
        self.passes(f"cmake -S . -B build -DCMAKE_MODULE_PATH={module}")
        self.passes("cmake --build build --target one-source")
        self.write("src/a.cpp", BAD)
        self.assertIn("'old::send' is legacy", self.fails("cmake --build build --target one-source").stdout)

    def test_make(self):
        rule = re.search(r"```make\n(.*?)```", (ROOT / "docs/ci/README.md").read_text(), re.S).group(1)
        self.write("Makefile", rule)
        self.passes("cmake -S . -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON && ssot baseline create -p build && make ssot")
        self.write("src/a.cpp", BAD)
        self.fails("make ssot")


if __name__ == "__main__":
    unittest.main()
