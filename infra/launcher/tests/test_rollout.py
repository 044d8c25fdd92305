"""The command `prove upgrade --docker`: what is replaced how, and what is said of it."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from launcher import cli, rollout, services
from launcher.console import Problem
from launcher.containers import Containers
from launcher.environment import LOCAL_ACCOUNT
from launcher.home import Home
from launcher.services import Service
from launcher.system import Plan, states
from launcher.tests.fakes import Machine

# Stands for the proof: reads where everything is, lets the update begin, and says what it heard of it.
PROOF = """
import json, sys
heard = [sys.stdin.readline()]
print("reporting", flush=True)
heard += sys.stdin.readlines()
print(json.dumps([json.loads(it) for it in heard]))
"""


class Double:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.stops: dict[str, float | None] = {}

    def replace(self, service: Service) -> float | None:
        self.asked.append(f"replace {service.stack}")
        return self.stops.get(service.stack, 1.5)

    def replace_beside(self, service: Service) -> float | None:
        self.asked.append(f"beside {service.stack}")
        return self.stops.get(service.stack, 1.5)

    def ends(self) -> int:
        return 2


class Rollout(unittest.TestCase):
    def setUp(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.double = Double()
        self.err = io.StringIO()

    def replace_all(self) -> None:
        with contextlib.redirect_stderr(self.err):
            rollout.replace_all(self.double, self.said.append)  # type: ignore[arg-type]

    def test_who_reads_is_replaced_before_who_writes_and_the_two_side_by_side(self) -> None:
        self.replace_all()
        self.assertEqual(["beside notification", "beside identification", "replace lock"], self.double.asked)
        self.assertEqual({"said": "begins", "service": "notification"}, self.said[0])
        self.assertEqual({"said": "ends", "service": "notification", "stop-ms": 1500}, self.said[1])
        self.assertEqual({"said": "over", "ended-by-themselves": 2}, self.said[-1])
        self.assertEqual(7, len(self.said))

    def test_each_replacement_is_a_line(self) -> None:
        self.replace_all()
        lines = self.err.getvalue().splitlines()
        self.assertEqual(3, len(lines))
        self.assertRegex(lines[0], r"^  notification-service: another container was started beside it, the old one ended in 1\.5 s; ")
        self.assertRegex(lines[2], r"^  lock-service: another container stands in its place, ")

    def test_a_container_that_had_to_be_killed_has_no_time(self) -> None:
        self.double.stops["lock"] = None
        self.replace_all()
        self.assertEqual({"said": "ends", "service": "lock"}, self.said[-2])
        self.assertIn("lock-service: another container stands in its place, the old one had to be killed", self.err.getvalue())

    def test_what_docker_has_no_use_for_is_refused(self) -> None:
        for words in (["--minutes", "2"], ["--from", "/release"]):
            given = cli.parser().parse_args(["prove", "upgrade", "--docker", *words])
            with self.subTest(words), self.assertRaisesRegex(Problem, "neither --minutes nor --from with --docker"):
                given.run(given)


class InContainers(unittest.TestCase):
    """On an engine that is the tests' own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(Path(folder.name).resolve())
        self.addCleanup(self.machine.clean_up)
        self.temporary = self.machine.folder / "temporary"
        self.temporary.mkdir()
        environ = mock.patch.dict("os.environ", self.machine.environment(), clear=True)
        environ.start()
        self.addCleanup(environ.stop)

    def start(self) -> Containers:
        plan = Plan.make(None, LOCAL_ACCOUNT, free_ports=True, keeps_state=False)
        system = Containers(Home(self.machine.home), plan)
        with contextlib.redirect_stderr(io.StringIO()):
            system.start()
        self.addCleanup(system.stop)
        return system

    def containers(self) -> list[str]:
        return sorted(it.stem for it in (self.machine.seen).glob("*.container"))

    def test_another_container_beside_it_has_another_port_and_one_in_its_place_the_same(self) -> None:
        system = self.start()
        before = dict(system.run.ports)
        self.assertIsNotNone(system.replace_beside(services.NOTIFICATION))
        self.assertEqual(["identification-service", "localstack", "lock-service", "notification-service~1"], self.containers())
        changed = {name for name, port in system.run.ports.items() if port != before[name]}
        self.assertEqual({services.NOTIFICATION.name}, changed)

        before = dict(system.run.ports)
        self.assertIsNotNone(system.replace(services.LOCK))
        self.assertEqual(["identification-service", "localstack", "lock-service~1", "notification-service~1"], self.containers())
        self.assertEqual(before, system.run.ports)
        self.assertEqual(0, system.ends())

    def test_who_does_not_end_has_no_time_and_who_ended_by_itself_is_counted_once(self) -> None:
        system = self.start()
        self.machine.break_part("deaf-container")
        self.machine.break_part("restarted-container")
        self.assertIsNone(system.replace_beside(services.NOTIFICATION))
        self.assertIsNone(system.replace(services.LOCK))
        self.assertEqual(4, system.ends())  # those that were ready before: two that run, and the two that did
        self.assertEqual(4, system.ends())

    def test_who_is_started_again_until_it_is_ready_has_not_ended_by_itself(self) -> None:
        self.machine.break_part(services.LOCK.name)
        self.machine.break_part("starts-over")
        system = self.start()
        self.assertEqual({"healthy"}, set(states(system.run).values()))
        self.assertEqual(0, system.ends())
        self.machine.break_part(services.NOTIFICATION.name)
        self.assertIsNotNone(system.replace_beside(services.NOTIFICATION))
        self.assertEqual(0, system.ends())

    def test_a_service_that_does_not_come_up_ends_it_and_the_old_one_stays(self) -> None:
        system = self.start()
        self.machine.break_part(services.NOTIFICATION.name)
        with self.assertRaisesRegex(Problem, "expected notification-service to start"):
            system.replace_beside(services.NOTIFICATION)
        self.assertIn("notification-service", self.containers())

    def test_the_proof_is_told_where_everything_is_and_all_that_happens(self) -> None:
        code, out, err = self.upgrade(PROOF)
        heard = json.loads(out)
        self.assertEqual(0, code, err)
        told = json.loads((self.machine.seen / "compose.json").read_text())
        self.assertEqual(f"http://127.0.0.1:{told['SMARTDOOR_PORT_AWS']}", heard[0]["endpoint"])
        self.assertEqual({"lock", "notification", "identification"}, set(heard[0]["addresses"]))
        self.assertEqual("the-bus-name", heard[0]["outputs"]["bus"]["Name"])
        self.assertEqual(["begins", "ends"] * 3 + ["over"], [it["said"] for it in heard[1:]])
        self.assertEqual([], self.containers())
        self.assertEqual([], list(self.temporary.iterdir()))

    def test_a_proof_that_fails_early_is_shown_and_leaves_the_logs(self) -> None:
        code, out, err = self.upgrade("print('NOT PROVED'); raise SystemExit(1)")
        self.assertEqual((1, "NOT PROVED\n"), (code, out))
        self.assertNotIn("notification-service~1", (self.machine.seen / "compose").read_text())
        self.assertEqual([], self.containers())
        (folder,) = self.temporary.iterdir()
        self.assertTrue(err.endswith(f"- the logs of the services are in {folder}/logs\n"), err)
        self.assertIn("lock-service speaks", (folder / "logs" / "lock-service.log").read_text())

    def upgrade(self, program: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error, with another proof."""
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            mock.patch("tempfile.tempdir", str(self.temporary)),
            mock.patch("launcher.prove.prepare", return_value="classes"),
            mock.patch("launcher.prove.command", return_value=[sys.executable, "-c", program]),
        ):
            return rollout.upgrade(False, 7), out.getvalue(), err.getvalue()

    def test_without_an_engine_it_says_so_before_anything_is_built(self) -> None:
        self.machine.break_part("engine")
        code, out, err = self.machine.run("prove", "upgrade", "--docker")
        self.assertEqual((1, ""), (code, out))
        self.assertRegex(err, r"\Asmartdoor: expected a Docker engine, found none .*: start Docker, or do without --docker\n\Z")
        self.assertFalse((self.machine.seen / "builds").exists())

    def test_another_aws_is_refused(self) -> None:
        code, _, err = self.machine.run("prove", "upgrade", "--docker", AWS_ENDPOINT_URL="http://127.0.0.1:1")
        self.assertEqual(1, code)
        self.assertRegex(err, r"(?m)^smartdoor: expected no AWS_ENDPOINT_URL with --docker")
