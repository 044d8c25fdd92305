"""The command `replay`: puts on the bus once more what passed over it, for all subscribers or for one."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime, timedelta, timezone
from typing import Any

from . import console
from .aws import AwsCli, AwsError
from .console import Problem
from .deploy import Environment, reach, require_answering

# How long EventBridge may take until an event is in the archive.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
ARCHIVING = timedelta(minutes=10)
ENDED = ("COMPLETED", "CANCELLED", "FAILED")
LIMIT = 3600.0  # seconds until the command stops waiting; the replay goes on
PAUSE = 3.0


def replay(name: str, begin: str, end: str, subscriber: str | None, endpoint: str | None) -> int:
    """Zero once EventBridge has replayed everything of the window."""
    environment = Environment.named(name)
    first, last = window(begin, end, datetime.now(timezone.utc))
    if subscriber is not None and not re.fullmatch(r"[A-Za-z0-9._-]+", subscriber):
        raise Problem(f'expected --subscriber to be notification, identification or the name of your own, found "{subscriber}": correct it')
    require_answering(endpoint)
    cli = reach(environment, endpoint)
    print(f"Environment {name}: account {environment.account}, region {environment.region}, {cli.endpoint}")
    rules = _rules(cli, environment.prefix, subscriber)
    archive = _archive(cli, environment.prefix, endpoint is not None)
    print(
        f"Archive {archive['ArchiveName']}: {archive.get('EventCount', 'unknown')} events, {archive.get('SizeBytes', 'unknown')} bytes\n"
        f"Replaying {first.isoformat()} to {last.isoformat()} to {', '.join(rule['Name'] for rule in rules)}; "
        "what a subscriber handled before, it ignores",
        flush=True,
    )
    replay_name = f"{environment.prefix}-{datetime.now(timezone.utc):%Y%m%d-%H%M%S}"
    destination = {"Arn": archive["EventSourceArn"], "FilterArns": [rule["Arn"] for rule in rules]}
    cli.run(
        *("events", "start-replay", "--replay-name", replay_name, "--event-source-arn", archive["ArchiveArn"]),
        *("--event-start-time", first.isoformat(), "--event-end-time", last.isoformat()),
        *("--destination", json.dumps(destination)),
    )
    with console.step(f"replay {replay_name}"):
        ended = _await(cli, replay_name)
    print(f"{ended['State'].lower()}; last event replayed: {ended.get('EventLastReplayedTime', 'none')}")
    if ended["State"] != "COMPLETED":
        raise Problem(
            f"expected the replay to be COMPLETED, found it {ended['State']}: {ended.get('StateReason', 'no reason given')}; "
            "replaying again repeats no effect"
        )
    return 0


def window(begin: str, end: str, now: datetime) -> tuple[datetime, datetime]:
    first, last = _time("--from", begin), _time("--to", end)
    if first >= last:
        raise Problem(f"expected --from to be before --to, found {begin} and {end}: correct them")
    if last > now - ARCHIVING:
        raise Problem(
            f"expected --to to be at least 10 minutes ago, found {end}: EventBridge may take that long to archive an event, "
            f"and a replay leaves out what is not there yet; wait, or say --to {(now - ARCHIVING).isoformat(timespec='seconds')}"
        )
    return first, last


def _time(option: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Problem(f"expected {option} to be a time with its zone (2026-11-23T07:31:04Z), found {text}: correct it")
    return found


def _archive(cli: AwsCli, prefix: str, emulated: bool) -> dict[str, Any]:
    try:
        found: dict[str, Any] = cli.json("events", "describe-archive", "--archive-name", prefix)
    except AwsError as error:
        advice = (
            "the stacks on an emulator have no archive; replay on AWS itself"
            if emulated
            else 'set Archive to "true" in the environment\'s file, or remove it there, and deploy; what passes from then on can be replayed'
        )
        raise Problem(f"expected an archive named {prefix}, found {error}: {advice}") from error
    return found


def _rules(cli: AwsCli, prefix: str, subscriber: str | None) -> list[dict[str, Any]]:
    """Named, so that a rule of somebody else's on the same bus hears nothing."""
    found = cli.json("events", "list-rules", "--event-bus-name", prefix, "--name-prefix", f"{prefix}-").get("Rules", [])
    rules = [rule for rule in found if subscriber in (None, rule["Name"].removeprefix(f"{prefix}-"))]
    if not rules:
        known = ", ".join(sorted(rule["Name"].removeprefix(f"{prefix}-") for rule in found)) or "nobody"
        raise Problem(f"expected a subscriber of bus {prefix} ({known}), found {subscriber or 'no rule'}: correct --subscriber")
    return rules


def _await(cli: AwsCli, replay_name: str) -> dict[str, Any]:
    deadline = time.monotonic() + LIMIT
    while True:
        found: dict[str, Any] = cli.json("events", "describe-replay", "--replay-name", replay_name)
        if found.get("State") in ENDED:
            return found
        if time.monotonic() > deadline:
            raise Problem(
                f"expected replay {replay_name} to end within {LIMIT:.0f} s, found it {found.get('State')}: "
                f"it goes on; look with aws events describe-replay --replay-name {replay_name}"
            )
        time.sleep(PAUSE)
