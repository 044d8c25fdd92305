"""What the Docker engine is asked for, and what it says of the containers of one project of docker-compose."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from .console import Problem

LIMIT = 30.0  # seconds for the engine to answer
LABEL = "com.docker.compose"  # begins what docker-compose, of either version, writes on its containers
RUNNING = ("running", "restarting")


@dataclass(frozen=True)
class Container:
    id: str
    name: str
    running: bool
    exit_code: int | None = None


def run(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Problem(f"expected docker {arguments[0]} to work, found: {' '.join(done.stderr.split())}")
    return done.stdout


@dataclass(frozen=True)
class State:
    """Of one container: docker's word for it, how it ended last, and how often it was started again after that."""

    status: str
    exit_code: int
    restarts: int

    @property
    def running(self) -> bool:
        return self.status in RUNNING


def state(container: str) -> State:
    status, code, restarts = run("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}} {{.RestartCount}}", container).split()
    return State(status, int(code), int(restarts))


def containers(project: str) -> dict[str, Container]:
    """By their service in docker-compose.yml, of several the one that runs; none where no engine answers, as none runs without it."""
    fields = "\t".join(("{{.ID}}", "{{.Names}}", f'{{{{.Label "{LABEL}.service"}}}}', "{{.State}}", "{{.Status}}"))
    words = ["docker", "ps", "--all", "--no-trunc", "--filter", f"label={LABEL}.project={project}", "--format", fields]
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT, check=False)
    except (OSError, subprocess.SubprocessError):
        return {}
    found: dict[str, Container] = {}
    for line in done.stdout.splitlines() if done.returncode == 0 else []:
        number, name, service, state, status = line.split("\t")
        code = re.match(r"Exited \((\d+)\)", status)
        if service not in found or not found[service].running:
            found[service] = Container(number, name, state in RUNNING, int(code.group(1)) if code else None)
    return found


def works(words: Sequence[str]) -> bool:
    try:
        return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def answers() -> bool:
    return works(["docker", "info"])
