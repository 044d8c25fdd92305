"""Deploying stacks, against an AWS that answers as CloudFormation does."""

from __future__ import annotations

import json
import re
import threading
import unittest
from collections.abc import Mapping
from typing import Any
from unittest import mock

from launcher import stacks
from launcher.aws import AwsCli, AwsError
from launcher.console import Problem


class FakeCloudFormation(AwsCli):
    """Remembers what was deployed and in which order; a stack named in `broken` fails as a resource of it would.

    The template of an existing stack differs from what is deployed if it is named in `changed`. A slow one goes on showing
    the stack as it was for one look after a change began; a forgetful one does not note when a stack was updated.
    """

    endpoint = "http://127.0.0.1:1"

    def __init__(self, existing: Mapping[str, str] | None = None, broken: str = "", changed: str = "") -> None:
        self.stacks = {name: self._stack(name, status) for name, status in (existing or {}).items()}
        self.calls: list[tuple[str, ...]] = []
        self.broken = broken
        self.changed = changed
        self.slow = False
        self.forgetful = False
        self.answered = True
        self.wording = (
            "aws cloudformation describe-change-set --change-set-name arn:{}\n",
            "No changes to deploy. Stack {} is up to date\n",
        )
        self.shown_before: list[dict[str, Any]] = []
        self.looks = 0
        self.events: list[dict[str, Any]] = []
        self.lock = threading.Lock()

    def is_answered(self) -> bool:
        return self.answered

    def run(self, *arguments: str) -> str:
        with self.lock:
            self.calls.append(arguments)
            if not self.answered:
                raise AwsError(" ".join(arguments[:2]), f'Could not connect to the endpoint URL: "{self.endpoint}/"')
            return self._answer(arguments)

    def _answer(self, arguments: tuple[str, ...]) -> str:
        stack = arguments[arguments.index("--stack-name") + 1] if "--stack-name" in arguments else ""
        operation = arguments[1]
        if operation == "deploy":
            changes = self.status(stack) not in (*stacks.GOOD, stacks.TAKEN_BACK) or stack == self.changed
            return self.wording[0 if changes else 1].format(stack)
        if operation == "execute-change-set":
            self._execute(stack)
        if operation == "delete-stack":
            self.stacks.pop(stack)
        if operation == "describe-stacks":
            self.looks += 1
            shown, self.shown_before = self.shown_before or list(self.stacks.values()), []
            return json.dumps({"Stacks": shown})
        if operation == "describe-change-set":
            return json.dumps({"ExecutionStatus": "EXECUTE_IN_PROGRESS" if self.shown_before else "EXECUTE_COMPLETE"})
        if operation == "describe-stack-events":
            return json.dumps({"StackEvents": self.events})
        return ""

    def _execute(self, stack: str) -> None:
        kind = "UPDATE" if self.status(stack) in (*stacks.GOOD, stacks.TAKEN_BACK) else "CREATE"
        if self.slow:
            self.shown_before = [dict(it) for it in self.stacks.values()]
        failed = stack == self.broken
        if failed:
            self.events = failed_events(kind) + self.events
        status = ("ROLLBACK_COMPLETE" if kind == "CREATE" else stacks.TAKEN_BACK) if failed else f"{kind}_COMPLETE"
        self.stacks[stack] = self._stack(stack, status)
        if kind == "UPDATE" and not self.forgetful:
            self.stacks[stack]["LastUpdatedTime"] = f"after call {len(self.calls)}"

    def status(self, stack: str) -> str:
        return str(self.stacks.get(stack, {}).get("StackStatus", ""))

    @staticmethod
    def _stack(name: str, status: str) -> dict[str, Any]:
        return {"StackName": name, "StackStatus": status, "Outputs": [{"OutputKey": "Name", "OutputValue": f"the {name}"}]}

    def operations(self, name: str) -> list[tuple[str, ...]]:
        return [call for call in self.calls if call[1] == name]


