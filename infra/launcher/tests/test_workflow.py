"""What `workflow` shows of an execution, in a terminal, as a file and as JSON, and when `workflow retry` starts another one."""

from __future__ import annotations

import io
import json
import os
import re
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from unittest import mock

from launcher import environment, itinerary, picture
from launcher.deploy import Environment
from launcher.tests.fake_services import CommandsOnServices
from launcher.tests.fake_workflow import EMULATORS, MACHINE, FakeStepFunctions, recorded
from launcher.tests.test_statemachine import read

KEY = "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96"
NAMES = ("identified", "store-unknown", "timed-out", "unpublishable", "nonsense", "running", "nobody")
RECORDED = [*((emulator, name) for emulator in EMULATORS for name in NAMES), ("ministack", "aborted"), ("localstack", "overall-timeout")]
SVG = "{http://www.w3.org/2000/svg}"
# What the recorded executions were given and answered, and nobody is to be shown.
SECRET = re.compile(r"anna|keypad|fob|front-door|Front door|FailedEntryCount|EventId", re.IGNORECASE)


class Workflow(CommandsOnServices):
    def setUp(self) -> None:
        super().setUp()
        self.aws = FakeStepFunctions()
        at = mock.patch("launcher.workflow.AwsCli.at", return_value=self.aws)
        at.start()
        self.addCleanup(at.stop)
        run = self.services.run()
        run.outputs = {"identification": {"StateMachineArn": MACHINE}, "lock": {"OutboxTable": "outbox"}}
        self.home.remember_run(run)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def shown(self, emulator: str, name: str, *options: str) -> str:
        self.aws.put(KEY, recorded(emulator, name))
        code, out, err = self.run_command("workflow", KEY, *options)
        self.assertEqual((0, ""), (code, re.sub(r"smartdoor: drawn in .*\n", "", err)))
        return out


class Showing(Workflow):
    def test_the_way_is_straight_and_what_was_not_taken_is_beside_it(self) -> None:
        out = self.shown("ministack", "timed-out")
        self.assertRegex(out, rf"\A{KEY}\nsucceeded, started 2026-11-26T[0-9:.]+Z, took 5\.\d+ s\npublished Identification Failed\n\n")
        self.assertRegex(
            out,
            r"(?m)^   0\.\d{3} ■ Find Resident  5\.\d{3} s  2 attempts\n"
            r"   2\.\d{3} │ ! States\.Timeout: Task timed out waiting for callback\n"
            r"   5\.\d{3} │ ! States\.Timeout: Task timed out waiting for callback\n"
            r"         │ ┄ → Is The Resident Known\n"
            r"         │ ┄ on States\.ALL → Publish Failure\n"
            r"         │   on States\.Timeout ↓\n"
            r"   5\.\d{3} ■ Publish Failure",
        )
        self.assertIn("\n         ✓ succeeded\n\nnot visited:\n  Nobody To Identify\n", out)

    def test_every_state_is_named_within_80_columns_and_nothing_of_the_data(self) -> None:
        for emulator, name in RECORDED:
            with self.subTest(f"{emulator} {name}"):
                out = self.shown(emulator, name)
                machine, _ = read(emulator, name)
                for state in machine.states:
                    self.assertIn(state, out)
                self.assertEqual([], [it for it in out.splitlines() if len(it) > 80])
                self.assertNotRegex(out, SECRET)
                self.assertNotIn("\033", out)

    def test_an_error_that_ended_it_stands_where_it_did_in_full(self) -> None:
        for emulator in EMULATORS:
            with self.subTest(emulator):
                out = self.shown(emulator, "unpublishable")
                self.assertRegex(out, r"◎ Nobody Heard.*\n         ✗ failed: OutcomeNotPublished: Neither the outcome nor the failure to")
                self.assertIn("the bus", out)

    def test_one_that_runs_is_shown_as_far_as_it_is(self) -> None:
        for emulator in EMULATORS:
            with self.subTest(emulator):
                out = self.shown(emulator, "running")
                self.assertRegex(out, r"\A[^\n]*\nrunning, started \S+\n")
                self.assertRegex(out, r"■ Find Resident\n(.*→.*\n){3}         … running\n")

    def test_one_that_took_too_long_in_all_says_so(self) -> None:
        out = self.shown("localstack", "overall-timeout")
        self.assertRegex(out, r"\ntimed out, started \S+, took 60\.\d+ s\n")
        self.assertIn("\n         ✗ timed out\n", out)

    def test_an_error_is_said_once(self) -> None:
        self.assertEqual(1, self.shown("localstack", "nonsense").count("States.QueryEvaluationError"))

    def test_a_terminal_has_colours_unless_it_or_its_user_has_none(self) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        with mock.patch.dict(os.environ, {"TERM": "xterm"}):
            os.environ.pop("NO_COLOR", None)
            self.assertTrue(itinerary.is_coloured(Terminal()))
            self.assertFalse(itinerary.is_coloured(io.StringIO()))
            with mock.patch.dict(os.environ, {"NO_COLOR": "1"}):
                self.assertFalse(itinerary.is_coloured(Terminal()))
            with mock.patch.dict(os.environ, {"TERM": "dumb"}):
                self.assertFalse(itinerary.is_coloured(Terminal()))
        with mock.patch("launcher.itinerary.is_coloured", return_value=True):
            out = self.shown("ministack", "unpublishable")
        self.assertIn("\033[32m● Read Event\033[0m", out)
        self.assertIn("\033[31m✗ failed: OutcomeNotPublished", out)
        self.assertEqual([], [it for it in re.sub(r"\033\[\d*m", "", out).splitlines() if len(it) > 80])

    def test_json_has_each_state_with_its_times_and_errors(self) -> None:
        for emulator in EMULATORS:
            with self.subTest(emulator):
                out = self.shown(emulator, "timed-out", "--json")
                found = json.loads(out)
                self.assertEqual((KEY, "succeeded", ["Identification Failed"]), (found["execution"], found["status"], found["published"]))
                stay = found["states"][2]
                self.assertEqual(("Find Resident", 2, "catch"), (stay["state"], stay["attempts"], stay["way-on"]))
                self.assertEqual(["States.Timeout"] * 2, [it["error"] for it in stay["failures"]])
                self.assertRegex(stay["entered-at"], r"^2026-11-26T\d\d:\d\d:\d\d\.\d{3}Z$")
                self.assertIn("Nobody Heard", found["not-visited"])
                self.assertNotRegex(out, SECRET)

    def test_a_retry_is_mentioned(self) -> None:
        self.aws.put(f"{KEY}.2", recorded("ministack", "identified"))
        self.assertIn(f"retried as {KEY}.2: succeeded\n", self.shown("ministack", "unpublishable"))
        code, out, _ = self.run_command("workflow", f"{KEY}.2")
        self.assertEqual((0, True), (code, out.startswith(f"{KEY}.2\nsucceeded")))

    def test_what_was_deployed_since_is_drawn_where_what_ran_is_not_known(self) -> None:
        self.aws.put(KEY, recorded("ministack", "identified"))
        self.aws.broken.add("describe-state-machine-for-execution")
        code, out, err = self.run_command("workflow", KEY)
        self.assertEqual((0, True), (code, "Publish Outcome" in out))
        self.assertEqual(f"smartdoor: the definition that {KEY} ran is not known here: drawn is what is deployed now\n", err)


