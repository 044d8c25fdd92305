"""The command `emulator`: an AWS for a test run, gone when the test run is."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

from . import console, emulator, ports, processes
from .environment import LOOPBACK, REPOSITORY
from .home import EMULATOR
from .processes import Process


def serve(port: int | None) -> int:
    """Prints `endpoint URL` when healthy, and stops when standard input closes, as it does when the caller ends."""
    chosen = port or ports.choose([EMULATOR])[EMULATOR]
    ports.require_free({EMULATOR: chosen})
    command, environment = emulator.command(), emulator.environment(chosen, None)
    started: list[Process] = []
    try:
        with console.undivided():
            started.append(_start(command, environment))
        process = started[0]
        emulator.await_healthy(process, chosen, None)
        print(f"endpoint http://{LOOPBACK}:{chosen}", flush=True)
        while process.alive():
            readable, _, _ = select.select([sys.stdin], [], [], 0.5)
            if readable and not os.read(sys.stdin.fileno(), 4096):
                return 0
        raise console.Problem("expected the emulator to go on, found that it ended: see its messages above")
    except KeyboardInterrupt:
        return 0
    finally:
        with console.uninterrupted():
            processes.stop(started, emulator.STOP_LIMIT)


def _start(command: list[str | Path], environment: dict[str, str]) -> Process:
    """Its messages go where ours go."""
    child = subprocess.Popen(
        [str(part) for part in command],
        env=environment,
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        start_new_session=True,
    )
    return Process(EMULATOR, child.pid, processes.started(child.pid) or "ended", child)
