"""docker-compose.yml: building, starting and removing what it describes."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from . import emulator, engine
from .console import Problem
from .environment import REPOSITORY
from .home import Home
from .services import STOP_LIMIT

COMPOSES = (["docker", "compose"], ["docker-compose"])


class Compose:
    """docker-compose.yml under a project name of its own, so that several of it can run side by side."""

    def __init__(self, project: str, environ: Mapping[str, str] | None = None) -> None:
        self.project = project
        self.words = [*command(), "--project-name", project, "--file", str(REPOSITORY / "docker-compose.yml")]
        self._environment = dict(os.environ) | dict(environ or {})

    def run(self, *arguments: str, log: Path | None = None) -> str:
        """What it printed, unless a log is given: then all of it goes there."""
        output = log.open("a") if log else subprocess.PIPE
        try:
            done = subprocess.run(
                [*self.words, *arguments],
                cwd=REPOSITORY,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if log else subprocess.PIPE,
                text=True,
                check=False,
            )
        finally:
            if not isinstance(output, int):
                output.close()
        if done.returncode != 0:
            said = emulator.last_line(log) if log else " ".join((done.stderr or "nothing").split())
            raise Problem(f"expected docker-compose {arguments[0]} to work, found: {said}{f': see {log}' if log else ''}")
        return done.stdout or ""

    def container(self, service: str) -> str:
        """Its id; what runs, or ended."""
        return "\n".join(self.containers(service))

    def containers(self, service: str) -> list[str]:
        """The ids of all that a service has."""
        return self.run("ps", *(["-a"] if self.words[0] == "docker" else []), "-q", service).split()

    def remove(self) -> None:
        """With the volume: what is in it belongs to this AWS, which keeps nothing."""
        self.run("down", "--volumes", "--timeout", str(int(STOP_LIMIT)))


def command() -> list[str]:
    """Compose v2, else docker-compose; both need an engine that runs."""
    if not engine.answers():
        raise Problem("expected a Docker engine, found none that answers `docker info`: start Docker, or do without --docker")
    for words in COMPOSES:
        if engine.works([*words, "version"]):
            return list(words)
    raise Problem("expected `docker compose` or docker-compose 1.29, found neither: install one of them, or do without --docker")


def project(home: Home) -> str:
    """Each home has its own."""
    return f"smartdoor-{hashlib.sha256(str(home.root).encode()).hexdigest()[:8]}"


def tag() -> str:
    """Of the images that this clone builds, unless SMARTDOOR_TAG names one: another clone's are others. Homes share them, so that they stay few."""
    return os.environ.get("SMARTDOOR_TAG") or f"clone-{hashlib.sha256(str(REPOSITORY).encode()).hexdigest()[:8]}"
