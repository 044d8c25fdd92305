"""MiniStack: the AWS of a laptop and of the tests."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from . import processes, tools
from .console import Problem
from .environment import LOOPBACK, region, without_aws
from .processes import Process

START_LIMIT = 30.0  # seconds; usually well under one
ANSWER_LIMIT = 5.0  # seconds for one answer
STOP_LIMIT = 20.0  # seconds; it saves its state and lets long polls end
# Nothing else reaches it: settings of another MiniStack in the user's environment must not change ours.
PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE")


def start(name: str, port: int, log: Path, state: Path | None) -> Process:
    """Starts an emulator; with a state folder, what it knows survives a clean stop."""
    return processes.start(name, command(), environment(port, state), log)


def command() -> list[str | Path]:
    return [tools.python(tools.EMULATOR), "-I", "-m", "ministack"]


def environment(port: int, state: Path | None) -> dict[str, str]:
    settings = {key: value for key, value in without_aws(os.environ).items() if key in PASSED_ON}
    settings |= {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": LOOPBACK,
        "MINISTACK_REGION": region(),
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
        # Parts that SmartDoor does not use, and that would open ports or tidy up in the user's Docker.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent/docker.sock",
    }
    if state is not None:
        (state / "objects").mkdir(mode=0o700, parents=True, exist_ok=True)
        settings |= {"PERSIST_STATE": "1", "STATE_DIR": str(state), "S3_PERSIST": "1", "S3_DATA_DIR": str(state / "objects")}
    return settings


def await_healthy(process: Process, port: int, log: Path | None) -> None:
    """Returns when the emulator answers; says why it does not."""
    deadline = time.monotonic() + START_LIMIT
    where = f"see {log}" if log else "see its messages above"
    while True:
        answered = answers(f"http://{LOOPBACK}:{port}", "/_ministack/health")
        if not process.alive():
            # Whatever answered: two runs may have chosen the same port.
            found = last_line(log) if log else "that it ended"
            raise Problem(f"expected the emulator to start on port {port}, found: {found}: {where}")
        if answered:
            return
        if time.monotonic() > deadline:
            raise Problem(f"expected the emulator to answer within {START_LIMIT:.0f} s, found silence on port {port}: {where}")
        time.sleep(0.05)


def answers(address: str, path: str, is_good: Callable[[int], bool] = lambda status: status == 200) -> bool:
    """Whether a GET is answered in time and with a good status; no proxy is ever asked."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or LOOPBACK, parts.port, timeout=ANSWER_LIMIT)
    try:
        connection.request("GET", path)
        return is_good(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def last_line(log: Path) -> str:
    try:
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        lines = []
    return lines[-1] if lines else "nothing in its log"
