"""What is typed, and what it means."""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from launcher import api, cli, doctor, doors, environment, logs, people, tools
from launcher.console import Problem
from launcher.home import Home


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        with mock.patch("launcher.console.stop_on_signals"):
            try:
                code = cli.main(arguments)
            except SystemExit as ended:
                code = int(ended.code or 0)
    return code, out.getvalue(), err.getvalue()


class Commands(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        environ = mock.patch.dict("os.environ", {"SMARTDOOR_HOME": folder.name})
        environ.start()
        self.addCleanup(environ.stop)
        os.environ.pop("AWS_ENDPOINT_URL", None)

    def test_wrong_arguments_end_with_a_usage_line_and_code_2(self) -> None:
        for arguments in (
            [],
            ["fly"],
            ["door", "open"],
            ["resident", "add", "anna"],
            ["demo", "--only", "no-such-scenario"],
            ["stacks", "deploy", "--endpoint", "http://127.0.0.1:1", "--account", "12"],
            ["stacks", "deploy", "--endpoint", "http://127.0.0.1:1", "--account", "123456789012", "--param", "x"],
            ["emulator", "--port", "70000"],
            ["door", "open", "front-door", "--key", "x"],
            ["door", "open", "front-door", "--at", "2026-11-23T07:31:04"],
            ["prove", "soak", "--seed", "x"],
            ["prove", "crashes", "--only", ""],
        ):
            with self.subTest(arguments):
                code, _, err = run(*arguments)
                self.assertEqual(2, code)
                self.assertIn("usage: smartdoor", err)

    def test_every_command_has_help(self) -> None:
        for arguments in (["up"], ["door", "open"], ["demo"], ["verify"], ["stacks", "deploy"], ["resident", "add"]):
            with self.subTest(arguments):
                code, out, _ = run(*arguments, "--help")
                self.assertEqual(0, code)
                self.assertIn("usage: smartdoor " + " ".join(arguments), out)

    def test_commands_that_start_prove_or_deploy_refuse_an_aws_elsewhere(self) -> None:
        os.environ["AWS_ENDPOINT_URL"] = "https://dynamodb.eu-central-1.amazonaws.com"
        elsewhere = ["--endpoint", os.environ["AWS_ENDPOINT_URL"], "--account", "123456789012"]
        with mock.patch("launcher.jdk.find"), mock.patch("launcher.maven.require"):
            for arguments in (["up"], ["demo"], ["verify"], ["stacks", "deploy", *elsewhere]):
                with self.subTest(arguments):
                    code, out, err = run(*arguments)
                    self.assertEqual(1, code)
                    self.assertIn("expected an AWS endpoint on this machine", out + err)

    def test_a_demo_that_cannot_start_still_ends_with_json(self) -> None:
        os.environ["AWS_ENDPOINT_URL"] = "https://dynamodb.eu-central-1.amazonaws.com"
        code, out, err = run("demo", "--json")
        self.assertEqual(1, code)
        self.assertEqual({"scenarios": [], "passed": False}, json.loads(out))
        self.assertIn("expected an AWS endpoint on this machine", err)

    def test_unknown_stacks_and_services_are_named(self) -> None:
        code, _, err = run("stacks", "deploy", "--endpoint", "http://127.0.0.1:1", "--account", "123456789012", "kitchen")
        self.assertEqual(1, code)
        self.assertIn("found kitchen", err)
        code, _, err = run("logs", "kitchen")
        self.assertEqual(1, code)
        self.assertIn("expected one of lock-service", err)

    def test_nothing_running_is_a_state_that_is_shown(self) -> None:
        code, out, _ = run("status", "--json")
        self.assertEqual(1, code)
        self.assertFalse(json.loads(out)["running"])
        code, out, _ = run("down")
        self.assertEqual((0, "SmartDoor is not running\n"), (code, out))

    def test_talking_to_nothing_says_how_to_start_it(self) -> None:
        for arguments in (["door", "open", "front-door"], ["inbox", "me"], ["recipient", "list"]):
            with self.subTest(arguments):
                code, _, err = run(*arguments)
                self.assertEqual(1, code)
                self.assertEqual("smartdoor: expected SmartDoor to be running, found that it is not: start it with ./smartdoor up\n", err)

    def test_free_ports_are_asked_for_in_few_words(self) -> None:
        for given, wanted in (("", False), ("0", False), ("false", False), ("1", True), ("true", True)):
            with mock.patch.dict("os.environ", {"SMARTDOOR_FREE_PORTS": given}):
                self.assertEqual(wanted, environment.wants_free_ports())
        with mock.patch.dict("os.environ", {"SMARTDOOR_FREE_PORTS": "yes"}):
            self.assertEqual(
                (1, "", 'smartdoor: expected SMARTDOOR_FREE_PORTS to be 1, true, 0 or false, found "yes": correct it, or unset it\n'), run("up")
            )

    def test_a_token_that_services_refuse_is_refused_before_anything_is_started(self) -> None:
        with mock.patch.dict("os.environ", {"SMARTDOOR_ADMIN_TOKEN": "short", "SMARTDOOR_FREE_PORTS": "1"}):
            for command in ("up", "demo"):
                with self.subTest(command), mock.patch("launcher.system.System.start") as start:
                    code, _, err = run(command)
                    self.assertEqual(1, code)
                    self.assertIn("expected SMARTDOOR_ADMIN_TOKEN to have 16 characters or more, found 5", err)
                    start.assert_not_called()
        source = environment.REPOSITORY / "http-api/src/main/java/io/smartdoor/http/AdminToken.java"
        self.assertIn(f"MIN_LENGTH = {environment.TOKEN_LENGTH};", source.read_text())

    def test_the_doctor_asks_for_the_usual_ports_only_where_they_are_used(self) -> None:
        with mock.patch("launcher.ports.is_free", return_value=False):
            with mock.patch.dict("os.environ", {"SMARTDOOR_FREE_PORTS": "1"}):
                self.assertIn("free ones are chosen", doctor._ports())
            with mock.patch.dict("os.environ", {"SMARTDOOR_FREE_PORTS": "0"}), self.assertRaisesRegex(Problem, "8082"):
                doctor._ports()

    def test_mavens_own_options_are_passed_on(self) -> None:
        with mock.patch("launcher.verify.verify", return_value=0) as verified:
            run("verify", "-pl", "messaging", "-am")
        verified.assert_called_once_with(("-pl", "messaging", "-am"))


class Words(unittest.TestCase):
    def test_a_user_is_a_resident_or_a_credential_of_a_store(self) -> None:
        self.assertIsNone(doors.reference(None, None))
        self.assertEqual(("anna", "residents"), doors.reference("anna", None))
        self.assertEqual(("4711", "keypad"), doors.reference("keypad:4711", None))
        self.assertEqual(("4711", "keypad"), doors.reference("4711", "keypad"))
        self.assertEqual(("a:b", "nfc"), doors.reference("nfc:a:b", None))
        with self.assertRaisesRegex(Problem, "--user"):
            doors.reference(None, "keypad")

    def test_a_credential_has_a_store_and_an_id(self) -> None:
        self.assertEqual(("nfc", "a:b"), people.credential("nfc:a:b"))
        for wrong in ("keypad", "keypad:", ":4711"):
            with self.assertRaisesRegex(Problem, "STORE:ID"):
                people.credential(wrong)

    def test_a_door_without_a_name_is_called_by_its_id(self) -> None:
        self.assertEqual("Front door", doors.readable("front-door"))

    def test_a_door_says_what_happened_when_and_who_did_it(self) -> None:
        said = json.loads(api.door_event("open", ("anna", "residents")))
        self.assertEqual({"id": "anna", "store": "residents"}, said["user"])
        self.assertRegex(said["occurred-at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertNotIn("user", json.loads(api.door_event("closed", None)))

    def test_a_problem_is_told_in_one_line(self) -> None:
        answer = api.Answer(422, {}, b'{"title": "Unprocessable", "detail": "state: unknown", "status": 422}')
        self.assertEqual("422 Unprocessable: state: unknown", answer.reason())
        self.assertEqual("502", api.Answer(502, {}, b"<html>").reason())


class Logs(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Home(Path(folder.name))
        self.home.logs.mkdir()

    def test_a_line_is_shown_once_it_is_whole(self) -> None:
        file = self.home.log("lock-service")
        tail = logs.Tail(file)
        self.assertEqual([], tail.new_lines())
        file.write_text("one\ntw")
        self.assertEqual(["one"], tail.new_lines())
        with file.open("a") as stream:
            stream.write("o\n")
        self.assertEqual(["two"], tail.new_lines())

    def test_services_may_be_named_shortly(self) -> None:
        self.assertEqual(["lock-service"], list(logs.chosen(self.home, "lock")))
        self.assertEqual(["emulator"], list(logs.chosen(self.home, "emulator")))
        self.assertEqual(4, len(logs.chosen(self.home, None)))

    def test_the_last_lines_are_shown_before_following_ends(self) -> None:
        self.home.log("lock-service").write_text("bye\n")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            logs.follow(logs.chosen(self.home, "lock"), lambda: False)
        self.assertRegex(out.getvalue(), r"^lock-service +\| bye\n$")


class Requirements(unittest.TestCase):
    def test_every_tool_is_pinned_by_version_and_hash_and_names_no_index(self) -> None:
        for name in (tools.EMULATOR, tools.AWS_CLI, tools.LINT, tools.CHECKOV, tools.FACES):
            text = tools.requirements(name).read_text().replace("\\\n", " ")
            lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
            self.assertTrue(lines)
            for line in lines:
                with self.subTest(line[:40]):
                    self.assertRegex(line, r"^[\w.-]+==[\w.]+ .*--hash=sha256:[0-9a-f]{64}")
                    self.assertNotIn("://", line)

    def test_other_requirements_get_another_place(self) -> None:
        places = {tools.place(name) for name in (tools.EMULATOR, tools.AWS_CLI, tools.LINT, tools.CHECKOV, tools.FACES)}
        self.assertEqual(5, len(places))
