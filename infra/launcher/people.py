"""The commands about people: recipients and their inboxes, residents and their credentials."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

from .api import Api
from .console import Problem
from .doors import RESIDENTS
from .home import Home

PAUSE = 0.5  # seconds between two looks at an inbox


def inbox(recipient: str, follow: bool, as_json: bool) -> int:
    """Shows an inbox, oldest first; an entry that is replaced later is shown again when followed."""
    api = Api.of(Home.given())
    items = api.inbox(recipient)
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


def add_recipient(recipient: str) -> int:
    Api.of(Home.given()).add_recipient(recipient)
    print(f"recipient {recipient} hears of all doors")
    return 0


def list_recipients() -> int:
    for recipient in Api.of(Home.given()).recipients():
        print(recipient["id"])
    return 0


def remove_recipient(recipient: str) -> int:
    Api.of(Home.given()).remove_recipient(recipient)
    print(f"recipient {recipient} is removed")
    return 0


def add_resident(resident: str, name: str, credentials: list[str]) -> int:
    """Two services know a resident: one by what opens doors, the other by what to call them."""
    parsed = [credential(it) for it in credentials]
    api = Api.of(Home.given())
    api.add_resident(resident, parsed)
    api.name_person(RESIDENTS, resident, name)
    print(f"resident {resident} is known as {name}")
    return 0


def remove_resident(resident: str) -> int:
    api = Api.of(Home.given())
    api.forget_person(RESIDENTS, resident)  # first, as it can be repeated where the other fails
    api.remove_resident(resident)
    print(f"resident {resident} is removed")
    return 0


def credential(text: str) -> tuple[str, str]:
    """(store, id) of STORE:ID; an id may itself contain colons."""
    store, colon, found = text.partition(":")
    if not (store and colon and found):
        raise Problem(f"expected a credential as STORE:ID, found {text}: for example keypad:4711")
    return store, found
