"""The way that an execution took, as it is read from what emulators tell of it, and what is never read from it."""

from __future__ import annotations

import json
import unittest
from typing import Any

from launcher import statemachine
from launcher.statemachine import StateMachine, Walk, walk
from launcher.tests.fake_workflow import EMULATORS, recorded


def read(emulator: str, name: str) -> tuple[StateMachine, Walk]:
    document = recorded(emulator, name)
    machine = StateMachine.of(document["describe-state-machine-for-execution"]["definition"])
    return machine, walk(machine, document["get-execution-history"]["events"], document["describe-execution"])


def kinds(found: Walk) -> list[str]:
    return [it.kind if it else "?" for it in found.ways]


class Histories(unittest.TestCase):
    def each(self, name: str) -> Any:
        for emulator in EMULATORS:
            with self.subTest(emulator):
                yield read(emulator, name)[1]

    def test_a_resident_is_found(self) -> None:
        for found in self.each("identified"):
            way = ["Read Event", "Whom To Identify", "Find Resident", "Is The Resident Known", "Person Identified", "Publish Outcome", "Published"]
            self.assertEqual(way, [it.state for it in found.visits])
            self.assertEqual(["next", "choice", "next", "choice", "next", "next"], kinds(found))
            self.assertEqual("rule 2", found.ways[1].label)
            self.assertEqual([0, 0, 1, 0, 0, 1, 0], [it.attempts for it in found.visits])
            self.assertEqual((None, ["Person Identified"]), (found.ending, found.published()))

    def test_a_choice_of_none_of_its_rules_is_its_default(self) -> None:
        for found in self.each("store-unknown"):
            self.assertEqual(["next", "default", "next", "default", "next", "default", "next", "next"], kinds(found))
            self.assertEqual(["Identification Failed"], found.published())

    def test_a_retry_counts_and_the_catch_that_took_the_error_is_named(self) -> None:
        for found in self.each("timed-out"):
            stay = found.visits[2]
            self.assertEqual((2, ["States.Timeout"] * 2), (stay.attempts, [it.error for it in stay.failures]))
            self.assertEqual(("catch", "States.Timeout", "Publish Failure"), (found.ways[2].kind, found.ways[2].label, found.ways[2].target))
            self.assertEqual((None, ["Identification Failed"]), (found.ending, found.published()))
            self.assertGreater((stay.left - stay.entered).total_seconds(), 2)

    def test_a_failure_of_the_whole_is_the_last_error(self) -> None:
        for found in self.each("unpublishable"):
            self.assertEqual(["catch", "catch"], kinds(found)[-2:])
            self.assertEqual(("Nobody Heard", "OutcomeNotPublished"), (found.visits[-1].state, found.ending.error))
            self.assertEqual([], found.published())

    def test_an_expression_that_fails_ends_it_where_it_is(self) -> None:
        for found in self.each("nonsense"):
            self.assertEqual(["Read Event"], [it.state for it in found.visits])
            self.assertEqual("States.QueryEvaluationError", found.ending.error)
            self.assertIsNone(found.visits[0].left)

    def test_one_that_runs_has_no_ending(self) -> None:
        for found in self.each("running"):
            self.assertEqual(("Find Resident", None, None), (found.visits[-1].state, found.visits[-1].left, found.ending))

    def test_one_that_somebody_stopped_says_so(self) -> None:
        found = read("ministack", "aborted")[1]
        self.assertEqual(("Test", "by hand"), (found.ending.error, found.ending.cause))

    def test_one_that_took_too_long_says_so_though_its_history_does_not(self) -> None:
        found = read("localstack", "overall-timeout")[1]
        self.assertEqual(("Find Resident", True, "TIMED_OUT"), (found.visits[-1].state, found.visits[-1].left is None, found.ending.error))


