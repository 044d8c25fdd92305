"""The command `deploy`: shows what would change in the user's own AWS account, asks, and changes it."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import aws, console, emulator, parameters, stacks
from .aws import AwsCli, AwsError, UsersAwsCli
from .console import Problem
from .environment import REPOSITORY, require_loopback
from .stacks import BUS, Change, Deployment, Outputs

FOLDER = REPOSITORY / "infra" / "environments"
PLATFORM = "platform"
SERVICE = "-service"
# Each is told the outputs of those before it. Who reads comes before who writes: the new Lock Service may publish what only the
# new subscribers understand.
WAVES = (
    (BUS, PLATFORM),
    ("lock", "notification", "identification"),
    ("notification-service", "identification-service"),
    ("lock-service",),
)
FIELDS = {"account", "region", "prefix", "parameters", "stacks"}
LIMIT = 1800.0  # seconds in which a stack has to be complete: tasks have to start, and old ones to be drained
PAUSE = 3.0
# What holds something that exists nowhere else: replaced or removed, it is gone, or left behind.
STATEFUL = {
    "AWS::DynamoDB::Table",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
}

Asked = Callable[[str], bool]


@dataclass(frozen=True)
class Environment:
    """One file of infra/environments: where to deploy, and what is different there."""

    name: str
    account: str
    region: str
    prefix: str
    parameters: Mapping[str, str]
    own: Mapping[str, Mapping[str, str]]
    """Parameters of single stacks, which come before the others."""

    @staticmethod
    def named(name: str) -> Environment:
        if not re.fullmatch(r"[a-z0-9-]+", name):
            raise Problem(f"expected an environment's name of a-z, 0-9 and -, found {name}: correct --env")
        file = FOLDER / f"{name}.json"
        try:
            found = json.loads(file.read_text())
        except FileNotFoundError as error:
            raise Problem(f"expected the environment {file}, found no such file: copy example.json, and fill it in") from error
        except ValueError as error:
            raise Problem(f"expected JSON in {file}, found: {error}: correct it") from error
        return Environment.of(name, found)

    @staticmethod
    def of(name: str, found: Any) -> Environment:
        def require(holds: bool, expected: str, what: Any) -> None:
            if not holds:
                raise Problem(
                    f"expected {expected} in environment {name}, found {'none' if what is None else json.dumps(what)}: "
                    f"correct infra/environments/{name}.json"
                )

        require(isinstance(found, dict), f"an object of {', '.join(sorted(FIELDS))}", found)
        require(set(found) <= FIELDS, f"an object of {', '.join(sorted(FIELDS))} and nothing else", sorted(set(found) - FIELDS))
        account, where = found.get("account"), found.get("region")
        require(bool(re.fullmatch(r"\d{12}", str(account))), "an account of 12 digits", account)
        require(bool(re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", str(where))), "a region such as eu-central-1", where)
        own = found.get("stacks", {})
        require(isinstance(own, dict), "stacks, each with an object of parameters", own)
        require(set(own) <= set(_templates()), f"stacks among {', '.join(_templates())}", sorted(set(own) - set(_templates())))
        given = [found.get("parameters", {}), *own.values()]
        for each in given:
            require(isinstance(each, dict), "an object of parameters", each)
        return Environment(
            name,
            str(found["account"]),
            found["region"],
            str(found.get("prefix", "smartdoor")),
            _texts(given[0]),
            {stack: _texts(each) for stack, each in own.items()},
        )


def _texts(parameters: Mapping[str, Any]) -> dict[str, str]:
    """As the AWS CLI takes them: a list is separated by commas."""
    return {key: ",".join(map(str, it)) if isinstance(it, list) else str(it) for key, it in parameters.items()}


def _templates() -> dict[str, Path]:
    return {name: stacks.FOLDER / f"{name}.yaml" for wave in WAVES for name in wave}


@dataclass
class AwsDeployment(Deployment):
    """All stacks, on an AWS that knows them all; each gets the outputs of what it builds upon as parameters of that name."""

    own_parameters: Mapping[str, Mapping[str, str]] | None = None

    def _waves(self, names: list[str]) -> list[list[str]]:
        return [[name for name in wave if name in names] for wave in WAVES]

    def _values(self, name: str, outputs: Outputs) -> dict[str, str]:
        bus = {"BusName": outputs[BUS]["Name"]} if BUS in outputs else {}
        under = outputs.get(name.removesuffix(SERVICE), {}) if name.endswith(SERVICE) else {}
        own = (self.own_parameters or {}).get(name, {})
        return {"Prefix": self.prefix} | dict(outputs.get(PLATFORM, {})) | under | bus | dict(self.parameters) | dict(own)

    def _tidy(self, names: Any) -> None:
        """Somebody's real account: what a failure left is for them to look at, and to delete."""
        for name in names:
            status = self._before.get(self.stack(name), {}).get("StackStatus", "")
            if status in stacks.STILLBORN or status == "UPDATE_ROLLBACK_FAILED":
                raise Problem(
                    f"expected stack {self.stack(name)} to be usable, found it {status}: see why "
                    f"(aws cloudformation describe-stack-events), mend it or delete it, and deploy again"
                )
            if status.endswith("_IN_PROGRESS") and status not in (*stacks.GOOD, "REVIEW_IN_PROGRESS"):
                raise Problem(f"expected stack {self.stack(name)} to be at rest, found it {status}: wait for whoever changes it")
            if status == "REVIEW_IN_PROGRESS":
                del self._before[self.stack(name)]  # change sets that nobody executed; there is no stack yet


