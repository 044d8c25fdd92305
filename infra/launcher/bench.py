"""The command `bench`: measures SmartDoor against raw code that makes the same AWS calls."""

from __future__ import annotations

from . import prove
from .environment import REPOSITORY

PARTS = ("accept", "drain", "latency", "requests", "baseline")


def bench(as_json: bool, tolerant: bool, rounds: int, only: list[str], docs: bool) -> int:
    """Zero if every figure that was asked for is reached; if it is tolerant, in one round at least."""
    arguments = [*(["--json"] if as_json else []), *(["--tolerant"] if tolerant else []), "--rounds", str(rounds)]
    for part in only:
        arguments += ["--only", part]
    if docs:
        arguments += ["--docs", str(REPOSITORY / "docs")]
    return prove.run("io.smartdoor.bench.Bench", arguments)
