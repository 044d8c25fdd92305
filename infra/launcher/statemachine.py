"""A state machine as its definition says, and the way that one execution took through it.

Reads the Amazon States Language as far as a machine without Parallel and Map goes: there, one state follows another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

Event = Mapping[str, Any]

CAUSE_LENGTH = 160  # characters of a cause that are shown
# Whatever else may throw: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
ANY = "States.ALL"
ANY_OF_A_TASK = "States.TaskFailed"
NOT_OF_A_TASK = ("States.Timeout", "States.HeartbeatTimeout")
# What a Catch never sees: https://states-language.net/#errors, "States.ALL"
UNCATCHABLE = ("States.DataLimitExceeded", "States.Runtime")
STILL = "RUNNING"


@dataclass(frozen=True)
class Transition:
    """One way out of a state, as it stands in the definition."""

    source: str
    target: str
    kind: str
    """next, choice, default or catch."""
    label: str = ""
    """What it takes: the number of a choice's rule, or the errors that are caught."""
    index: int = 0


class StateMachine:
    def __init__(self, definition: Mapping[str, Any]) -> None:
        self.states: Mapping[str, Mapping[str, Any]] = definition["States"]
        self.start = str(definition["StartAt"])
        self.transitions = [it for name in self.states for it in self._out_of(name) if it.target in self.states]

    @staticmethod
    def of(text: str) -> StateMachine:
        return StateMachine(json.loads(text))

    def kind(self, state: str) -> str:
        return str(self.states[state].get("Type", ""))

    def out_of(self, state: str) -> list[Transition]:
        return [it for it in self.transitions if it.source == state]

    def _out_of(self, name: str) -> Iterator[Transition]:
        state = self.states[name]
        if "Next" in state:
            yield Transition(name, state["Next"], "next")
        for index, rule in enumerate(state.get("Choices", [])):
            yield Transition(name, rule["Next"], "choice", f"rule {index + 1}", index)
        if "Default" in state:
            yield Transition(name, state["Default"], "default", "otherwise")
        for index, catcher in enumerate(state.get("Catch", [])):
            yield Transition(name, catcher["Next"], "catch", ", ".join(catcher["ErrorEquals"]), index)

    def taken(self, source: str, target: str, error: str) -> Transition | None:
        """The one that leads there, after an error or without; none: the definition has no such one."""
        there = [it for it in self.out_of(source) if it.target == target]
        if error:
            caught = [it for it in there if it.kind == "catch" and catches(it.label.split(", "), error)]
            return caught[0] if caught else None
        return next((it for it in there if it.kind != "catch"), None)


def catches(names: Sequence[str], error: str) -> bool:
    of_a_task = ANY_OF_A_TASK in names and error not in NOT_OF_A_TASK
    return error in names or (error not in UNCATCHABLE and (ANY in names or of_a_task))


@dataclass(frozen=True)
class Failure:
    at: datetime
    error: str
    cause: str


@dataclass
class Visit:
    """One stay in a state."""

    state: str
    entered: datetime
    left: datetime | None = None
    attempts: int = 0
    """How often its task was begun."""
    failures: list[Failure] = field(default_factory=list)
    is_failing: bool = False
    """Whether the last that happened in it was a failure."""
    detail_type: str = ""
    """Of the event that it put on the bus."""


@dataclass(frozen=True)
class Walk:
    """What one execution did, as far as its history says. No input and no output of a state is in it."""

    visits: Sequence[Visit]
    ways: Sequence[Transition | None]
    """From each visit to the next."""
    ending: Failure | None
    """Why it did not succeed."""

    def visited(self) -> set[str]:
        return {it.state for it in self.visits}

    def times(self, transition: Transition) -> int:
        return sum(it == transition for it in self.ways)

    def published(self) -> list[str]:
        return [it.detail_type for it in self.visits if it.detail_type]


