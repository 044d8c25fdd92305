"""The command `prove api`: asks the services for everything that their APIs' documents allow, and for what they do not."""

from __future__ import annotations

import http.client
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from . import console, demo, services, stacks, tools
from .aws import AwsCli
from .console import Problem, progress
from .environment import REPOSITORY, fresh_account, given_endpoint, region, without_aws
from .home import Home
from .services import Service
from .system import Plan, System

FOLDER = REPOSITORY / "infra" / "fuzz"
WITNESS = REPOSITORY / "system-tests" / "src" / "test" / "resources" / "stacks" / "witness.yaml"
EXAMPLES = 30
OLDEST_PYTHON = (3, 11)  # schemathesis' own
LIMIT = 60.0  # seconds until everything that was accepted has to be on the bus
END_LIMIT = 10.0  # seconds for a run that is interrupted to end
PAUSE = 0.2  # seconds between two looks
SHOWN = 10  # of a kind of difference, how many are named
# A door's secret; the admin token is known.
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=_-]+")

# Everything comes from one address, and to few doors: a flood by any measure.
LIMITS = {
    f"SMARTDOOR_LOCK_{name}": "1000000"
    for name in (
        *("WEBHOOKS_DOORRATE", "WEBHOOKS_DOORBURST", "WEBHOOKS_UNPROVENRATE", "WEBHOOKS_UNPROVENBURST"),
        *("SNAPSHOTS_DOORRATE", "SNAPSHOTS_DOORBURST"),
    )
}

Entry = dict[str, Any]


@dataclass(frozen=True)
class Api:
    """What became of one API."""

    name: str
    passed: bool
    requests: int
    statuses: dict[str, int]
    took_ms: int

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "passed": self.passed,
            "requests": self.requests,
            "statuses": self.statuses,
            "took-ms": self.took_ms,
        }


@dataclass(frozen=True)
class Event:
    """What is told apart of an event on the bus."""

    key: str
    origin: str
    """The key of the door's event that it goes back to; its own, where it is that one."""

    @staticmethod
    def of(body: str) -> Event:
        try:
            metadata = json.loads(body)["detail"]["metadata"]
            key = str(metadata["idempotency-key"])
            return Event(key, str(metadata.get("correlation-id") or key))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Problem(
                f"expected events with their metadata on the bus, found one without ({type(error).__name__}): "
                "see docs/events.md, and who published it"
            ) from error


def api(as_json: bool, seed: int | None, examples: int) -> int:
    """Zero only if every API kept to its document, and the bus carried what was accepted, once, and nothing else."""
    if sys.version_info < OLDEST_PYTHON:
        raise Problem(
            f"expected Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer, which schemathesis needs, "
            f"found {sys.version_info[0]}.{sys.version_info[1]}: name a newer one: python3.12 smartdoor prove api"
        )
    chosen = secrets.randbelow(2**31) if seed is None else seed
    progress(f"- seed {chosen}; the same again: ./smartdoor prove api --seed {chosen} --examples {examples}")
    apis, differences, accepted = _perform(chosen, examples, sys.stderr if as_json else sys.stdout)
    passed = all(it.passed for it in apis) and not differences and accepted > 0
    if accepted == 0:
        differences = [*differences, "expected webhooks to be accepted, found none: nothing was shown of events"]
    if as_json:
        document = {"seed": chosen, "apis": [it.to_json() for it in apis], "accepted": accepted}
        print(json.dumps(document | {"differences": differences, "passed": passed}, indent=2), flush=True)
    else:
        for it in apis:
            print(f"{'ok    ' if it.passed else 'FAILED'}  {it.name:<22}{it.requests:6} requests  {it.took_ms / 1000:6.1f} s")
        for line in differences:
            print(f"FAILED  {line}")
        print(f"seed {chosen}: {'everything holds' if passed else 'FAILED'}; {accepted} events accepted", flush=True)
    return 0 if passed else 1


def _perform(seed: int, examples: int, output: Any) -> tuple[list[Api], list[str], int]:
    """From nothing to nothing: a SmartDoor of its own, on an AWS account of its own."""
    python = tools.python(tools.FUZZ)
    endpoint = given_endpoint()
    os.environ.update(LIMITS)
    folder = Path(tempfile.mkdtemp(prefix="smartdoor-fuzz-"))
    try:
        system = System(Home(folder / "home"), Plan.make(endpoint, fresh_account(), free_ports=True, keeps_state=False))
        subscribed: stacks.Deployment | None = None
        try:
            system.start()
            subscribed = stacks.Deployment(system.aws(), system.run.account, (), own={WITNESS.stem: WITNESS})
            witness = Witness(system, subscribed.run()[WITNESS.stem]["Queue"])
            journal = folder / "journal.jsonl"
            apis = [fuzz(service, system, python, seed, examples, journal, output) for service in services.ALL]
            with console.step("comparing what was accepted with what was published"):
                accepted = accepted_keys(entries(journal))
                witness.await_events(accepted)
                stored = stored_keys(system.aws(), system.run.outputs[services.LOCK.stack]["OutboxTable"])
                found = differences(accepted, witness.seen, stored)
            if found or not all(it.passed for it in apis):
                demo.show_logs(system)
            return apis, found, len(accepted)
        finally:
            system.stop()
            if endpoint is not None:
                if subscribed is not None:
                    subscribed.remove()
                demo.remove_stacks(system)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fuzz(
    service: Service, system: System, python: Path, seed: int, examples: int, journal: Path, output: Any
) -> Api:
    token = system.home.admin_token()
    before = len(entries(journal))
    began = time.monotonic()
    command = [python, "-I", "-m", "schemathesis.cli", "--config-file", FOLDER / "schemathesis.toml", "run"]
    command += [f"{system.run.address(service.name)}/v3/api-docs", "--seed", seed, "--max-examples", examples]
    with console.step(f"fuzzing {service.name}"):
        code = _run(command, _environment(token, seed, journal), output, token)
    made = entries(journal)[before:]
    statuses = Counter(str(entry["status"]) for entry in made)
    # A run that asked for nothing has shown nothing.
    passed = code == 0 and bool(made) and not any(status.startswith("5") and status != "503" for status in statuses)
    return Api(service.name, passed, len(made), dict(sorted(statuses.items())), round((time.monotonic() - began) * 1000))