def failed_events(kind: str, why: str = "Table already exists:\n smartdoor-lock-doors") -> list[dict[str, Any]]:
    """Newest first, as CloudFormation lists them."""
    stack = {"ResourceType": stacks.STACK, "LogicalResourceId": "smartdoor-lock"}
    secret = {"ResourceType": "AWS::SecretsManager::Secret", "LogicalResourceId": "DataKey"}
    table = {"ResourceType": "AWS::DynamoDB::Table", "LogicalResourceId": "DoorsTable"}
    return [
        stack | {"ResourceStatus": "ROLLBACK_COMPLETE" if kind == "CREATE" else stacks.TAKEN_BACK},
        secret | {"ResourceStatus": f"{kind}_FAILED", "ResourceStatusReason": "Resource creation cancelled"},
        table | {"ResourceStatus": f"{kind}_FAILED", "ResourceStatusReason": why},
        table | {"ResourceStatus": f"{kind}_IN_PROGRESS"},
        stack | {"ResourceStatus": f"{kind}_IN_PROGRESS"},
    ]


def deployment(cli: FakeCloudFormation, **settings: Any) -> stacks.Deployment:
    return stacks.Deployment(cli, "123456789012", **settings)


class Deploying(unittest.TestCase):
    def test_the_bus_comes_first_and_the_others_are_told_its_name(self) -> None:
        cli = FakeCloudFormation()
        outputs = deployment(cli).run()

        self.assertEqual(set(stacks.ALL), set(outputs))
        self.assertEqual({"Name": "the smartdoor-lock"}, outputs["lock"])
        deployed = cli.operations("deploy")
        self.assertIn("smartdoor-bus", deployed[0])
        for call in deployed[1:]:
            self.assertIn("BusName=the smartdoor-bus", call)

    def test_an_emulator_is_asked_for_no_archive(self) -> None:
        cli = FakeCloudFormation()
        deployment(cli).run()
        self.assertIn("Archive=false", cli.operations("deploy")[0])

    def test_stacks_that_did_not_exist_are_noted(self) -> None:
        first = deployment(FakeCloudFormation())
        first.run()
        self.assertEqual(list(stacks.ALL), first.created)
        again = deployment(FakeCloudFormation({f"smartdoor-{name}": "CREATE_COMPLETE" for name in stacks.ALL}))
        again.run()
        self.assertEqual([], again.created)

    def test_deploying_again_executes_nothing_and_has_the_same_outputs(self) -> None:
        cli = FakeCloudFormation()
        first = deployment(cli).run()
        executed = len(cli.operations("execute-change-set"))
        self.assertEqual(first, deployment(cli).run())
        self.assertEqual(executed, len(cli.operations("execute-change-set")))

    def test_a_failure_names_the_resource_that_failed_first_in_one_line(self) -> None:
        with self.assertRaises(Problem) as failed:
            deployment(FakeCloudFormation(broken="smartdoor-lock")).run()
        said = str(failed.exception)
        self.assertNotIn("\n", said)
        self.assertIn("DoorsTable (AWS::DynamoDB::Table) failed: Table already exists: smartdoor-lock-doors", said)

    def test_what_an_earlier_failure_left_is_deleted_first(self) -> None:
        cli = FakeCloudFormation({"smartdoor-bus": "CREATE_COMPLETE", "smartdoor-lock": "ROLLBACK_COMPLETE"})
        deployment(cli, names=("bus", "lock")).run()
        self.assertEqual(1, len(cli.operations("delete-stack")))
        self.assertEqual("CREATE_COMPLETE", cli.status("smartdoor-lock"))

    def test_a_stack_that_was_deleted_is_new(self) -> None:
        cli = FakeCloudFormation({"smartdoor-lock": "DELETE_COMPLETE"})
        again = deployment(cli, names=("lock",))
        again.run()
        self.assertEqual(["lock"], again.created)
        self.assertEqual([], cli.operations("delete-stack"))

    def test_one_stack_alone_can_be_deployed_with_parameters_of_its_own(self) -> None:
        cli = FakeCloudFormation()
        parameters = {"VisibilityTimeout": "2", "BusName": "other"}
        outputs = deployment(cli, names=("notification",), prefix="test", parameters=parameters).run()
        self.assertEqual({"notification": {"Name": "the test-notification"}}, outputs)
        (call,) = cli.operations("deploy")
        for value in ("Prefix=test", "VisibilityTimeout=2", "BusName=other"):
            self.assertIn(value, call)

    def test_a_parameter_that_no_template_has_is_refused(self) -> None:
        cli = FakeCloudFormation()
        with self.assertRaisesRegex(Problem, "VisibilityTimeout.*found Visibility"):
            deployment(cli, parameters={"Visibility": "2"}).run()
        self.assertEqual([], cli.calls)


