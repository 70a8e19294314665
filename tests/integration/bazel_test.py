#!/usr/bin/env python3
"""integrations/bazel in a workspace, offline: the facts that Bazel's actions write reduce to the report of a local run; an edit costs the units that it
reaches; and the actions need nothing but what they declare."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import ROOT, SSOT, ProjectTest

RULES = """\
ssot: 1
scope: {exclude: ["bazel-*/**"]}
rules:
  - id: one-router
    kind: single-class
    canonical: app::Router
    match: {name: ".*Router"}
"""
BUILD = """\
load("//ssot:ssot.bzl", "ssot_facts")
exports_files([".ssot.yaml", "tools/ssot"])
alias(name = "ssot_program", actual = "tools/ssot")
ssot_facts(name = "facts", targets = ["//app"])
"""
APP = """\
cc_library(name = "core", srcs = ["core.cc", "hidden.h"], hdrs = ["core.h"], copts = ["-std=c++17"], defines = ["CORE=1"])
cc_library(name = "net", srcs = ["net.cc", "net2.cc"], hdrs = ["net.h"], copts = ["-std=c++17"], local_defines = ["NET=2"], deps = [":core"])
cc_library(name = "other", srcs = ["other.cc"], copts = ["-std=c++17"], tags = ["no-ssot"])
cc_binary(name = "app", visibility = ["//visibility:public"], srcs = ["main.cc"], copts = ["-std=c++17"], deps = [":net", ":other"])
"""
SOURCES = {
    "app/core.h": "#pragma once\nnamespace app { class Router { public: int route(int id); }; }\n",
    "app/hidden.h": "#pragma once\nclass HiddenRouter { int n = 0; public: int route(int id) { n = id; return n; } };\n",
    "app/core.cc": '#include "app/core.h"\n#include "hidden.h"\n#ifndef CORE\n#error CORE\n#endif\nint app::Router::route(int id) { return id; }\n',
    "app/net.h": '#pragma once\n#include "app/core.h"\nint net(int);\n',
    "app/net.cc": '#include "app/net.h"\n#if NET != 2 || !CORE\n#error NET\n#endif\nint net(int id) { return app::Router().route(id); }\n',
    "app/net2.cc": "#if NET == 2\nclass NetRouter { int n = 0; public: int route(int id) { n = id; return n; } };\n#endif\n",
    "app/main.cc": '#include "app/net.h"\n#include <cstddef>\nint main() { return net(sizeof(std::size_t)); }\n',
    "app/other.cc": "int other;\n",
}
UNITS = {"app/core.cc": ["-DCORE=1"], "app/net.cc": ["-DCORE=1", "-DNET=2"], "app/net2.cc": ["-DCORE=1", "-DNET=2"], "app/main.cc": ["-DCORE=1"]}
# Bazel 4 downloads these for its own BUILD files; what it takes from them is built in.
STUBS = {
    "rules_cc/cc/BUILD": 'package(default_visibility = ["//visibility:public"])\n'
                         'alias(name = "toolchain_type", actual = "@bazel_tools//tools/cpp:toolchain_type")\n',
    "rules_cc/cc/defs.bzl": "".join(f"{name} = native.{name}\n" for name in (
        "cc_binary", "cc_import", "cc_library", "cc_proto_library", "cc_test", "cc_toolchain", "cc_toolchain_suite", "objc_library")),
    "rules_java/java/BUILD": "",
    "rules_java/java/defs.bzl": "".join(f"{name} = native.{name}\n" for name in (
        "java_binary", "java_import", "java_library", "java_proto_library", "java_runtime", "java_toolchain")),
    "rules_proto/proto/BUILD": "",
    "rules_proto/proto/defs.bzl": "proto_lang_toolchain = native.proto_lang_toolchain\nproto_library = native.proto_library\n",
}
WORKER = pathlib.Path("/usr/src/bazel-bootstrap/src/tools/remote/src/main/java")
# Workspace, scratch folder, sources of the worker.
REMOTE = """\
set -euo pipefail
workspace=$1 scratch=$2 sources=$3 jar=/usr/share/bazel/A-server.jar
ip link set lo up
find "$sources" -name '*.java' > "$scratch/sources"
javac -nowarn -proc:none -d "$scratch/classes" -cp "$jar" "@$scratch/sources" 2> "$scratch/javac.log"
mkdir "$scratch/work" "$scratch/cas" "$scratch/out"
unshare --mount bash -c 'mount -t tmpfs none "$1"; mount -t tmpfs none "$2/out"; exec java -Xmx1g -cp "$2/classes:$3" \\
  com.google.devtools.build.remote.worker.RemoteWorker --work_path="$2/work" --cas_path="$2/cas" --listen_port=8980 --jobs=2 --pid_file="$2/pid"' \\
  _ "$workspace" "$scratch" "$jar" > "$scratch/worker.log" 2>&1 &
