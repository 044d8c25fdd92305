"""Deploys the CloudFormation stacks with the AWS CLI: the bus first, then the services' own, side by side."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .aws import AwsCli, AwsError
from .console import Problem
from .environment import REPOSITORY, region

BUS = "bus"
ALL = (BUS, "lock", "notification", "identification")
FOLDER = REPOSITORY / "infra" / "stacks"
# Every account that this launcher deploys into is an emulator's, and none of them knows an archive of events.
ALWAYS = {"Archive": "false"}
CAPABILITIES = ("CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
# A stack that never came to be; CloudFormation wants it deleted before it is created again.
STILLBORN = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")
LIMIT = 300.0  # seconds in which a stack has to be complete

Outputs = dict[str, dict[str, str]]


@dataclass
class Deployment:
    """What to deploy, and where."""

    cli: AwsCli
    account: str
    names: tuple[str, ...] = ALL
    prefix: str = "smartdoor"
    parameters: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, Path] = field(default_factory=dict)
    """Somebody's own templates, by the name that their stacks get: a further subscriber's."""
    created: list[str] = field(default_factory=list)
    """Filled while deploying: the stacks that did not exist before."""

    def stack(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def run(self) -> Outputs:
        """Deploys, and returns each stack's outputs. Deploying what is deployed already changes nothing."""
        templates = {name: FOLDER / f"{name}.yaml" for name in self.names} | dict(self.own)
        check_parameters(self.parameters, [*(FOLDER / f"{name}.yaml" for name in ALL), *self.own.values()])
        try:
            return self._run(templates)
        except AwsError as error:
            raise Problem(f"expected the stacks to be deployed, found {error}: correct what it names in infra/stacks") from error

    def _run(self, templates: Mapping[str, Path]) -> Outputs:
        with tempfile.TemporaryDirectory(prefix="smartdoor-stacks-") as folder, ThreadPoolExecutor(len(ALL)) as pool:
            before = pool.submit(self._statuses)
            packaged = package(self.cli, self.account, templates, Path(folder), pool)
            self._tidy(templates, before.result())
            outputs = self._apply([BUS], packaged, {}, pool) if BUS in self.names else {}
            bus = outputs.get(BUS, {}).get("Name", self.prefix)
            others = [name for name in templates if name != BUS]
            return outputs | self._apply(others, packaged, {"BusName": bus}, pool)

    def _apply(
        self, names: list[str], packaged: Mapping[str, Path], extra: dict[str, str], pool: ThreadPoolExecutor
    ) -> Outputs:
        if not names:
            return {}
        for change in [pool.submit(self._change, name, packaged[name], extra) for name in names]:
            change.result()
        return self._await(names)

    def _change(self, name: str, template: Path, extra: dict[str, str]) -> None:
        # `deploy` ignores a value for a parameter that its template does not have. Executed by ourselves: its own waiting
        # sleeps for half a minute at a time.
        values = {"Prefix": self.prefix} | ALWAYS | extra | dict(self.parameters)
        said = self.cli.run(
            *("cloudformation", "deploy", "--stack-name", self.stack(name), "--template-file", str(template)),
            *("--no-execute-changeset", "--no-fail-on-empty-changeset", "--capabilities", *CAPABILITIES),
            *("--parameter-overrides", *(f"{key}={value}" for key, value in values.items())),
        )
        change_set = re.search(r"--change-set-name (\S+)", said)
        if change_set:
            self.cli.run(
                *("cloudformation", "execute-change-set", "--change-set-name", change_set.group(1)),
                *("--stack-name", self.stack(name)),
            )

    def _statuses(self) -> dict[str, dict[str, Any]]:
        stacks = self.cli.json("cloudformation", "describe-stacks").get("Stacks", [])
        # LocalStack goes on listing what was deleted.
        return {stack["StackName"]: stack for stack in stacks if stack["StackStatus"] != "DELETE_COMPLETE"}

    def _tidy(self, names: Iterable[str], before: Mapping[str, dict[str, Any]]) -> None:
        """Notes which stacks are new, and removes what an earlier failure left."""
        for name in names:
            status = before[self.stack(name)]["StackStatus"] if self.stack(name) in before else None
            if status is None or status in STILLBORN or status == "REVIEW_IN_PROGRESS":
                self.created.append(name)
            if status in STILLBORN:
                self.cli.run("cloudformation", "delete-stack", "--stack-name", self.stack(name))
                self._await_gone(name)

    def _await(self, names: list[str]) -> Outputs:
        deadline = time.monotonic() + LIMIT
        while True:
            stacks = self._statuses()
            statuses = {name: stacks.get(self.stack(name), {}).get("StackStatus", "missing") for name in names}
            for name, status in statuses.items():
                if status not in GOOD and not status.endswith("_IN_PROGRESS"):
                    raise Problem(self._failure(name, status))
            if all(status in GOOD for status in statuses.values()):
                return {name: _outputs(stacks[self.stack(name)]) for name in names}
            if time.monotonic() > deadline:
                raise Problem(f"expected the stacks to be complete within {LIMIT:.0f} s, found {statuses}: look at the AWS's log")
            time.sleep(0.2)

    def _await_gone(self, name: str) -> None:
        deadline = time.monotonic() + LIMIT
        while self.stack(name) in self._statuses():
            if time.monotonic() > deadline:
                raise Problem(f"expected stack {self.stack(name)} to be deleted within {LIMIT:.0f} s: delete it by hand")
            time.sleep(0.2)

    def _failure(self, name: str, status: str) -> str:
        """The resource that failed first, and why: everything after it only says that it was cancelled."""
        advice = f"correct infra/stacks/{name}.yaml"
        try:
            events = self.cli.json("cloudformation", "describe-stack-events", "--stack-name", self.stack(name))["StackEvents"]
        except AwsError:
            events = []
        failed = [event for event in events if event.get("ResourceStatus", "").endswith("_FAILED")]
        # Newest first, as CloudFormation lists them; the stack's own failure only repeats a resource's.
        resources = [event for event in failed if event.get("ResourceType") != "AWS::CloudFormation::Stack"]
        for event in reversed(resources or failed):
            reason = " ".join(event.get("ResourceStatusReason", "no reason given").split())
            resource = f"{event.get('LogicalResourceId')} ({event.get('ResourceType')})"
            return f"expected stack {self.stack(name)} to be deployed, found that {resource} failed: {reason}: {advice}"
        return f"expected stack {self.stack(name)} to be deployed, found it {status}: {advice}"

    def remove(self) -> None:
        """Deletes the stacks, those that use the bus first, and the bucket of templates."""
        with ThreadPoolExecutor(len(ALL)) as pool:
            for names in ([name for name in self.names if name != BUS], [name for name in self.names if name == BUS]):
                deletions = [pool.submit(self.cli.run, "cloudformation", "delete-stack", "--stack-name", self.stack(it)) for it in names]
                for deletion in deletions:
                    deletion.result()
        self.cli.run("s3", "rb", f"s3://{bucket(self.account)}", "--force")


