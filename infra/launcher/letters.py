"""The dead letters of one SmartDoor, wherever they lie: in subscribers' dead-letter queues, or parked in the outbox."""

from __future__ import annotations

import contextlib
import json
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from . import console, stacks
from .aws import AwsCli
from .home import Run

BATCH = 10  # messages of one call; the most that SQS allows
# Seconds for which what is read stays hidden. Enough for several hundred; should this command be killed, they come back by then.
HIDDEN = 120
# Seconds for which queues are read, well before the first letters come back: from then on they would be taken for all there is.
READING = HIDDEN / 2
SIZE = 200_000  # bytes of one batch's bodies; an older SQS allows 256 KiB, attributes included
PLACES = 4  # calls side by side, each a process
PARKED = "outbox"
ENDING = "DeadLetterQueue"  # outputs that name a queue of dead letters end so
# What tells why a message was given up: by the subscriber, or by EventBridge.
REJECTION = ("reason", "explanation", "subscriber", "rejected-at")
UNDELIVERED = ("ERROR_CODE", "ERROR_MESSAGE", "EXHAUSTED_RETRY_CONDITION", "RETRY_ATTEMPTS", "RULE_ARN", "TARGET_ARN")


@dataclass(frozen=True)
class Place:
    """A queue of dead letters, and the queue that they are put back on."""

    name: str
    url: str
    target: str
    """URL of the subscriber's own queue."""


@dataclass(frozen=True)
class Subscriber:
    """What a stack says of a subscriber."""

    name: str
    handled_table: str | None
    state_machine: str | None


