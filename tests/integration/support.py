"""What the tests of the real program share: a project in a temporary folder, and a run of ssot on it."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SSOT = os.environ["SSOT"]

# A rule file for the smallest project that has something to say.
ONE_ROUTER = """\
ssot: 1
rules:
  - id: one-router
    kind: single-class
    canonical: app::Router
    match: {name: ".*Router"}
"""


class ProjectTest(unittest.TestCase):
    """A test with an empty project folder in `self.root`."""

    folder_prefix = "ssot test "  # with a space: paths have them

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix=self.folder_prefix)
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name).resolve() / "project"
        self.root.mkdir()

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def database(self, *files, flags=("-std=c++20",)):
        """A compile database with one command for each file."""
        self.write("compile_commands.json", json.dumps([
            {"directory": str(self.root), "file": str(file), "arguments": ["clang++-19", *flags, "-c", str(file)]} for file in files]))

    def ssot(self, *arguments, cwd=None, env=None, **options):
        return subprocess.run([SSOT, *map(str, arguments)], cwd=cwd or self.root, capture_output=True, text=True,
                              env={**os.environ, "NO_COLOR": "1", **(env or {})}, **options)

    def check(self, *arguments, **options):
        return self.ssot("check", *arguments, **options)

    def report(self, *arguments, **options):
        """The JSON report of a check, and its exit code."""
        done = self.check("--format", "json", *arguments, **options)
        self.assertIn(done.returncode, (0, 1, 3), done.stderr)
        return json.loads(done.stdout), done.returncode

    def another_build(self, number=1):
        """A copy of ssot that differs in the build that the linker wrote into it."""
        note, other = self.root.parent / "note", self.root.parent / f"ssot{number}"
        subprocess.run(["llvm-objcopy-19", f"--dump-section=.note.gnu.build-id={note}", SSOT, other], check=True)
        note.write_bytes(note.read_bytes()[:-1] + bytes([note.read_bytes()[-1] ^ number]))
        subprocess.run(["llvm-objcopy-19", f"--update-section=.note.gnu.build-id={note}", other, other], check=True)
        return other

    def git(self, *arguments, code=0, cwd=None):
        done = subprocess.run(["git", *arguments], cwd=cwd or self.root, capture_output=True, text=True,
                              env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def git_init(self):
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "somebody")
        self.git("config", "user.email", "somebody@example.org")

    def commit(self, message, *options):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message, *options)

    def path_with_ssot(self):
        """A PATH on which `ssot` is the one that was just built."""
        tools = self.root.parent / "bin"
        tools.mkdir()
        (tools / "ssot").symlink_to(SSOT)
        return f"{tools}:{os.environ['PATH']}"
