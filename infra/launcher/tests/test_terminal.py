"""What becomes of a SmartDoor whose terminal is closed, or whose output nobody reads any more."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from launcher.tests.fakes import Machine


BOTH = (0, 130)
"""A write that fails ends it, and so does the signal. Where the second comes while the first is dealt with, it says 130."""


class Following(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(Path(folder.name).resolve())
        self.addCleanup(self.machine.clean_up)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.machine.repository / "smartdoor"), *arguments]

    def test_a_closed_terminal_stops_everything(self) -> None:
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(sys.executable, self.command("up"), self.machine.environment())
        with open(terminal, "rb", buffering=0) as screen:
            shown = b""
            while b"-service speaks" not in shown:
                shown += screen.read(4096)
        # Closing the last end of a terminal sends SIGHUP, and lets every later write fail.
        _, ended = os.waitpid(pid, 0)
        self.assertEqual([], self.machine.running())
        self.assertIn(os.waitstatus_to_exitcode(ended), BOTH)
        self.assertFalse((self.machine.home / "run.json").exists())

    def test_an_output_that_nobody_reads_any_more_stops_everything(self) -> None:
        process = subprocess.Popen(
            self.command("up"),
            env=self.machine.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout is not None
        for line in process.stdout:
            if b"-service speaks" in line:
                break
        process.stdout.close()
        os.kill(process.pid, signal.SIGTERM)  # nothing more is written by itself here, so nothing else would tell it
        self.assertIn(process.wait(timeout=60), BOTH)
        self.assertEqual([], self.machine.running())
