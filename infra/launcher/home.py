"""The folder that holds everything one SmartDoor remembers on this machine."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import stat
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import engine
from .console import Problem
from .engine import Container
from .environment import REPOSITORY, fresh_account
from .processes import Process

EMULATOR = "emulator"
LOCALSTACK = "localstack"  # what the emulator is called in docker-compose.yml
BY_HAND = "end what still runs by hand (ps), and remove"
USUAL = REPOSITORY / ".smartdoor"
DOORS = "door-secrets.json"
DOORS_IN_CONTAINERS = "door-secrets-in-containers.json"
LEFT = "left-in-docker"
# A folder with one of these is a SmartDoor's, whoever made it.
OURS = ("account", "admin-token", DOORS, DOORS_IN_CONTAINERS, "furnished", LEFT, "run.json")


class Busy(Problem):
    """Another command is at work on the same home."""


@dataclass
class Run:
    """What is running for a home: where, on which ports, by which processes."""

    endpoint: str
    account: str
    region: str
    ports: dict[str, int]
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    ready: bool = False
    """Whether the `up` that started it came to its end; until then it is being started, or was left half-way."""
    project: str = ""
    """Of docker-compose, where all of it runs in containers. A process is then what writes down a container's log."""
    followed: dict[str, str] = field(default_factory=dict)
    """The ids of the containers whose logs are written down."""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def alive(self) -> list[str]:
        if self.project:
            return [name for name, container in self.containers().items() if container.running]
        return [name for name, process in self.processes.items() if process.alive()]

    def dead(self) -> list[str]:
        alive = self.alive()
        return [name for name in self.processes if name not in alive]

    def containers(self) -> dict[str, Container]:
        """As Docker knows them now: whoever upgrades them replaces them."""
        found = engine.containers(self.project)
        return {name: found[it] for name in self.ports if (it := LOCALSTACK if name == EMULATOR else name) in found}

    def address(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    def to_json(self) -> dict[str, Any]:
        return {
            "endpoint": self.endpoint,
            "account": self.account,
            "region": self.region,
            "ports": self.ports,
            "outputs": self.outputs,
            "processes": {name: {"pid": it.pid, "started": it.started} for name, it in self.processes.items()},
            "ready": self.ready,
            "project": self.project,
            "followed": self.followed,
            "id": self.id,
        }

    @staticmethod
    def from_json(document: dict[str, Any]) -> Run:
        processes = {name: Process(name, it["pid"], it["started"]) for name, it in document["processes"].items()}
        return Run(
            document["endpoint"],
            document["account"],
            document["region"],
            document["ports"],
            document["outputs"],
            processes,
            ready=document.get("ready", True),
            project=document.get("project", ""),
            followed=document.get("followed", {}),
            id=document.get("id", ""),
        )


class Home:
    """Paths and small files of the state folder. Everything in it is readable by its owner only."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.logs = self.root / "logs"
        self.emulator_state = self.root / "emulator"
        self.run_file = self.root / "run.json"

    @staticmethod
    def given() -> Home:
        """The folder named by SMARTDOOR_HOME, else `.smartdoor` in the repository."""
        return Home(Path(os.environ.get("SMARTDOOR_HOME") or USUAL))

    def create(self) -> None:
        """Makes the folder, and closes to others one that is there already and is ours."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if stat.S_IMODE(self.root.stat().st_mode) & 0o077:
                self._close_to_others()
        except OSError as error:
            raise Problem(
                f"expected to be able to write the state folder {self.root}, found: {error.strerror}: "
                "name another one by SMARTDOOR_HOME"
            ) from error

    def _close_to_others(self) -> None:
        found = {entry.name for entry in self.root.iterdir()}
        if found and self.root != USUAL and not found & set(OURS):
            # Somebody's home, say, or /tmp: what else is in it may be meant to be read.
            raise Problem(
                f"expected a state folder of SmartDoor's own, found {self.root} with other files in it and open to other users: "
                "name an empty one by SMARTDOOR_HOME, or close it to others (chmod 700)"
            )
        self.root.chmod(0o700)

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Held while SmartDoor is being started or stopped. It goes with the process that holds it, however that ends."""
        self.create()
        with (self.root / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy(
                    f"another smartdoor command is starting or stopping this SmartDoor ({self.root}): wait until it is done"
                ) from error
            yield

    def is_being_changed(self) -> bool:
        try:
            with self.changing():
                return False
        except Busy:
            return True

    # What runs

    def run(self) -> Run | None:
        """What was started and not stopped; some of it may have ended by itself."""
        document = self._read(self.run_file, f"{BY_HAND} that file")
        try:
            return Run.from_json(document) if document else None
        except (KeyError, TypeError, AttributeError) as error:
            raise Problem(
                f"expected to read in {self.run_file} what runs, found it incomplete ({type(error).__name__}: {error}): "
                f"{BY_HAND} that file"
            ) from error

    def require_run(self) -> Run:
        """What runs, for commands that talk to it."""
        run = self.run()
        if run is None or not run.alive():
            raise Problem("expected SmartDoor to be running, found that it is not: start it with ./smartdoor up")
        return run

    def remember_run(self, run: Run) -> None:
        self._write(self.run_file, run.to_json())

    def forget_run(self) -> None:
        self.run_file.unlink(missing_ok=True)
        (self.root / DOORS_IN_CONTAINERS).unlink(missing_ok=True)

    def left(self) -> str:
        """The project whose containers were there when no Docker engine was."""
        return str(self._read(self.root / LEFT) or "")

    def remember_left(self, project: str) -> None:
        self._write(self.root / LEFT, project)

    def forget_left(self) -> None:
        (self.root / LEFT).unlink(missing_ok=True)

    # What it knows

    def admin_token(self) -> str:
        """From the environment, else made up at the first use and kept."""
        given = os.environ.get("SMARTDOOR_ADMIN_TOKEN")
        if given:
            return given
        return self._made_once("admin-token", lambda: secrets.token_urlsafe(32))

    def account(self) -> str:
        """The account that this home uses in an AWS that others use too."""
        return self._made_once("account", fresh_account)

    @property
    def doors_file(self) -> Path:
        """The doors of containers are others, and gone with them: a door that is kept has a secret that is shown once."""
        run = self.run()
        return self.root / (DOORS_IN_CONTAINERS if run is not None and run.project else DOORS)

    def door_secrets(self) -> dict[str, str]:
        return self._read(self.doors_file) or {}

    def remember_door(self, door: str, secret: str) -> None:
        with self._writing():
            self._write(self.doors_file, self.door_secrets() | {door: secret})

    def forget_door(self, door: str) -> None:
        with self._writing():
            left = {known: secret for known, secret in self.door_secrets().items() if known != door}
            self._write(self.doors_file, left)

    def is_furnished(self) -> bool:
        """Whether the first door and the first recipient were registered once; removing them later must not bring them back."""
        return (self.root / "furnished").exists()

    def remember_furnished(self) -> None:
        self._replace(self.root / "furnished", "")

    def _made_once(self, name: str, make: Any) -> str:
        file = self.root / name
        if not file.exists():
            with self._writing():
                if not file.exists():
                    self._replace(file, make() + "\n")
        return file.read_text().strip()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Held from reading a file to replacing it: a command beside this one must not undo what it did."""
        self.create()
        with (self.root / "writing").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _read(self, file: Path, advice: str = "remove that file") -> Any:
        try:
            return json.loads(file.read_text())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Problem(
                f"expected to be able to read {file}, found: {error.strerror}: name another state folder by SMARTDOOR_HOME"
            ) from error
        except ValueError as error:
            raise Problem(f"expected JSON in {file}, found something else ({error}): {advice}") from error

    def _write(self, file: Path, document: Any) -> None:
        self._replace(file, json.dumps(document, indent=2) + "\n")

    def _replace(self, file: Path, text: str) -> None:
        """All or nothing, and never readable by others, not even for a moment."""
        self.create()
        temporary = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(text)
        os.replace(temporary, file)
