"""The commands that register doors, and that speak as a door does."""

from __future__ import annotations

import json

from . import api
from .api import Api
from .console import Problem
from .home import Home

RESIDENTS = "residents"
STATES = ("open", "closed", "ajar", "jammed", "forced-open", "unspecified-error")


def report(door: str, state: str, user: str | None, store: str | None) -> int:
    """Signs and sends what the door has to say, and prints the answer."""
    home = Home.given()
    caller = Api.of(home)
    secret = home.door_secrets().get(door)
    if secret is None:
        raise Problem(
            f"expected a secret of door {door} in {home.root}, found none: register it with ./smartdoor door add {door}"
        )
    answer = caller.report(door, secret, api.door_event(state, reference(user, store)))
    if answer.status != 202:
        raise Problem(f"expected the door's message to be accepted (202), found: {answer.reason()}")
    print(f"{answer.status} {json.dumps(answer.json())}")
    return 0


def reference(user: str | None, store: str | None) -> tuple[str, str] | None:
    """(id, store): `anna` is a resident, `keypad:4711` or `4711` with a store a credential."""
    if user is None:
        if store is not None:
            raise Problem("expected --user beside --store, found none: say whose id it is")
        return None
    if store is not None:
        return user, store
    head, colon, tail = user.partition(":")
    return (tail, head) if colon else (user, RESIDENTS)


def add(door: str, name: str | None, show_secret: bool) -> int:
    home = Home.given()
    caller = Api.of(home)
    secret = caller.add_door(door, name or readable(door))
    home.remember_door(door, secret)
    print(f"door {door} is registered; its secret is kept in {home.root}")
    if show_secret:
        print(f"it reports to {caller.events_address(door)}\nand signs with {secret}")
    return 0


def readable(door: str) -> str:
    return door.replace("-", " ").capitalize()


def list_all() -> int:
    for door in Api.of(Home.given()).doors():
        print(f"{door['id']:<24}{door.get('name') or '':<24}{door.get('state') or 'unknown':<20}{door.get('since') or ''}".rstrip())
    return 0


def remove(door: str) -> int:
    home = Home.given()
    Api.of(home).remove_door(door)
    home.forget_door(door)
    print(f"door {door} is removed")
    return 0
