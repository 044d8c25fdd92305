"""Turns sources into what is started: builds the services' jars where they are out of date, and unpacks them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import console, maven, tools
from .console import Problem
from .environment import REPOSITORY, UMASK
from .services import ALL, Service

KEPT = 5  # unpacked versions of a service; a running one is the newest of its home


def prepare(java_home: Path, build_log: Path, repository: Path = REPOSITORY) -> dict[str, Path]:
    """The startable jar of every service, built first if needed. Two commands side by side build once."""
    with tools.lock("app"):
        if any(is_stale(service, repository) for service in ALL):
            program = maven.require(java_home)
            # Taken before the build: what is edited while it runs may not be in it.
            built_from = {service.name: fingerprint(service, repository) for service in ALL}
            with console.step("building the services (the first time, their libraries are downloaded too)"):
                build(program, java_home, build_log, repository)
            for service in ALL:
                _stamp(service, repository).write_text(built_from[service.name])
        return {service.name: unpacked(java_home, jar(service, repository)) for service in ALL}


def jar(service: Service, repository: Path = REPOSITORY) -> Path:
    return repository / service.name / "target" / f"{service.name}.jar"


def is_stale(service: Service, repository: Path = REPOSITORY) -> bool:
    """Whether the jar is missing, or made of other files than those that are there now."""
    try:
        # When it was put there: reproducible jars bear a fixed time of modification.
        built = jar(service, repository).stat().st_ctime_ns
    except FileNotFoundError:
        return True
    stamp = _stamp(service, repository)
    if stamp.exists() and stamp.stat().st_ctime_ns >= built:
        return stamp.read_text() != fingerprint(service, repository)
    # Built by Maven itself. A folder is newer than its last file where one was deleted.
    return any(it.stat().st_mtime_ns > built for it in (*sources(service, repository), *_folders(service, repository)))


def fingerprint(service: Service, repository: Path = REPOSITORY) -> str:
    """Another one for every change of a file that the jar is made of."""
    known = hashlib.sha256()
    for source in sorted(sources(service, repository)):
        found = source.stat()
        line = f"{source.relative_to(repository)}\0{found.st_mtime_ns}\0{found.st_size}\n"
        known.update(line.encode(errors="surrogateescape"))
    return known.hexdigest()


def sources(service: Service, repository: Path = REPOSITORY) -> Iterator[Path]:
    yield repository / "pom.xml"
    for module in service.modules:
        yield repository / module / "pom.xml"
        for folder, _, files in os.walk(repository / module / "src" / "main"):
            yield from (Path(folder) / file for file in files)


def _folders(service: Service, repository: Path) -> Iterator[Path]:
    for module in service.modules:
        yield from (Path(folder) for folder, _, _ in os.walk(repository / module / "src" / "main"))


def _stamp(service: Service, repository: Path) -> Path:
    return jar(service, repository).with_suffix(".sources")


def build(program: str, java_home: Path, log: Path, repository: Path = REPOSITORY) -> None:
    command = [program, "-q", "-B", "-DskipTests", "package", "-pl", ",".join(it.name for it in ALL), "-am"]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(
            command,
            cwd=repository,
            env=maven.environment(java_home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            umask=UMASK,
            check=False,
        )
    if done.returncode != 0:
        raise Problem(f"expected the services to build, found: {_first_error(log)}: see `{' '.join(command)}`")


def unpacked(java_home: Path, archive: Path) -> Path:
    """The jar beside its libraries, as it starts fastest; kept by content, so that each version is unpacked once."""
    kept = tools.folder() / "app"
    target = kept / f"{archive.stem}-{hashlib.sha256(archive.read_bytes()).hexdigest()[:12]}"
    if not target.exists():
        partial = target.with_name(f"{target.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        command: list[str | Path] = [java_home / "bin/java", "-Djarmode=tools", "-jar", archive, "extract", "--destination", partial]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = (done.stderr + done.stdout).strip().splitlines() or ["nothing"]
            raise Problem(f"expected {archive} to unpack, found: {said[0]}: remove it, and it is built anew")
        partial.rename(target)
    os.utime(target)
    _forget_oldest(kept, archive.stem)
    return target / archive.name


def _forget_oldest(kept: Path, name: str) -> None:
    versions: Sequence[Path] = sorted(kept.glob(f"{name}-*"), key=lambda it: it.stat().st_mtime, reverse=True)
    for old in versions[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _first_error(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    errors = [line.removeprefix("[ERROR]").strip() for line in lines if line.startswith("[ERROR]")]
    return (errors or lines or ["nothing"])[0]
