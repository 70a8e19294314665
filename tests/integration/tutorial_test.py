#!/usr/bin/env python3
"""docs/tutorial.md as somebody would follow it: every file that it shows is written, every command run in its order."""

import os
import re
import subprocess
import unittest

from support import ROOT, ProjectTest

STEP = re.compile(r"(?P<text>[^`]*(?:`[^`]*`[^`]*)*?)```(?P<language>\w+)\n(?P<code>.*?)```", re.S)


class Tutorial(ProjectTest):
    def setUp(self):
        super().setUp()
        self.environment = {**os.environ, "PATH": self.path_with_ssot(), "CXX": "clang++-19"}

    def test_every_step(self):
        page = (ROOT / "docs/tutorial.md").read_text()
        self.printed = {}
        steps = list(STEP.finditer(page))
        self.assertGreater(len(steps), 10)
        for step in steps:
            if step["language"] == "sh":
                for line in step["code"].splitlines():
                    self.run_line(line)
            else:
                # The last name in front of a listing is that of its file.
                self.write(re.findall(r"`([^`\n]+)`", step["text"])[-1], step["code"])
        self.assertIn("50.0 %  (3 of 6 sites)", self.printed["ssot check"])
        self.assertIn("100.0 %", self.printed["ssot check --baseline .ssot-baseline --strict-baseline --min-compliance 100"])

    def run_line(self, line):
        command, _, expected = line.rpartition("#")
        command = command.strip()
        done = subprocess.run(["bash", "-c", command], cwd=self.root, env=self.environment, capture_output=True, text=True)
        self.assertEqual(done.returncode, int(expected), f"{command}\n{done.stdout}\n{done.stderr}")
        self.printed[command] = done.stdout


if __name__ == "__main__":
    unittest.main()
