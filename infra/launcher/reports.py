"""What Maven's tests report: those that were skipped, and why."""

from __future__ import annotations

import xml.etree.ElementTree as Xml
from pathlib import Path

from .environment import REPOSITORY

REPORTS = "*/target/surefire-reports/TEST-*.xml"


def written(root: Path = REPOSITORY) -> dict[Path, int]:
    """Every report that there is, and when it was written: earlier runs have left some."""
    return {file: file.stat().st_mtime_ns for file in root.glob(REPORTS)}


def skipped(before: dict[Path, int], root: Path = REPOSITORY) -> list[str]:
    """The classes in which tests were skipped since then, each with the reason."""
    new = sorted(file for file, when in written(root).items() if before.get(file) != when)
    found = [
        f"{str(case.get('classname')).rpartition('.')[2]}: {_reason(why)}"
        for file in new
        for case in _tests(file)
        for why in case.iter("skipped")
    ]
    return list(dict.fromkeys(found))


def _reason(skipped: Xml.Element) -> str:
    """A disabled test's stands in an attribute, a failed assumption's in the first line of its stack trace."""
    trace = (skipped.text or "").strip().partition("\n")[0]
    return skipped.get("message") or trace.partition(": ")[2] or "no reason given"


def _tests(report: Path) -> list[Xml.Element]:
    try:
        return list(Xml.parse(report).getroot().iter("testcase"))
    except Xml.ParseError:  # of tests that were cut short, which is told elsewhere
        return []