def bucket(account: str) -> str:
    """Names of buckets are everybody's: account and region make this one ours."""
    return f"smartdoor-artifacts-{account}-{region()}"


def package(
    cli: AwsCli, account: str, templates: Mapping[str, Path], folder: Path, pool: ThreadPoolExecutor
) -> dict[str, Path]:
    """Uploads the files that the templates include, and writes templates that name the uploaded ones."""
    _create_bucket(cli, bucket(account))

    def one(name: str) -> Path:
        template = folder / f"{name}.yaml"
        cli.run(
            *("cloudformation", "package", "--template-file", str(templates[name])),
            *("--s3-bucket", bucket(account), "--output-template-file", str(template)),
        )
        return template

    return dict(zip(templates, pool.map(one, templates), strict=True))


def declared_parameters(templates: Iterable[Path]) -> set[str]:
    """The names of all templates' parameters."""
    found: set[str] = set()
    for template in templates:
        section = re.search(r"^Parameters:\n((?:[ #].*\n|\n)*)", template.read_text(), re.MULTILINE)
        found |= set(re.findall(r"^  (\w+):", section.group(1), re.MULTILINE)) if section else set()
    return found


def check_parameters(given: Mapping[str, str], templates: Iterable[Path]) -> None:
    declared = declared_parameters(templates)
    unknown = sorted(set(given) - declared)
    if unknown:
        known = ", ".join(sorted(declared))
        raise Problem(f"expected a parameter of the stacks ({known}), found {', '.join(unknown)}: correct --param")


def _create_bucket(cli: AwsCli, name: str) -> None:
    try:
        if region() == "us-east-1":
            cli.run("s3api", "create-bucket", "--bucket", name)
        else:
            cli.run(
                *("s3api", "create-bucket", "--bucket", name),
                *("--create-bucket-configuration", f"LocationConstraint={region()}"),
            )
    except AwsError as error:
        if error.code != "BucketAlreadyOwnedByYou":
            raise


def _outputs(stack: Mapping[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