class Drawing(Workflow):
    def test_a_file_has_all_states_and_transitions_and_needs_nothing_else(self) -> None:
        for emulator, name in RECORDED:
            with self.subTest(f"{emulator} {name}"):
                file = self.folder / "drawn.svg"
                self.shown(emulator, name, "--svg", str(file))
                text = file.read_text()
                root = ElementTree.fromstring(text)
                machine, walk = read(emulator, name)
                self.assertEqual("img", root.get("role"))
                self.assertEqual("title desc", root.get("aria-labelledby"))
                self.assertEqual(["title", "desc"], [it.get("id") for it in list(root)[:2]])
                self.assertLessEqual(set(machine.states), {it.text for it in root.iter(f"{SVG}text")})
                self.assertEqual(len(machine.transitions), len(root.findall(f".//{SVG}polygon")))
                pale = [it for it in root.iter(f"{SVG}text") if it.get("class") == "name not"]
                self.assertEqual(set(machine.states) - walk.visited(), {it.text for it in pale})
                taken = [it for it in root.iter(f"{SVG}polygon") if "taken" in str(it.get("class"))]
                self.assertEqual(len({it for it in walk.ways if it}), len(taken))
                self.assertNotRegex(text, SECRET)
                self.assertNotRegex(text, r"href|url\(|@import|<script|src=")
                self.assertIn("prefers-color-scheme:dark", text)

    def test_the_description_tells_the_way_in_words(self) -> None:
        file = self.folder / "drawn.svg"
        self.shown("ministack", "timed-out", "--svg", str(file))
        said = ElementTree.fromstring(file.read_text()).findtext(f"{SVG}desc") or ""
        self.assertRegex(said, r"Find Resident after 0\.\d+ s, 2 attempts, States\.Timeout, States\.Timeout; Publish Failure after 5\.\d+ s; Published")
        self.shown("ministack", "unpublishable", "--svg", str(file))
        root = ElementTree.fromstring(file.read_text())
        self.assertRegex(root.findtext(f"{SVG}desc") or "", r"It ended there: OutcomeNotPublished: Neither")
        self.assertEqual(1, len([it for it in root.iter(f"{SVG}rect") if it.get("class") == "box died" and it.get("height") != "13"]))

    def test_the_picture_in_the_documents_is_one_of_these(self) -> None:
        example = environment.REPOSITORY / "docs" / "workflow-example.svg"
        file = self.folder / "drawn.svg"
        self.shown("ministack", "timed-out", "--svg", str(file))
        if os.environ.get("SMARTDOOR_DRAW_DOCS"):
            example.write_text(file.read_text())
        self.assertEqual(file.read_text(), example.read_text(), "SMARTDOOR_DRAW_DOCS=1 python3 -m unittest launcher.tests.test_workflow draws it anew")

    def test_retries_are_counted(self) -> None:
        file = self.folder / "drawn.svg"
        self.shown("ministack", "timed-out", "--svg", str(file))
        self.assertRegex(file.read_text(), r">0\.\d+ s · 1 retry<")

    def test_what_xml_has_a_meaning_for_is_written_as_text(self) -> None:
        from launcher.statemachine import StateMachine, walk

        machine = StateMachine({"StartAt": "a<b>&c", "States": {"a<b>&c": {"Type": "Pass", "Next": "a<b>&c"}}})
        events = [
            {"type": "PassStateEntered", "timestamp": 1.0, "stateEnteredEventDetails": {"name": "a<b>&c"}},
            {"type": "ExecutionFailed", "timestamp": 1.0, "executionFailedEventDetails": {"error": "<E>", "cause": "</svg>"}},
        ]
        found = walk(machine, events)
        root = ElementTree.fromstring(picture.svg("<k>", machine, found, "<h>", found.visits[0].entered))
        self.assertIn("a<b>&c", {it.text for it in root.iter(f"{SVG}text")})

    def test_a_file_that_cannot_be_written_is_said_in_one_line(self) -> None:
        self.aws.put(KEY, recorded("ministack", "identified"))
        self.assert_refused(r"expected to be able to write \S+/no/drawn.svg, found: .*", "workflow", KEY, "--svg", str(self.folder / "no" / "drawn.svg"))