@dataclass(frozen=True)
class Letter:
    id: str
    """A message's id, or the idempotency key of a parked event."""
    place: Place | None
    """None: the outbox."""
    reason: str
    explanation: str
    at: str
    """When it was given up; where nobody says, when it was put here."""
    body: str
    attributes: Mapping[str, Any]
    receives: int = 0
    first_received_at: str = ""
    receipt: str = ""

    @property
    def where(self) -> str:
        return self.place.name if self.place else PARKED

    def event(self) -> dict[str, Any]:
        """The envelope; empty where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def metadata(self) -> dict[str, Any]:
        detail = self.event().get("detail")
        found = detail.get("metadata") if isinstance(detail, dict) else None
        return found if isinstance(found, dict) else {}

    def key(self) -> str:
        return str(self.metadata().get("idempotency-key") or "")

    def detail_type(self) -> str:
        return str(self.event().get("detail-type") or "")

    def text(self, name: str) -> str:
        return str(self.attributes.get(name, {}).get("StringValue") or "")


@dataclass(frozen=True)
class Found:
    """What reading the queues brought."""

    letters: Sequence[Letter]
    failed: Mapping[str, Exception]
    """Why, by the names of those that could not be read."""
    hidden: int
    """How many messages somebody else had in hand."""
    unread: Mapping[str, int]
    """About how many letters were left, by the names of those that hold more than could be read in time."""


class Queues:
    """The dead-letter queues that the deployed stacks name: each output that ends so, of any stack with this SmartDoor's prefix.

    What lies in XDeadLetterQueue goes back to XQueue, and where there is none (RuleDeadLetterQueue) to Queue.
    """

    def __init__(self, cli: AwsCli, run: Run) -> None:
        self._cli = cli
        self._gone: set[str] = set()
        self._interrupted = threading.Event()
        self._prefix = run.outputs.get(stacks.BUS, {}).get("Name", "smartdoor")
        with ThreadPoolExecutor(2) as pool:
            urls = pool.submit(self._urls)
            outputs = pool.submit(self._outputs).result()
            self.places = list(self._places(outputs, urls.result()))
        self.outputs = outputs
        self.subscribers = [
            Subscriber(name, it.get("HandledTable"), it.get("StateMachineArn")) for name, it in outputs.items() if "Queue" in it
        ]

    def _outputs(self) -> dict[str, dict[str, str]]:
        """By the stacks' names without the prefix."""
        found = self._cli.json("cloudformation", "describe-stacks").get("Stacks", [])
        return {
            it["StackName"].removeprefix(f"{self._prefix}-"): {each["OutputKey"]: each["OutputValue"] for each in it.get("Outputs", [])}
            for it in found
            if it["StackName"].startswith(f"{self._prefix}-") and it["StackStatus"] != "DELETE_COMPLETE"
        }

    def _urls(self) -> dict[str, str]:
        found = self._cli.json("sqs", "list-queues", "--queue-name-prefix", self._prefix).get("QueueUrls", [])
        return {url.rpartition("/")[2]: url for url in found}

    def _places(self, outputs: Mapping[str, Mapping[str, str]], urls: Mapping[str, str]) -> Iterator[Place]:
        for _, stack in sorted(outputs.items()):
            for key, queue in sorted(stack.items()):
                if key.endswith(ENDING):
                    target = stack.get(f"{key.removesuffix(ENDING)}Queue") or stack.get("Queue", "")
                    if queue in urls and target in urls:
                        yield Place(queue.removeprefix(f"{self._prefix}-"), urls[queue], urls[target])

    @contextlib.contextmanager
    def read(self) -> Iterator[Found]:
        """The letters, which stay hidden meanwhile and are visible again after it."""
        letters: dict[str, Letter] = {}
        failed: dict[str, Exception] = {}
        hidden = 0
        unread: dict[str, int] = {}
        until = time.monotonic() + READING
        try:
            with ThreadPoolExecutor(PLACES) as pool:
                try:
                    running = {place.name: pool.submit(self._read, place, letters, until) for place in self.places}
                    for name, each in running.items():
                        try:
                            others, left = each.result()
                        except Exception as error:  # the other queues are to be shown all the same
                            failed[name] = error
                        else:
                            hidden += others
                            if left:
                                unread[name] = left
                except BaseException:
                    self._interrupted.set()
                    pool.shutdown(cancel_futures=True)
                    raise
            yield Found(sorted(letters.values(), key=lambda it: (it.at, it.id)), failed, hidden, unread)
        finally:
            with console.uninterrupted():
                self._show_again([it for it in letters.values() if it.id not in self._gone])

    def _read(self, place: Place, letters: dict[str, Letter], until: float) -> tuple[int, int]:
        """Until nothing new comes (fewer than asked for may come although there are more), or the time is over; how many
        messages somebody else has in hand, and about how many were left."""
        total, others = self._count(place)
        found = 0
        while True:
            received = self._cli.json(
                *("sqs", "receive-message", "--queue-url", place.url, "--max-number-of-messages", str(BATCH)),
                *("--visibility-timeout", str(HIDDEN), "--wait-time-seconds", "1"),
                *("--attribute-names", "All", "--message-attribute-names", "All"),
            ).get("Messages", [])
            new = sum(message["MessageId"] not in letters for message in received)
            found += new
            for message in received:
                letters[message["MessageId"]] = _letter(message, place)  # the newest receipt is the one that counts
            if self._interrupted.is_set():
                return others, 0
            if not new:
                # Counts lag behind: left is only what is missing by both, from before and from now.
                return others, min(total - found, self._count(place)[0]) if total > found else 0
            if time.monotonic() >= until:
                return others, self._count(place)[0]

    def _count(self, place: Place) -> tuple[int, int]:
        """About how many messages are there to be read, and how many in somebody's hands."""
        counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        found = self._cli.json("sqs", "get-queue-attributes", "--queue-url", place.url, "--attribute-names", *counts)
        visible, hidden = (int(found.get("Attributes", {}).get(name, 0)) for name in counts)
        return visible, hidden

    def _show_again(self, letters: Sequence[Letter]) -> None:
        def one(url: str, batch: Sequence[Letter]) -> None:
            entries = [{"Id": str(i), "ReceiptHandle": it.receipt, "VisibilityTimeout": 0} for i, it in enumerate(batch)]
            with contextlib.suppress(Exception):  # they come back by themselves
                self._batch("change-message-visibility-batch", url, entries)

        with ThreadPoolExecutor(PLACES) as pool:
            for url, batch in batches(letters, lambda it: it.place.url):
                pool.submit(one, url, batch)

    def redrive(self, letters: Sequence[Letter]) -> Iterator[tuple[Letter, str]]:
        """Puts each on its subscriber's queue, then removes it here; says of each what went wrong, or nothing."""
        for target, batch in batches(letters, lambda it: it.place.target):
            entries = [
                {"Id": str(i), "MessageBody": it.body, "MessageAttributes": redriven_attributes(it)} for i, it in enumerate(batch)
            ]
            refused = self._try("send-message-batch", target, entries)
            for index, letter in enumerate(batch):
                if str(index) in refused:
                    yield letter, f"was not sent, and stays here: {refused[str(index)]}"
            sent = [it for i, it in enumerate(batch) if str(i) not in refused]
            for letter, wrong in self.delete(sent):
                yield letter, f"was sent, but stays here too (a second redrive is harmless): {wrong}" if wrong else ""

    def delete(self, letters: Sequence[Letter]) -> Iterator[tuple[Letter, str]]:
        for url, batch in batches(letters, lambda it: it.place.url):
            refused = self._try("delete-message-batch", url, [{"Id": str(i), "ReceiptHandle": it.receipt} for i, it in enumerate(batch)])
            for index, letter in enumerate(batch):
                if str(index) not in refused:
                    self._gone.add(letter.id)
                yield letter, refused.get(str(index), "")

    def _try(self, operation: str, url: str, entries: list[dict[str, Any]]) -> dict[str, str]:
        """What was refused, and why, by entry."""
        try:
            answer = self._batch(operation, url, entries)
        except Exception as error:
            return {entry["Id"]: str(error) for entry in entries}
        return {it["Id"]: f"{it.get('Code')} {it.get('Message', '')}".strip() for it in answer.get("Failed", [])}

    def _batch(self, operation: str, url: str, entries: list[dict[str, Any]]) -> Any:
        """By a file: a body may be longer than an argument can be."""
        with tempfile.TemporaryDirectory(prefix="smartdoor-dlq-") as folder:
            file = Path(folder) / "input.json"
            file.write_text(json.dumps({"QueueUrl": url, "Entries": entries}))
            return self._cli.json("sqs", operation, "--cli-input-json", f"file://{file}")


