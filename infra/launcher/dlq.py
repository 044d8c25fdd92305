"""The commands about dead letters: what was given up, why, and what is to become of it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from typing import Any

from . import ids, letters, trail
from .api import Api
from .aws import AwsCli
from .console import Problem, progress
from .home import Home
from .letters import Letter, Queues

SHORT = 8  # characters of an id that are shown, and more where that is not enough
LEAST = 4  # characters of an id that have to be given
CALL_LIMIT = 30.0  # seconds for one call of AWS: one takes a second or two


class Desk:
    """The dead letters of the running SmartDoor, as many as can be read in time, spread out. Those in queues are hidden from others meanwhile."""

    def __init__(self, home: Home, command: str) -> None:
        self.home = home
        self.run = home.require_run()
        self.api = Api.of(home, command)
        self.cli = AwsCli.at(self.run.endpoint, self.run.account, CALL_LIMIT)
        if not self.cli.is_answered():  # asked first: each of many calls would find out slowly, in words of its own
            raise Problem(f"{command}: AWS does not answer at {self.run.endpoint}: see ./smartdoor status")
        self.queues = Queues(self.cli, self.run)
        self.letters: list[Letter] = []
        self.unread: dict[str, int] = {}
        """About how many letters there are beyond these, by the queues that hold more than could be read in time."""
        self.failed = False

    @contextlib.contextmanager
    def spread(self) -> Iterator[Desk]:
        with self.queues.read() as found:
            self.letters = list(found.letters)
            self.unread = dict(found.unread)
            failed = dict(found.failed)
            try:
                self.letters += [letters.parked(it) for it in self.api.parked_events()]
            except Problem as problem:
                failed[letters.PARKED] = problem
            self.letters.sort(key=lambda it: (it.at, it.id))
            for name, error in failed.items():
                progress(f"smartdoor: {name} could not be read: {error}")
            if found.hidden:
                are = "message is" if found.hidden == 1 else "messages are"
                progress(f"smartdoor: {found.hidden} more {are} in somebody's hands, and not shown; back within {letters.HIDDEN} s")
            self.failed = bool(failed)
            try:
                yield self
            finally:
                self._tell_unread()

    def _tell_unread(self) -> None:
        """Last, as a long list would hide it."""
        for name, left in self.unread.items():
            read = sum(it.where == name for it in self.letters)
            progress(f"smartdoor: {read} of about {read + left} dead letters in {name} were read: redrive or drop them, then look again")

    def short(self, letter: Letter) -> str:
        """Enough of the id to tell it from all others."""
        length = SHORT
        others = [it.id for it in self.letters if it is not letter]
        while length < len(letter.id) and any(it.startswith(letter.id[:length]) for it in others):
            length += 1
        return letter.id[:length]

    def named(self, wanted: Sequence[str]) -> list[Letter]:
        """Those letters, each once; all must be there before anything is done to one."""
        found = {}
        for given in wanted:
            place, _, start = given.rpartition("/")
            fits = [it for it in self.letters if it.id.startswith(start.lower()) and place in ("", it.where)]
            if len(start) < LEAST or not fits:
                read = " that was read" if self.unread else ""
                raise Problem(
                    f"expected the id of a dead letter{read}, or {LEAST} characters of it or more, found {ids.quoted(given)}: "
                    "see ./smartdoor dlq list"
                )
            if len(fits) > 1:
                full = ", ".join(f"{it.where}/{self.short(it)}" for it in fits)
                raise Problem(f"expected the id of one dead letter, found {ids.quoted(given)}, which fits {full}: give more of it")
            found[fits[0].id] = fits[0]
        return list(found.values())


@contextlib.contextmanager
def desk(command: str) -> Iterator[Desk]:
    """One at a time for a home: two would each see a part."""
    home = Home.given()
    home.require_run()
    with (home.root / "dlq").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with Desk(home, command).spread() as spread:
            yield spread


def list_all(as_json: bool) -> int:
    with desk("dlq list") as found:
        if as_json:
            print(json.dumps({"dead-letters": [document(it) for it in found.letters], "about-unread": found.unread}, indent=2))
        elif not found.letters and not found.failed and not found.unread:
            print("no dead letters")
        else:
            for letter in found.letters:
                event = " ".join(filter(None, (letter.detail_type() or "no event", letter.key())))
                print(f"{found.short(letter):<8}  {letter.where:<22}  {letter.at:<24}  {letter.reason:<20}  {event}")
        return 1 if found.failed else 0


def show(given: str, as_json: bool) -> int:
    with desk("dlq show") as found:
        letter = found.named([given])[0]
    lines = trail.of(found.cli, found.queues, letter)
    if as_json:
        known = [{"at": at, "what": what} if at else {"what": what} for at, what in lines]
        print(json.dumps(document(letter) | {"body": letter.body, "trail": known}, indent=2))
        return 0
    print(f"{letter.id} in {letter.where}\n{letter.reason}: {letter.explanation}".rstrip(": "))
    for name in ("correlation-id", "causation-id"):
        if letter.metadata().get(name):
            print(f"{name} {letter.metadata()[name]}")
    print()
    for at, what in lines:
        print(f"{at or '-':<24}  {what}")
    event = letter.event()
    print("\n" + (json.dumps(event, indent=2, ensure_ascii=False) if event else letter.body))
    return 0


def redrive(given: Sequence[str], is_agreed: bool) -> int:
    """Queues' letters go to their subscriber's own queue, never to the bus; parked ones back to the outbox's relay.

    Zero if all that were meant are put back.
    """
    if not given and not is_agreed and not sys.stdin.isatty():
        raise Problem("expected the ids of dead letters, or --yes for all of them, found neither, and no terminal to ask at: name one of the two")
    with desk("dlq redrive") as found:
        chosen = found.named(given) if given else found.letters
        left = 0 if given else sum(found.unread.values())
        if not chosen:
            if not left:
                print("no dead letters")
            return 1 if found.failed or left else 0
        many = f"{len(chosen)} of about {len(chosen) + left}" if left else f"all {len(chosen)}"
        if not given and not is_agreed and not _agreed(f"redrive {many} dead letters?"):
            raise Problem("nothing is redriven")
        wrong = 0
        for letter in chosen:
            if letter.place is None:
                wrong += _said(found, letter, _refusal(lambda it=letter: found.api.redrive_parked(it.id)), "is pending again")
        for letter, failure in found.queues.redrive([it for it in chosen if it.place]):
            target = letter.place.target.rpartition("/")[2] if letter.place else ""
            wrong += _said(found, letter, failure, f"is on queue {target} again")
        return 1 if wrong or left or (found.failed and not given) else 0


def drop(given: Sequence[str], reason: str) -> int:
    """What is dropped is kept in a file of the state folder first."""
    if not reason.strip() or not reason.isprintable():
        raise Problem(f'expected a reason of one line, found {ids.quoted(reason)}: for example --reason "of a test"')
    with desk("dlq drop") as found:
        chosen = found.named(given)
        file = found.home.root / "dropped.jsonl"
        _keep(file, chosen, reason)
        wrong = 0
        for letter in chosen:
            if letter.place is None:
                failure = _refusal(lambda it=letter: found.api.drop_parked(it.id, reason))
                wrong += _said(found, letter, failure, f"is dropped; a copy is in {file}")
        for letter, failure in found.queues.delete([it for it in chosen if it.place]):
            wrong += _said(found, letter, failure, f"is dropped; a copy is in {file}")
        return 1 if wrong else 0


def document(letter: Letter) -> dict[str, Any]:
    known = {
        "id": letter.id,
        "place": letter.where,
        "reason": letter.reason,
        "explanation": letter.explanation,
        "at": letter.at,
        "detail-type": letter.detail_type(),
        "idempotency-key": letter.key(),
        "correlation-id": letter.metadata().get("correlation-id"),
        "causation-id": letter.metadata().get("causation-id"),
        "receives": letter.receives,
        "attributes": {name: it.get("StringValue") for name, it in letter.attributes.items()},
    }
    return {key: value for key, value in known.items() if value not in (None, "", {})}


def _keep(file: Any, chosen: Sequence[Letter], reason: str) -> None:
    at = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    lines = [json.dumps({"dropped-at": at, "drop-reason": reason} | document(it) | {"body": it.body}) + "\n" for it in chosen]
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write("".join(lines))
        stream.flush()
        os.fsync(stream.fileno())


def _refusal(act: Any) -> str:
    try:
        act()
    except Problem as problem:
        return str(problem)
    return ""


def _said(found: Desk, letter: Letter, failure: str, done: str) -> int:
    """1 where it failed."""
    name = f"{letter.where}/{found.short(letter)}"
    if failure:
        progress(f"smartdoor: {name} {failure}")
        return 1
    print(f"{name} {done}", flush=True)
    return 0


def _agreed(question: str) -> bool:
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
