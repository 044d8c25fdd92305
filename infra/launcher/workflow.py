"""The commands about the workflow: the way that one event's execution took, and another execution for one that failed."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import itinerary, picture, statemachine
from .aws import AwsCli, AwsError
from .console import Problem, progress
from .deploy import Environment, reach
from .home import Home
from .statemachine import STILL, StateMachine, Walk, moment

STACK = "identification"
CALL_LIMIT = 30.0  # seconds for one call of AWS: one takes a second or two
PAGE = "1000"  # events of one call, the most that Step Functions allows; the AWS CLI asks for page after page
GONE = ("ExecutionDoesNotExist", "ResourceNotFoundException")
FAILED = "Identification Failed"
"""The outcome after which another try may bring more: the others are what was found."""

Described = Mapping[str, Any]


@dataclass(frozen=True)
class Reach:
    """A deployed workflow, and how it is asked."""

    cli: AwsCli
    state_machine: str
    outbox: str
    where: str
    """What to add to a command to reach the same."""

    @staticmethod
    def of(command: str, env: str | None, endpoint: str | None) -> Reach:
        """Of the SmartDoor that runs here, or of an environment."""
        if env is not None:
            environment = Environment.named(env)
            cli = reach(environment, endpoint)
            outputs = {name: _outputs(cli, f"{environment.prefix}-{name}") for name in (STACK, "lock")}
        elif endpoint is not None:
            raise Problem("expected --endpoint with --env, found it alone: name the environment, too")
        else:
            run = Home.given().require_run()
            cli = AwsCli.at(run.endpoint, run.account, CALL_LIMIT)
            if not cli.is_answered():
                raise Problem(f"{command}: AWS does not answer at {run.endpoint}: see ./smartdoor status")
            outputs = run.outputs
        found = outputs.get(STACK, {}).get("StateMachineArn")
        if not found:
            raise Problem(f"expected a stack {STACK} with a workflow, found none deployed: see ./smartdoor status")
        where = f" --env {env}" + (f" --endpoint {endpoint}" if endpoint else "") if env else ""
        return Reach(cli, found, outputs.get("lock", {}).get("OutboxTable", ""), where)

    def described(self, name: str) -> Described | None:
        arn = f"{self.state_machine.replace(':stateMachine:', ':execution:')}:{name}"
        try:
            found: Described = self.cli.json("stepfunctions", "describe-execution", "--execution-arn", arn)
        except AwsError as error:
            if error.code in GONE:
                return None
            raise
        return found

    def history(self, execution: Described) -> list[statemachine.Event]:
        """All pages of it."""
        arn = execution["executionArn"]
        try:
            answer = self.cli.json("stepfunctions", "get-execution-history", "--execution-arn", arn, "--page-size", PAGE)
        except AwsError as error:
            if error.code in GONE:
                return []
            raise
        found: list[statemachine.Event] = answer.get("events", [])
        return found

    def machine(self, execution: Described) -> tuple[StateMachine, bool]:
        """As it was when the execution was started, and whether that could be had; else as it is deployed now."""
        try:
            asked = ("describe-state-machine-for-execution", "--execution-arn", execution["executionArn"])
            return StateMachine.of(self.cli.json("stepfunctions", *asked)["definition"]), True
        except AwsError:
            asked = ("describe-state-machine", "--state-machine-arn", execution["stateMachineArn"])
            return StateMachine.of(self.cli.json("stepfunctions", *asked)["definition"]), False

    def why_none(self, name: str) -> Problem:
        """No execution: what became of the event, as far as the outbox says."""
        key, _, number = name.partition(".")
        if number:
            return Problem(f"expected an execution {name}, found none: see ./smartdoor workflow {key}{self.where}, or retry {key}")
        try:
            asked = ("--table-name", self.outbox, "--key", json.dumps({"idempotency-key": {"S": key}}), "--consistent-read")
            item = self.cli.json("dynamodb", "get-item", *asked).get("Item", {}) if self.outbox else {}
        except AwsError:
            item = {}
        expected = f"expected an execution for event {key}, found none"
        if not item:
            return Problem(f"{expected}, and no record that the event was accepted: correct the key; both are kept for 90 days")
        if "pending-shard" in item or "parked" in item:
            return Problem(f"{expected}: the event is not on the bus yet; see ./smartdoor dlq list")
        try:
            state = str(json.loads(item["detail"]["S"])["state"])
        except (KeyError, TypeError, ValueError):
            state = "open"
        if state != "open":
            return Problem(f"{expected}: the door said {state}, and only for one that is opened somebody is identified")
        return Problem(f"{expected}, although it was published: it may be on its way still, or see ./smartdoor dlq list")


def _outputs(cli: AwsCli, stack: str) -> dict[str, str]:
    try:
        found = cli.json("cloudformation", "describe-stacks", "--stack-name", stack).get("Stacks", [])
    except AwsError as error:
        if error.code == "ValidationError":  # what CloudFormation calls a stack that it does not have
            return {}
        raise
    return {it["OutputKey"]: it["OutputValue"] for each in found for it in each.get("Outputs", [])}


def show(name: str, svg: Path | None, as_json: bool, env: str | None, endpoint: str | None) -> int:
    """Zero if there is such an execution, however it ended."""
    reached = Reach.of("workflow", env, endpoint)
    key, _, number = name.partition(".")
    following = f"{key}.{int(number or 1) + 1}"
    # Each call is a process of a second: what may be needed is asked side by side.
    with ThreadPoolExecutor(2) as pool:
        retried = pool.submit(reached.described, following)
        execution = reached.described(name)
        if execution is None:
            raise reached.why_none(name)
        history = pool.submit(reached.history, execution)
        machine, is_its_own = reached.machine(execution)
        walk = statemachine.walk(machine, history.result(), execution)
        later = retried.result()
    if not history.result():
        raise Problem(f"expected a history of execution {name}, found none: it is {_status(execution)}, and the history is gone (90 days on AWS)")
    if not is_its_own:
        progress(f"smartdoor: the definition that {name} ran is not known here: drawn is what is deployed now")
    if svg is not None:
        _write(svg, picture.svg(name, machine, walk, _headline(execution, walk), moment(execution["startDate"])))
        progress(f"smartdoor: drawn in {svg}")
    if as_json:
        print(json.dumps(_document(name, execution, machine, walk, later), indent=2))
        return 0
    coloured = itinerary.is_coloured()
    told = [[(f"published {it}", "")] for it in walk.published()]
    head: list[itinerary.Line] = [[(name, itinerary.BOLD)], [(_times(execution), "")], *told, []]
    body = itinerary.lines(machine, walk, execution["status"], moment(execution["startDate"]))
    if later is not None:
        body += [[], [(f"retried as {following}: {_status(later)}", "")]]
    print(itinerary.rendered([*head, *body], coloured), end="")
    return 0


def retry(key: str, env: str | None, endpoint: str | None) -> int:
    """Starts KEY.2, or what comes after the last there is, with the input of the first: so it publishes under the same keys.

    Only where the last one has found nothing out.
    """
    reached = Reach.of("workflow retry", env, endpoint)
    first = last = reached.described(key)
    if first is None or last is None:
        raise reached.why_none(key)
    number = 1
    while True:
        found = reached.described(f"{key}.{number + 1}")
        if found is None:
            break
        last, number = found, number + 1
    _require_failure(reached, last)
    if not first.get("input"):
        raise Problem(f"expected to be told the input of {key}, found that it is withheld: see whether your credentials may read it (kms:Decrypt)")
    name = f"{key}.{number + 1}"
    try:
        _start(reached, name, str(first["input"]))
    except AwsError as error:
        if error.code != "ExecutionAlreadyExists":
            raise
        print(f"{name} was started by somebody else just now: see ./smartdoor workflow {name}{reached.where}")
        return 0
    print(f"{name} is started, with the same follow-up keys: see ./smartdoor workflow {name}{reached.where}")
    return 0


def _require_failure(reached: Reach, last: Described) -> None:
    name, status = last["name"], last["status"]
    if status == STILL:
        raise Problem(f"expected {name} to have ended, found it running: of two at once, each would publish what it finds; wait for it")
    if status == "SUCCEEDED":
        machine, _ = reached.machine(last)
        published = statemachine.walk(machine, reached.history(last)).published()
        if published != [FAILED]:
            told = f"published {', '.join(published)}" if published else "had nothing to publish, or its history does not say what"
            raise Problem(
                f"expected {name} to have failed, found that it succeeded and {told}: "
                "another one could tell subscribers something else about the same opening"
            )


def _start(reached: Reach, name: str, given: str) -> None:
    """By a file: an input may be longer than an argument can be, and says who came, which is nothing for a list of processes."""
    with tempfile.TemporaryDirectory(prefix="smartdoor-workflow-") as folder:
        file = Path(folder) / "input.json"
        file.write_text(json.dumps({"stateMachineArn": reached.state_machine, "name": name, "input": given}))
        reached.cli.run("stepfunctions", "start-execution", "--cli-input-json", f"file://{file}")


def _status(execution: Described) -> str:
    return str(execution["status"]).lower().replace("_", " ")


def _times(execution: Described) -> str:
    started = moment(execution["startDate"])
    said = f"{_status(execution)}, started {itinerary.iso(started)}"
    if execution.get("stopDate"):
        said += f", took {(moment(execution['stopDate']) - started).total_seconds():.3f} s"
    return said


def _headline(execution: Described, walk: Walk) -> str:
    return "; ".join([_times(execution), *walk.published(), *([itinerary.said(walk.ending)] if walk.ending else [])])


def _document(name: str, execution: Described, machine: StateMachine, walk: Walk, later: Described | None) -> dict[str, Any]:
    found = {
        "execution": name,
        "status": _status(execution),
        "started-at": itinerary.iso(moment(execution["startDate"])),
        "ended-at": itinerary.iso(moment(execution["stopDate"])) if execution.get("stopDate") else None,
        "published": walk.published(),
        "error": walk.ending.error if walk.ending else None,
        "cause": walk.ending.cause if walk.ending else None,
        "retried-as": later["name"] if later else None,
    }
    return {key: value for key, value in found.items() if value not in (None, "", [])} | itinerary.document(machine, walk)


def _write(file: Path, text: str) -> None:
    """All or nothing: a viewer may have it open."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        temporary.write_text(text)
        os.replace(temporary, file)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise Problem(f"expected to be able to write {file}, found: {error.strerror}: name another file") from error
