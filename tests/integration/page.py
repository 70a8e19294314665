"""A page of docs/ as somebody would follow it: every file that it shows is written, every command run in its order."""

import os
import re
import subprocess

from support import ROOT, ProjectTest

STEP = re.compile(r"(?P<text>[^`]*(?:`[^`]*`[^`]*)*?)```(?P<language>\w+)\n(?P<code>.*?)```", re.S)


class PageTest(ProjectTest):
    def follow(self, page, least_steps):
        """\\returns what each command printed."""
        self.environment = {**os.environ, "PATH": self.path_with_ssot(), "CXX": "clang++-19", "NO_COLOR": "1"}
        self.printed = {}
        steps = list(STEP.finditer((ROOT / page).read_text()))
        self.assertGreater(len(steps), least_steps)
        for step in steps:
            if step["language"] == "sh":
                for line in step["code"].splitlines():
                    self.run_line(line)
            else:
                # The last name in front of a listing is that of its file.
                self.write(re.findall(r"`([^`\n]+)`", step["text"])[-1], step["code"])
        return self.printed

    def run_line(self, line):
        command, _, expected = line.rpartition("#")
        command = command.strip()
        done = subprocess.run(["bash", "-c", command], cwd=self.root, env=self.environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, int(expected), f"{command}\n{done.stdout}\n{done.stderr}")
        self.printed[command] = done.stdout
