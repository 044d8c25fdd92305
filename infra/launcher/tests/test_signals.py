"""A signal at the worst moment: what must not be cut in two is not, and the signal is not lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from launcher import console, emulator, processes, services, serving, verify
from launcher.home import Home
from launcher.processes import Process
from launcher.system import Plan, System

SLEEPER = "import signal; signal.pause()"
FACTORY = subprocess.Popen


class Undivided(unittest.TestCase):
    def setUp(self) -> None:
        before = {kind: signal.getsignal(kind) for kind in console.SIGNALS}
        self.addCleanup(lambda: [signal.signal(kind, handler) for kind, handler in before.items()])
        console.stop_on_signals()

    def test_a_signal_comes_after_what_must_not_be_cut_in_two(self) -> None:
        for kind in console.SIGNALS:
            done = []
            with self.subTest(kind), self.assertRaises(KeyboardInterrupt):
                with console.undivided():
                    signal.raise_signal(kind)
                    done.append(kind)
            self.assertEqual([kind], done)

    def test_a_signal_is_not_kept_from_a_failure(self) -> None:
        with self.assertRaises(ValueError):
            with console.undivided():
                raise ValueError
        with self.assertRaises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)

    def test_a_program_started_meanwhile_can_be_ended_as_any_other(self) -> None:
        for section in (console.undivided, console.uninterrupted):
            with self.subTest(section):
                with section():
                    program = "import signal; print(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL)"
                    said = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True).stdout
                self.assertEqual(b"True\n", said)

    def test_what_nohup_ignores_stays_ignored(self) -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with console.undivided():
            self.assertEqual(signal.SIG_IGN, signal.getsignal(signal.SIGHUP))


class Starting(unittest.TestCase):
    """A signal between a program's start and the launcher's knowing of it."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Home(Path(folder.name) / "home")
        before = {kind: signal.getsignal(kind) for kind in console.SIGNALS}
        self.addCleanup(lambda: [signal.signal(kind, handler) for kind, handler in before.items()])
        console.stop_on_signals()
        self.children: list[subprocess.Popen[bytes]] = []
        self.addCleanup(self.end_children)

    def end_children(self) -> None:
        for child in self.children:
            if child.poll() is None:
                child.kill()
                child.wait()

    def interrupted(self, command: Callable[[], object]) -> None:
        """Whatever the command starts is a sleeper, and a signal comes before it hears of it."""

        def start(wanted: Any, **settings: Any) -> subprocess.Popen[bytes]:
            if wanted[0] == "ps":
                return FACTORY(wanted, **settings)
            settings.pop("stdout", None)
            self.children.append(FACTORY([sys.executable, "-c", SLEEPER], **settings))
            signal.raise_signal(signal.SIGTERM)
            return self.children[-1]

        with mock.patch("subprocess.Popen", start), mock.patch("launcher.tools.python", return_value=Path(sys.executable)):
            try:
                command()
            except KeyboardInterrupt:
                pass
        self.assertEqual(1, len(self.children))
        self.assertIsNotNone(self.children[0].poll())

    def system(self) -> System:
        plan = Plan.make(None, "123456789012", free_ports=True, keeps_state=False)
        return System(self.home, plan)

    def test_leaves_no_emulator_of_up(self) -> None:
        with mock.patch("launcher.applications.prepare", return_value={}), mock.patch("launcher.jdk.find", return_value=Path()):
            self.interrupted(self.system().start)

    def test_leaves_no_service(self) -> None:
        started = self.system()
        started.commands = {services.LOCK.name: ["java"]}
        self.home.create()

        def start() -> None:
            try:
                started._launch(services.LOCK)
            finally:
                started.stop()

        self.interrupted(start)

    def test_leaves_no_emulator_of_a_test_run(self) -> None:
        self.interrupted(lambda: serving.serve(None))

    def test_leaves_no_emulator_of_verify(self) -> None:
        def start() -> None:
            with verify._aws(self.home.root):
                self.fail("it was not interrupted")

        with mock.patch.dict("os.environ"):
            os.environ.pop("AWS_ENDPOINT_URL", None)
            self.interrupted(start)

    def test_a_service_being_stopped_is_known_until_it_is(self) -> None:
        started = self.system()
        self.home.create()
        child = FACTORY([sys.executable, "-c", SLEEPER], start_new_session=True)
        self.children.append(child)
        process = Process(services.LOCK.name, child.pid, processes.started(child.pid) or "", child)
        started._remember(process)
        with mock.patch("launcher.processes.stop", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            started.stop_service(services.LOCK)
        self.assertEqual([services.LOCK.name], started.run.alive())
        started.stop_service(services.LOCK)
        self.assertEqual({}, started.run.processes)
        self.assertIsNotNone(child.poll())


class Ports(unittest.TestCase):
    """Two runs that chose the same port: one listens, and answers for the other too."""

    def setUp(self) -> None:
        self.dead = Process("part", os.getpid(), "another moment")

    def test_an_emulator_that_ended_is_not_healthy_because_another_answers(self) -> None:
        with mock.patch("launcher.emulator.answers", return_value=True):
            with self.assertRaisesRegex(console.Problem, "expected the emulator to start on port 4566"):
                emulator.await_healthy(self.dead, 4566, None)

    def test_nor_is_a_service(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            started = System(Home(Path(folder)), Plan(None, "123456789012", {"lock-service": 1, "emulator": 2}, False))
            started.run.processes["lock-service"] = self.dead
            with mock.patch("launcher.system.is_healthy", return_value=True):
                with self.assertRaisesRegex(console.Problem, "expected lock-service to start"):
                    started._await_ready([services.LOCK])