def walk(machine: StateMachine, events: Sequence[Event], execution: Mapping[str, Any] | None = None) -> Walk:
    """Reads a history, oldest event first, and the description of the execution: LocalStack tells only there that one timed out."""
    hide = _Hidden(events)
    visits: list[Visit] = []
    ending: Failure | None = None
    entered: Event = {}
    for event in events:
        kind, at = str(event["type"]), moment(event["timestamp"])
        details = next((it for key, it in event.items() if key.endswith("EventDetails")), None) or {}
        if kind.endswith("StateEntered"):
            visits.append(Visit(details["name"], at))
            entered = details
        elif kind == "ExecutionRedriven":
            ending = None  # it goes on
        elif kind in _ENDINGS:
            ending = Failure(at, details.get("error") or _ENDINGS[kind], hide.cause(details.get("cause")))
        elif not visits:
            continue
        elif kind.endswith("StateExited"):
            visits[-1].left = at
        elif kind.endswith(("Scheduled", "EvaluationFailed")) or kind.endswith(_FAILED):
            visit = visits[-1]
            if kind.endswith("Scheduled"):
                visit.attempts += 1
                visit.is_failing = False
            else:
                error = details.get("error") or ("States.Timeout" if kind.endswith("TimedOut") else "States.TaskFailed")
                visit.failures.append(Failure(at, error, hide.cause(details.get("cause"))))
                visit.is_failing = True
        elif kind.endswith("Succeeded"):
            visits[-1].is_failing = False
            if visits[-1].state in machine.states:
                visits[-1].detail_type = _published(machine.states[visits[-1].state], entered)
    status = (execution or {}).get("status", "")
    if ending is None and execution and status in _ENDINGS.values():
        ending = Failure(moment(execution["stopDate"]), execution.get("error") or status, hide.cause(execution.get("cause")))
    ways = [_way(machine, visit, follower) for visit, follower in zip(visits, visits[1:])]
    return Walk(visits, ways, ending)


# Other than a success, and the status that goes with each.
_ENDINGS = {"ExecutionTimedOut": "TIMED_OUT", "ExecutionAborted": "ABORTED", "ExecutionFailed": "FAILED"}
# Of a task (TaskFailed, TaskSubmitFailed, TaskTimedOut …), a Lambda function or an activity.
_FAILED = ("Failed", "TimedOut")


def _way(machine: StateMachine, visit: Visit, follower: Visit) -> Transition | None:
    error = visit.failures[-1].error if visit.is_failing else ""
    return machine.taken(visit.state, follower.state, error)


def _published(state: Mapping[str, Any], entered: Mapping[str, Any]) -> str:
    """The detail-type, where the definition spells it out or takes it as it is from the state's input."""
    if not str(state.get("Resource", "")).endswith(":events:putEvents"):
        return ""
    try:
        told = state["Arguments"]["Entries"][0]["DetailType"]
        from_input = re.fullmatch(r"\{% *\$states\.input\.`?([\w-]+)`? *%\}", told)
        return str(json.loads(entered["input"])[from_input[1]]) if from_input else "" if told.startswith("{%") else str(told)
    except (KeyError, IndexError, TypeError, ValueError):
        return ""


class _Hidden:
    """What an execution was given, and what its tasks were answered: it may name people, and stands in no cause that is shown."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._texts: set[str] = set()
        for event in events:
            for key in ("executionStartedEventDetails", "taskSucceededEventDetails"):
                for data in ("input", "output"):
                    self._collect((event.get(key) or {}).get(data))

    def _collect(self, text: Any) -> None:
        try:
            left = [json.loads(text)]
        except (TypeError, ValueError):
            left = []
        while left:
            it = left.pop()
            if isinstance(it, dict):
                left += it.values()
            elif isinstance(it, list):
                left += it
            elif isinstance(it, str) and it.strip():
                self._texts.add(it)

    def cause(self, text: Any) -> str:
        """In one line, shortened. What looks like a document is cut off: one error of Step Functions quotes the input."""
        said = " ".join(re.split(r"[{\[]", str(text or ""))[0].split())
        for value in sorted(self._texts, key=len, reverse=True):
            said = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "…", said)
        return said if len(said) <= CAUSE_LENGTH else said[: CAUSE_LENGTH - 1] + "…"


def moment(given: Any) -> datetime:
    """Of the AWS CLI: version 1 says seconds, version 2 ISO 8601."""
    if isinstance(given, (int, float)):
        return datetime.fromtimestamp(given, timezone.utc)
    return datetime.fromisoformat(str(given).replace("Z", "+00:00")).astimezone(timezone.utc)