class Defaults(unittest.TestCase):
    def test_none_is_overlooked(self) -> None:
        for template in sorted(stacks.FOLDER.glob("*.yaml")):
            with self.subTest(template.name):
                written = len(re.findall(r"^ +Default:", template.read_text(), re.MULTILINE))
                self.assertEqual(written, len(stacks.default_values(template)))

    def test_they_are_as_written_and_what_has_none_has_none(self) -> None:
        found = stacks.default_values(stacks.FOLDER / "lock-service.yaml")
        self.assertEqual(("", "512", "2", "DISABLED"), tuple(found[name] for name in ("AdminCidr", "Cpu", "MinTasks", "AssignPublicIp")))
        self.assertNotIn("Image", found)
        self.assertNotIn("VpcId", found)


class Updating(unittest.TestCase):
    """A stack that exists, and a template that is not what it was."""

    def deploy(self, cli: FakeCloudFormation) -> stacks.Outputs:
        return deployment(cli, names=("lock",)).run()

    def test_a_failed_update_names_its_own_first_failure_and_none_of_an_earlier_one(self) -> None:
        cli = FakeCloudFormation({"smartdoor-lock": "UPDATE_COMPLETE"}, broken="smartdoor-lock", changed="smartdoor-lock")
        cli.events = failed_events("CREATE", "of another day")
        with self.assertRaisesRegex(Problem, r"DoorsTable \(AWS::DynamoDB::Table\) failed: Table already exists"):
            self.deploy(cli)

    def test_after_a_failed_update_the_template_as_it_was_is_deployed_already(self) -> None:
        cli = FakeCloudFormation({"smartdoor-lock": stacks.TAKEN_BACK})
        self.assertEqual({"lock": {"Name": "the smartdoor-lock"}}, self.deploy(cli))
        self.assertEqual([], cli.operations("execute-change-set"))

    def test_after_a_failed_update_a_better_template_is_deployed(self) -> None:
        for slow in (False, True):
            with self.subTest(slow=slow):
                cli = FakeCloudFormation({"smartdoor-lock": stacks.TAKEN_BACK}, changed="smartdoor-lock")
                cli.slow = slow
                self.deploy(cli)
                self.assertEqual("UPDATE_COMPLETE", cli.status("smartdoor-lock"))

    def test_the_status_before_the_update_is_not_taken_for_the_one_after_it(self) -> None:
        for forgetful in (False, True):
            with self.subTest(forgetful=forgetful):
                cli = FakeCloudFormation({"smartdoor-lock": "UPDATE_COMPLETE"}, broken="smartdoor-lock", changed="smartdoor-lock")
                cli.slow, cli.forgetful = True, forgetful
                with self.assertRaisesRegex(Problem, "DoorsTable"):
                    self.deploy(cli)

    def test_a_failed_update_fails_again_while_its_cause_is_there(self) -> None:
        cli = FakeCloudFormation({"smartdoor-lock": stacks.TAKEN_BACK}, broken="smartdoor-lock", changed="smartdoor-lock")
        with self.assertRaisesRegex(Problem, "DoorsTable"):
            self.deploy(cli)

    def test_a_cli_that_says_something_else_has_deployed_nothing(self) -> None:
        cli = FakeCloudFormation()
        cli.wording = ("The change set awaits you.\n", "")
        with self.assertRaisesRegex(Problem, "found: The change set awaits you.: use another version of the AWS CLI"):
            self.deploy(cli)

    def test_an_aws_that_went_away_is_not_blamed_on_a_template(self) -> None:
        cli = FakeCloudFormation()
        cli.answered = False
        with self.assertRaisesRegex(Problem, "^expected an AWS at http://127.0.0.1:1, found nobody answering") as failed:
            self.deploy(cli)
        self.assertNotIn("infra/stacks", str(failed.exception))


