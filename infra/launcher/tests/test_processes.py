"""Telling processes apart, and ending them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from launcher import processes
from launcher.processes import Process

# Says when it is ready to be stopped, and then waits for ever.
OBEDIENT = "import signal; print('ready', flush=True); signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True)\nwhile True: signal.pause()"


class Processes(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "logs" / "part.log"

    def start(self, program: str) -> Process:
        child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True)
        assert child.stdout is not None
        with child.stdout:
            self.assertEqual(b"ready\n", child.stdout.readline())
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return Process("part", child.pid, processes.started(child.pid) or "", child)

    def test_a_stopped_process_is_no_longer_alive(self) -> None:
        process = self.start(OBEDIENT)
        self.assertTrue(process.alive())
        self.assertEqual([], processes.stop([process], 10))
        self.assertFalse(process.alive())

    def test_one_that_does_not_stop_when_asked_is_stopped_by_force(self) -> None:
        process = self.start(STUBBORN)
        self.assertEqual(["part"], processes.stop([process], 0.1))
        self.assertFalse(process.alive())

    def test_a_stranger_with_a_remembered_number_is_left_alone(self) -> None:
        stranger = self.start(OBEDIENT)
        remembered = Process("part", stranger.pid, "an earlier moment")
        self.assertFalse(remembered.alive())
        processes.stop([remembered], 0.1)
        self.assertTrue(stranger.alive())

    def test_the_remains_of_an_ended_process_are_not_alive(self) -> None:
        child = subprocess.Popen([sys.executable, "-c", "print('done')"], stdout=subprocess.PIPE)
        known = processes.started(child.pid)
        assert child.stdout is not None
        with child.stdout:
            child.stdout.read()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has asked how yet
        self.assertFalse(Process("part", child.pid, known or "").alive())
        child.wait()

    def test_what_it_prints_goes_to_its_log_and_its_exit_code_is_known(self) -> None:
        process = processes.start("part", [sys.executable, "-c", "print('hello'); raise SystemExit(3)"], os.environ, self.log)
        assert process.handle is not None
        process.handle.wait()
        self.assertEqual("hello\n", self.log.read_text())
        self.assertEqual(3, process.exit_code())

    def test_how_it_ended_is_said_as_far_as_it_is_known(self) -> None:
        handle = mock.Mock(spec=subprocess.Popen)
        process = Process("part", 1, "then", handle)
        handle.poll.return_value = None  # its first thread is gone, its others not yet
        handle.wait.return_value = 3
        self.assertEqual("ended with exit code 3", process.ending())
        handle.wait.return_value = -9
        self.assertEqual("was ended by SIGKILL", process.ending())
        handle.wait.side_effect = subprocess.TimeoutExpired("part", 1.0)
        self.assertEqual("ended", process.ending())
        self.assertEqual("ended", Process("part", 1, "then").ending())

    def test_when_it_started_is_the_same_in_every_language_and_time_zone(self) -> None:
        process = self.start(OBEDIENT)
        said = set()
        for zone, language in (("UTC", "C"), ("Asia/Tokyo", "de_DE.UTF-8"), ("JST-9", "fr_FR.UTF-8")):
            with mock.patch.dict("os.environ", {"TZ": zone, "LC_ALL": language}):
                said.add(processes._started_by_ps(process.pid))
        self.assertEqual(1, len(said))
        self.assertNotIn(None, said)

    def test_remains_that_may_not_be_signalled_are_as_good_as_gone(self) -> None:
        process = self.start(OBEDIENT)
        with mock.patch("os.killpg", side_effect=PermissionError), mock.patch("launcher.processes.KILL_LIMIT", 0):
            self.assertEqual(["part"], processes.stop([process], 0))

    def test_it_is_out_of_reach_of_the_terminals_ctrl_c(self) -> None:
        process = processes.start("part", [sys.executable, "-c", OBEDIENT], os.environ, self.log)
        self.addCleanup(processes.stop, [process], 5)
        self.assertEqual(process.pid, os.getsid(process.pid))
