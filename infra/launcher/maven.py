"""The machine's own Maven, run on JDK 25."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from .console import Problem

OLDEST = (3, 8, 7)


def find() -> str:
    """The path of a Maven that is new enough."""
    program = shutil.which("mvn")
    if program is None:
        raise Problem(
            "expected Maven 3.8.7 or newer, found no mvn on the PATH: install it "
            "(`apt install maven`, `brew install maven`, or https://maven.apache.org)"
        )
    return program


def version(program: str, java_home: Path) -> tuple[int, ...]:
    """Asked of Maven itself, which needs a JDK to answer."""
    said = subprocess.run(
        [program, "-version"], env=environment(java_home), capture_output=True, text=True, check=False
    )
    stated = re.search(r"Apache Maven (\d+)\.(\d+)\.(\d+)", said.stdout)
    if stated is None:
        found = _first_line(said.stdout + said.stderr)
        raise Problem(f"expected `{program} -version` to name Apache Maven, found: {found}: reinstall Maven")
    return tuple(int(number) for number in stated.groups())


def require(java_home: Path) -> str:
    """The path of Maven 3.8.7 or newer."""
    program = find()
    found = version(program, java_home)
    if found < OLDEST:
        raise Problem(f"expected Maven 3.8.7 or newer, found {'.'.join(map(str, found))} at {program}: install a newer one")
    return program


def environment(java_home: Path) -> dict[str, str]:
    return dict(os.environ) | {"JAVA_HOME": str(java_home)}


def _first_line(text: str) -> str:
    return (text.strip().splitlines() or ["nothing"])[0]
