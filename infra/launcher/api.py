"""Calls to the HTTP APIs of the three services, as any client would make them."""

from __future__ import annotations

import http.client
import json
import re
import time
import uuid
from collections.abc import Mapping, Sequence
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

    def refusal(self) -> str:
        """What is wrong with what was asked for, in the words of the command line."""
        try:
            problem = self.json() or {}
            wrong = [f"{_word(str(it['field']))}: {it['problem']}" for it in problem.get("errors") or []]
            said = "; ".join(wrong) or str(problem.get("detail") or "")
        except (ValueError, TypeError, AttributeError, KeyError):
            said = ""
        return said or f"found the answer {self.reason()}"


def _word(field: str) -> str:
    """What the command line calls a field of the APIs."""
    if field in ("name", "display-name"):
        return "--name"
    return "--credential" if re.match(r"credentials\b", field) else field


class Refused(Problem):
    """A service answered that it does not do this."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status

    def advising(self, advice: str) -> Refused:
        return Refused(self.status, f"{self}: {advice}")


class Api:
    """The services of one running SmartDoor."""

    def __init__(self, run: Run, admin_token: str, command: str | None = None) -> None:
        self._run = run
        self._token = admin_token
        self._command = command

    @staticmethod
    def of(home: Home, command: str | None = None) -> Api:
        """The command, where one is named, begins what is said when it fails."""
        return Api(home.require_run(), home.admin_token(), command)

    # Doors

    def add_door(self, door: str, name: str) -> str:
        """The door's secret, which is shown this once."""
        answer = self._admin(services.LOCK, "POST", "/v1/doors", {"id": door, "name": name})
        return str(answer.json()["secret"])

    def doors(self) -> list[dict[str, Any]]:
        return self._pages(services.LOCK, "/v1/doors", "cursor")

    def remove_door(self, door: str) -> None:
        self._admin(services.LOCK, "DELETE", _door(door))

    def report(self, door: str, secret: str, body: bytes, webhook_id: str | None = None) -> Answer:
        """Sends what a door has to say, signed by its secret; refusals are answers here."""
        signed = signing.headers(secret, webhook_id or str(uuid.uuid4()), int(time.time()), body)
        return self._call(services.LOCK, "POST", _events(door), body, signed | {"content-type": "application/json"})

    def store_snapshot(self, door: str, secret: str, snapshot: str, picture: bytes, media_type: str) -> Answer:
        """Sends a picture that a door took, signed by its secret; refusals are answers here."""
        signed = signing.headers(secret, snapshot, int(time.time()), picture)
        path = f"{_door(door)}/snapshots/{snapshot}"
        return self._call(services.LOCK, "PUT", path, picture, signed | {"content-type": media_type})

    def events_address(self, door: str) -> str:
        """Where the door itself is to send what it has to say."""
        return self._run.address(services.LOCK.name) + _events(door)

    # Parked events

    def parked_events(self) -> list[dict[str, Any]]:
        """What the bus refused for good."""
        return self._pages(services.LOCK, "/v1/parked-events", "cursor")

    def redrive_parked(self, key: str) -> None:
        self._admin(services.LOCK, "POST", f"/v1/parked-events/{quote(key, safe='')}/redrive")

    def drop_parked(self, key: str, reason: str) -> None:
        self._admin(services.LOCK, "DELETE", f"/v1/parked-events/{quote(key, safe='')}?{urlencode({'reason': reason})}")

    # Recipients and people

    def recipient(self, recipient: str) -> dict[str, Any] | None:
        """The recipient's preferences, where there is such a recipient."""
        found = self._find(services.NOTIFICATION, _recipient(recipient))
        return None if found is None else {key: value for key, value in found.items() if key != "id"}

    def add_recipient(self, recipient: str, preferences: Mapping[str, Any] | None = None) -> None:
        """Preferences that are not given have their defaults from now on."""
        self._admin(services.NOTIFICATION, "PUT", _recipient(recipient), dict(preferences or {}))

    def recipients(self) -> list[dict[str, Any]]:
        return self._pages(services.NOTIFICATION, "/v1/recipients", "after")

    def remove_recipient(self, recipient: str) -> None:
        self._admin(services.NOTIFICATION, "DELETE", _recipient(recipient))

    def inbox(self, recipient: str, after: int = 0) -> list[dict[str, Any]]:
        """All entries that are new or changed since a sequence number, in that order."""
        return self._pages(services.NOTIFICATION, _recipient(recipient) + "/inbox", "after", after)

    def name_of(self, store: str, person: str) -> str | None:
        found = self._find(services.NOTIFICATION, _person(store, person))
        return None if found is None else str(found["display-name"])

    def name_person(self, store: str, person: str, name: str) -> None:
        self._admin(services.NOTIFICATION, "PUT", _person(store, person), {"display-name": name})

    def forget_person(self, store: str, person: str) -> None:
        self._admin(services.NOTIFICATION, "DELETE", _person(store, person))

    # Residents

    def residents(self) -> list[dict[str, Any]]:
        return self._pages(services.IDENTIFICATION, "/v1/residents", "cursor")

    def credentials(self, resident: str) -> list[tuple[str, str]] | None:
        """(store, id) of each credential, where there is such a resident."""
        found = self._find(services.IDENTIFICATION, _resident(resident))
        return None if found is None else [(it["store"], it["id"]) for it in found["credentials"]]

    def add_resident(self, resident: str, credentials: list[tuple[str, str]]) -> None:
        """The resident has these credentials from now on, and no others."""
        document = {"credentials": [{"store": store, "id": credential} for store, credential in credentials]}
        self._admin(services.IDENTIFICATION, "PUT", _resident(resident), document)

    def remove_resident(self, resident: str) -> None:
        self._admin(services.IDENTIFICATION, "DELETE", _resident(resident))

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

    def _find(self, service: Service, path: str) -> Any | None:
        try:
            return self._admin(service, "GET", path).json()
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

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
            raise self.refused(service, answer)
        return answer

    def refused(self, service: Service, answer: Answer) -> Refused:
        """A refusal is about what was asked for; a failure about the service."""
        if 400 <= answer.status < 500:
            return Refused(answer.status, f"{self._command or service.name}: {answer.refusal()}")
        advice = f"see ./smartdoor logs {service.name}"
        if self._run.project:
            advice += "; if LocalStack has started anew, it is empty, as it keeps nothing: ./smartdoor down, then ./smartdoor up --docker"
        return Refused(answer.status, f"{self._prefix()}{service.name} failed ({answer.reason()}): {advice}")

    def _prefix(self) -> str:
        return f"{self._command}: " if self._command else ""

    def _call(self, service: Service, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(self._run.address(service.name))
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, {key.lower(): value for key, value in response.getheaders()}, response.read())
        except (OSError, http.client.HTTPException) as error:
            raise Problem(
                f"{self._prefix()}{service.name} does not answer at {self._run.address(service.name)} "
                f"({getattr(error, 'strerror', None) or error or type(error).__name__}): see ./smartdoor status"
            ) from error
        finally:
            connection.close()


def door_event(
    state: str, user: tuple[str, str] | None, occurred_at: datetime | None = None, snapshots: Sequence[str] = ()
) -> bytes:
    """What a door says; the user is (id, store), and snapshots are the UUIDs of pictures."""
    at = (occurred_at or datetime.now(timezone.utc)).astimezone(timezone.utc)
    document: dict[str, Any] = {"state": state, "occurred-at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}
    if user is not None:
        document["user"] = {"id": user[0], "store": user[1]}
    if snapshots:
        document["snapshots"] = list(snapshots)
    return json.dumps(document).encode()


def _recipient(recipient: str) -> str:
    return f"/v1/recipients/{quote(recipient, safe='')}"


def _resident(resident: str) -> str:
    return f"/v1/residents/{quote(resident, safe='')}"


def _person(store: str, person: str) -> str:
    return f"/v1/people/{quote(store, safe='')}/{quote(person, safe='')}"


def _door(door: str) -> str:
    return f"/v1/doors/{quote(door, safe='')}"


def _events(door: str) -> str:
    return f"{_door(door)}/events"
