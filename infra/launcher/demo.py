"""The command `demo`: what SmartDoor promises, shown on the real thing, from nothing to nothing."""

from __future__ import annotations

import json
import secrets
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import api, console, logs, services
from .api import Answer, Api
from .aws import AwsError
from .console import Problem, progress
from .containers import Containers
from .environment import LOCAL_ACCOUNT, fresh_account, given_endpoint, require_usable_token
from .home import Home
from .stacks import BUS
from .system import Plan, System

LIMIT = 30.0  # seconds for something expected to show
PAUSE = 0.1  # seconds between two looks
STOPS_WITHIN = 3.0  # seconds
AT_ONCE = 1.0  # seconds for the answer to a door
TAIL = 30  # lines of each log that are shown when something fails

# The smallest event that must flow; as it stands in the description of the events.
SMALLEST_KEY = "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96"
SMALLEST = {
    "Source": "SmartDoor",
    "DetailType": "Door Status",
    "Time": "2022-12-12T12:00:00Z",
    "Detail": f'{{"metadata": {{"idempotency-key": "{SMALLEST_KEY}"}}, "state": "open"}}',
}

Item = dict[str, Any]


class Unmet(Exception):
    """Something that a scenario promises was not seen."""


@dataclass(frozen=True)
class Door:
    id: str
    secret: str


@dataclass(frozen=True)
class Result:
    name: str
    passed: bool
    took_ms: int
    detail: str

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "passed": self.passed, "took-ms": self.took_ms, "detail": self.detail}


class Stage:
    """A running SmartDoor, and the things that scenarios do with it. Every scenario has doors and a phone of its own."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.api = Api.of(system.home)

    def door(self, name: str = "Front door") -> Door:
        door = _unique(name.lower().replace(" ", "-"))
        return Door(door, self.api.add_door(door, name))

    def phone(self) -> str:
        recipient = _unique("phone")
        self.api.add_recipient(recipient)
        return recipient

    def report(self, door: Door, body: bytes, webhook_id: str | None = None) -> Answer:
        return self.api.report(door.id, door.secret, body, webhook_id)

    def accepted(self, door: Door, state: str = "open", user: tuple[str, str] | None = None) -> str:
        """The idempotency key of a message from the door, which has to be accepted."""
        answer = self.report(door, api.door_event(state, user))
        expect(answer.status == 202, f"the door's message was answered {answer.reason()}, not 202")
        return str(answer.json()["idempotency-key"])

    def entries(self, phone: str, keys: set[str]) -> list[Item]:
        """What the phone shows of the chains of events that began with these keys."""
        return [item for item in self.api.inbox(phone) if chain(item) in keys]

    def await_entry(self, phone: str, key: str, detail_type: str, seen: Callable[[Item], None] = lambda _: None) -> Item:
        """The phone's entry once it tells of this kind of event."""
        return self.await_entries(phone, {key}, 1, detail_type, seen)[0]

    def await_entries(
        self, phone: str, keys: set[str], count: int, detail_type: str, seen: Callable[[Item], None] = lambda _: None
    ) -> list[Item]:
        deadline = time.monotonic() + LIMIT
        while True:
            items = self.entries(phone, keys)
            for item in items:
                seen(item)
            if len([item for item in items if item["detail-type"] == detail_type]) >= count:
                return items
            if time.monotonic() > deadline:
                raise Unmet(f"expected {count} × {detail_type} in the inbox within {LIMIT:.0f} s, found {_shown(items)}")
            time.sleep(PAUSE)

    def nothing_else(self, phone: str, keys: set[str], expected: int) -> None:
        """Another opening is sent and awaited: what was sent before it, and is not there by then, is not coming."""
        fence = self.accepted(self.door("Last door"))
        self.await_entry(phone, fence, "Door Status")
        found = self.api.inbox(phone)
        others = [item for item in found if chain(item) not in keys | {fence}]
        expect(not others, f"expected no entry beside those of this scenario, found {_shown(others)}")
        ours = [item for item in found if chain(item) in keys]
        expect(len(ours) == expected, f"expected {expected} entries, found {len(ours)}: {_shown(ours)}")

    def execution(self, key: str) -> str | None:
        """How the workflow that a key names stands; None where there is none."""
        try:
            found = self.system.aws().json("stepfunctions", "describe-execution", "--execution-arn", self._execution_arn(key))
        except AwsError as error:
            if error.code == "ExecutionDoesNotExist":
                return None
            raise
        return str(found["status"])

    def await_execution(self, key: str) -> None:
        deadline = time.monotonic() + LIMIT
        while self.execution(key) is None:
            if time.monotonic() > deadline:
                raise Unmet(f"expected a workflow for event {key} within {LIMIT:.0f} s, found none")

    def published_by_workflow(self, key: str) -> str:
        """What the execution's history says that its tasks were given."""
        arn = self._execution_arn(key)
        return self.system.aws().run("stepfunctions", "get-execution-history", "--execution-arn", arn)

    def put_event(self, event: dict[str, str]) -> None:
        entry = {"EventBusName": self.system.run.outputs[BUS]["Name"]} | event
        answer = self.system.aws().json("events", "put-events", "--entries", json.dumps([entry]))
        expect(answer["FailedEntryCount"] == 0, f"the bus refused the event: {answer}")

    def _execution_arn(self, key: str) -> str:
        machine = self.system.run.outputs["identification"]["StateMachineArn"]
        return f"{machine.replace(':stateMachine:', ':execution:')}:{key}"


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Unmet(otherwise)