def batches(letters: Sequence[Letter], url: Any) -> Iterator[tuple[str, list[Letter]]]:
    """By URL, in order, each small enough for one call."""
    by_url: dict[str, list[Letter]] = {}
    for letter in letters:
        batch = by_url.setdefault(url(letter), [])
        if len(batch) == BATCH or (batch and sum(len(it.body.encode()) for it in batch) + len(letter.body.encode()) > SIZE):
            yield url(letter), list(batch)
            batch.clear()
        batch.append(letter)
    yield from ((each, batch) for each, batch in by_url.items() if batch)


def redriven_attributes(letter: Letter) -> dict[str, Any]:
    """Whatever was not said of the death stays; that it was here is noted."""
    kept = {
        name: {key: it[key] for key in ("DataType", "StringValue", "BinaryValue") if key in it}
        for name, it in letter.attributes.items()
        if name not in (*REJECTION, *UNDELIVERED) and not name.startswith("redriven-")
    }
    noted = {"redriven-reason": letter.reason, "redriven-from": letter.where}
    return dict(list(kept.items())[:8]) | {key: {"DataType": "String", "StringValue": value} for key, value in noted.items()}


def _letter(message: Mapping[str, Any], place: Place) -> Letter:
    attributes = message.get("MessageAttributes", {})
    system = message.get("Attributes", {})
    receives = int(system.get("ApproximateReceiveCount", 0))

    def said(name: str) -> str:
        return str(attributes.get(name, {}).get("StringValue") or "")

    if said("reason"):
        reason, explanation = said("reason"), said("explanation")
    elif said("ERROR_CODE") or said("RULE_ARN"):
        reason, explanation = said("ERROR_CODE") or "undelivered", said("ERROR_MESSAGE")
    else:
        reason, explanation = "given-up", "SQS itself gave it up, after too many receives"
    return Letter(
        message["MessageId"],
        place,
        reason,
        explanation,
        said("rejected-at") or moment(system.get("SentTimestamp")),
        message["Body"],
        attributes,
        receives,
        moment(system.get("ApproximateFirstReceiveTimestamp")),
        message["ReceiptHandle"],
    )


def parked(item: Mapping[str, Any]) -> Letter:
    """An entry of the Lock Service's list, as the event that would have been on the bus."""
    try:
        detail = json.loads(item["detail"])
    except ValueError:
        detail = item["detail"]
    envelope = {
        "detail-type": item["detail-type"],
        "source": "SmartDoor",
        "time": item["time"],
        "resources": item["resources"],
        "detail": detail,
    }
    return Letter(item["idempotency-key"], None, item["code"], item["message"], item["parked-at"], json.dumps(envelope), {})


def moment(milliseconds: Any) -> str:
    """As everywhere in SmartDoor: UTC, ISO 8601, to the millisecond."""
    if not milliseconds:
        return ""
    at = datetime.fromtimestamp(int(milliseconds) / 1000, timezone.utc)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