def deploy(name: str, yes: bool, endpoint: str | None) -> int:
    """Zero if everything is as the templates say, and was before or is now."""
    environment = Environment.named(name)
    require_answering(endpoint)
    check(environment, endpoint is not None)
    if not yes and not sys.stdin.isatty():
        raise Problem("expected a terminal to ask at, found none: name --yes if all changes are wanted that lose nothing")
    cli = reach(environment, endpoint)
    print(f"Environment {name}: account {environment.account}, region {environment.region}, {cli.endpoint}", flush=True)
    review = Review(cli, (lambda _: True) if yes else ask, yes)
    deployment = _deployment(environment, cli, endpoint is not None, review)
    console.progress(f"- preparing what would change in {', '.join(deployment.names)} ...")
    outputs = deployment.run()
    print(json.dumps(outputs, indent=2))
    if not review.changed:
        print(f"Nothing to change: {name} is as the templates say")
    return 0


def require_answering(endpoint: str | None) -> None:
    """Finds out before anything else whether there is an emulator at an endpoint that was given."""
    if endpoint is not None and not emulator.answers(require_loopback(endpoint), "/", lambda _: True):
        raise Problem(f"expected an AWS at {endpoint}, found that nobody answers: start one there, or correct --endpoint")


def reach(environment: Environment, endpoint: str | None) -> AwsCli:
    """The AWS meant, once it is known to be the account meant."""
    os.environ["AWS_REGION"] = environment.region  # what the launcher calls the region from here on
    cli: AwsCli
    if endpoint is None:
        cli = UsersAwsCli(aws.command(), environment.region)
    else:
        cli = AwsCli.at(require_loopback(endpoint), environment.account)
    try:
        found = str(cli.json("sts", "get-caller-identity").get("Account"))
    except AwsError as error:
        raise Problem(f"expected credentials for account {environment.account}, found {error}: see `aws configure`") from error
    if found != environment.account:
        raise Problem(
            f"expected account {environment.account} of environment {environment.name}, found credentials for {found}: "
            "nothing was done; choose another AWS_PROFILE or another --env"
        )
    return cli


def check(environment: Environment, emulated: bool) -> None:
    """Finds out before anybody is asked what CloudFormation would say, or not say, of the parameters."""
    advice = f"correct infra/environments/{environment.name}.json"
    templates = _templates()
    stacks.check_parameters(environment.parameters, templates.values(), advice)
    for name, own in environment.own.items():
        stacks.check_parameters(own, [templates[name]], advice)
    values = {name: dict(environment.parameters) | dict(environment.own.get(name, {})) for name in templates}
    values = {name: {"Prefix": environment.prefix} | each for name, each in values.items()}
    wrong = [it for name, template in templates.items() for it in parameters.mistakes(template, values[name])]
    if wrong:
        raise Problem(f"expected {'; '.join(dict.fromkeys(wrong))}: {advice}")  # most are of several stacks
    if emulated:
        return  # it gets none of the stacks that need more than defaults
    missing: dict[str, list[str]] = {}
    for name, template in templates.items():
        for parameter in parameters.missing(template, set(values[name]) | _told(name)):
            missing.setdefault(parameter, []).append(name)
    if missing:
        found = "; ".join(f"{parameter} (of {', '.join(names)})" for parameter, names in missing.items())
        raise Problem(f"expected {found} in environment {environment.name}, found none: {advice}")