class NothingToShow(Workflow):
    def test_a_key_that_nobody_accepted(self) -> None:
        self.assert_refused(f"expected an execution for event {KEY}, found none, and no record that the event was accepted: .*", "workflow", KEY)
        self.assert_refused(f"expected an execution for event {KEY}, found none, and no record .*", "workflow", "retry", KEY)
        self.aws.broken.add("get-item")
        self.assert_refused("expected an execution .*", "workflow", KEY)

    def test_a_door_that_was_not_opened(self) -> None:
        self.aws.items[KEY] = {"detail": {"S": json.dumps({"state": "closed", "user": {"id": "anna"}})}, "published-at": {"S": "x"}}
        self.assert_refused(".*: the door said closed, and only for one that is opened somebody is identified", "workflow", KEY)

    def test_an_event_that_is_on_its_way(self) -> None:
        self.aws.items[KEY] = {"detail": {"S": json.dumps({"state": "open"})}, "pending-shard": {"S": "1"}}
        self.assert_refused(".*: the event is not on the bus yet; see ./smartdoor dlq list", "workflow", KEY)
        del self.aws.items[KEY]["pending-shard"]
        self.assert_refused(".*, although it was published: it may be on its way still.*", "workflow", KEY)

    def test_a_try_that_there_was_not(self) -> None:
        self.assert_refused(rf"expected an execution {KEY}\.3, found none: see ./smartdoor workflow {KEY}, .*", "workflow", f"{KEY}.3")

    def test_a_history_that_is_gone(self) -> None:
        gone = recorded("ministack", "identified") | {"get-execution-history": {"events": []}}
        self.aws.put(KEY, gone)
        self.assert_refused(f"expected a history of execution {KEY}, found none: it is succeeded, .*", "workflow", KEY)

    def test_an_aws_that_is_silent_or_refuses(self) -> None:
        self.aws.is_silent = True
        self.assert_refused("workflow: AWS does not answer at .*", "workflow", KEY)
        self.aws.is_silent = False
        self.aws.broken.add("describe-execution")
        self.assert_refused("aws stepfunctions: AccessDeniedException: no", "workflow", KEY)

    def test_what_is_no_key(self) -> None:
        for words in (["x"], [f"{KEY}.1"], [KEY, KEY], ["retry"], ["retry", f"{KEY}.2"], ["retry", KEY, "--json"], ["fly", KEY]):
            with self.subTest(words), self.assertRaises(SystemExit) as ended:
                self.run_command("workflow", *words)
            self.assertEqual(2, ended.exception.code)

    def test_an_endpoint_without_its_environment(self) -> None:
        self.assert_refused("expected --endpoint with --env, found it alone: .*", "workflow", KEY, "--endpoint", "http://127.0.0.1:1")


