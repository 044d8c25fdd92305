"""Calls to the HTTP APIs of the three services, as any client would make them."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from . import services, signing
from .console import Problem
from .home import Home, Run
from .services import Service

TIMEOUT = 20.0  # seconds for one call
PAGE = 100  # items of one answer; the most that is allowed


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    def reason(self) -> str:
        """What a problem+json says, in one line."""
        try:
            problem = self.json() or {}
            said = [str(problem[key]) for key in ("title", "detail") if problem.get(key)]
        except (ValueError, TypeError, AttributeError):
            said = []
        return f"{self.status} {': '.join(said)}".strip()


class Api:
    """The services of one running SmartDoor."""

    def __init__(self, run: Run, admin_token: str) -> None:
        self._run = run
        self._token = admin_token

    @staticmethod
    def of(home: Home) -> Api:
        return Api(home.require_run(), home.admin_token())

    # Doors

    def add_door(self, door: str, name: str) -> str:
        """The door's secret, which is shown this once."""
        answer = self._admin(services.LOCK, "POST", "/v1/doors", {"id": door, "name": name})
        return str(answer.json()["secret"])

    def doors(self) -> list[dict[str, Any]]:
        return self._pages(services.LOCK, "/v1/doors", "cursor")

    def remove_door(self, door: str) -> None:
        self._admin(services.LOCK, "DELETE", f"/v1/doors/{quote(door, safe='')}")

    def report(self, door: str, secret: str, body: bytes, webhook_id: str | None = None) -> Answer:
        """Sends what a door has to say, signed by its secret; refusals are answers here."""
        signed = signing.headers(secret, webhook_id or str(uuid.uuid4()), int(time.time()), body)
        return self._call(services.LOCK, "POST", _events(door), body, signed | {"content-type": "application/json"})

    def events_address(self, door: str) -> str:
        """Where the door itself is to send what it has to say."""
        return self._run.address(services.LOCK.name) + _events(door)

    # Recipients and people

    def add_recipient(self, recipient: str) -> None:
        self._admin(services.NOTIFICATION, "PUT", f"/v1/recipients/{quote(recipient, safe='')}", {})

    def recipients(self) -> list[dict[str, Any]]:
        return self._pages(services.NOTIFICATION, "/v1/recipients", "after")

    def remove_recipient(self, recipient: str) -> None:
        self._admin(services.NOTIFICATION, "DELETE", f"/v1/recipients/{quote(recipient, safe='')}")

    def inbox(self, recipient: str, after: int = 0) -> list[dict[str, Any]]:
        """All entries that are new or changed since a sequence number, in that order."""
        path = f"/v1/recipients/{quote(recipient, safe='')}/inbox"
        return self._pages(services.NOTIFICATION, path, "after", after)

    def name_person(self, store: str, person: str, name: str) -> None:
        self._admin(services.NOTIFICATION, "PUT", _person(store, person), {"display-name": name})

    def forget_person(self, store: str, person: str) -> None:
        self._admin(services.NOTIFICATION, "DELETE", _person(store, person))

    # Residents

    def add_resident(self, resident: str, credentials: list[tuple[str, str]]) -> None:
        document = {"credentials": [{"store": store, "id": credential} for store, credential in credentials]}
        self._admin(services.IDENTIFICATION, "PUT", f"/v1/residents/{quote(resident, safe='')}", document)

    def remove_resident(self, resident: str) -> None:
        self._admin(services.IDENTIFICATION, "DELETE", f"/v1/residents/{quote(resident, safe='')}")

    # How

    def _pages(self, service: Service, path: str, parameter: str, start: int | None = None) -> list[dict[str, Any]]:
        """The items of all pages; each but the last names the next one."""
        found: list[dict[str, Any]] = []
        position: int | str | None = start
        while True:
            query = {"limit": PAGE} | ({} if position is None else {parameter: position})
            page = self._admin(service, "GET", f"{path}?{urlencode(query)}").json()
            found += page["items"]
            position = page.get("next")
            if position is None:
                return found

    def _admin(self, service: Service, method: str, path: str, document: Any = None) -> Answer:
        headers = {"authorization": f"Bearer {self._token}", "accept": "application/json"}
        body = None
        if document is not None:
            body = json.dumps(document).encode()
            headers["content-type"] = "application/json"
        answer = self._call(service, method, path, body, headers)
        if answer.status == 401:
            raise Problem(
                f"expected {service.name} to accept the admin token, found that it refuses it: "
                "set SMARTDOOR_ADMIN_TOKEN to what `up` was started with"
            )
        if answer.status >= 300:
            raise Problem(f"expected {service.name} to do {method} {path}, found: {answer.reason()}")
        return answer

    def _call(self, service: Service, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(self._run.address(service.name))
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, {key.lower(): value for key, value in response.getheaders()}, response.read())
        except (OSError, http.client.HTTPException) as error:
            raise Problem(
                f"expected {service.name} to answer at {self._run.address(service.name)}, found: {error}: "
                f"see ./smartdoor status and ./smartdoor logs {service.name}"
            ) from error
        finally:
            connection.close()


def door_event(state: str, user: tuple[str, str] | None, occurred_at: datetime | None = None) -> bytes:
    """What a door says; the user is (id, store)."""
    at = (occurred_at or datetime.now(timezone.utc)).astimezone(timezone.utc)
    document: dict[str, Any] = {"state": state, "occurred-at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    if user is not None:
        document["user"] = {"id": user[0], "store": user[1]}
    return json.dumps(document).encode()


def _person(store: str, person: str) -> str:
    return f"/v1/people/{quote(store, safe='')}/{quote(person, safe='')}"


def _events(door: str) -> str:
    return f"/v1/doors/{quote(door, safe='')}/events"
