"""The commands about people: recipients and their inboxes, residents and their credentials."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from . import ids
from .api import Api, Refused
from .console import Problem
from .home import Home
from .ids import credential

PAUSE = 0.5  # seconds between two looks at an inbox


def inbox(recipient: str, follow: bool, as_json: bool) -> int:
    """Shows an inbox, oldest first; an entry that is replaced later is shown again when followed."""
    ids.recipient(recipient)
    api = Api.of(Home.given(), "inbox")
    try:
        items = api.inbox(recipient)
    except Refused as refused:
        if refused.status == 404:
            raise refused.advising(f"./smartdoor recipient add {recipient}, or ./smartdoor recipient list") from refused
        raise
    if as_json and not follow:
        print(json.dumps({"items": items}, indent=2))
        return 0
    if not items and not as_json:
        print("nothing yet", flush=True)
    after = 0
    while True:
        for item in items:
            print(json.dumps(item) if as_json else line(item), flush=True)
            after = max(after, int(item["seq"]))
        if not follow:
            return 0
        time.sleep(PAUSE)
        items = api.inbox(recipient, after)


def line(item: dict[str, Any]) -> str:
    """An entry for human eyes, in local time."""
    at = str(item.get("at") or "")
    try:
        at = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        pass
    text = ": ".join(str(item[key]) for key in ("title", "body") if item.get(key))
    return f"{at}  {item.get('level') or '':<6}  {text}"


def add_recipient(recipient: str, include_closed: bool | None = None) -> int:
    """Whoever is there already keeps their preferences, but for the one that is asked for."""
    ids.recipient(recipient)
    api = Api.of(Home.given(), "recipient add")
    preferences = api.recipient(recipient)
    if preferences is None:
        preferences = {"include-closed": bool(include_closed)}
        api.add_recipient(recipient, preferences)
        print(f"recipient {recipient} {_hears(preferences)}")
    elif include_closed is not None and include_closed != bool(preferences.get("include-closed")):
        api.add_recipient(recipient, preferences | {"include-closed": include_closed})
        change = "hears of doors that close from now on" if include_closed else "no longer hears of doors that close"
        print(f"recipient {recipient} is there already, and {change}")
    else:
        print(f"recipient {recipient} is there already, and {_hears(preferences)}")
    return 0


def _hears(preferences: Mapping[str, Any]) -> str:
    return "hears of all doors" + (", and of doors that close" if preferences.get("include-closed") else "")


def list_recipients() -> int:
    for recipient in Api.of(Home.given(), "recipient list").recipients():
        print(f"{recipient['id']:<23} {_hears(recipient)}")
    return 0


def remove_recipient(recipient: str) -> int:
    ids.recipient(recipient)
    api = Api.of(Home.given(), "recipient remove")
    was_there = api.recipient(recipient) is not None
    api.remove_recipient(recipient)  # in any case: it finishes what an earlier removal left half done
    if not was_there:
        raise Problem(f"recipient remove: there is no recipient {recipient}")
    print(f"recipient {recipient} is removed")
    return 0


def add_resident(resident: str, name: str, credentials: list[str]) -> int:
    """Two services know a resident: one by what opens doors, the other by what to call them."""
    ids.resident(resident)
    ids.name(name, "Anna")
    given = list(dict.fromkeys(credential(it) for it in credentials))
    api = Api.of(Home.given(), "resident add")
    before = api.credentials(resident)
    after = given or before or []
    api.name_person(ids.RESIDENTS, resident, name)
    if given or before is None:  # what is not given stays as it is
        try:
            api.add_resident(resident, after)
        except Problem as problem:
            said = str(problem)
            for store, found in given:  # the service writes them with a slash
                said = said.replace(f"{store}/{found} ", f"{store}:{found} ")
            raise Problem(
                f"{said} (done: {resident} is called {name}; not done: their credentials; the same command can be repeated safely)"
            ) from problem
    removed = len(set(before or []) - set(after))
    print(
        f"resident {resident} is known as {name}, with {len(after)} credential{'' if len(after) == 1 else 's'}"
        + (f" ({removed} removed)" if removed else "")
    )
    return 0


def list_residents() -> int:
    api = Api.of(Home.given(), "resident list")
    for resident in api.residents():
        name = api.name_of(ids.RESIDENTS, resident["id"])
        credentials = ", ".join(f"{it['store']}:{it['id']}" for it in resident["credentials"])
        print(f"{resident['id']:<23} {name or '':<23} {credentials}".rstrip())
    return 0


def remove_resident(resident: str) -> int:
    ids.resident(resident)
    api = Api.of(Home.given(), "resident remove")
    api.forget_person(ids.RESIDENTS, resident)  # first, as it can be repeated where the other fails
    api.remove_resident(resident)
    print(f"resident {resident} is removed")
    return 0