worker=$!
bazel() { command bazel --output_user_root="$scratch/out" --max_idle_secs=60 "$@"; }
trap 'bazel shutdown; kill $worker; wait $worker || true' EXIT
for _ in $(seq 300); do [ -s "$scratch/pid" ] && break; kill -0 $worker; sleep 0.1; done
build=(build --noshow_progress --incompatible_strict_action_env --remote_executor=grpc://127.0.0.1:8980 --spawn_strategy=remote --noremote_local_fallback)
bazel "${build[@]}" //:facts
cp -L bazel-bin/facts.facts remote.facts
bazel clean
bazel "${build[@]}" //:facts
"""


@unittest.skipUnless(shutil.which("bazel"), "bazel is not installed")
class Bazel(ProjectTest):
    folder_prefix = "ssot-test-"  # Bazel takes no paths with spaces

    def setUp(self):
        super().setUp()
        workspace = 'workspace(name = "sample")\n'
        for path, text in STUBS.items():
            self.write(f"stubs/{path}", text)
        for repository in sorted({path.split("/")[0] for path in STUBS}):
            self.write(f"stubs/{repository}/WORKSPACE", f'workspace(name = "{repository}")\n')
            workspace += f'local_repository(name = "{repository}", path = "stubs/{repository}")\n'
        self.write("WORKSPACE", workspace)
        self.write(".bazelignore", "stubs\n")
        self.write(".ssot.yaml", RULES)
        self.write("BUILD", BUILD)
        self.write("app/BUILD", APP)
        for path, text in SOURCES.items():
            self.write(path, text)
        shutil.copytree(ROOT / "integrations/bazel/ssot", self.root / "ssot")
        (self.root / "tools").mkdir()
        (self.root / "tools/ssot").symlink_to(SSOT)
        holder = tempfile.TemporaryDirectory(prefix="ssot-bazel-")
        self.addCleanup(self.remove, holder)
        self.output = holder.name

    def remove(self, holder):
        self.bazel("shutdown")
        subprocess.run(["chmod", "-R", "u+w", holder.name])
        holder.cleanup()

    def bazel(self, *arguments):
        return subprocess.run(["bazel", f"--output_user_root={self.output}", "--max_idle_secs=60", *arguments], cwd=self.root,
                              capture_output=True, text=True, env={**os.environ, "CC": "clang-19"})

    def build(self, *arguments):
        """Builds the facts. Gives how many of Bazel's actions of each sort there were."""
        done = self.bazel("build", "--noshow_progress", "--incompatible_strict_action_env", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        summary = re.search(r"(\d+) process(?:es)?: (.*)\.", done.stderr)
        return {sort: int(count) for count, sort in re.findall(r"(\d+) ([a-z -]+)", summary.group(2))} if summary else {}

    def reduced(self):
        return self.check("-q", "--format", "json", "--facts", "bazel-bin/facts.facts", "--facts-only")

    def local(self):
        """The same units with the same commands, from a compile database."""
        self.write("compile_commands.json", json.dumps([
            {"directory": str(self.root), "file": unit, "arguments": ["clang++-19", "-std=c++17", "-iquote", ".", *flags, "-c", unit]}
            for unit, flags in UNITS.items()]))
        done = self.check("-q", "--format", "json", "-p", ".")
        (self.root / "compile_commands.json").unlink()
        return done

    def is_the_same(self):
        local, reduced = self.local(), self.reduced()
        self.assertEqual((reduced.returncode, reduced.stdout), (local.returncode, local.stdout), reduced.stderr)
        return json.loads(local.stdout)

    def test_map_in_bazel_reduce_here(self):
        cache = ["--disk_cache=" + self.output + "/disk"]
        first = self.build("//:facts", *cache)
        self.assertEqual(first.get("linux-sandbox", 0) + first.get("processwrapper-sandbox", 0), len(UNITS) + 1, f"one a unit, one to join: {first}")
        report = self.is_the_same()
        self.assertEqual({finding["symbol"] for finding in report["findings"]}, {"HiddenRouter", "NetRouter"})
        self.assertEqual(report["units"]["total"], len(UNITS))

        with self.subTest("an edit costs the units that it reaches"):
            self.write("app/net.h", SOURCES["app/net.h"] + "// edited\n")
            again = self.build("//:facts", *cache)
            self.assertEqual(again.get("linux-sandbox", 0) + again.get("processwrapper-sandbox", 0), 4, f"net, net2, main, and the join: {again}")
            self.is_the_same()

        with self.subTest("another checkout takes everything from the cache"):
            self.assertEqual(self.bazel("clean").returncode, 0)
            cached = self.build("//:facts", *cache)
            self.assertEqual(cached.get("remote cache hit"), len(UNITS) + 1, cached)
            self.is_the_same()

        with self.subTest("facts that are out of date are not taken"):
            self.write("app/net2.cc", "int nothing;\n")
            done = self.reduced()
            self.assertEqual(done.returncode, 3)
            self.assertIn("out of date: app/net2.cc is not as it was", done.stdout)

        with self.subTest("a unit that does not compile fails no action, but the report"):
            self.write("app/net2.cc", "int broken = missing;\n")
            self.build("//:facts", *cache)
            self.assertEqual(self.is_the_same()["units"]["failed"][0]["file"], "app/net2.cc")

        with self.subTest("without a change to any BUILD file"):
            self.build("//app", "--aspects=//ssot:ssot.bzl%ssot_facts_aspect", "--output_groups=ssot_facts")
            written = sorted(path.name for path in (self.root / "bazel-bin/app/_ssot").rglob("*.facts"))
            self.assertEqual(written, ["core.cc.facts", "main.cc.facts", "net.cc.facts", "net2.cc.facts"])

    @unittest.skipUnless(os.getuid() == 0 and WORKER.exists() and shutil.which("javac"), "bazel-bootstrap-source is not installed, or this is not root")
    def test_on_a_remote_executor(self):
        """Bazel's own reference worker, behind the Remote Execution API, in a network that has loopback alone. The worker does not see the
        workspace, so that an action that needs what it does not declare fails."""
        local = self.local()
        script = self.write("../remote.sh", REMOTE)
        done = subprocess.run(["unshare", "--net", "bash", script, self.root, self.output, WORKER], cwd=self.root, capture_output=True, text=True,
                              env={**os.environ, "CC": "clang-19"})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr[-4000:])
        first, second = re.findall(r"processes?: (.*)\.", done.stderr)
        self.assertIn(f"{len(UNITS) + 1} remote", first)
        self.assertIn(f"{len(UNITS) + 1} remote cache hit", second)
        written = self.root / "remote.facts"
        reduced = self.check("-q", "--format", "json", "--facts", written, "--facts-only")
        self.assertEqual((reduced.returncode, reduced.stdout), (local.returncode, local.stdout), reduced.stderr)


if __name__ == "__main__":
    unittest.main()
