"""The command `prove`: crashes and disturbs the services, and checks what became of it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from . import applications, console, jdk, maven, tools
from .console import Problem
from .environment import REPOSITORY, UMASK, given_endpoint, without_aws
from .services import ALL, JVM

MODULE = "system-tests"
MADE_OF = ("event-schemas", "infra", MODULE)
MINUTES = 2.0
END_LIMIT = 30.0  # seconds for a proof that is interrupted to end what it started


def crashes(as_json: bool, only: str | None) -> int:
    """Zero if every promise held in every crash, and if the checker caught every build that was broken on purpose."""
    arguments = [*(["--json"] if as_json else []), *(["--only", only] if only else [])]
    return run("io.smartdoor.proof.ProveCrashes", arguments)


def soak(as_json: bool, broken: bool, minutes: float, seed: int | None) -> int:
    """Zero if every promise held while everything went wrong, or if every broken build was caught; the seed says what went wrong."""
    chosen = seed if seed is not None else secrets.randbelow(1_000_000)
    flags = [*(["--json"] if as_json else []), *(["--broken"] if broken else [])]
    arguments = [*flags, "--minutes", str(minutes), "--seed", str(chosen)]
    return run("io.smartdoor.proof.ProveSoak", arguments)


def upgrade(as_json: bool, minutes: float, seed: int | None, release: Path | None) -> int:
    """Zero if every promise held while every instance was replaced; the seed says what doors reported meanwhile."""
    if release is not None:
        _require_jars(release)
    chosen = seed if seed is not None else secrets.randbelow(1_000_000)
    flags = [*(["--json"] if as_json else []), *(["--from", str(release.absolute())] if release else [])]
    return run("io.smartdoor.proof.ProveUpgrade", [*flags, "--minutes", str(minutes), "--seed", str(chosen)])


def command(java_home: Path, classpath: str, program: str, arguments: Sequence[str]) -> list[str]:
    # Its libraries would like to log; the proof itself says what it does.
    words = [java_home / "bin/java", *JVM, "-Dslf4j.internal.verbosity=ERROR", "-cp", classpath, program, *arguments]
    return [str(word) for word in words]


def _require_jars(release: Path) -> None:
    """Before anything is built for it."""
    missing = [f"{service.name}.jar" for service in ALL if not (release / f"{service.name}.jar").is_file()]
    if missing:
        found = f"no {', '.join(missing)}" if release.is_dir() else "no such folder"
        raise Problem(f"expected the jars of a release in {release}, found {found}: correct --from")


def run(program: str, arguments: list[str]) -> int:
    environ = without_aws(os.environ)
    endpoint = given_endpoint()
    if endpoint is not None:
        environ["AWS_ENDPOINT_URL"] = endpoint
    java_home = jdk.find()
    with tempfile.TemporaryDirectory(prefix="smartdoor-prove-") as folder:
        classpath = prepare(java_home, Path(folder) / "build.log")
        jars = applications.prepare(java_home, Path(folder) / "build.log")
    named = [f"{service.stack}={jars[service.name]}" for service in ALL]
    words = command(java_home, classpath, program, [*arguments, *named])
    child = subprocess.Popen(words, env=environ, cwd=REPOSITORY, stdin=subprocess.DEVNULL)
    with ended(child):
        return child.wait()


@contextlib.contextmanager
def ended(child: subprocess.Popen[Any]) -> Iterator[None]:
    """However this ends: the proof, too, and with it the services and the emulator that it started."""
    try:
        yield
    finally:
        with console.uninterrupted():
            if child.poll() is None:
                child.terminate()
            child.wait(END_LIMIT)


def prepare(java_home: Path, build_log: Path) -> str:
    """The class path of what proves, built first if needed."""
    target = REPOSITORY / MODULE / "target"
    stamp = target / "proof.sources"
    with tools.lock(MODULE):
        found = fingerprint()
        if not (stamp.exists() and stamp.read_text() == found and (target / "lib").is_dir()):
            _build(java_home, build_log)
            stamp.write_text(found)
    return os.pathsep.join([str(target / "classes"), str(target / "lib" / "*")])


def fingerprint() -> str:
    """Another one for every change of a file that the proof is made of."""
    known = hashlib.sha256()
    for source in sorted(_sources()):
        found = source.stat()
        known.update(f"{source.relative_to(REPOSITORY)}\0{found.st_mtime_ns}\0{found.st_size}\n".encode(errors="surrogateescape"))
    return known.hexdigest()


def _sources() -> Iterator[Path]:
    yield REPOSITORY / "pom.xml"
    for module in MADE_OF:
        yield REPOSITORY / module / "pom.xml"
        for folder, _, files in os.walk(REPOSITORY / module / "src" / "main"):
            yield from (Path(folder) / file for file in files)


def _build(java_home: Path, log: Path) -> None:
    program = maven.require(java_home)
    words = [program, "-q", "-B", "-Dmaven.test.skip=true", "package", "-pl", MODULE, "-am"]
    with console.step("building what proves"), log.open("w") as output:
        done = subprocess.run(
            words,
            cwd=REPOSITORY,
            env=maven.environment(java_home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            umask=UMASK,
            check=False,
        )
    if done.returncode != 0:
        errors = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.startswith("[ERROR]")]
        raise Problem(f"expected what proves to build, found: {(errors or ['nothing'])[0]}: see `{' '.join(map(str, words))}`")
