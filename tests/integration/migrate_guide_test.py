#!/usr/bin/env python3
"""docs/migrate.md as a team lead would follow it, from the dry run to the deletion."""

import unittest

from page import PageTest


class Guide(PageTest):
    def test_every_step(self):
        printed = self.follow("docs/migrate.md", 14)
        self.assertIn("+#include \"pay/charge.h\"", printed["cat patches/0001-shop-back-office.patch"])
        self.assertIn("0001  applied  3 files", printed["ssot rollback --list"])
        self.assertIn("100.0 %", printed["ssot check --min-compliance 100"])
        self.assertIn("charge_card", printed["cat out/deprecation-usage.md"])


if __name__ == "__main__":
    unittest.main()
