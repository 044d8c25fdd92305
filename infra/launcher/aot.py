"""AOT caches: what one start of a service loaded and linked, the next ones find ready. Trained once for each jar, JDK and set of flags."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import console, tools
from .environment import REPOSITORY
from .services import JVM, PASSED_ON, options

LIMIT = 600.0  # seconds for all trainings together, which run side by side: on an idle machine some ten, on a busy one minutes
TRAINING = REPOSITORY / "infra" / "jvm" / "training"


@dataclass(frozen=True)
class Application:
    """An unpacked jar, and the files beside it. Their folder is named by the jar's content, so each version has its own."""

    name: str
    jar: Path
    java_home: Path

    @property
    def training(self) -> tuple[str, ...]:
        return options(TRAINING / f"{self.name}.options")

    @property
    def cache(self) -> Path:
        """A JVM of another build, or with other flags, could not use it, and has another."""
        identity = "\0".join([*JVM, *self.training, str(self.java_home.resolve()), _release(self.java_home)])
        return self.jar.with_name(f"{self.name}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}.aot")

    @property
    def partial(self) -> Path:
        return self.cache.with_suffix(".partial")

    def remove_partial(self) -> None:
        for file in (self.partial, self.partial.with_name(f"{self.partial.name}.config")):  # the second is java's own
            file.unlink(missing_ok=True)

    @property
    def log(self) -> Path:
        return self.jar.with_name(f"{self.name}.training.log")


def prepare(java_home: Path, jars: Mapping[str, Path]) -> dict[str, Path]:
    """The cache of each service, made first if needed. A service whose training fails has none: it starts as ever, only later."""
    applications = [Application(name, jar, java_home) for name, jar in jars.items()]
    with tools.lock("aot"):
        untrained = [it for it in applications if not it.cache.exists()]
        if untrained:
            with console.step("training the services, so that they start faster from now on"):
                failures = _train(untrained)
            for name, found in failures.items():
                console.progress(f"  {name} starts without an AOT cache: its training failed, found: {found}")
    return {it.name: it.cache for it in applications if it.cache.exists()}


def _release(java_home: Path) -> str:
    try:
        return (java_home / "release").read_text(errors="replace")
    except OSError:
        return ""


def _train(applications: Iterable[Application]) -> dict[str, str]:
    """What went wrong, by service. Each start ends by itself where it would begin to look for AWS, and then writes down what it loaded."""
    children: dict[Application, subprocess.Popen[bytes]] = {}
    try:
        for application in applications:
            children[application] = _start(application)
        deadline = time.monotonic() + LIMIT
        outcomes = {application.name: _outcome(application, child, deadline) for application, child in children.items()}
        return {name: found for name, found in outcomes.items() if found}
    finally:
        for application, child in children.items():
            if child.poll() is None:
                child.kill()
            child.wait()
            application.remove_partial()


def _start(application: Application) -> subprocess.Popen[bytes]:
    application.remove_partial()
    recorded = f"-XX:AOTCacheOutput={application.partial}"
    command = [application.java_home / "bin/java", *JVM, *application.training, recorded, "-jar", application.jar]
    with application.log.open("wb") as log:
        return subprocess.Popen(
            [str(part) for part in command],
            env={key: value for key, value in os.environ.items() if key in PASSED_ON},
            cwd=application.jar.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _outcome(application: Application, child: subprocess.Popen[bytes], deadline: float) -> str:
    """What went wrong; empty, and the cache in its place as a whole, if nothing did."""
    try:
        code = child.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return f"not done after {LIMIT:.0f} s: see {application.log}"
    if code != 0 or not application.partial.exists():
        return f"exit code {code}: see {application.log}"
    for old in application.jar.parent.glob("*.aot"):
        old.unlink(missing_ok=True)  # for other flags, or a JDK that was replaced; what runs with it goes on
    application.partial.rename(application.cache)
    return ""
