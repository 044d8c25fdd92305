"""Deploying stacks, against an AWS that answers as CloudFormation does."""

from __future__ import annotations

import json
import threading
import unittest
from collections.abc import Mapping
from typing import Any

from launcher import stacks
from launcher.aws import AwsCli, AwsError
from launcher.console import Problem


class FakeCloudFormation(AwsCli):
    """Remembers what was deployed and in which order; a stack named in `broken` fails as a resource of it would."""

    def __init__(self, existing: Mapping[str, str] | None = None, broken: str = "") -> None:
        self.statuses = dict(existing or {})
        self.calls: list[tuple[str, ...]] = []
        self.broken = broken
        self.lock = threading.Lock()

    def run(self, *arguments: str) -> str:
        with self.lock:
            self.calls.append(arguments)
            return self._answer(arguments)

    def _answer(self, arguments: tuple[str, ...]) -> str:
        stack = arguments[arguments.index("--stack-name") + 1] if "--stack-name" in arguments else ""
        operation = arguments[1]
        if operation == "deploy":
            exists = self.statuses.get(stack) in stacks.GOOD
            return "" if exists else f"aws cloudformation describe-change-set --change-set-name arn:{stack}\n"
        if operation == "execute-change-set":
            self.statuses[stack] = "ROLLBACK_COMPLETE" if stack == self.broken else "CREATE_COMPLETE"
        if operation == "delete-stack":
            self.statuses.pop(stack)
        if operation == "describe-stacks":
            return json.dumps({"Stacks": [self._stack(name, status) for name, status in self.statuses.items()]})
        if operation == "describe-stack-events":
            return json.dumps({"StackEvents": FAILED_EVENTS})
        return ""

    @staticmethod
    def _stack(name: str, status: str) -> dict[str, Any]:
        return {"StackName": name, "StackStatus": status, "Outputs": [{"OutputKey": "Name", "OutputValue": f"the {name}"}]}

    def operations(self, name: str) -> list[tuple[str, ...]]:
        return [call for call in self.calls if call[1] == name]


# Newest first, as CloudFormation lists them.
FAILED_EVENTS = [
    {"ResourceStatus": "ROLLBACK_COMPLETE", "ResourceType": "AWS::CloudFormation::Stack", "LogicalResourceId": "smartdoor-lock"},
    {
        "ResourceStatus": "CREATE_FAILED",
        "ResourceType": "AWS::SecretsManager::Secret",
        "LogicalResourceId": "DataKey",
        "ResourceStatusReason": "Resource creation cancelled",
    },
    {
        "ResourceStatus": "CREATE_FAILED",
        "ResourceType": "AWS::DynamoDB::Table",
        "LogicalResourceId": "DoorsTable",
        "ResourceStatusReason": "Table already exists:\n smartdoor-lock-doors",
    },
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
        self.assertEqual("CREATE_COMPLETE", cli.statuses["smartdoor-lock"])

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
