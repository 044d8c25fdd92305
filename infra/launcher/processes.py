"""Processes that outlive the command that started them, told apart from strangers that got the same number later."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PAUSE = 0.05  # seconds between two looks at a process
REAP_LIMIT = 1.0  # seconds for the exit code of a process that seems to have ended
KILL_LIMIT = 5.0  # seconds for a process to be gone that was ended by force


@dataclass(frozen=True)
class Process:
    """A process by its number and the moment it started; the number alone may belong to somebody else by now."""

    name: str
    pid: int
    started: str
    handle: subprocess.Popen[bytes] | None = field(default=None, compare=False, repr=False)

    def alive(self) -> bool:
        if self.handle is not None:
            self.handle.poll()  # lets go of a child that ended, so that it does not linger as a zombie
        return started(self.pid) == self.started

    def exit_code(self) -> int | None:
        """How it ended, where this very command started it. A program's first thread may be gone a moment before its others, and with
        them its exit code."""
        if self.handle is None:
            return None
        try:
            return self.handle.wait(REAP_LIMIT)
        except subprocess.TimeoutExpired:
            return None

    def ending(self) -> str:
        return ending(self.exit_code())


def ending(code: int | None) -> str:
    """What is known of how a process ended: a negative code is the number of a signal."""
    if code is None:
        return "ended"
    return f"ended with exit code {code}" if code >= 0 else f"was ended by {_signal_name(-code)}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def started(pid: int) -> str | None:
    """Identifies the process that has this number now: when it started. None where there is none, or only its remains."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            # The second field is the program's name in brackets, and may itself contain brackets and spaces.
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
        except OSError:
            return None
        return None if fields[0] in "ZX" else f"{boot}-{fields[19]}"
    return _started_by_ps(pid)


def _started_by_ps(pid: int) -> str | None:
    # Said in the caller's language and time zone, if we let it: another terminal's may be others.
    environ = dict(os.environ) | {"LC_ALL": "C", "TZ": "UTC"}
    found = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)], env=environ, capture_output=True, text=True, check=False
    )
    state, _, since = found.stdout.strip().partition(" ")
    return since.strip() if state and not state.startswith("Z") else None


def start(name: str, command: Sequence[str | Path], environ: Mapping[str, str], log: Path) -> Process:
    """Starts a program in a session of its own, so that a Ctrl-C meant for the launcher does not reach it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        handle = subprocess.Popen(
            [str(part) for part in command],
            env=dict(environ),
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Process(name, handle.pid, started(handle.pid) or "ended", handle)


def stop(processes: Iterable[Process], limit: float) -> list[str]:
    """Asks the processes to end, waits, and ends by force those that did not within the limit (seconds); returns their names."""
    running = [process for process in processes if process.alive()]
    for process in running:
        _signal(process, signal.SIGTERM)
    left = _wait(running, limit)
    for process in left:
        _signal(process, signal.SIGKILL)
    _wait(left, KILL_LIMIT)
    return [process.name for process in left]


def _wait(processes: list[Process], limit: float) -> list[Process]:
    deadline = time.monotonic() + limit
    left = [process for process in processes if process.alive()]
    while left and time.monotonic() < deadline:
        time.sleep(PAUSE)
        left = [process for process in left if process.alive()]
    return left


def _signal(process: Process, kind: signal.Signals) -> None:
    """To the whole session: it began with this process, so nobody else's is in it."""
    try:
        os.killpg(process.pid, kind)
    except (ProcessLookupError, PermissionError):
        pass  # gone; of a group with nothing but remains in it, macOS says that it may not be signalled