class Causes(unittest.TestCase):
    """What an execution was given may name people; causes sometimes quote it."""

    MACHINE = StateMachine({"StartAt": "A", "States": {"A": {"Type": "Task", "End": True}}})

    def cause(self, said: str) -> str:
        given = {"user": {"id": "anna", "store": "keypad"}, "code": "17", "door": {"name": "Back door"}}
        answer = {"Item": {"resident": {"S": "bert"}}}
        events = [
            {"type": "ExecutionStarted", "timestamp": 1.0, "executionStartedEventDetails": {"input": json.dumps(given)}},
            {"type": "TaskStateEntered", "timestamp": 1.0, "stateEnteredEventDetails": {"name": "A", "input": json.dumps(given)}},
            {"type": "TaskSucceeded", "timestamp": 2.0, "taskSucceededEventDetails": {"output": json.dumps(answer)}},
            {"type": "ExecutionFailed", "timestamp": 3.0, "executionFailedEventDetails": {"error": "E", "cause": said}},
        ]
        found = walk(self.MACHINE, events).ending
        assert found is not None
        return found.cause

    def test_hold_nothing_of_what_was_given_or_answered(self) -> None:
        self.assertEqual("no such key … in …, … said … at …", self.cause("no such key 17 in keypad, anna said bert at Back door"))
        self.assertEqual("annabel is 175", self.cause("annabel is 175"))

    def test_end_where_a_document_begins(self) -> None:
        said = "The JSONPath '$.x' could not be found in the input '"
        self.assertEqual(said, self.cause(said + '{"who": "carl"}\''))

    def test_are_one_short_line(self) -> None:
        found = self.cause("word\n" * 100)
        self.assertEqual((160, True, False), (len(found), found.endswith("…"), "\n" in found))

    def test_may_be_missing(self) -> None:
        self.assertEqual("", self.cause(""))


class Transitions(unittest.TestCase):
    MACHINE = StateMachine(
        {
            "StartAt": "Ask",
            "States": {
                "Ask": {
                    "Type": "Task",
                    "Catch": [
                        {"ErrorEquals": ["A", "B"], "Next": "End"},
                        {"ErrorEquals": ["States.TaskFailed"], "Next": "Mend"},
                        {"ErrorEquals": ["States.ALL"], "Next": "End"},
                    ],
                    "Next": "End",
                },
                "Mend": {"Type": "Pass", "Next": "Ask"},
                "End": {"Type": "Succeed"},
            },
        }
    )

    def test_without_an_error_none_that_catches_is_taken(self) -> None:
        self.assertEqual("next", self.MACHINE.taken("Ask", "End", "").kind)
        self.assertIsNone(self.MACHINE.taken("Ask", "Mend", ""))

    def test_the_first_that_catches_the_error_and_leads_there_is_taken(self) -> None:
        for error, target, index in (("A", "End", 0), ("B", "End", 0), ("Other", "Mend", 1), ("States.Timeout", "End", 2)):
            found = self.MACHINE.taken("Ask", target, error)
            self.assertEqual(("catch", index), (found.kind, found.index))
        self.assertIsNone(self.MACHINE.taken("Ask", "Mend", "States.Timeout"))
        self.assertIsNone(self.MACHINE.taken("Ask", "End", "States.Runtime"))

    def test_the_second_stay_in_a_state_is_a_visit_of_its_own(self) -> None:
        def entered(name: str) -> dict[str, Any]:
            return {"type": "TaskStateEntered", "timestamp": 1.0, "stateEnteredEventDetails": {"name": name}}

        failed = {"type": "TaskFailed", "timestamp": 1.0, "taskFailedEventDetails": {"error": "Other"}}
        found = walk(self.MACHINE, [entered("Ask"), failed, entered("Mend"), entered("Ask"), entered("End")])
        self.assertEqual(["catch", "next", "next"], kinds(found))
        self.assertEqual([1, 0, 0, 0], [len(it.failures) for it in found.visits])

    def test_one_that_was_redriven_has_not_failed(self) -> None:
        failed = {"type": "ExecutionFailed", "timestamp": 1.0, "executionFailedEventDetails": {"error": "Other"}}
        redriven = {"type": "ExecutionRedriven", "timestamp": 1.0, "executionRedrivenEventDetails": {"redriveCount": 1}}
        self.assertIsNotNone(walk(self.MACHINE, [failed]).ending)
        self.assertIsNone(walk(self.MACHINE, [failed, redriven]).ending)

    def test_both_forms_of_time_are_the_same(self) -> None:
        self.assertEqual(statemachine.moment(1795653610.447), statemachine.moment("2026-11-26T01:40:10.447000+01:00"))
        self.assertEqual(statemachine.moment(1795653610.447), statemachine.moment("2026-11-26T00:40:10.447Z"))
