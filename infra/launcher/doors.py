"""The commands that register doors, and that speak as a door does."""

from __future__ import annotations

import difflib
import json
import shlex
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timezone

from . import api, ids, pictures, services
from .api import Answer, Api, Refused
from .console import Problem
from .home import Home

STATES = ("open", "closed", "ajar", "jammed", "forced-open", "unspecified-error")
COMMANDS = {"open": "door open", "closed": "door close"}  # the others are told by `door report`


def report(
    door: str,
    state: str,
    user: str | None,
    store: str | None,
    key: str | None = None,
    occurred_at: datetime | None = None,
    files: Sequence[str] = (),
) -> int:
    """Signs and sends what the door has to say, and prints the answer. The same event again has the same key and time.

    Pictures are sent before the event that names them; the same files have the same names in the same event."""
    ids.door(door)
    who = reference(user, store)
    taken = [pictures.read(file) for file in files]
    pictures.check_count(taken)
    home = Home.given()
    caller = Api.of(home, COMMANDS.get(state, "door report"))
    secret = _secret(home, door)
    key = key or str(uuid.uuid4())
    names = [it.name_in(key) for it in taken]
    body = api.door_event(state, who, occurred_at or datetime.now(timezone.utc), names)
    again = f"the same event again, not another: {_command(door, state, who, key, body, files)}"
    for picture, name in zip(taken, names):
        _sent(caller, door, lambda: caller.store_snapshot(door, secret, name, picture.content, picture.media_type), 201, again)
    answer = _sent(caller, door, lambda: caller.report(door, secret, body, key), 202, again)
    print(f"{answer.status} {json.dumps(answer.json())}")
    return 0


def _sent(caller: Api, door: str, send: Callable[[], Answer], expected: int, again: str) -> Answer:
    try:
        answer = send()
    except Problem as problem:
        raise Problem(f"{problem}; {again}") from problem
    if answer.status != expected:
        refused = caller.refused(services.LOCK, answer)
        if answer.status == 401:
            raise refused.advising(_new_secret(door))
        # What is refused for what it says was not accepted; all else may have been.
        raise Refused(answer.status, f"{refused}; {again}") if answer.status == 429 or answer.status >= 500 else refused
    return answer


def _command(door: str, state: str, who: tuple[str, str] | None, key: str, body: bytes, files: Sequence[str]) -> str:
    """What sends the same once more, byte for byte."""
    words = ["./smartdoor", *(COMMANDS[state].split() if state in COMMANDS else ["door", "report", state]), door]
    if who is not None:
        words += ["--user", f"{who[1]}:{who[0]}"]
    for file in files:
        words += ["--snapshot", file]
    return shlex.join([*words, "--key", key, "--at", json.loads(body)["occurred-at"]])


def reference(user: str | None, store: str | None) -> tuple[str, str] | None:
    """(id, store): `anna` is a resident, `keypad:4711` or `4711` with a store a credential. An id with a colon in it has its store before it."""
    if user is None:
        if store is not None:
            raise Problem("expected --user beside --store, found none: say whose id it is")
        return None
    head, colon, tail = user.partition(":")
    if colon and store not in (None, head):
        raise Problem(
            f"expected one store, found {ids.quoted(head)} (before the colon of --user) and {ids.quoted(store)} (--store): name one of them; "
            f"of an id that contains a colon, --user {shlex.quote(f'{store}:{user}')}"
        )
    if store is not None and not colon:
        return ids.user(user, store)
    return ids.user(tail, head) if colon else ids.user(user, ids.RESIDENTS)


def add(door: str, name: str | None, show_secret: bool) -> int:
    ids.door(door)
    called = readable(door) if name is None else ids.name(name, readable(door))
    home = Home.given()
    caller = Api.of(home, "door add")
    _secrets(home)  # where they cannot be read, none can be added to them
    try:
        secret = caller.add_door(door, called)
    except Refused as refused:
        if refused.status == 409:
            said = Refused(refused.status, str(refused).replace("door add: id: ", "door add: ", 1))  # it names the door itself
            raise said.advising(f"./smartdoor door remove {door} first, which forgets its secret") from refused
        raise
    try:
        home.remember_door(door, secret)
    except (OSError, Problem) as error:
        caller.remove_door(door)  # its secret is not shown again: nobody could speak for it
        found = getattr(error, "strerror", None) or error
        raise Problem(f"expected to keep the door's secret in {home.root}, found: {found}: the door is not registered") from error
    print(f"door {door} is registered; its secret is kept in {home.root}")
    if show_secret:
        print(f"it reports to {caller.events_address(door)}\nand signs with {secret}")
    return 0


def readable(door: str) -> str:
    return door.replace("-", " ").capitalize()


def list_all() -> int:
    for door in Api.of(Home.given(), "door list").doors():
        print(f"{door['id']:<23} {door.get('name') or '':<23} {door.get('state') or 'unknown':<19} {door.get('since') or ''}".rstrip())
    return 0


def remove(door: str) -> int:
    """Here a door may be known of which the service has forgotten, and the other way round."""
    ids.door(door)
    home = Home.given()
    caller = Api.of(home, "door remove")
    is_known_here = door in _secrets(home)
    try:
        caller.remove_door(door)
    except Refused as refused:
        if refused.status != 404 or not is_known_here:
            raise
        home.forget_door(door)
        print(f"there was no door {door}; its secret, which was still kept in {home.root}, is forgotten")
        return 0
    home.forget_door(door)
    print(f"door {door} is removed, and its secret forgotten" if is_known_here else f"door {door} is removed")
    return 0


def _secret(home: Home, door: str) -> str:
    known = _secrets(home)
    if door in known:
        return known[door]
    close = difflib.get_close_matches(door, known, n=1)
    advice = f"did you mean {close[0]}?" if close else f"register it with ./smartdoor door add {door}"
    raise Problem(f"expected a secret of door {door} in {home.root}, found none: {advice}")


def _secrets(home: Home) -> dict[str, str]:
    found = home.door_secrets()
    if not isinstance(found, dict) or not all(isinstance(secret, str) for secret in found.values()):
        raise Problem(f"expected the secrets of doors by their ids in {home.doors_file}, found something else: remove that file")
    return found


def _new_secret(door: str) -> str:
    return f"./smartdoor door remove {door}, then ./smartdoor door add {door}, gives it a new secret"
