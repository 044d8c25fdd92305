"""Deploys the CloudFormation stacks with the AWS CLI: the bus first, then the services' own, side by side."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
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
STACK = "AWS::CloudFormation::Stack"
# An update that failed, and was taken back: what the stack was before, it still is.
TAKEN_BACK = "UPDATE_ROLLBACK_COMPLETE"
# A stack that never came to be; CloudFormation wants it deleted before it is created again.
STILLBORN = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")
LIMIT = 300.0  # seconds in which a stack has to be complete
PAUSE = 0.2  # seconds between two looks

# Kept when their stack is deleted, by their outputs' endings; what else the stack had went with it.
RETAINED = {
    "Table": ("dynamodb", "delete-table", "--table-name", "{}"),
    "Secret": ("secretsmanager", "delete-secret", "--force-delete-without-recovery", "--secret-id", "{}"),
    "Bucket": ("s3", "rb", "--force", "s3://{}"),
}
GONE = ("ResourceNotFoundException", "ResourceInUseException", "NoSuchBucket")  # the second: is being deleted already

Outputs = dict[str, dict[str, str]]
Stack = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """What was done to one stack."""

    change_set: str | None
    """The change set that was executed; none: there was nothing to change."""
    before: Stack | None
    """The stack as it was; none: it did not exist."""


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
    review: Callable[[Mapping[str, Change]], None] = lambda _: None
    """Sees the changes that are about to be made to some stacks, and raises if they are not to be."""
    limit: float = LIMIT
    pause: float = PAUSE
    created: list[str] = field(default_factory=list)
    """Filled while deploying: the stacks that did not exist before."""
    _before: dict[str, Stack] = field(default_factory=dict)
    _executed: set[str] = field(default_factory=set)

    def stack(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def run(self) -> Outputs:
        """Deploys, and returns each stack's outputs. Deploying what is deployed already changes nothing."""
        templates = {name: FOLDER / f"{name}.yaml" for name in self.names} | dict(self.own)
        check_parameters(self.parameters, [*(FOLDER / f"{name}.yaml" for name in ALL), *templates.values()])
        try:
            return self._run(templates)
        except AwsError as error:
            if not self.cli.is_answered():
                raise Problem(
                    f"expected an AWS at {self.cli.endpoint}, found nobody answering (any more): see that it runs, and its log"
                ) from error
            raise Problem(f"expected the stacks to be deployed, found {error}: correct what it names in infra/stacks") from error

    def outputs(self) -> Outputs:
        """Of those that somebody else deployed."""
        deployed = self._statuses()
        return {name: _outputs(deployed[self.stack(name)]) for name in self.names if self.stack(name) in deployed}

    def _run(self, templates: Mapping[str, Path]) -> Outputs:
        with tempfile.TemporaryDirectory(prefix="smartdoor-stacks-") as folder, ThreadPoolExecutor(len(ALL)) as pool:
            before = pool.submit(self._statuses)
            packaged = package(self.cli, self.account, templates, Path(folder), pool)
            self._before = before.result()
            self._tidy(templates)
            defaults = {name: default_values(template) for name, template in templates.items()}
            outputs: Outputs = {}
            for names in self._waves(list(templates)):
                outputs |= self._apply(names, packaged, defaults, outputs, pool)
            return outputs

    def _waves(self, names: list[str]) -> list[list[str]]:
        """What is deployed side by side, when what came before it is complete."""
        return [wave for wave in ([it for it in names if it == BUS], [it for it in names if it != BUS]) if wave]

    def _values(self, name: str, outputs: Outputs) -> dict[str, str]:
        """A stack's parameters. One that its template does not have is no mistake: `deploy` ignores it."""
        bus = {} if name == BUS else {"BusName": outputs.get(BUS, {}).get("Name", self.prefix)}
        return {"Prefix": self.prefix} | ALWAYS | bus | dict(self.parameters)

    def _apply(
        self,
        names: list[str],
        packaged: Mapping[str, Path],
        defaults: Mapping[str, Mapping[str, str]],
        outputs: Outputs,
        pool: ThreadPoolExecutor,
    ) -> Outputs:
        # Without a value `deploy` would have CloudFormation keep the one before, whatever the template says by now.
        values = {name: dict(defaults[name]) | self._values(name, outputs) for name in names}
        prepared = {name: pool.submit(self._prepare, name, packaged[name], values[name]) for name in names}
        changes = {name: change.result() for name, change in prepared.items()}
        self.review(changes)
        _all_done(pool.submit(self._execute, name, change) for name, change in changes.items())
        return self._await(changes)

    def _prepare(self, name: str, template: Path, values: Mapping[str, str]) -> Change:
        """Makes a change set. Executed by ourselves: the waiting of `deploy` sleeps for half a minute at a time."""
        said = self.cli.run(
            *("cloudformation", "deploy", "--stack-name", self.stack(name), "--template-file", str(template)),
            *("--no-execute-changeset", "--no-fail-on-empty-changeset", "--capabilities", *CAPABILITIES),
            *("--parameter-overrides", *(f"{key}={value}" for key, value in values.items())),
        )
        before = self._before.get(self.stack(name))
        change_set = re.search(r"--change-set-name (\S+)", said)
        if change_set:
            return Change(change_set.group(1), before)
        if "No changes to deploy" in said:
            return Change(None, before)
        raise Problem(
            "expected `aws cloudformation deploy` to name a change set or to say that there are no changes, "
            f"found: {' '.join(said.split()) or 'nothing'}: use another version of the AWS CLI"
        )

    def _execute(self, name: str, change: Change) -> None:
        if change.change_set is not None:
            self.cli.run(
                *("cloudformation", "execute-change-set", "--change-set-name", change.change_set),
                *("--stack-name", self.stack(name)),
            )

    def _statuses(self) -> dict[str, Stack]:
        stacks = self.cli.json("cloudformation", "describe-stacks").get("Stacks", [])
        # LocalStack goes on listing what was deleted.
        return {stack["StackName"]: stack for stack in stacks if stack["StackStatus"] != "DELETE_COMPLETE"}

    def _tidy(self, names: Iterable[str]) -> None:
        """Notes which stacks are new, and removes what an earlier failure left."""
        for name in names:
            status = self._before.get(self.stack(name), {}).get("StackStatus")
            if status is None or status in STILLBORN or status == "REVIEW_IN_PROGRESS":
                self.created.append(name)
            if status in STILLBORN:
                self.cli.run("cloudformation", "delete-stack", "--stack-name", self.stack(name))
                self._await_gone(name)
                del self._before[self.stack(name)]

    def _await(self, changes: Mapping[str, Change]) -> Outputs:
        deadline = time.monotonic() + self.limit
        while True:
            stacks = self._statuses()
            statuses = {name: stacks.get(self.stack(name), {}).get("StackStatus", "missing") for name in changes}
            ended = [name for name, change in changes.items() if self._has_ended(name, change, stacks)]
            for name in ended:
                unchanged = changes[name].change_set is None and statuses[name] == TAKEN_BACK
                if statuses[name] not in GOOD and not unchanged:
                    raise Problem(self._failure(name, statuses[name]))
            if len(ended) == len(changes):
                return {name: _outputs(stacks[self.stack(name)]) for name in changes}
            if time.monotonic() > deadline:
                raise Problem(f"expected the stacks to be complete within {self.limit:.0f} s, found {statuses}: look at the AWS's log")
            time.sleep(self.pause)

    def _has_ended(self, name: str, change: Change, stacks: Mapping[str, Stack]) -> bool:
        """Whether a stack's status is the one that the change led to, and no longer the one before it."""
        stack = stacks.get(self.stack(name), {"StackStatus": "missing"})
        if stack["StackStatus"].endswith("_IN_PROGRESS") and stack["StackStatus"] not in GOOD:
            return False
        if change.change_set is None or change.before is None:
            return True
        if stack.get("LastUpdatedTime") != change.before.get("LastUpdatedTime"):
            return True
        # Not every emulator notes when a stack was updated.
        if change.change_set in self._executed:
            return True
        found = self.cli.json("cloudformation", "describe-change-set", "--change-set-name", change.change_set)
        if found.get("ExecutionStatus") in ("EXECUTE_COMPLETE", "EXECUTE_FAILED"):
            self._executed.add(change.change_set)  # the next look at the stack is one after it
        return False

    def _await_gone(self, name: str) -> None:
        deadline = time.monotonic() + self.limit
        while self.stack(name) in self._statuses():
            if time.monotonic() > deadline:
                raise Problem(f"expected stack {self.stack(name)} to be deleted within {self.limit:.0f} s: delete it by hand")
            time.sleep(self.pause)

    def _failure(self, name: str, status: str) -> str:
        """The resource that failed first, and why: everything after it only says that it was cancelled."""
        advice = f"correct infra/stacks/{name}.yaml"
        try:
            events = self.cli.json("cloudformation", "describe-stack-events", "--stack-name", self.stack(name))["StackEvents"]
        except AwsError:
            events = []
        failed = [event for event in _of_last_run(events) if event.get("ResourceStatus", "").endswith("_FAILED")]
        # Newest first, as CloudFormation lists them; the stack's own failure only repeats a resource's.
        resources = [event for event in failed if event.get("ResourceType") != STACK]
        for event in reversed(resources or failed):
            reason = " ".join(event.get("ResourceStatusReason", "no reason given").split())
            resource = f"{event.get('LogicalResourceId')} ({event.get('ResourceType')})"
            return f"expected stack {self.stack(name)} to be deployed, found that {resource} failed: {reason}: {advice}"
        return f"expected stack {self.stack(name)} to be deployed, found it {status}: {advice}"

    def remove(self) -> None:
        """Deletes the stacks and all that they kept: those that use the bus first, then the bus and the bucket of templates.
        For an account that nobody else uses."""
        deployed = self._statuses()
        known = {self.stack(name): name for name in (*self.names, *self.own)}
        kept = {known[stack]: _outputs(deployed[stack]) for stack in deployed if stack in known}
        users = [name for name in kept if name != BUS]
        with ThreadPoolExecutor(len(ALL)) as pool:
            _all_done(pool.submit(self._delete_stack, name) for name in users)
            for name in users:
                self._await_gone(name)
            of_users = [(key, value) for name in users for key, value in kept[name].items()]
            _all_done(pool.submit(self._delete_retained, key, value) for key, value in of_users)
        if BUS in kept:
            self._delete_stack(BUS)
            self._await_gone(BUS)
            self.cli.run("events", "delete-event-bus", "--name", kept[BUS]["Name"])  # no error where it is gone already
        self.cli.run("s3", "rb", f"s3://{bucket(self.account)}", "--force")

    def _delete_stack(self, name: str) -> None:
        self.cli.run("cloudformation", "delete-stack", "--stack-name", self.stack(name))

    def _delete_retained(self, key: str, value: str) -> None:
        for ending, command in RETAINED.items():
            if key.endswith(ending):
                try:
                    self.cli.run(*(part.format(value) for part in command))
                except AwsError as error:
                    if error.code not in GONE:
                        raise


