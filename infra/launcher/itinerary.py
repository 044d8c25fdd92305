"""An execution's way through its state machine, for a terminal of 80 columns: the way itself straight down, and beside each state
where else it could have led."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TextIO

from .statemachine import Failure, StateMachine, Transition, Visit, Walk

WIDTH = 80
PLAIN, GOOD, BAD, PALE, BOLD = "", "32", "31", "2", "1"
SIGNS = {"Choice": "◆", "Task": "■", "Succeed": "◎", "Fail": "◎"}
INDENT = " " * 9

Piece = tuple[str, str]
"""Text, and its colour."""
Line = Sequence[Piece]


def is_coloured(stream: TextIO | None = None) -> bool:
    """https://no-color.org"""
    return (stream or sys.stdout).isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def rendered(lines: Sequence[Line], coloured: bool) -> str:
    return "".join(_rendered(line, coloured).rstrip() + "\n" for line in lines)


def _rendered(line: Line, coloured: bool) -> str:
    left = WIDTH
    shown = ""
    for text, colour in line:
        if len(text) > left:
            text = text[: max(0, left - 1)] + "…" if left else ""
        left -= len(text)
        shown += f"\033[{colour}m{text}\033[0m" if coloured and colour and text else text
    return shown


def lines(machine: StateMachine, walk: Walk, status: str, started: datetime) -> list[Line]:
    found: list[Line] = []
    for visit, way in zip(walk.visits, [*walk.ways, None]):
        is_last = visit is walk.visits[-1]
        found += _stay(machine, visit, started, walk.ending if is_last else None)
        for other in machine.out_of(visit.state) if visit.state in machine.states else ():
            if other != way:
                found.append([(f"{INDENT}{' ' if is_last else '│'} ┄ {_label(other)}→ {other.target}", PALE)])
        if not is_last:
            label = _label(way) if way and way.kind != "next" else ""
            found.append([(f"{INDENT}│ ", GOOD), (f"  {label}↓" if label else "", BAD if way and way.kind == "catch" else GOOD)])
    found += _wrapped(INDENT, _end(walk, status), BAD if walk.ending else GOOD)
    return [*found, *_elsewhere(machine, walk)]


def _stay(machine: StateMachine, visit: Visit, started: datetime, ending: Failure | None) -> Iterator[Line]:
    failed = visit.is_failing or ending is not None
    sign = SIGNS.get(machine.kind(visit.state) if visit.state in machine.states else "", "●")
    tries = f"  {visit.attempts} attempts" if visit.attempts > 1 else ""
    yield [
        (f"{(visit.entered - started).total_seconds():8.3f} ", PALE),
        (f"{sign} {visit.state}", BAD if failed else GOOD),
        (_stayed(visit), PALE),
        (tries, BAD if failed else PLAIN),
    ]
    for failure in visit.failures:
        if ending and said(failure) == said(ending):
            continue  # it is said at the end
        at = (failure.at - started).total_seconds()
        yield from _wrapped(f"{at:8.3f} │ ", f"! {said(failure)}", BAD)


def _wrapped(lead: str, text: str, colour: str) -> Iterator[Line]:
    """In as many lines as it takes, below each other."""
    after = " " * 9 + ("│ " if "│" in lead else "") + "  "
    for number, part in enumerate(textwrap.wrap(text, WIDTH - len(after)) or [""]):
        yield [(after if number else lead, PALE), (part, colour)]


def _stayed(visit: Visit) -> str:
    took = (visit.left - visit.entered).total_seconds() if visit.left else 0.0
    return f"  {took:.3f} s" if took >= 0.001 else ""


def _label(way: Transition) -> str:
    label = "" if way.kind == "next" else f"on {way.label} " if way.kind == "catch" else f"{way.label} "
    return label if len(label) <= WIDTH // 2 else label[: WIDTH // 2 - 2] + "… "


def _end(walk: Walk, status: str) -> str:
    if walk.ending:
        ended = status.lower().replace("_", " ")
        return f"✗ {ended}" if walk.ending.error == status else f"✗ {ended}: {said(walk.ending)}"
    return f"✓ {status.lower()}" if status == "SUCCEEDED" else f"… {status.lower()}"


def said(failure: Failure) -> str:
    return f"{failure.error}: {failure.cause}" if failure.cause else failure.error


def _elsewhere(machine: StateMachine, walk: Walk) -> Iterator[Line]:
    others = [name for name in machine.states if name not in walk.visited()]
    if others:
        yield []
        yield [("not visited:", PALE)]
    for name in others:
        ways = machine.out_of(name)
        targets = list(dict.fromkeys(it.target for it in ways))
        yield [(f"  {name}" + (f" → {', '.join(targets)}" if targets else ""), PALE)]


def document(machine: StateMachine, walk: Walk) -> dict[str, Any]:
    """For programs; what is not there is absent."""
    ways: list[Transition | None] = [*walk.ways, None]
    return {
        "states": [
            _known(
                {
                    "state": visit.state,
                    "entered-at": iso(visit.entered),
                    "left-at": iso(visit.left) if visit.left else None,
                    "attempts": visit.attempts or None,
                    "failures": [_known({"at": iso(it.at), "error": it.error, "cause": it.cause}) for it in visit.failures],
                    "way-on": way.kind if way else None,
                }
            )
            for visit, way in zip(walk.visits, ways)
        ],
        "not-visited": [name for name in machine.states if name not in walk.visited()],
    }


def _known(given: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value not in (None, "", [])}


def iso(at: datetime) -> str:
    """As everywhere in SmartDoor: UTC, to the millisecond."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
