"""The command `verify`: that it finds what is wrong, and leaves nothing running."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import re
import signal
import tempfile
import threading
import unittest
from collections.abc import Iterator
from pathlib import Path

from launcher import verify
from launcher.tests.fakes import Machine

TEST = """
import unittest


class One(unittest.TestCase):
    def test_it(self) -> None:
        self.assert{}(True)
"""

SKIPPED = '<testsuite><testcase classname="io.smartdoor.OldTest"><skipped message="yesterday"/></testcase></testsuite>'


@contextlib.contextmanager
def localstack() -> Iterator[str]:
    """As far as it is asked whether it is one."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path in ("/_localstack/health", "/") else 404)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


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

    def test_on_localstack_maven_gets_the_one_that_is_given(self) -> None:
        with localstack() as endpoint:
            code, out, _ = self.machine.run("verify", "--localstack", TMPDIR=str(self.temporary), AWS_ENDPOINT_URL=endpoint)
        self.assertEqual(0, code)
        self.assertEqual(f"localstack {endpoint}", (self.machine.seen / "tests-aws").read_text())
        self.assertNotIn("launcher's tests", out)
        self.assertNotIn("skipped", out)
        self.assertEqual([], self.machine.running())

    def test_on_localstack_it_fails_if_its_tests_do(self) -> None:
        self.machine.break_part("mvn")
        with localstack() as endpoint:
            code, out, _ = self.machine.run("verify", "--localstack", TMPDIR=str(self.temporary), AWS_ENDPOINT_URL=endpoint)
        self.assertEqual(1, code)
        self.assertIn("verify: FAILED: Maven on LocalStack\n", out)

    def test_in_docker_each_module_starts_its_own(self) -> None:
        code, _, _ = self.machine.run("verify", "--localstack", TMPDIR=str(self.temporary))
        self.assertEqual(0, code)
        self.assertEqual("localstack None", (self.machine.seen / "tests-aws").read_text())

    def test_without_localstack_it_says_that_and_why_its_tests_are_skipped(self) -> None:
        nowhere = {"DOCKER_HOST": "unix:///nonexistent/docker.sock"}
        _, out, _ = self.machine.run("verify", TMPDIR=str(self.temporary), **nowhere)
        self.assertRegex(out, "(?m)^skipped tests on LocalStack: no Docker here: ./smartdoor verify --localstack ")
        self.assertEqual(0, (self.machine.seen / "tests-aws").read_text().count("localstack"))
        _, out, _ = self.machine.run("verify", TMPDIR=str(self.temporary))
        self.assertIn("skipped tests on LocalStack: not asked for: ./smartdoor verify --localstack runs them\n", out)

    def test_it_says_which_tests_were_skipped_and_why(self) -> None:
        reports = self.machine.repository / "lock-service" / "target" / "surefire-reports"
        reports.mkdir(parents=True)
        for name, content in (("Old", SKIPPED), ("Broken", SKIPPED[:40])):
            (reports / f"TEST-io.smartdoor.{name}Test.xml").write_text(content)
        self.machine.break_part("skipping")
        with localstack() as endpoint:
            _, out, _ = self.machine.run("verify", "--localstack", TMPDIR=str(self.temporary), AWS_ENDPOINT_URL=endpoint)
        self.assertEqual(["skipped NewTest: there is no moon", "skipped NextTest: Assumption failed: no sun"], re.findall("(?m)^skipped .*", out))

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
        # The definition stands in a template of its own, as nothing looks into the file that ours names.
        self.assertEqual(sorted(["mine", *ours, "identify-definition"]), sorted(Path(it).stem for it in linted))
        self.assertEqual(sorted(ours), sorted(Path(it).stem for it in secured))

    def test_a_definition_is_looked_at_within_a_template(self) -> None:
        [template] = verify.with_definitions(self.temporary)
        machine = json.loads(template.read_text())["Resources"]["Workflow"]["Properties"]
        self.assertEqual("JSONata", machine["Definition"]["QueryLanguage"])
        self.assertEqual({"BusName", "ResidentsTable"}, set(machine["DefinitionSubstitutions"]))

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
