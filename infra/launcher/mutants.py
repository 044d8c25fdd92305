"""The command `prove mutants`: changes `messaging` in hundreds of small ways, and demands that a test notices each, or that somebody has said why none does."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import console, jdk, maven
from .console import Problem, progress
from .environment import REPOSITORY, UMASK

MODULE = "messaging"
PACKAGE = "io.smartdoor.messaging."
REPORT = REPOSITORY / MODULE / "target" / "pit-reports" / "mutations.xml"
EXPLANATIONS = REPOSITORY / "docs" / "mutants.md"
# PIT's own words: what it could not run at all is nobody's fault, and out of time means that the change was noticed.
UNNOTICED = ("SURVIVED", "NO_COVERAGE")
NOTICED = ("KILLED", "TIMED_OUT", "MEMORY_ERROR", "RUN_ERROR")
ROW = re.compile(r"^\| `(?P<place>[^`]+)` \| (?P<change>.+?) \| (?P<most>\d+) \| (?P<why>.+?) \|$")


@dataclass(frozen=True, order=True)
class Mutant:
    """A kind of change at a place, without line numbers: edits elsewhere leave it as it is."""

    place: str
    change: str

    def __str__(self) -> str:
        return f"{self.place}: {self.change}"


@dataclass(frozen=True)
class Result:
    """By class what was noticed, and of how many; and by kind what was made, and what went unnoticed."""

    noticed: Counter[str]
    all: Counter[str]
    made: Counter[Mutant]
    unnoticed: Counter[Mutant]


def mutants(as_json: bool) -> int:
    """Zero if every change was noticed, or is explained."""
    java_home = jdk.find()
    program = maven.require(java_home)
    explained = explanations(EXPLANATIONS.read_text().splitlines())
    REPORT.unlink(missing_ok=True)
    command = [program, "-q", "-B", "-P", "mutants", "-DskipTests", "verify", "-pl", MODULE, "-am"]
    with console.step("changing messaging and running its tests, for some minutes"):
        done = subprocess.run(
            command,
            cwd=REPOSITORY,
            env=maven.environment(java_home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            umask=UMASK,
            check=False,
        )
    if done.returncode != 0 or not REPORT.exists():
        errors = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("[ERROR]")]
        raise Problem(f"expected a report of PIT, found: {(errors or ['none'])[0]}: see `{' '.join(command)}`")
    result = read(REPORT)
    faults = judge(result, explained)
    _tell(result, faults, as_json)
    return 1 if faults else 0


def read(report: Path) -> Result:
    noticed: Counter[str] = Counter()
    every: Counter[str] = Counter()
    made: Counter[Mutant] = Counter()
    unnoticed: Counter[Mutant] = Counter()
    for mutation in ElementTree.parse(report).getroot():
        status = mutation.get("status", "")
        name = _text(mutation, "mutatedClass").removeprefix(PACKAGE)
        mutant = Mutant(f"{name}.{_method(_text(mutation, 'mutatedMethod'))}", _change(_text(mutation, "description")))
        every[name] += 1
        made[mutant] += 1
        if status in NOTICED:
            noticed[name] += 1
        elif status in UNNOTICED:
            unnoticed[mutant] += 1
        else:
            raise Problem(f"expected a mutant that was tried, found {status} in {name}: run it again")
    if not noticed:
        raise Problem("expected tests that notice something, found none that ran: is PIT run on JDK 25?")
    return Result(noticed, every, made, unnoticed)


def explanations(lines: Iterable[str]) -> Counter[Mutant]:
    """How many of each kind may go unnoticed, at most: one that runs into a time limit on one machine survives on another."""
    found: Counter[Mutant] = Counter()
    for line in lines:
        row = ROW.match(line)
        if row is not None:
            found[Mutant(row["place"], row["change"])] = int(row["most"])
    return found


def judge(result: Result, explained: Counter[Mutant]) -> Sequence[str]:
    """What is wrong, a line each."""
    faults = []
    for mutant, count in sorted(result.unnoticed.items()):
        if count > explained[mutant]:
            faults.append(f"no test notices {mutant} ({count}, explained {explained[mutant]})")
    for mutant in sorted(explained):
        if explained[mutant] > result.made[mutant]:
            faults.append(f"docs/{EXPLANATIONS.name} explains {explained[mutant]} of {mutant}, found {result.made[mutant]}: correct it")
    return faults


def _tell(result: Result, faults: Sequence[str], as_json: bool) -> None:
    for fault in faults:
        progress(fault)
    killed, every = sum(result.noticed.values()), sum(result.all.values())
    if as_json:
        classes = {name: {"noticed": result.noticed[name], "all": result.all[name]} for name in sorted(result.all)}
        print(json.dumps({"noticed": killed, "all": every, "classes": classes, "faults": list(faults)}, indent=2))
    else:
        for name in sorted(result.all):
            print(f"{result.noticed[name]:4} of {result.all[name]:4}  {name}")
    verdict = "the rest is explained" if not faults else f"FAILED: {len(faults)} to explain or to test"
    progress(f"{killed} of {every} changes were noticed ({killed * 100 // every} %); {verdict} in docs/{EXPLANATIONS.name}")


def _text(mutation: ElementTree.Element, name: str) -> str:
    return mutation.findtext(name) or ""


def _method(name: str) -> str:
    """Lambdas are numbered through a class: their number changes with edits elsewhere."""
    lambda_of = re.fullmatch(r"lambda\$(.+)\$\d+", name)
    return lambda_of[1] if lambda_of else name


def _change(description: str) -> str:
    """Without packages, and without the place that is known anyway."""
    short = re.sub(r"\b(?:[\w$]+/)+", "", description)
    short = re.sub(r"lambda\$(\w+)\$\d+", r"\1", short)
    return re.sub(r" for \S+$", "", short)