def chain(item: Item) -> str:
    """The key of the event with which the entry's chain began."""
    return str(item.get("correlation-id") or item["idempotency-key"])


# The scenarios. Each returns what was seen, or raises Unmet.


def door_opened(stage: Stage) -> str:
    phone, door = stage.phone(), stage.door()
    key = stage.accepted(door)
    entry = stage.await_entry(phone, key, "Door Status")
    expect(entry["title"] == "Front door opened", f'expected "Front door opened", found {_shown([entry])}')
    expect(entry["level"] == "notice", f"expected a notice, found {_shown([entry])}")
    stage.nothing_else(phone, {key}, 1)
    return f'one webhook, one entry "{entry["title"]}"'


def person_identified(stage: Stage) -> str:
    phone, door = stage.phone(), stage.door()
    resident, store, name = _unique("anna"), _unique("keypad"), "Anna"
    stage.api.add_resident(resident, [(store, "4711")])
    stage.api.name_person("residents", resident, name)
    ids: set[str] = set()
    key = stage.accepted(door, user=("4711", store))
    entry = stage.await_entry(phone, key, "Person Identified", lambda item: ids.add(item["id"]))
    expect(name in entry["title"], f"expected the title to name {name}, found {_shown([entry])}")
    expect(ids == {entry["id"]}, f"expected one entry that is replaced, found several: {sorted(ids)}")
    stage.nothing_else(phone, {key}, 1)
    return f'the entry now says "{entry["title"]}"'


def person_unrecognised(stage: Stage) -> str:
    phone, door = stage.phone(), stage.door()
    store = _unique("keypad")
    stage.api.add_resident(_unique("anna"), [(store, "4711")])
    key = stage.accepted(door, user=("9999", store))
    entry = stage.await_entry(phone, key, "Person Unrecognised")
    expect(entry["level"] == "alert", f"expected an alert, found {_shown([entry])}")
    stage.nothing_else(phone, {key}, 1)
    return f'the entry is an alert now: "{entry["title"]}"'


def identification_failed(stage: Stage) -> str:
    phone, door = stage.phone(), stage.door()
    key = stage.accepted(door, user=("4711", _unique("no-such-store")))
    entry = stage.await_entry(phone, key, "Identification Failed")
    expect(entry["level"] == "alert", f"expected an alert, found {_shown([entry])}")
    expect("store-unknown" in stage.published_by_workflow(key), "expected the workflow to publish the reason store-unknown, found none")
    stage.nothing_else(phone, {key}, 1)
    return f'published with reason store-unknown, and the phone says "{entry["title"]}"'


def webhook_twice(stage: Stage) -> str:
    phone, door = stage.phone(), stage.door()
    key, body = str(uuid.uuid4()), api.door_event("open", None)
    first, second = stage.report(door, body, key), stage.report(door, body, key)
    statuses = (first.status, second.status)
    expect(statuses == (202, 202), f"expected 202 twice, found {statuses}: {second.reason()}")
    expect(first.body == second.body, f"expected the same answer twice, found {first.body!r} and {second.body!r}")
    other = stage.report(door, api.door_event("closed", None), key)
    expect(other.status == 422, f"expected 422 for the same key with another body, found {other.reason()}")
    stage.await_entry(phone, key, "Door Status")
    stage.nothing_else(phone, {key}, 1)
    return "202 twice with the same body, one entry; 422 for another body"


def event_twice(stage: Stage) -> str:
    phone = stage.phone()
    stage.put_event(SMALLEST)
    stage.put_event(SMALLEST)
    entry = stage.await_entry(phone, SMALLEST_KEY, "Door Status")
    expect(entry["title"] == "A door was opened", f'expected "A door was opened", found {_shown([entry])}')
    stage.nothing_else(phone, {SMALLEST_KEY}, 1)
    return f'two events on the bus, one entry "{entry["title"]}"'