class Retrying(Workflow):
    def retried(self, name: str, number: int) -> None:
        self.aws.started.clear()
        given = self.aws.executions[KEY]["describe-execution"]["input"]
        self.assert_done(f"{KEY}.{number} is started, with the same follow-up keys: see ./smartdoor workflow {KEY}.{number}", "workflow", "retry", KEY)
        self.assertEqual([{"stateMachineArn": MACHINE, "name": f"{KEY}.{number}", "input": given}], self.aws.started)

    def test_what_failed_is_started_with_the_input_of_the_first(self) -> None:
        for emulator, name in (("ministack", "unpublishable"), ("ministack", "nonsense"), ("ministack", "aborted"), ("localstack", "overall-timeout")):
            with self.subTest(name):
                self.aws.put(KEY, recorded(emulator, name))
                self.retried(name, 2)

    def test_what_published_only_that_it_failed_is_too(self) -> None:
        for emulator in EMULATORS:
            for name in ("timed-out", "store-unknown"):
                with self.subTest(f"{emulator} {name}"):
                    self.aws.put(KEY, recorded(emulator, name))
                    self.retried(name, 2)

    def test_each_further_try_has_the_next_number(self) -> None:
        self.aws.put(KEY, recorded("ministack", "unpublishable"))
        self.aws.put(f"{KEY}.2", recorded("ministack", "timed-out"))
        self.retried("unpublishable", 3)

    def test_what_found_something_out_is_left_alone(self) -> None:
        for emulator in EMULATORS:
            for name, told in (("identified", "published Person Identified"), ("nobody", "had nothing to publish, or .*")):
                with self.subTest(f"{emulator} {name}"):
                    self.aws.put(KEY, recorded(emulator, name))
                    self.assert_refused(f"expected {KEY} to have failed, found that it succeeded and {told}: another one could tell .*", "workflow", "retry", KEY)
        self.aws.put(KEY, recorded("ministack", "unpublishable"))
        self.aws.put(f"{KEY}.2", recorded("ministack", "identified"))
        self.assert_refused(rf"expected {KEY}\.2 to have failed, .*", "workflow", "retry", KEY)
        self.assertEqual([], self.aws.started)

    def test_what_runs_is_waited_for(self) -> None:
        self.aws.put(KEY, recorded("ministack", "running"))
        self.assert_refused(f"expected {KEY} to have ended, found it running: .*", "workflow", "retry", KEY)
        self.assertEqual([], self.aws.started)

    def test_a_success_whose_history_is_gone_is_left_alone(self) -> None:
        self.aws.put(KEY, recorded("ministack", "timed-out") | {"get-execution-history": {"events": []}})
        self.assert_refused(".* or its history does not say what: .*", "workflow", "retry", KEY)

    def test_two_at_once_start_one(self) -> None:
        self.aws.put(KEY, recorded("ministack", "unpublishable"))
        self.aws.is_overtaken = True
        self.assert_done(f"{KEY}.2 was started by somebody else just now: see ./smartdoor workflow {KEY}.2", "workflow", "retry", KEY)

    def test_an_input_that_is_withheld_is_not_made_up(self) -> None:
        self.aws.put(KEY, recorded("ministack", "unpublishable"))
        del self.aws.executions[KEY]["describe-execution"]["input"]
        self.assert_refused(f"expected to be told the input of {KEY}, found that it is withheld: .*", "workflow", "retry", KEY)

    def test_an_environment_on_aws_is_reached_as_by_replay(self) -> None:
        self.aws.put(KEY, recorded("ministack", "unpublishable"))
        home = Environment("home", "123456789012", "eu-central-1", "home", {}, {})
        with mock.patch("launcher.workflow.Environment.named", return_value=home), mock.patch("launcher.workflow.reach", return_value=self.aws) as reached:
            self.assert_done(
                f"{KEY}.2 is started, with the same follow-up keys: see ./smartdoor workflow {KEY}.2 --env home", "workflow", "retry", KEY, "--env", "home"
            )
            reached.assert_called_once_with(home, None)
            self.assertEqual(0, self.run_command("workflow", KEY, "--env", "home")[0])
            other = Environment("other", "123456789012", "eu-central-1", "other", {}, {})
            with mock.patch("launcher.workflow.Environment.named", return_value=other):
                self.assert_refused("expected a stack identification with a workflow, found none deployed: .*", "workflow", KEY, "--env", "other")
