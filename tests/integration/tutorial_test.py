#!/usr/bin/env python3
"""docs/tutorial.md as somebody would follow it."""

import unittest

from page import PageTest


class Tutorial(PageTest):
    def test_every_step(self):
        printed = self.follow("docs/tutorial.md", 10)
        self.assertIn("50.0 %  (3 of 6 sites)", printed["ssot check"])
        self.assertIn("100.0 %", printed["ssot check --baseline .ssot-baseline --strict-baseline --min-compliance 100"])


if __name__ == "__main__":
    unittest.main()