def _environment(token: str, seed: int, journal: Path) -> dict[str, str]:
    inherited = {key: value for key, value in without_aws(os.environ).items() if not key.startswith("SCHEMATHESIS_")}
    return inherited | {
        "SCHEMATHESIS_HOOKS": str(FOLDER / "hooks.py"),
        "SMARTDOOR_FUZZ_SEED": str(seed),
        "SMARTDOOR_FUZZ_JOURNAL": str(journal),
        "SMARTDOOR_ADMIN_TOKEN": token,
        # Strings are hashed alike in every run: what schemathesis makes up depends on it.
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }


def _run(command: Sequence[object], environ: Mapping[str, str], output: Any, token: str) -> int:
    started: list[subprocess.Popen[str]] = []
    try:
        with console.undivided():
            started.append(
                subprocess.Popen(
                    [str(part) for part in command],
                    env=environ,
                    cwd=FOLDER,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    encoding="utf-8",
                    errors="replace",
                )
            )
        said = started[0].stdout
        assert said is not None
        with said:
            for line in said:
                print(without_secrets(line, token), end="", file=output, flush=True)
        return started[0].wait(END_LIMIT)
    finally:
        with console.uninterrupted():
            for child in started:
                if child.poll() is None:
                    child.kill()
                child.wait()


def without_secrets(line: str, token: str) -> str:
    """A request that failed is shown in full, and so is its answer, which may hold a door's secret."""
    return SECRET.sub("whsec_[hidden]", line.replace(token, "[hidden]"))


# What was accepted, and what was published


def entries(journal: Path) -> list[Entry]:
    """What the hooks noted: a line for every request that was answered."""
    return [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else []


def accepted_keys(made: Iterable[Entry]) -> set[str]:
    return {str(entry["key"]) for entry in made if entry["status"] == 202 and "key" in entry}


def stored_keys(cli: AwsCli, table: str) -> list[str]:
    found = cli.json(
        *("dynamodb", "scan", "--table-name", table, "--consistent-read"),
        *("--projection-expression", "#key", "--expression-attribute-names", json.dumps({"#key": "idempotency-key"})),
    )
    return [str(item["idempotency-key"]["S"]) for item in found["Items"]]


def differences(accepted: set[str], events: Iterable[Event], stored: Iterable[str]) -> list[str]:
    """What breaks the promise: each accepted webhook is one item and one event, and nothing else is anything."""
    seen = list(events)
    published = Counter(event.key for event in seen if event.key == event.origin)
    consequences = [event for event in seen if event.key != event.origin]
    kept = set(stored)
    return [
        *_named("published, but no request with this key was answered 202", published.keys() - accepted),
        *_named("answered 202, but never published", accepted - published.keys()),
        *_named("published more than once", {key for key, times in published.items() if times > 1}),
        *_named("follows from an event that nobody accepted", {it.key for it in consequences if it.origin not in accepted}),
        *_named("stored, but no request with this key was answered 202", kept - accepted),
        *_named("answered 202, but not stored", accepted - kept),
    ]


def _named(what: str, keys: Iterable[str]) -> list[str]:
    found = sorted(keys)
    more = [f"{len(found) - SHOWN} more: {what}"] if len(found) > SHOWN else []
    return [f"{key}: {what}" for key in found[:SHOWN]] + more


class Witness:
    """Receives whatever passes over the bus. By plain HTTP: the AWS CLI takes a second for every ten messages."""

    def __init__(self, system: System, queue: str) -> None:
        self._address = urlsplit(system.run.endpoint)
        self._queue = queue
        self._account = system.run.account
        self.seen: list[Event] = []

    def await_events(self, expected: set[str]) -> None:
        """Until every expected event came and nothing more does; after the limit, with what came until then."""
        deadline = time.monotonic() + LIMIT
        while True:
            came = self._receive()
            self.seen += [Event.of(body) for body in came]
            if came:
                continue
            missing = expected - {event.key for event in self.seen}
            if not missing or time.monotonic() > deadline:
                return
            time.sleep(PAUSE)

    def _receive(self) -> list[str]:
        asked = {"QueueUrl": self._queue, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1}
        connection_type = http.client.HTTPSConnection if self._address.scheme == "https" else http.client.HTTPConnection
        connection = connection_type(str(self._address.hostname), self._address.port, timeout=30)
        # An emulator reads the account and the region from here, and checks no signature.
        credential = f"{self._account}/{time.strftime('%Y%m%d', time.gmtime())}/{region()}/sqs/aws4_request"
        headers = {
            "authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature={'0' * 64}",
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": "AmazonSQS.ReceiveMessage",
        }
        try:
            connection.request("POST", "/", json.dumps(asked), headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200:
                raise Problem(f"expected to receive from {self._queue}, found the answer {answer.status}: see the emulator's log")
            return [str(message["Body"]) for message in json.loads(said).get("Messages") or []]
        except (OSError, http.client.HTTPException) as error:
            raise Problem(f"expected an AWS at {self._address.geturl()}, found: {error}: see the emulator's log") from error
        finally:
            connection.close()

