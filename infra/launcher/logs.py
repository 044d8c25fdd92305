"""Shows the logs of several processes as one, each line with the name of who wrote it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from . import services
from .console import Problem
from .home import EMULATOR, LOCALSTACK, Home

PAUSE = 0.2  # seconds between two looks at the files
COMPOSE = "compose"
DEPLOY = "deploy"
BUILD = "build"
NAMES = (*(service.name for service in services.ALL), EMULATOR)
# What was said before there were services; shown where it is asked for.
BEFORE = (BUILD, COMPOSE, DEPLOY)
WIDTH = max(len(name) for name in NAMES)


class Tail:
    """Reads a growing file line by line; what has no end yet is left for the next time."""

    def __init__(self, file: Path, offset: int = 0) -> None:
        self._file = file
        self._offset = offset

    def new_lines(self) -> list[str]:
        try:
            with self._file.open("rb") as stream:
                stream.seek(0, 2)
                if stream.tell() < self._offset:
                    self._offset = 0  # begun anew
                stream.seek(self._offset)
                text = stream.read()
        except FileNotFoundError:
            return []
        whole = text[: text.rfind(b"\n") + 1]
        self._offset += len(whole)
        return whole.decode(errors="replace").splitlines()


def chosen(home: Home, name: str | None) -> dict[str, Path]:
    """The log files to show: those of all parts, or one, whose name may be shortened (lock). In containers the emulator is LocalStack."""
    wanted = EMULATOR if name == LOCALSTACK else name
    names = [it for it in NAMES if wanted is None or it == wanted or it == f"{wanted}-service"]
    names += [it for it in BEFORE if it == wanted]
    if wanted == BUILD and not home.log(BUILD).exists() and home.log(COMPOSE).exists():
        names = [COMPOSE]  # which builds, too
    if not names:
        raise Problem(f"expected one of {', '.join((*NAMES, *BEFORE))}, found {name}: correct the name")
    return {it: home.log(it) for it in names}


def show(name: str, lines: Iterable[str]) -> None:
    for line in lines:
        print(f"{name:<{WIDTH}} | {line}")
    sys.stdout.flush()


def follow(files: Mapping[str, Path], goes_on: Callable[[], bool], from_start: bool = True) -> None:
    """Shows what is written until it no longer goes on."""
    tails = {name: Tail(file, 0 if from_start or not file.exists() else file.stat().st_size) for name, file in files.items()}
    while True:
        last = not goes_on()  # asked first: what was written before the end is still shown
        for name, tail in tails.items():
            show(name, tail.new_lines())
        if last:
            return
        time.sleep(PAUSE)
