"""Measuring how services start."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

from launcher.startup import Start, Starts
from launcher.tests.fakes import Machine

SERVICES = ["lock-service", "notification-service", "identification-service"]


class Startup(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(Path(folder.name).resolve())
        self.addCleanup(self.machine.clean_up)

    def test_passes_where_what_is_delivered_starts_much_sooner(self) -> None:
        self.machine.break_part("slow-jar")
        code, out, err = self.machine.run("bench", "startup", "--rounds", "1", "--json")
        found = json.loads(out)
        self.assertEqual((0, True), (code, found["passed"]), err)
        self.assertEqual(SERVICES, [it["name"] for it in found["services"]])
        for each in found["services"]:
            self.assertGreater(each["plain"]["seconds"], 2)
            self.assertLess(each["delivered"]["seconds"], each["plain"]["seconds"])
            self.assertGreater(each["delivered"]["memory-mib"], 0)
            self.assertEqual(1, len(each["plain"]["rounds"]))
        self.assertEqual([], self.machine.running())

    def test_fails_where_it_does_not(self) -> None:
        code, out, err = self.machine.run("bench", "startup", "--rounds", "1")
        self.assertEqual(1, code, err)
        self.assertRegex(err, r"FAILED  ready in \d+\.\d\d of the plain jar's time at worst; at most 0\.42")
        self.assertRegex(out, r"lock-service +\d+\.\d\d s +\d+ MiB +\d+\.\d\d s +\d+ MiB +\d+\.\d\d\n")
        self.assertEqual([], self.machine.running())

    def test_a_service_that_does_not_start_is_named(self) -> None:
        self.machine.break_part("notification-service")
        code, _, err = self.machine.run("bench", "startup", "--rounds", "1")
        self.assertEqual(1, code)
        self.assertIn("expected notification-service to start", err)
        self.assertEqual([], self.machine.running())

    def test_a_ratio_is_one_of_medians(self) -> None:
        plain = [Start(seconds, 0) for seconds in (4.0, 5.0, 50.0)]
        delivered = [Start(seconds, 0) for seconds in (2.0, 2.5, 1.0)]
        self.assertEqual(0.4, Starts("lock-service", plain, delivered).ratio)
