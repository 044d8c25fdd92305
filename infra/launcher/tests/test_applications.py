"""Knowing when the services have to be built anew."""

from __future__ import annotations

import os
import tempfile
import time
import unittest
from pathlib import Path

from launcher import applications
from launcher.services import LOCK

HOUR = 3600


class Staleness(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.repository = Path(folder.name)
        for module in LOCK.modules:
            self.write(f"{module}/pom.xml")
            self.write(f"{module}/src/main/java/Some.java")
        self.write("pom.xml")

    def write(self, name: str, age: float = HOUR) -> Path:
        file = self.repository / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
        os.utime(file, (time.time() - age, time.time() - age))
        return file

    def build(self) -> None:
        # As reproducible builds do, with a time of modification that says nothing.
        self.write("lock-service/target/lock-service.jar", age=1000 * HOUR)

    def test_a_missing_jar_is_stale(self) -> None:
        self.assertTrue(applications.is_stale(LOCK, self.repository))

    def test_a_jar_built_after_its_sources_is_not(self) -> None:
        self.build()
        self.assertFalse(applications.is_stale(LOCK, self.repository))

    def test_a_change_in_any_part_of_it_makes_it_stale(self) -> None:
        for name in ("pom.xml", "messaging/pom.xml", "event-schemas/src/main/java/Some.java", "lock-service/src/main/new/x.yaml"):
            with self.subTest(name):
                self.build()
                changed = self.write(name, age=-HOUR)
                self.assertTrue(applications.is_stale(LOCK, self.repository))
                self.write(name)
                self.assertTrue(changed.exists())

    def test_a_change_in_another_service_or_in_a_test_does_not(self) -> None:
        self.build()
        self.write("notification-service/src/main/java/Other.java", age=-HOUR)
        self.write("lock-service/src/test/java/SomeTest.java", age=-HOUR)
        self.assertFalse(applications.is_stale(LOCK, self.repository))