def _all_done(those: Iterable[Future[None]]) -> None:
    for each in list(those):
        each.result()


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
        found |= set(re.findall(r"^  (\w+):", _parameters(template), re.MULTILINE))
    return found


def default_values(template: Path) -> dict[str, str]:
    """What a template's parameters are where nobody says otherwise: those that it writes plain or in double quotes, as all of ours."""
    found = re.findall(r'^  (\w+):\n(?:    .*\n)*?    Default: (?:"([^"\\]*)"|([\w./-]+))$', _parameters(template), re.MULTILINE)
    return {name: quoted or plain for name, quoted, plain in found}


def _parameters(template: Path) -> str:
    return section(template, "Parameters")


def section(template: Path, name: str) -> str:
    """Of a template: the lines below its name."""
    found = re.search(rf"^{name}:\n((?:[ #].*\n|\n)*)", template.read_text(), re.MULTILINE)
    return found.group(1) if found else ""


def check_parameters(given: Mapping[str, str], templates: Iterable[Path], advice: str = "correct --param") -> None:
    declared = declared_parameters(templates)
    unknown = sorted(set(given) - declared)
    if unknown:
        known = ", ".join(sorted(declared))
        raise Problem(f"expected a parameter of the stacks ({known}), found {', '.join(unknown)}: {advice}")


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


def _of_last_run(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """From the newest event to the one with which the last change of the stack began: what is older failed another time."""
    for event in events:
        yield event
        began = event.get("ResourceStatus") in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
        if began and event.get("ResourceType") == STACK:
            return


def _outputs(stack: Mapping[str, Any]) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
