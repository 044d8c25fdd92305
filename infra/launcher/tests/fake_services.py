"""Stands for the three services in tests of the commands that call them: refuses what they refuse, and can be told to fail."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
import threading
import unittest
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

from launcher import cli, processes, services
from launcher.home import Home, Run
from launcher.processes import Process
from launcher.services import Service
from launcher.signing import headers as signed

TOKEN = "token"
ID = "([^/]+)"


class Refusal(Exception):
    def __init__(self, status: int, detail: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(detail)
        title = HTTPStatus(status).phrase
        self.status = status
        self.document = {"title": title, "status": status, "detail": detail} | ({"errors": errors} if errors else {})


class Services:
    """What the services know, and every change that they were asked for."""

    def __init__(self) -> None:
        self.doors: dict[str, str] = {}
        self.recipients: dict[str, dict[str, Any]] = {}
        self.names: dict[str, str] = {}
        self.residents: dict[str, list[dict[str, str]]] = {}
        self.parked: dict[str, dict[str, Any]] = {}
        self.changes: list[tuple[str, str]] = []
        self.reports: list[tuple[str, bytes]] = []
        """Key and body of each that a door has sent, refused or not."""
        self.pictures: list[tuple[str, str, bytes]] = []
        """Name, type and content of each that a door has sent, in its turn among the reports."""
        self.order: list[str] = []
        self._refusals: dict[tuple[str, str], Refusal] = {}
        self._servers = {service.name: self._serve(service) for service in services.ALL}

    def run(self) -> Run:
        """As the home remembers it, by a process that lives as long as the test."""
        ports = {name: server.server_address[1] for name, server in self._servers.items()}
        own = Process("lock-service", os.getpid(), processes.started(os.getpid()) or "ended")
        return Run("http://127.0.0.1:1", "000000000000", "eu-central-1", ports, {}, {"lock-service": own})

    def refuse(self, method: str, path: str, status: int, detail: str = "", errors: list[dict[str, str]] | None = None) -> None:
        self._refusals[method, path] = Refusal(status, detail, errors)

    def allow(self, method: str, path: str) -> None:
        del self._refusals[method, path]

    def stop(self, service: Service) -> None:
        server = self._servers[service.name]
        server.shutdown()
        server.server_close()

    def close(self) -> None:
        for service in services.ALL:
            self.stop(service)

    def _serve(self, service: Service) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, service))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server

    def answer(self, service: Service, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        split = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(split.query).items()}
        if split.path.endswith("/events") and "webhook-id" in headers:
            self.reports.append((headers["webhook-id"], body))
            self.order.append("event")
        if (method, split.path) in self._refusals:
            raise self._refusals[method, split.path]
        for known, verb, pattern, act in self._routes():
            match = re.fullmatch(pattern, split.path)
            if known is service and verb == method and match:
                if act in (self._report, self._store):
                    return act(match[1], headers, body)
                if headers.get("authorization") != f"Bearer {TOKEN}":
                    raise Refusal(401, "expected the admin token")
                if method != "GET":
                    self.changes.append((method, split.path))
                return act(*match.groups(), query if method == "GET" else json.loads(body or b"null"))
        raise Refusal(404, "there is nothing at this path")

    def _routes(self) -> list[tuple[Service, str, str, Callable[..., tuple[int, Any]]]]:
        door, recipient, resident = f"/v1/doors/{ID}", f"/v1/recipients/{ID}", f"/v1/residents/{ID}"
        lock, notification, identification = services.LOCK, services.NOTIFICATION, services.IDENTIFICATION
        return [
            (lock, "GET", "/v1/doors", lambda _: (200, {"items": [{"id": it} for it in self.doors]})),
            (lock, "POST", "/v1/doors", self._add_door),
            (lock, "DELETE", door, lambda it, _: self._forget(self.doors, it, "door")),
            (lock, "POST", f"{door}/events", self._report),
            (lock, "PUT", f"{door}/snapshots/{ID}", self._store),
            (lock, "GET", "/v1/parked-events", lambda _: (200, {"items": list(self.parked.values())})),
            (lock, "POST", f"/v1/parked-events/{ID}/redrive", lambda it, _: self._unpark(it)),
            (lock, "DELETE", f"/v1/parked-events/{ID}", lambda it, _: self._unpark(it)),
            (notification, "GET", "/v1/recipients", lambda _: (200, {"items": [{"id": key} | it for key, it in self.recipients.items()]})),
            (notification, "GET", recipient, self._recipient),
            (notification, "PUT", recipient, self._put_recipient),
            (notification, "DELETE", recipient, lambda it, _: self._forget(self.recipients, it, None)),
            (notification, "GET", f"{recipient}/inbox", lambda it, _: (self._recipient(it, _)[0], {"items": []})),
            (notification, "GET", f"/v1/people/residents/{ID}", self._name),
            (notification, "PUT", f"/v1/people/residents/{ID}", self._put_name),
            (notification, "DELETE", f"/v1/people/residents/{ID}", lambda it, _: self._forget(self.names, it, None)),
            (identification, "GET", "/v1/residents", self._page_of_residents),
            (identification, "GET", resident, self._resident),
            (identification, "PUT", resident, self._put_resident),
            (identification, "DELETE", resident, lambda it, _: self._forget(self.residents, it, "resident")),
        ]

    def _unpark(self, key: str) -> tuple[int, Any]:
        return self._forget(self.parked, key, "parked event")

    def _add_door(self, document: dict[str, Any]) -> tuple[int, Any]:
        door = document["id"]
        if door in self.doors:
            problem = f"door {door} is registered already"
            raise Refusal(409, f"id: {problem}", [{"field": "id", "problem": problem}])
        self.doors[door] = document["name"]
        return 201, {"id": door, "name": document["name"], "secret": "whsec_" + "QUJD" * 11}

    def _report(self, door: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        expected = signed("whsec_" + "QUJD" * 11, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
        if door not in self.doors or headers["webhook-signature"] != expected["webhook-signature"]:
            raise Refusal(401, "no such door has signed this")
        return 202, {"idempotency-key": headers["webhook-id"], "door": door}

    def _store(self, door: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        self._report(door, headers, body)
        self.pictures.append((headers["webhook-id"], headers["content-type"], body))
        self.order.append("picture")
        return 201, {"snapshot": headers["webhook-id"], "door": door, "width": 1, "height": 1}

    def _recipient(self, recipient: str, _: Any) -> tuple[int, Any]:
        if recipient not in self.recipients:
            raise Refusal(404, f"there is no recipient {recipient}")
        return 200, {"id": recipient} | self.recipients[recipient]

    def _put_recipient(self, recipient: str, document: dict[str, Any] | None) -> tuple[int, Any]:
        unknown = set(document or {}) - {"include-closed"}
        if unknown:
            raise Refusal(400, "unknown", [{"field": field, "problem": "is not known"} for field in unknown])
        status = 200 if recipient in self.recipients else 201
        self.recipients[recipient] = {"include-closed": bool((document or {}).get("include-closed"))}
        return status, {"id": recipient} | self.recipients[recipient]

    def _name(self, person: str, _: Any) -> tuple[int, Any]:
        if person not in self.names:
            raise Refusal(404, f"nobody has said what to call {person} of residents")
        return 200, {"store": "residents", "id": person, "display-name": self.names[person]}

    def _put_name(self, person: str, document: dict[str, Any]) -> tuple[int, Any]:
        self.names[person] = document["display-name"]
        return self._name(person, None)

    def _page_of_residents(self, query: dict[str, str]) -> tuple[int, Any]:
        left = [it for it in sorted(self.residents) if it > query.get("cursor", "")]
        page = left[: int(query["limit"])]
        items = [{"id": it, "credentials": self.residents[it]} for it in page]
        return 200, {"items": items} | ({"next": page[-1]} if len(left) > len(page) else {})

    def _resident(self, resident: str, _: Any) -> tuple[int, Any]:
        if resident not in self.residents:
            raise Refusal(404, f"there is no resident {resident}")
        return 200, {"id": resident, "credentials": self.residents[resident]}

    def _put_resident(self, resident: str, document: dict[str, Any]) -> tuple[int, Any]:
        given = document["credentials"]
        for owner, owned in self.residents.items():
            for index, credential in enumerate(given):
                if owner != resident and credential in owned:
                    problem = f"{credential['store']}/{credential['id']} belongs to resident {owner}"
                    errors = [{"field": f"credentials[{index}]", "problem": problem}]
                    raise Refusal(409, "a credential belongs to one resident", errors)
        status = 200 if resident in self.residents else 201
        self.residents[resident] = given
        return status, {"id": resident, "credentials": given}

    @staticmethod
    def _forget(known: dict[str, Any], which: str, kind: str | None) -> tuple[int, Any]:
        """Where no kind is named, forgetting can be repeated."""
        if kind is not None and which not in known:
            raise Refusal(404, f"there is no {kind} {which}")
        known.pop(which, None)
        return 204, None


def _handler(known: Services, service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {key.lower(): value for key, value in self.headers.items()}
            try:
                status, document = known.answer(service, self.command, self.path, headers, body)
            except Refusal as refusal:
                status, document = refusal.status, refusal.document
            said = b"" if document is None else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    return Handler


class CommandsOnServices(unittest.TestCase):
    """A home whose SmartDoor is the double."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.services = Services()
        self.addCleanup(self.services.close)
        environ = mock.patch.dict("os.environ", {"SMARTDOOR_HOME": folder.name, "SMARTDOOR_ADMIN_TOKEN": TOKEN})
        environ.start()
        self.addCleanup(environ.stop)
        self.home = Home(Path(folder.name))
        self.home.remember_run(self.services.run())

    def run_command(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            with mock.patch("launcher.console.stop_on_signals"):
                code = cli.main(arguments)
        return code, out.getvalue(), err.getvalue()

    def assert_done(self, said: str, *arguments: str) -> None:
        self.assertEqual((0, said + "\n", ""), self.run_command(*arguments))

    def assert_refused(self, pattern: str, *arguments: str) -> None:
        """One line, on standard error, and nothing of a traceback."""
        code, out, err = self.run_command(*arguments)
        self.assertEqual((1, ""), (code, out))
        self.assertRegex(err, rf"\Asmartdoor: {pattern}\n\Z")
        self.assertEqual(1, err.count("\n"))
