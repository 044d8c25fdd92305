"""What schemathesis is told of SmartDoor: how to sign and to authorise, what no request may get, and where to note each one.

Everything that is chosen follows from the seed and from the request that was made up, so that the same seed makes the same run.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import os
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
import schemathesis
from hypothesis import strategies
from schemathesis.core.parameters import ParameterLocation

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from launcher import signing  # noqa: E402 - found by the line above

SEED = os.environ["SMARTDOOR_FUZZ_SEED"]
JOURNAL = Path(os.environ["SMARTDOOR_FUZZ_JOURNAL"])
TOKEN = os.environ["SMARTDOOR_ADMIN_TOKEN"]
WEBHOOK = ("POST", "/v1/doors/{id}/events")
SNAPSHOT = ("PUT", "/v1/doors/{id}/snapshots/{snapshot}")
SIGNED_OPERATIONS = (WEBHOOK, SNAPSHOT)
REGISTRATION = ("POST", "/v1/doors")
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
NO_HTTP = "this is not a request that HTTP allows"
TOLERANCE = 300  # seconds that a webhook's time may differ: Standard Webhooks
MARGIN = 30  # seconds about the tolerance in which a request may be judged either way
KNOWN_AT_MOST = 8  # ids that requests are pointed at

# Six of ten webhooks are signed as a door signs them.
SIGNED, FORGED, EXPIRED, UNSIGNED, AS_MADE = "signed", "forged", "expired", "unsigned", "as made"
WEBHOOKS = (SIGNED,) * 6 + (FORGED, EXPIRED, UNSIGNED, AS_MADE)
# Eight of ten requests to an API of administrators have the token.
RIGHT, WRONG, NONE = "right", "wrong", "none"
TOKENS = (RIGHT,) * 8 + (WRONG, NONE)

# A black square of 8 x 8 and a dot; each cut off, too; and what begins as neither.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAgAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/"
    "wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP7//2Q=="
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
for media_type, picture in (("image/jpeg", JPEG), ("image/png", PNG)):
    schemathesis.openapi.media_type(media_type, strategies.sampled_from([picture, picture, picture, picture[:-20], b"GIF89a"]))

_secrets: dict[str, str] = {}
"""Of the doors that are registered, by their ids. Never written anywhere."""
_numbers = itertools.count(1)
_known: dict[str, list[str]] = {}
"""Ids that exist, by the path that they stand in."""


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    if case.headers is None:
        case.headers = {}
    _aim(case)
    if _operation(case) in SIGNED_OPERATIONS:
        _sign(case)
    else:
        _authorise(case)


def _operation(case: Any) -> tuple[str, str]:
    return case.method.upper(), case.operation.path


def _choice(case: Any, purpose: str, among: tuple[str, ...]) -> str:
    """The same for the same request, as shrinking needs it."""
    headers = sorted((str(key).lower(), str(value)) for key, value in case.headers.items())
    made = repr((SEED, purpose, _operation(case), case.path_parameters, case.query, headers, case.body))
    return among[hashlib.sha256(made.encode(errors="surrogatepass")).digest()[0] % len(among)]


def _was_spoilt(case: Any, location: ParameterLocation) -> bool:
    """Whether this part of the request is meant to be wrong."""
    component = case.meta.components.get(location) if case.meta else None
    return component is not None and component.mode.is_negative


def _lacks(case: Any, header: str) -> bool:
    """Whether the request was made up to be without this header."""
    data = case.meta.phase.data if case.meta else None
    described, named = getattr(data, "description", None) or "", getattr(data, "parameter", None) or ""
    return described.startswith("Missing") and named.lower() == header


def _aim(case: Any) -> None:
    """Points at something that exists what would else hardly ever meet it: a made-up id is nobody's."""
    parameters = case.path_parameters
    if not parameters or "id" not in parameters or _was_spoilt(case, ParameterLocation.PATH):
        return
    if _operation(case) in SIGNED_OPERATIONS:
        parameters["id"] = _door(case)
    elif known := _known.get(_collection(case)):
        chosen = _choice(case, "id", (*known, ""))
        parameters["id"] = chosen or parameters["id"]


def _collection(case: Any) -> str:
    return str(case.operation.path.split("/{")[0])


def _door(case: Any) -> str:
    """A door that is registered now: requests before this one may have removed all that there were."""
    if not _secrets:
        _register(_base(case), f"fuzzed-{SEED}-{next(_numbers)}")
    return _choice(case, "door", tuple(_secrets))


def _base(case: Any) -> str:
    return str(case.operation.base_url).rstrip("/")


