"""What became of one event, as far as anybody wrote it down."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .aws import AwsCli, AwsError
from .letters import Letter, Queues, Subscriber, moment

Line = tuple[str, str]
"""When, where that is known, and what."""


def of(cli: AwsCli, queues: Queues, letter: Letter) -> list[Line]:
    """In the order of time; what has no time comes last."""
    lines = _own(letter)
    if letter.key():
        first = str(letter.metadata().get("correlation-id") or letter.key())
        looks: list[Callable[[], list[Line]]] = []
        outbox = queues.outputs.get("lock", {}).get("OutboxTable")
        if outbox:
            looks.append(lambda: _accepted(cli, outbox, first))
        for subscriber in queues.subscribers:
            if subscriber.handled_table:
                looks.append(lambda it=subscriber: _claimed(cli, it, letter))
            if subscriber.state_machine:
                looks.append(lambda it=subscriber: _executed(cli, it, first))
        with ThreadPoolExecutor(4) as pool:
            for found in pool.map(lambda look: look(), looks):
                lines += found
    return sorted(lines, key=lambda it: (it[0] == "", it[0]))


def _own(letter: Letter) -> list[Line]:
    lines = [(letter.at, f"{letter.where}: {letter.reason}" + (f" ({letter.explanation})" if letter.explanation else ""))]
    occurred = letter.metadata().get("occurred-at")
    if occurred:
        lines.append((str(occurred), "happened at the door"))
    if letter.receives:
        lines.append((letter.first_received_at, f"{letter.where}: first looked at; {letter.receives} times in all, by these commands too"))
    return lines


def _accepted(cli: AwsCli, table: str, key: str) -> list[Line]:
    item, wrong = _item(cli, table, {"idempotency-key": {"S": key}})
    if not item:
        return [("", f"lock: {wrong or 'no record that it was accepted'}")]
    lines = [(_text(item, "accepted-at"), f"lock: accepted from door {_text(item, 'door')}")]
    for name, what in (("published-at", "published"), ("redriven-at", "redriven from the outbox")):
        if name in item:
            lines.append((_text(item, name), f"lock: {what}"))
    if "dropped-at" in item:
        lines.append((_text(item, "dropped-at"), f"lock: dropped: {_text(item, 'drop-reason')}"))
    if "parked-at" in item:
        lines.append((_text(item, "parked-at"), f"lock: parked: {_text(item, 'parked-code')} {_text(item, 'parked-message')}"))
    if "pending-shard" in item:
        lines.append(("", f"lock: not on the bus yet, after {_text(item, 'attempts')} attempts"))
    return lines


def _claimed(cli: AwsCli, subscriber: Subscriber, letter: Letter) -> list[Line]:
    key = f"{letter.detail_type()}#{letter.key()}"
    item, wrong = _item(cli, str(subscriber.handled_table), {"event": {"S": key}})
    if not item:
        return [("", f"{subscriber.name}: {wrong or 'never began to handle it'}")]
    attempts = _text(item, "attempts") or "0"
    if "handled-at" in item:
        return [(moment(_text(item, "handled-at")), f"{subscriber.name}: handled, at attempt {attempts}")]
    if "lease-until" in item:
        return [("", f"{subscriber.name}: being handled, attempt {attempts}, held until {moment(_text(item, 'lease-until'))}")]
    return [("", f"{subscriber.name}: not handled, {attempts} attempts since it was last given up")]


def _executed(cli: AwsCli, subscriber: Subscriber, key: str) -> list[Line]:
    arn = f"{str(subscriber.state_machine).replace(':stateMachine:', ':execution:')}:{key}"
    try:
        found = cli.json("stepfunctions", "describe-execution", "--execution-arn", arn)
    except AwsError as error:
        missing = error.code == "ExecutionDoesNotExist"
        return [("", f"{subscriber.name}: {'no execution of the workflow' if missing else error}")]
    return [("", f"{subscriber.name}: execution {str(found.get('status', '')).lower()}")]


def _item(cli: AwsCli, table: str, key: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The item, or why there is none."""
    try:
        found = cli.json("dynamodb", "get-item", "--consistent-read", "--table-name", table, "--key", json.dumps(key))
    except AwsError as error:
        return {}, f"could not be asked: {error}"
    return found.get("Item", {}), ""


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name, {})
    return str(value.get("S") or value.get("N") or "")
