"""AOT caches: trained once, without an AWS, and used by what they were trained for."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

from launcher.tests.fakes import Machine

FLAGS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx256m"]
CACHE = "-XX:AOTCache="


class AotCaches(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(Path(folder.name).resolve())
        self.addCleanup(self.machine.clean_up)
        self.trainings = self.machine.seen / "lock-service.training"

    def up(self, **environ: str) -> str:
        """What was said."""
        code, _, err = self.machine.run("up", "--detach", **environ)
        self.assertEqual(0, code, err)
        self.machine.run("down")
        return err

    def words(self) -> list[str]:
        """What the lock service's JVM was started with last."""
        found: list[str] = json.loads((self.machine.seen / "lock-service.words").read_text())
        return found

    def cache(self) -> Path:
        (named,) = [word.removeprefix(CACHE) for word in self.words() if word.startswith(CACHE)]
        return Path(named)

    def assert_trained_anew_by(self, change: str, text: str) -> None:
        self.up()
        before = self.cache()
        self.trainings.unlink()
        file = self.machine.folder / change
        file.write_text(file.read_text() + text)
        self.up()
        self.assertTrue(self.trainings.exists())
        self.assertNotEqual(before, self.cache())
        self.assertEqual("a cache", self.cache().read_text())

    def test_services_start_with_what_was_trained_once(self) -> None:
        self.assertIn("training the services", self.up())
        self.assertEqual("a cache", self.cache().read_text())
        self.trainings.unlink()
        self.assertNotIn("training", self.up())
        self.assertFalse(self.trainings.exists())
        self.assertEqual("a cache", self.cache().read_text())

    def test_a_training_has_the_flags_of_the_service_and_nothing_of_aws(self) -> None:
        self.up(AWS_PROFILE="work", AWS_ACCESS_KEY_ID="somebody", SMARTDOOR_ADMIN_TOKEN="token-of-some-length", JAVA_TOOL_OPTIONS="-Xmx9m")
        training = json.loads(self.trainings.read_text())
        self.assertEqual(FLAGS, training["words"][: len(FLAGS)])
        self.assertEqual(FLAGS, self.words()[: len(FLAGS)])
        # It ends where it would begin to look for AWS.
        self.assertIn("-Dspring.context.exit=onRefresh", training["words"])
        told = [name for name in training["environment"] if name.startswith(("AWS_", "SMARTDOOR_", "JAVA_"))]
        self.assertEqual([], told)

    def test_other_flags_are_trained_anew(self) -> None:
        self.assert_trained_anew_by("repository/infra/jvm/service.options", "-Xss512k\n")

    def test_another_training_is_one(self) -> None:
        self.assert_trained_anew_by("repository/infra/jvm/training/lock-service.options", "-Dsome=thing\n")

    def test_another_jdk_is_trained_anew(self) -> None:
        self.assert_trained_anew_by("jdk/release", 'IMPLEMENTOR_VERSION="another"\n')

    def test_a_new_jar_is_trained_anew(self) -> None:
        self.assert_trained_anew_by("repository/messaging/pom.xml", "changed")

    def test_only_the_newest_of_a_jars_caches_is_kept(self) -> None:
        self.assert_trained_anew_by("jdk/release", 'IMPLEMENTOR_VERSION="another"\n')
        self.assertEqual([self.cache()], list(self.cache().parent.glob("*.aot")))
        self.assertEqual([], list(self.cache().parent.glob("*.partial")))

    def test_a_failed_training_is_said_in_one_line_and_tried_again_next_time(self) -> None:
        self.machine.break_part("training")
        said = [line for line in self.up().splitlines() if "lock-service" in line]
        self.assertEqual(1, len(said), said)
        self.assertRegex(said[0], r"lock-service starts without an AOT cache: its training failed, found: exit code 1: see .*\.log")
        self.assertEqual([], [word for word in self.words() if word.startswith(CACHE)])
        self.machine.mend("training")
        self.up()
        self.assertEqual("a cache", self.cache().read_text())