def _register(base: str, door: str) -> None:
    request = urllib.request.Request(
        f"{base}/v1/doors",
        json.dumps({"id": door, "name": "Fuzzed door"}).encode(),
        {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"},
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        _secrets[door] = json.load(answer)["secret"]


def _authorise(case: Any) -> None:
    if case.method.upper() != case.operation.method.upper():
        how = RIGHT  # whoever has no token is not told which methods there are
    else:
        how = NONE if _lacks(case, "authorization") else _choice(case, "token", TOKENS)
    for name in [name for name in case.headers if name.lower() == "authorization"]:
        del case.headers[name]
    if how == RIGHT:
        case.headers["Authorization"] = f"Bearer {TOKEN}"
    elif how == WRONG:
        case.headers["Authorization"] = f"Bearer {hashlib.sha256(TOKEN.encode()).hexdigest()}"


def _sign(case: Any) -> None:
    how = _choice(case, "signature", WEBHOOKS)
    if how == AS_MADE:
        return
    named = {name.lower(): name for name in case.headers}
    if how == UNSIGNED:
        for name in HEADERS:
            case.headers.pop(named.get(name, name), None)
        return
    # A header that was left out is left out for a purpose, and so is one that is wrong.
    if not _was_spoilt(case, ParameterLocation.HEADER) and "webhook-timestamp" in named:
        at = int(time.time()) - (TOLERANCE + MARGIN if how == EXPIRED else 0)
        case.headers[named["webhook-timestamp"]] = str(at)
    if not all(name in named for name in HEADERS):
        return
    if _operation(case) == SNAPSHOT and not _was_spoilt(case, ParameterLocation.HEADER):
        case.headers[named["webhook-id"]] = str(case.path_parameters["snapshot"])  # no schema can say so
    if "idempotency-key" in named and not _was_spoilt(case, ParameterLocation.HEADER):
        case.headers[named["idempotency-key"]] = case.headers[named["webhook-id"]]  # no schema can say so
    sent = requests.Request(**_as_sent(case)).prepare()
    secret = _secrets.get(str(case.path_parameters.get("id")))
    if secret is None or how == FORGED:
        secret = f"whsec_{'A' * 42}AA="
    stated = (str(case.headers[named[name]]) for name in HEADERS[:2])
    case.headers[named["webhook-signature"]] = signing.signature(secret, *stated, _bytes(sent.body))


def _as_sent(case: Any) -> dict[str, Any]:
    given = case.as_transport_kwargs(base_url=_base(case))
    return {key: given[key] for key in ("method", "url", "headers", "data", "json", "files", "params") if key in given}


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else bytes(body)


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Notes the request, without what is in it, and what exists now."""
    method, path = _operation(case)
    entry: dict[str, Any] = {"method": method, "path": path, "status": response.status_code}
    if (method, path) in SIGNED_OPERATIONS:
        entry["signed"] = _is_signed(response.request)
        if (method, path) == WEBHOOK and response.status_code == 202:
            entry["key"] = response.json()["idempotency-key"]
    _learn(case, response)
    with JOURNAL.open("a") as journal:
        journal.write(json.dumps(entry) + "\n")


def _learn(case: Any, response: Any) -> None:
    method, path = _operation(case)
    if not 200 <= response.status_code < 300:
        return
    if (method, path) == REGISTRATION:
        registered = response.json()
        _secrets[registered["id"]] = registered["secret"]
        _remember("/v1/doors", registered["id"])
    elif method == "PUT" and path.endswith("/{id}"):
        _remember(_collection(case), _last_segment(response.request))
    elif method == "DELETE" and path.endswith("/{id}"):
        gone = _last_segment(response.request)
        if path.startswith("/v1/doors/"):
            _secrets.pop(gone, None)
        known = _known.get(_collection(case), [])
        if gone in known:
            known.remove(gone)


def _remember(collection: str, found: str) -> None:
    known = _known.setdefault(collection, [])
    if found not in known:
        known.append(found)
        del known[:-KNOWN_AT_MOST]


def _last_segment(request: requests.PreparedRequest) -> str:
    return unquote(urlsplit(str(request.url)).path.rpartition("/")[2])


def _is_signed(request: requests.PreparedRequest) -> bool:
    """Whether a registered door signed exactly these bytes a short while ago: found out anew, from what was sent."""
    webhook_id, timestamp, given = (_text(request.headers.get(name, "")) for name in HEADERS)
    secret = _secrets.get(unquote(urlsplit(str(request.url)).path.split("/")[3]))
    if secret is None or not (timestamp.isascii() and timestamp.isdigit()):
        return False
    right = signing.signature(secret, webhook_id, timestamp, _bytes(request.body))
    signed = any(hmac.compare_digest(one.encode(), right.encode()) for one in given.split(" "))
    return signed and abs(time.time() - int(timestamp)) <= TOLERANCE + MARGIN / 2


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@schemathesis.check
def only_its_door_is_believed(context: Any, response: Any, case: Any) -> None:
    """What no registered door signed is never accepted."""
    if _operation(case) in SIGNED_OPERATIONS and 200 <= response.status_code < 300:
        if not _is_signed(response.request):
            raise AssertionError(f"expected a refusal of what no door signed, found {response.status_code}")


@schemathesis.check
def only_the_token_opens(context: Any, response: Any, case: Any) -> None:
    """Without the admin token there is one answer to everything that is not a door's."""
    if _operation(case) in SIGNED_OPERATIONS or _text(response.request.headers.get("Authorization", "")) == f"Bearer {TOKEN}":
        return
    if case.method.upper() == "TRACE" and response.status_code == 405:
        return  # Tomcat's, which asks nobody
    if response.status_code == 400 and NO_HTTP in (response.text or ""):
        return  # so is this
    kind = (response.headers.get("content-type") or ["nothing"])[0]
    if response.status_code != 401 or not kind.startswith("application/problem+json"):
        raise AssertionError(f"expected 401 and a problem without the admin token, found {response.status_code} and {kind}")
