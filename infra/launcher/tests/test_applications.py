"""Knowing when the services have to be built anew."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from launcher import applications, environment
from launcher.services import LOCK
from launcher.tests.fakes import Machine

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

    def test_a_deleted_file_makes_it_stale(self) -> None:
        for module in LOCK.modules:
            os.utime(self.repository / module / "src/main/java", (time.time() - HOUR,) * 2)
            os.utime(self.repository / module / "src/main", (time.time() - HOUR,) * 2)
        self.build()
        self.assertFalse(applications.is_stale(LOCK, self.repository))
        (self.repository / "messaging/src/main/java/Some.java").unlink()
        # Known by the folder alone, whose time says when something was last taken out of it.
        os.utime(self.repository / "messaging/src/main/java", (time.time() + HOUR,) * 2)
        self.assertTrue(applications.is_stale(LOCK, self.repository))

    def test_a_change_in_another_service_or_in_a_test_does_not(self) -> None:
        self.build()
        self.write("notification-service/src/main/java/Other.java", age=-HOUR)
        self.write("lock-service/src/test/java/SomeTest.java", age=-HOUR)
        self.assertFalse(applications.is_stale(LOCK, self.repository))


class Stamps(unittest.TestCase):
    """What the launcher itself built is known by the files that it was built from."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(Path(folder.name).resolve())
        environ = mock.patch.dict("os.environ", self.machine.environment())
        environ.start()
        self.addCleanup(environ.stop)
        self.source = self.machine.repository / "messaging" / "src" / "main" / "Some.java"
        self.source.parent.mkdir(parents=True)
        self.source.write_text("as it was")
        self.long_ago()

    def long_ago(self) -> None:
        """Whatever is done to the source, its times say that it was before every build."""
        for each in (self.source, self.source.parent, self.source.parents[1], self.source.parents[2]):
            if each.exists():
                os.utime(each, (time.time() - HOUR,) * 2)

    def prepare(self) -> None:
        log = self.machine.folder / "build.log"
        with contextlib.redirect_stderr(io.StringIO()):
            applications.prepare(self.machine.folder / "jdk", log, self.machine.repository)

    def is_stale(self) -> bool:
        return applications.is_stale(LOCK, self.machine.repository)

    def test_what_was_built_just_now_is_not_stale(self) -> None:
        self.assertTrue(self.is_stale())
        self.prepare()
        self.assertFalse(self.is_stale())

    def test_a_deleted_file_is_noticed(self) -> None:
        self.prepare()
        self.source.unlink()
        self.long_ago()
        self.assertTrue(self.is_stale())

    def test_a_file_that_came_with_an_old_date_is_noticed(self) -> None:
        self.prepare()
        self.source.write_text("as somebody else had it")
        self.long_ago()
        self.assertTrue(self.is_stale())

    def test_an_edit_during_the_build_is_noticed(self) -> None:
        build = applications.build

        def building(*arguments: Any) -> None:
            self.source.write_text("edited meanwhile")
            build(*arguments)

        with mock.patch("launcher.applications.build", building):
            self.prepare()
        self.assertTrue(self.is_stale())

    def test_a_jar_that_maven_put_there_later_is_judged_by_its_date(self) -> None:
        self.prepare()
        self.source.write_text("edited, and built by Maven itself")
        applications.jar(LOCK, self.machine.repository).write_text("new")
        self.assertFalse(self.is_stale())

    def test_what_maven_writes_has_the_users_own_permissions(self) -> None:
        before = os.umask(0o077)
        try:
            self.prepare()
        finally:
            os.umask(before)
        mode = stat.S_IMODE(applications.jar(LOCK, self.machine.repository).stat().st_mode)
        self.assertEqual(0o666 & ~environment.UMASK, mode)