class Removing(unittest.TestCase):
    def test_all_that_the_stacks_kept_is_deleted_and_the_bus_last(self) -> None:
        cli = FakeCloudFormation({f"smartdoor-{name}": "CREATE_COMPLETE" for name in stacks.ALL} | {"other": "CREATE_COMPLETE"})
        outputs = {
            "lock": {"DoorsTable": "doors", "OutboxTable": "outbox", "DataKeySecret": "key", "SnapshotsBucket": "pictures"},
            "notification": {"InboxTable": "inbox", "Queue": "queue"},
        }
        for name, values in outputs.items():
            shown = [{"OutputKey": key, "OutputValue": value} for key, value in values.items()]
            cli.stacks[f"smartdoor-{name}"]["Outputs"] = shown
        deployment(cli).remove()
        self.assertEqual(["other"], list(cli.stacks))
        self.assertEqual({"doors", "outbox", "inbox"}, {call[-1] for call in cli.operations("delete-table")})
        self.assertEqual(
            [("secretsmanager", "delete-secret", "--force-delete-without-recovery", "--secret-id", "key")],
            cli.operations("delete-secret"),
        )
        self.assertEqual(("s3", "rb", "--force", "s3://pictures"), cli.operations("rb")[0])
        operations = [call[1] for call in cli.calls]
        self.assertEqual([("events", "delete-event-bus", "--name", "the smartdoor-bus")], cli.operations("delete-event-bus"))
        self.assertGreater(operations.index("delete-event-bus"), operations.index("delete-table"))
        self.assertEqual("rb", operations[-1])

    def test_what_went_with_its_stack_is_no_failure(self) -> None:
        cli = FakeCloudFormation({"smartdoor-lock": "CREATE_COMPLETE"})
        cli.stacks["smartdoor-lock"]["Outputs"] = [{"OutputKey": "HandledTable", "OutputValue": "handled"}]
        said = "An error occurred (ResourceNotFoundException) when calling the DeleteTable operation: gone"
        gone = AwsError("dynamodb delete-table", said)
        answer = cli._answer

        def answering(arguments: tuple[str, ...]) -> str:
            if arguments[1] == "delete-table":
                raise gone
            return answer(arguments)

        with mock.patch.object(cli, "_answer", answering):
            deployment(cli).remove()
        self.assertEqual([], list(cli.stacks))


class Errors(unittest.TestCase):
    def test_the_code_and_message_of_a_failed_call_are_found_in_what_the_cli_says(self) -> None:
        error = AwsError(
            "stepfunctions describe-execution",
            "\nAn error occurred (ExecutionDoesNotExist) when calling the DescribeExecution operation: Execution Does\nNot Exist\n",
        )
        self.assertEqual("ExecutionDoesNotExist", error.code)
        self.assertEqual("Execution Does Not Exist", error.message)

    def test_what_the_cli_says_without_a_code_is_still_one_line(self) -> None:
        self.assertNotIn("\n", str(AwsError("s3 rb", "\nCould not connect\nto the endpoint\n")))
