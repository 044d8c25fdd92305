"""The command `bench startup`: how soon each service is ready, and what memory it has then, beside its plain jar."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import applications, console, demo, jdk, services
from .console import Problem, progress
from .environment import fresh_account, given_endpoint
from .home import Home
from .services import Service
from .system import Plan, System

TARGET = 0.42  # of the time that the plain jar takes, at most
MIB = 1024 * 1024


@dataclass(frozen=True)
class Start:
    seconds: float
    memory: int
    """Resident bytes when it was ready, those of mapped files included."""


@dataclass
class Starts:
    """One service, both ways."""

    name: str
    plain: list[Start] = field(default_factory=list)
    """`java -jar`, with no flags: what a build leaves."""
    delivered: list[Start] = field(default_factory=list)
    """As `up` and the images start it."""

    @property
    def ratio(self) -> float:
        return _seconds(self.delivered) / _seconds(self.plain)

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "plain": _json(self.plain), "delivered": _json(self.delivered), "ratio": round(self.ratio, 3)}


def refuse(only: list[str], docs: bool, tolerant: bool) -> None:
    """What is said of the benchmark's parts, plots and figures means nothing to this one."""
    given = [option for option, is_given in (("--only", only), ("--docs", docs), ("--tolerant", tolerant)) if is_given]
    if given:
        raise Problem(f"expected none of --only, --docs and --tolerant with `bench startup`, found {', '.join(given)}: leave out what does not apply")


def startup(as_json: bool, rounds: int) -> int:
    """Zero if every service is ready in TARGET of its plain jar's time, or sooner."""
    endpoint = given_endpoint()
    folder = Path(tempfile.mkdtemp(prefix="smartdoor-startup-"))
    try:
        system = System(Home(folder), Plan.make(endpoint, fresh_account(), free_ports=True, keeps_state=False))
        try:
            system.prepare()
            found = _measure(system, rounds)
        except Problem:
            demo.show_logs(system)
            raise
        finally:
            system.stop()
            if endpoint is not None:
                demo.remove_stacks(system)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _tell(found, rounds, as_json)


def _measure(system: System, rounds: int) -> list[Starts]:
    """One service at a time, both ways one right after the other: a machine that slows down slows both. A first round warms up."""
    java = jdk.find() / "bin/java"
    ways = {
        "plain": {service.name: [java, "-jar", applications.jar(service)] for service in services.ALL},
        "delivered": dict(system.commands),
    }
    found = {service.name: Starts(service.name) for service in services.ALL}
    for number in range(rounds + 1):
        with console.step(f"round {number} of {rounds}" if number else "a round to warm up"):
            for service in services.ALL:
                for way in list(ways)[:: 1 if number % 2 else -1]:
                    start = _start(system, service, ways[way][service.name])
                    if number:
                        getattr(found[service.name], way).append(start)
    return list(found.values())


def _start(system: System, service: Service, command: Sequence[str | Path]) -> Start:
    system.commands[service.name] = command
    began = time.monotonic()
    system.start_service(service)
    seconds = time.monotonic() - began
    memory = _resident(system.run.processes[service.name].pid)
    system.stop_service(service)
    return Start(seconds, memory)


def _resident(pid: int) -> int:
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout
    return int(said) * 1024


def _tell(found: Iterable[Starts], rounds: int, as_json: bool) -> int:
    starts = list(found)
    worst = max(it.ratio for it in starts)
    passed = worst <= TARGET
    if as_json:
        document = {"rounds": rounds, "services": [it.to_json() for it in starts], "target": TARGET, "passed": passed}
        print(json.dumps(document, indent=2), flush=True)
    else:
        print(f"{'medians of ' + str(rounds):<24}{'plain jar':>20}{'as delivered':>20}{'ratio':>8}")
        for it in starts:
            print(f"{it.name:<24}{_shown(it.plain):>20}{_shown(it.delivered):>20}{it.ratio:>8.2f}")
    progress(f"{'ok    ' if passed else 'FAILED'}  ready in {worst:.2f} of the plain jar's time at worst; at most {TARGET}")
    return 0 if passed else 1


def _seconds(starts: list[Start]) -> float:
    return statistics.median(it.seconds for it in starts)


def _mebibytes(starts: list[Start]) -> int:
    return round(statistics.median(it.memory for it in starts) / MIB)


def _shown(starts: list[Start]) -> str:
    return f"{_seconds(starts):.2f} s {_mebibytes(starts):>4} MiB"


def _json(starts: list[Start]) -> dict[str, Any]:
    each = [round(it.seconds, 3) for it in starts]
    return {"seconds": round(_seconds(starts), 3), "memory-mib": _mebibytes(starts), "rounds": each}
