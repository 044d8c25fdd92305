"""Deploying to a real account: what is shown, what is asked, and what is refused."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import tempfile
import unittest
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

from launcher import deploy, environment, stacks
from launcher.console import Problem
from launcher.deploy import WAVES, Environment
from launcher.tests.fakes import Machine
from launcher.tests.test_stacks import FakeCloudFormation

ACCOUNT = "123456789012"
NAMES = [name for wave in WAVES for name in wave]
GIVEN: dict[str, Any] = {
    "account": ACCOUNT,
    "region": "eu-west-1",
    "parameters": {
        "TaskSubnets": ["subnet-1", "subnet-2"],
        "MinTasks": 2,
        "VpcId": "vpc-1",
        "PublicSubnets": ["subnet-3", "subnet-4"],
        "PublicCidrs": ["10.0.0.0/24", "10.0.1.0/24"],
        "CertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/1",
    },
    "stacks": {
        "lock-service": {"Image": "registry/lock:1", "MinTasks": 3},
        "notification-service": {"Image": "registry/notification:1"},
        "identification-service": {"Image": "registry/identification:1"},
    },
}


class FakeAws(FakeCloudFormation):
    """Knows whose credentials it is called with, and what each change set would change."""

    def __init__(self, existing: Mapping[str, str] | None = None, account: str = ACCOUNT, changed: str = "") -> None:
        super().__init__(existing, changed=changed)
        self.account = account
        self.changes: list[dict[str, Any]] = [
            {"Action": "Add", "LogicalResourceId": "Queue", "ResourceType": "AWS::SQS::Queue"},
        ]

    def _answer(self, arguments: tuple[str, ...]) -> str:
        if arguments[1] == "get-caller-identity":
            return json.dumps({"Account": self.account})
        if arguments[1] == "describe-change-set":
            changes = [{"Type": "Resource", "ResourceChange": change} for change in self.changes]
            return json.dumps({"ExecutionStatus": "EXECUTE_COMPLETE", "Changes": changes})
        return super()._answer(arguments)


class Deploying(unittest.TestCase):
    def setUp(self) -> None:
        environ = mock.patch.dict("os.environ", {"AWS_REGION": "eu-central-1"})
        environ.start()
        self.addCleanup(environ.stop)
        self.questions: list[str] = []

    def deploy(self, cli: FakeAws, answer: bool = True, yes: bool = False, terminal: bool = True) -> tuple[int, str]:
        """Exit code and standard output."""

        def ask(question: str) -> bool:
            self.questions.append(question)
            return answer

        self.out = io.StringIO()
        with (
            contextlib.redirect_stdout(self.out),
            contextlib.redirect_stderr(io.StringIO()),
            mock.patch.object(deploy, "ask", ask),
            mock.patch.object(deploy, "UsersAwsCli", return_value=cli),
            mock.patch.object(Environment, "named", lambda name: Environment.of(name, GIVEN)),
            mock.patch("sys.stdin.isatty", return_value=terminal),
        ):
            return deploy.deploy("test", yes, None), self.out.getvalue()

    @staticmethod
    def existing() -> dict[str, str]:
        return {f"smartdoor-{name}": "CREATE_COMPLETE" for name in NAMES}

    def values(self, cli: FakeAws, stack: str) -> tuple[str, ...]:
        (call,) = [it for it in cli.operations("deploy") if it[it.index("--stack-name") + 1] == f"smartdoor-{stack}"]
        return call[call.index("--parameter-overrides") + 1 :]

    def test_each_wave_is_shown_and_asked_about_before_it_is_executed(self) -> None:
        cli = FakeAws()
        code, out = self.deploy(cli)
        self.assertEqual(0, code)
        self.assertEqual([f"Make these changes to {', '.join(wave)}?" for wave in WAVES], self.questions)
        self.assertIn(f"account {ACCOUNT}, region eu-west-1", out.splitlines()[0])
        self.assertIn("lock-service: a new stack\n     add            Queue (AWS::SQS::Queue)\n", out)
        self.assertEqual(set(self.existing()), set(cli.stacks))

    def test_who_reads_an_event_is_complete_before_who_writes_it_is_touched(self) -> None:
        cli = FakeAws()
        self.deploy(cli)
        at = {
            (call[1], call[call.index("--stack-name") + 1]): number
            for number, call in enumerate(cli.calls)
            if call[1] in ("deploy", "execute-change-set")
        }
        for subscriber in ("notification-service", "identification-service"):
            read = at["execute-change-set", f"smartdoor-{subscriber}"]
            self.assertGreater(read, at["execute-change-set", "smartdoor-lock"], subscriber)
            self.assertLess(read, at["deploy", "smartdoor-lock-service"], subscriber)

    def test_a_stack_is_told_what_the_stacks_before_it_made(self) -> None:
        cli = FakeAws()
        self.deploy(cli)
        self.assertIn("BusName=the smartdoor-bus", self.values(cli, "lock"))
        # The fake's only output is called Name: a service's own stack comes before the platform.
        self.assertIn("Name=the smartdoor-platform", self.values(cli, "notification"))
        self.assertIn("Name=the smartdoor-lock", self.values(cli, "lock-service"))
        self.assertNotIn("Archive=false", self.values(cli, "bus"))

    def test_an_environments_parameters_reach_the_stacks_that_have_them(self) -> None:
        cli = FakeAws()
        self.deploy(cli)
        self.assertIn("TaskSubnets=subnet-1,subnet-2", self.values(cli, "lock-service"))
        self.assertIn("MinTasks=3", self.values(cli, "lock-service"))
        self.assertIn("MinTasks=2", self.values(cli, "notification-service"))
        self.assertIn("Image=registry/lock:1", self.values(cli, "lock-service"))
        self.assertNotIn("Image=registry/lock:1", self.values(cli, "notification-service"))

    def test_a_parameter_that_is_no_longer_given_is_what_the_template_says(self) -> None:
        before = {"AdminCidr": "203.0.113.0/24", "AlarmEmail": "somebody@example.org"}
        # As `deploy` has it: what it is not told stays what it was.
        known = {key: value for key, value in (each.split("=", 1) for each in self.deployed_with(before, "lock-service"))}
        self.assertEqual("203.0.113.0/24", known["AdminCidr"])
        self.assertEqual("3", known["MinTasks"])
        known |= dict(each.split("=", 1) for each in self.deployed_with({}, "lock-service"))
        self.assertEqual("", known["AdminCidr"])
        self.assertIn("AlarmEmail=", self.deployed_with({}, "platform"))
        images = {name: {"Image": own["Image"]} for name, own in GIVEN["stacks"].items()}
        with mock.patch.dict(GIVEN, {"stacks": images}):
            self.assertIn("MinTasks=2", self.deployed_with({}, "lock-service"))

    def deployed_with(self, parameters: dict[str, str], stack: str) -> tuple[str, ...]:
        cli = FakeAws()
        with mock.patch.dict(GIVEN, {"parameters": GIVEN["parameters"] | parameters}):
            self.deploy(cli)
        return self.values(cli, stack)

    def test_a_no_executes_nothing_and_leaves_no_change_set(self) -> None:
        cli = FakeAws()
        with self.assertRaisesRegex(Problem, "expected yes"):
            self.deploy(cli, answer=False)
        self.assertEqual([], cli.operations("execute-change-set"))
        self.assertEqual(2, len(cli.operations("delete-change-set")))

    def test_nothing_to_change_asks_nothing_and_says_so(self) -> None:
        cli = FakeAws(self.existing())
        code, out = self.deploy(cli)
        self.assertEqual((0, []), (code, self.questions))
        self.assertIn("Nothing to change: test is as the templates say", out)
        self.assertEqual([], cli.operations("execute-change-set"))

    def test_credentials_for_another_account_do_nothing(self) -> None:
        cli = FakeAws(account="999999999999")
        with self.assertRaisesRegex(Problem, f"expected account {ACCOUNT} .* found credentials for 999999999999"):
            self.deploy(cli)
        self.assertEqual([("sts", "get-caller-identity")], cli.calls)

    def test_without_a_terminal_nothing_is_done_unless_yes_was_said(self) -> None:
        cli = FakeAws()
        with self.assertRaisesRegex(Problem, "--yes"):
            self.deploy(cli, terminal=False)
        self.assertEqual([], cli.calls)
        code, _ = self.deploy(cli, yes=True, terminal=False)
        self.assertEqual((0, []), (code, self.questions))

    def test_a_replacement_of_what_holds_state_stands_out_and_is_never_made_unattended(self) -> None:
        replaced = {"Action": "Modify", "Replacement": "Conditional", "ResourceType": "AWS::DynamoDB::Table", "LogicalResourceId": "DoorsTable"}
        cli = FakeAws(self.existing(), changed="smartdoor-lock")
        cli.changes = [replaced, replaced | {"ResourceType": "AWS::ECS::TaskDefinition", "LogicalResourceId": "Task"}]
        with self.assertRaisesRegex(Problem, r"REPLACE\? of DoorsTable .* in lock: deploy at a terminal"):
            self.deploy(cli, yes=True)
        self.assertEqual([], cli.operations("execute-change-set"))
        code, out = self.deploy(cli)
        self.assertEqual(0, code)
        self.assertIn("  !! REPLACE?       DoorsTable (AWS::DynamoDB::Table): holds what exists nowhere else", out)
        self.assertIn("     REPLACE?       Task (AWS::ECS::TaskDefinition)\n", out)

    def test_what_is_wrong_is_found_before_anybody_is_asked(self) -> None:
        cli = FakeAws()
        with mock.patch.dict(GIVEN, {"parameters": {}}), self.assertRaisesRegex(Problem, "expected VpcId"):
            self.deploy(cli, terminal=False)
        self.assertEqual([], cli.calls)

    def test_what_a_failure_left_is_not_deleted_in_a_real_account(self) -> None:
        for status in ("ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "UPDATE_IN_PROGRESS"):
            with self.subTest(status):
                cli = FakeAws({"smartdoor-lock": status})
                with self.assertRaisesRegex(Problem, f"found it {status}"):
                    self.deploy(cli)
                self.assertEqual([], cli.operations("delete-stack") + cli.operations("deploy"))

    def test_the_first_failure_of_a_stack_is_told(self) -> None:
        cli = FakeAws()
        cli.broken = "smartdoor-lock"
        with self.assertRaisesRegex(Problem, r"DoorsTable \(AWS::DynamoDB::Table\) failed: Table already exists"):
            self.deploy(cli)


class Environments(unittest.TestCase):
    def test_the_example_is_complete(self) -> None:
        example = Environment.named("example")
        templates = {name: stacks.FOLDER / f"{name}.yaml" for name in NAMES}
        stacks.check_parameters(example.parameters, templates.values())
        deploy.check(example, False)
        for name, own in example.own.items():
            stacks.check_parameters(own, [templates[name]])
            self.assertIn("Image", own)

    def test_every_template_is_deployed(self) -> None:
        self.assertEqual(sorted(NAMES), sorted(file.stem for file in stacks.FOLDER.glob("*.yaml")))

    def test_a_parameter_that_no_stack_has_is_named(self) -> None:
        wrong = Environment.of("test", GIVEN | {"stacks": {"lock": {"Image": "registry/lock:1"}}})
        with self.assertRaisesRegex(Problem, "found Image: correct infra/environments/test.json"):
            deploy.check(wrong, False)

    def given(self, **more: Any) -> Environment:
        parameters = {key: it for key, it in (GIVEN["parameters"] | more).items() if it is not None}
        return Environment.of("test", GIVEN | {"parameters": parameters})

    def test_a_value_that_a_template_does_not_allow_is_named(self) -> None:
        for name, value, expected in (
            ("Cpu", "many", '256 or 512 or 1024, found "many"'),
            ("MaxTasks", "many", 'a number from 1, found "many"'),
            ("MaxTasks", 0, 'a number from 1, found "0"'),
            ("MaxReceiveCount", 1001, 'a number from 1 to 1000, found "1001"'),
            ("LogRetentionDays", 31, 'or 365, found "31"'),
            ("VpcId", "the-network", 'vpc-…, found "the-network"'),
            ("TaskSubnets", ["subnet-1", "vpc-1"], 'subnet-…, found "subnet-1,vpc-1"'),
            ("PublicCidrs", "all", 'found "all"'),
            ("CertificateArn", "mine", r"like arn:aws\[a-z-\]\*:acm:.*found \"mine\""),
        ):
            with self.subTest(name), self.assertRaisesRegex(Problem, f"expected {name} to be [^;]*{expected}.*test.json"):
                deploy.check(self.given(**{name: value}), False)
        self.assertIsNone(deploy.check(self.given(LogRetentionDays="365", Cpu=256, Archive="false"), False))

    def test_a_parameter_that_is_needed_and_not_given_is_named(self) -> None:
        with self.assertRaisesRegex(Problem, r"expected VpcId \(of platform, .*lock-service\) in environment test, found none: correct"):
            deploy.check(self.given(VpcId=None), False)
        deploy.check(self.given(VpcId=None), True)  # no emulator gets the stacks that need it

    def test_mistakes_are_named(self) -> None:
        for wrong, said in (
            ({"account": "12"}, 'an account of 12 digits in environment test, found "12"'),
            ({"region": "Frankfurt"}, 'a region such as eu-central-1 in environment test, found "Frankfurt"'),
            ({"region": None}, "in environment test, found none"),
            ({"acount": ACCOUNT}, r'in environment test, found \["acount"\]'),
            ({"stacks": {"kitchen": {}}}, r'in environment test, found \["kitchen"\]'),
            ({"parameters": ["VpcId"]}, r'in environment test, found \["VpcId"\]'),
        ):
            with self.subTest(wrong), self.assertRaisesRegex(Problem, said):
                Environment.of("test", GIVEN | wrong)
        for name in ("../secret", "nowhere"):
            with self.subTest(name), self.assertRaises(Problem):
                Environment.named(name)


class Command(unittest.TestCase):
    """The whole command, with a program in the place of the AWS CLI."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(Path(folder.name).resolve())
        environments = self.machine.repository / "infra" / "environments"
        environments.mkdir()
        (environments / "test.json").write_text(json.dumps(GIVEN))

    def deploy(self, *arguments: str) -> tuple[int, str, str]:
        return self.machine.run("deploy", "--env", "test", *arguments, AWS_PROFILE="mine", AWS_ENDPOINT_URL="http://127.0.0.1:1")

    def calls(self) -> list[str]:
        file = self.machine.seen / "aws"
        return file.read_text().splitlines() if file.exists() else []

    def test_it_uses_the_users_own_profile_and_no_emulator(self) -> None:
        code, out, err = self.deploy("--yes")
        self.assertEqual(0, code, err)
        self.assertIn('"Name": "the-bus-name"', out)
        self.assertTrue(self.calls())
        for call in self.calls():
            self.assertTrue(call.startswith("mine "), call)
            self.assertNotIn("--endpoint-url", call)
            self.assertIn("--region eu-west-1", call)
        code, out, _ = self.deploy("--yes")
        self.assertEqual(0, code)
        self.assertIn("Nothing to change", out)

    def test_without_a_terminal_or_in_another_account_it_refuses(self) -> None:
        code, _, err = self.deploy()
        self.assertEqual((1, []), (code, self.calls()))
        self.assertIn("expected a terminal to ask at", err)
        self.machine.break_part("account")
        code, _, err = self.deploy("--yes")
        self.assertEqual(1, code)
        self.assertIn(f"expected account {ACCOUNT} of environment test, found credentials for 999999999999", err)
        self.assertEqual(1, len(self.calls()))

    def test_a_table_is_not_removed_unattended(self) -> None:
        self.machine.break_part("table")
        code, out, err = self.deploy("--yes")
        self.assertEqual(1, code)
        self.assertIn("!! REMOVE         DoorsTable", out)
        self.assertIn("deploy at a terminal", err)

    def test_an_emulator_elsewhere_is_refused(self) -> None:
        code, _, err = self.deploy("--yes", "--endpoint", "https://cloudformation.eu-west-1.amazonaws.com")
        self.assertEqual((1, []), (code, self.calls()))
        self.assertIn("expected an AWS endpoint on this machine", err)

    def test_an_endpoint_that_is_none_is_told_before_a_terminal_is_missed(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        for endpoint, said in (
            ("banana", "(http://127.0.0.1:PORT), found banana: correct --endpoint"),
            ("http://example.com", "found http://example.com: correct --endpoint"),
            (nobody, f"expected an AWS at {nobody}, found that nobody answers: start one there, or correct --endpoint"),
        ):
            with self.subTest(endpoint):
                code, _, err = self.deploy("--endpoint", endpoint)
                self.assertEqual((1, []), (code, self.calls()))
                self.assertIn(said, err)
                self.assertNotIn("terminal", err)


class Repository(unittest.TestCase):
    def test_only_deploy_and_replay_reach_a_real_account(self) -> None:
        launcher = environment.REPOSITORY / "infra" / "launcher"
        users = {file.stem for file in launcher.glob("*.py") if "UsersAwsCli(" in file.read_text()}
        self.assertEqual({"aws", "deploy"}, users)
        self.assertTrue(os.path.isdir(launcher))