def subscriber_down(stage: Stage) -> str:
    phone = stage.phone()
    doors = [stage.door(name) for name in ("Front door", "Back door", "Garage door")]
    stopped = stage.system.stop_service(services.NOTIFICATION)
    try:
        keys, slowest = set(), 0.0
        for door in doors:
            began = time.monotonic()
            keys.add(stage.accepted(door))
            slowest = max(slowest, time.monotonic() - began)
    finally:
        stage.system.start_service(services.NOTIFICATION)
    stage.await_entries(phone, keys, len(doors), "Door Status")
    expect(stopped < STOPS_WITHIN, f"expected the service to stop within {STOPS_WITHIN:.0f} s, found {stopped:.1f} s")
    expect(slowest < AT_ONCE, f"expected each door to be answered within {AT_ONCE:.0f} s, found {slowest:.1f} s")
    stage.nothing_else(phone, keys, len(doors))
    return f"stopped in {stopped:.1f} s; three doors answered within {slowest * 1000:.0f} ms each; three entries once it was back"


def closed_is_quiet(stage: Stage) -> str:
    phone, door = stage.phone(), stage.door()
    closed = stage.accepted(door, "closed")
    opened = stage.accepted(door, "open")
    stage.await_entry(phone, opened, "Door Status")
    stage.await_execution(opened)
    expect(stage.execution(closed) is None, "expected no workflow for the closed door, found one")
    stage.nothing_else(phone, {closed, opened}, 1)
    expect(not stage.entries(phone, {closed}), "expected no entry for the closed door, found one")
    return "no entry and no workflow for closed; both for the opening that followed"


SCENARIOS: dict[str, Callable[[Stage], str]] = {
    "door-opened": door_opened,
    "person-identified": person_identified,
    "person-unrecognised": person_unrecognised,
    "identification-failed": identification_failed,
    "webhook-twice": webhook_twice,
    "event-twice": event_twice,
    "subscriber-down": subscriber_down,
    "closed-is-quiet": closed_is_quiet,
}


def demo(as_json: bool, only: list[str], docker: bool = False) -> int:
    """Zero only if every scenario that was asked for holds."""
    results: list[Result] = []
    try:
        _perform(only or list(SCENARIOS), results, as_json, docker)
    except (Problem, AwsError) as error:
        if not as_json:
            raise
        print(f"smartdoor: {error}", file=sys.stderr, flush=True)
        _print_json(results, False)
        return 1
    passed = all(result.passed for result in results)
    if as_json:
        _print_json(results, passed)
    else:
        print(f"{sum(result.passed for result in results)} of {len(results)} scenarios hold")
    return 0 if passed else 1


def _perform(names: list[str], results: list[Result], as_json: bool, docker: bool) -> None:
    endpoint = given_endpoint()
    require_usable_token()
    folder = Path(tempfile.mkdtemp(prefix="smartdoor-demo-"))
    try:
        account = LOCAL_ACCOUNT if docker else fresh_account()
        plan = Plan.make(endpoint, account, free_ports=True, keeps_state=False)
        system = Containers(Home(folder), plan) if docker else System(Home(folder), plan)
        try:
            try:
                system.start()
                stage = Stage(system)
                for name in names:
                    results.append(_result(name, stage))
                    print(_line(results[-1]), file=sys.stderr if as_json else sys.stdout, flush=True)
            finally:
                system.stop()
                if endpoint is not None:
                    remove_stacks(system)
        except Problem:
            show_logs(system)
            raise
        if not all(result.passed for result in results):
            show_logs(system)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_stacks(system: System) -> None:
    """As far as it goes: what a failure made impossible to remove must not hide the failure."""
    try:
        with console.step("removing the stacks"):
            system.remove_stacks()
    except (AwsError, Problem) as error:
        progress(f"  not all of it: {error}")


def _result(name: str, stage: Stage) -> Result:
    began = time.monotonic()
    try:
        passed, detail = True, SCENARIOS[name](stage)
    except (Unmet, Problem, AwsError, KeyError, ValueError) as error:
        # A missing field or a body that is no JSON is as much a broken promise as a wrong value.
        kind = "" if isinstance(error, (Unmet, Problem, AwsError)) else f"{type(error).__name__}: "
        passed, detail = False, f"{kind}{error}"
    return Result(name, passed, round((time.monotonic() - began) * 1000), detail)


def _line(result: Result) -> str:
    return f"{'ok    ' if result.passed else 'FAILED'}  {result.name:<22}  {result.took_ms / 1000:5.1f} s  {result.detail}"


def _print_json(results: list[Result], passed: bool) -> None:
    print(json.dumps({"scenarios": [result.to_json() for result in results], "passed": passed}, indent=2), flush=True)


def show_logs(system: System) -> None:
    """The folder with the logs is about to go."""
    for file in sorted(system.home.logs.glob("*.log")):
        for line in logs.Tail(file).new_lines()[-TAIL:]:
            progress(f"{file.stem:<{logs.WIDTH}} | {line}")


def _shown(items: list[Item]) -> str:
    parts = [f'{item.get("detail-type")} "{item.get("title")}" ({item.get("level")})' for item in items]
    return ", ".join(parts) or "nothing"


def _unique(name: str) -> str:
    return f"{name}-{secrets.token_hex(4)}"