def _told(name: str) -> set[str]:
    """The parameters of a stack that are outputs of those before it."""
    before = [PLATFORM, *([name.removesuffix(SERVICE)] if name.endswith(SERVICE) else [])]
    return {"BusName"} | {output for each in before for output in parameters.outputs(_templates()[each])}


def _deployment(environment: Environment, cli: AwsCli, emulated: bool, review: Review) -> Deployment:
    if emulated:
        # What no emulator has stays out: compute, network, archive.
        known = stacks.declared_parameters(_templates()[name] for name in stacks.ALL)
        given = {key: value for key, value in environment.parameters.items() if key in known}
        return Deployment(cli, environment.account, stacks.ALL, environment.prefix, given, review=review)
    return AwsDeployment(
        cli,
        environment.account,
        tuple(_templates()),
        environment.prefix,
        environment.parameters,
        review=review,
        limit=LIMIT,
        pause=PAUSE,
        own_parameters=environment.own,
    )


def ask(question: str) -> bool:
    return input(f"{question} [yes/no] ").strip().lower() == "yes"


class Review:
    """Shows the changes to some stacks, and lets them be made if that is what is wanted."""

    def __init__(self, cli: AwsCli, asked: Asked, unattended: bool) -> None:
        self._cli = cli
        self._asked = asked
        self._unattended = unattended
        self.changed = False

    def __call__(self, changes: Mapping[str, Change]) -> None:
        made = {name: change for name, change in changes.items() if change.change_set is not None}
        for name in sorted(set(changes) - set(made)):
            print(f"{name}: nothing to change")
        if not made:
            return
        endangered = [line for name, change in made.items() for line in self._show(name, change)]
        sys.stdout.flush()
        if endangered and self._unattended:
            self._withdraw(made)
            raise Problem(
                f"expected changes that lose nothing, as nobody is asked, found {'; '.join(endangered)}: deploy at a terminal"
            )
        if not self._asked(f"Make these changes to {', '.join(made)}?"):
            self._withdraw(made)
            raise Problem("expected yes, found another answer: nothing more was changed")
        self.changed = True

    def _show(self, name: str, change: Change) -> list[str]:
        """Prints a stack's changes; returns those by which something is lost that exists nowhere else."""
        found = self._cli.json("cloudformation", "describe-change-set", "--change-set-name", str(change.change_set))
        resources = [each["ResourceChange"] for each in found.get("Changes", []) if "ResourceChange" in each]
        print(f"{name}: {'an update' if change.before else 'a new stack'}")
        endangered = []
        for resource in resources:
            what = f"{resource.get('LogicalResourceId')} ({resource.get('ResourceType')})"
            verb = _verb(resource)
            loses = verb not in ("add", "modify", "import") and resource.get("ResourceType") in STATEFUL
            print(f"  {'!!' if loses else '  '} {verb:<14} {what}{': holds what exists nowhere else' if loses else ''}")
            if loses:
                endangered.append(f"{verb} of {what} in {name}")
        if not resources:
            print("     parameters, outputs or descriptions only")
        return endangered

    def _withdraw(self, made: Mapping[str, Change]) -> None:
        """Leaves nothing that somebody might execute by mistake."""
        for change in made.values():
            self._cli.run("cloudformation", "delete-change-set", "--change-set-name", str(change.change_set))


def _verb(resource: Mapping[str, Any]) -> str:
    replacement = resource.get("Replacement", "False")
    if resource.get("Action") == "Modify" and replacement != "False":
        return "REPLACE" if replacement == "True" else "REPLACE?"
    return "REMOVE" if resource.get("Action") == "Remove" else str(resource.get("Action", "change")).lower()
