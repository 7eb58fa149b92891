#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vio-chassisd beside its manual: a driver written from docs/hardware-interface.md alone."""

import sys
import unittest

MODULES = ("registers", "queues", "functions", "leases", "resets")

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromNames(MODULES)
    outcome = unittest.TextTestRunner(verbosity=1).run(suite)
    failed = len(outcome.failures) + len(outcome.errors)
    skipped = len(outcome.skipped)
    print(f"{outcome.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0 or outcome.testsRun == 0)
