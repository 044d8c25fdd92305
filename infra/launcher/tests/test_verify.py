"""The command `verify`: that it finds what is wrong, and leaves nothing running."""

from __future__ import annotations

import os
import re
import signal
import tempfile
import unittest
from pathlib import Path

from launcher.tests.fakes import Machine

TEST = """
import unittest


class One(unittest.TestCase):
    def test_it(self) -> None:
        self.assert{}(True)
"""


class Verify(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(Path(folder.name).resolve())
        self.addCleanup(self.machine.clean_up)
        self.temporary = self.machine.folder / "tmp"
        self.temporary.mkdir()
        self.write_test("True")

    def write_test(self, assertion: str) -> None:
        tests = self.machine.repository / "infra" / "launcher" / "tests"
        tests.mkdir(exist_ok=True)
        (tests / "__init__.py").touch()
        (tests / "test_one.py").write_text(TEST.format(assertion))

    def verify(self) -> tuple[int, str]:
        code, out, _ = self.machine.run("verify", TMPDIR=str(self.temporary))
        return code, out

    def test_it_passes_if_every_part_does_and_leaves_nothing(self) -> None:
        code, out = self.verify()
        self.assertEqual(0, code)
        self.assertIn("verify: everything passed", out)
        self.assertEqual([], self.machine.running())
        self.assertEqual([], os.listdir(self.temporary))

    def test_on_localstack_it_demands_localstack(self) -> None:
        for said, environ in (("Docker or a LocalStack", {"DOCKER_HOST": "unix:///nonexistent/docker.sock"}), ("found something else", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})):
            with self.subTest(said):
                code, _, errors = self.machine.run("verify", "--localstack", TMPDIR=str(self.temporary), **environ)
                self.assertEqual(1, code)
                self.assertIn(said, errors)
                self.assertEqual([], os.listdir(self.temporary))

    def test_it_fails_if_one_part_does_and_runs_the_others(self) -> None:
        for fault, part in (("mvn", "Maven"), ("lint", "templates"), ("checkov", "templates")):
            with self.subTest(part):
                self.machine.break_part(fault)
                code, out = self.verify()
                self.assertEqual(1, code)
                self.assertIn(f"verify: FAILED: {part}\n", out)
                self.assertEqual(2, len(re.findall("(?m)^ok ", out)))
                self.machine.mend(fault)

    def test_it_fails_if_a_test_of_the_launcher_does(self) -> None:
        self.write_test("False")
        code, out = self.verify()
        self.assertEqual(1, code)
        self.assertIn("verify: FAILED: launcher's tests\n", out)

    def test_it_fails_if_there_is_no_test_of_the_launcher(self) -> None:
        (self.machine.repository / "infra" / "launcher" / "tests" / "test_one.py").unlink()
        code, out = self.verify()
        self.assertEqual(1, code)
        self.assertIn("verify: FAILED: launcher's tests\n", out)

    def test_templates_of_the_tests_are_looked_at_too(self) -> None:
        stacks = self.machine.repository / "system-tests" / "src" / "test" / "resources" / "stacks"
        stacks.mkdir(parents=True)
        (stacks / "mine.yaml").touch()
        self.verify()
        linted = (self.machine.seen / "linted").read_text().splitlines()
        secured = (self.machine.seen / "secured").read_text().splitlines()
        ours = [file.stem for file in (self.machine.repository / "infra" / "stacks").glob("*.yaml")]
        self.assertEqual(sorted(["mine", *ours]), sorted(Path(it).stem for it in linted))
        self.assertEqual(sorted(ours), sorted(Path(it).stem for it in secured))

    def test_cut_short_it_stops_what_its_tests_left(self) -> None:
        self.machine.break_part("endless")
        for kind in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(kind), self.machine.start("verify", TMPDIR=str(self.temporary)) as process:
                assert process.stdout is not None
                for line in process.stdout:
                    if "in the middle of it" in line:
                        break
                self.assertEqual(4, len(self.machine.running()))  # three services, and the emulator
                process.send_signal(kind)
                process.communicate(timeout=60)
                self.assertEqual(130, process.returncode)
                self.assertEqual([], self.machine.running())
                self.assertEqual([], os.listdir(self.temporary))
