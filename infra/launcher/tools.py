"""Programs from PyPI that SmartDoor uses, each in a private virtual environment, each file checked against a pinned hash."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from . import console
from .console import Problem
from .environment import REPOSITORY

EMULATOR = "emulator"
AWS_CLI = "aws-cli"
LINT = "lint"
FUZZ = "fuzz"
CHECKOV = "checkov"
FACES = "faces"


def folder() -> Path:
    """Where tools are kept: SMARTDOOR_TOOLS, so that homes can share them, else within the repository's own state folder."""
    return Path(os.environ.get("SMARTDOOR_TOOLS") or REPOSITORY / ".smartdoor" / "tools").absolute()


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """Lets one command at a time make what others only use; the second waits for the first."""
    try:
        folder().parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # may be the state folder, which nobody else may read
        folder().mkdir(exist_ok=True)
    except OSError as error:
        raise Problem(
            f"expected to be able to write the folder of tools {folder()}, found: {error.strerror}: name another one by SMARTDOOR_TOOLS"
        ) from error
    with (folder() / f"{name}.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.progress(f"  another command is preparing {name}: waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def requirements(name: str) -> Path:
    return REPOSITORY / "infra" / name / "requirements.txt"


def place(name: str) -> Path:
    """Another list of requirements, or another Python, is another environment."""
    identity = requirements(name).read_bytes() + f"{sys.version_info[:2]} {sys.base_prefix}".encode()
    return folder() / f"{name}-{hashlib.sha256(identity).hexdigest()[:12]}"


def python(name: str) -> Path:
    """The Python of the tool's environment, which is installed first if needed. Run it with `-I -m MODULE`: the scripts
    beside it name the folder that it was made in."""
    target = place(name)
    if not _usable(target):
        with lock(name):
            if not _usable(target):
                with console.step(f"installing {name} into {target}"):
                    _install(name, target)
    return target / "bin/python"


def _usable(target: Path) -> bool:
    return os.access(target / "bin/python", os.X_OK)


def _install(name: str, target: Path) -> None:
    """Renamed into place as a whole: an installation that was cut short is never taken for one."""
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    _run(
        [sys.executable, "-m", "venv", str(partial)],
        "expected Python to create a virtual environment",
        "install Python's venv module (`apt install python3-venv`)",
    )
    _run(
        [str(partial / "bin/python"), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        + ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", str(requirements(name))],
        f"expected pip to install {requirements(name)}",
        "look at the connection to the package index (pip's own settings apply)",
    )
    partial.rename(target)


def _run(command: list[str], expected: str, advice: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr + done.stdout).strip().splitlines() or ["nothing"]
        errors = [line for line in lines if line.lower().startswith("error")]
        raise Problem(f"{expected}, found: {(errors or lines)[-1].strip()}: {advice}")
