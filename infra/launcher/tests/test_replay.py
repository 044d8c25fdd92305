"""Replaying from the archive: to whom, from when to when, and what is refused."""

from __future__ import annotations

import contextlib
import io
import json
import unittest
from datetime import datetime, timedelta, timezone
from unittest import mock

from launcher import deploy, replay
from launcher.aws import AwsError
from launcher.console import Problem
from launcher.deploy import Environment
from launcher.tests.test_deploy import GIVEN, FakeAws

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)
RULE = "arn:aws:events:eu-west-1:123456789012:rule/smartdoor/smartdoor-"


class FakeEvents(FakeAws):
    """An archive and two subscribers; a replay ends at the second look, as `ends` says."""

    def __init__(self, ends: str = "COMPLETED") -> None:
        super().__init__()
        self.archived = True
        self.states = ["RUNNING", ends]

    def _answer(self, arguments: tuple[str, ...]) -> str:
        operation = arguments[1]
        if operation == "describe-archive":
            if not self.archived:
                raise AwsError("events describe-archive", "An error occurred (ResourceNotFoundException) when calling the X operation: no")
            return json.dumps({"ArchiveName": "smartdoor", "ArchiveArn": "the-archive", "EventSourceArn": "the-bus", "EventCount": 12})
        if operation == "list-rules":
            return json.dumps({"Rules": [{"Name": f"smartdoor-{it}", "Arn": RULE + it} for it in ("notification", "identification")]})
        if operation == "describe-replay":
            state = self.states.pop(0)
            return json.dumps({"State": state, "StateReason": "no permission", "EventLastReplayedTime": "2026-11-23T11:00:00Z"})
        return super()._answer(arguments)


class Replaying(unittest.TestCase):
    def replay(self, cli: FakeEvents, subscriber: str | None = None, endpoint: str | None = None) -> tuple[int, str]:
        end = datetime.now(timezone.utc) - timedelta(minutes=11)
        out = io.StringIO()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(io.StringIO()),
            mock.patch.object(deploy, "UsersAwsCli", return_value=cli),
            mock.patch.object(deploy.AwsCli, "at", return_value=cli),
            mock.patch.object(deploy.emulator, "answers", return_value=True),
            mock.patch.object(Environment, "named", lambda name: Environment.of(name, GIVEN)),
            mock.patch.object(replay, "PAUSE", 0.0),
            mock.patch.dict("os.environ", {}),
        ):
            return replay.replay("test", (end - timedelta(hours=1)).isoformat(), end.isoformat(), subscriber, endpoint), out.getvalue()

    def destination(self, cli: FakeEvents) -> object:
        (call,) = cli.operations("start-replay")
        return json.loads(call[call.index("--destination") + 1])

    def test_it_reaches_our_rules_and_nobody_elses(self) -> None:
        cli = FakeEvents()
        code, out = self.replay(cli)
        self.assertEqual(0, code)
        self.assertEqual({"Arn": "the-bus", "FilterArns": [RULE + "notification", RULE + "identification"]}, self.destination(cli))
        self.assertIn("Archive smartdoor: 12 events", out)
        self.assertIn("completed; last event replayed: 2026-11-23T11:00:00Z", out)

    def test_it_reaches_one_subscriber_alone(self) -> None:
        cli = FakeEvents()
        self.replay(cli, "notification")
        self.assertEqual({"Arn": "the-bus", "FilterArns": [RULE + "notification"]}, self.destination(cli))

    def test_an_unknown_subscriber_or_a_missing_archive_starts_nothing(self) -> None:
        cli = FakeEvents()
        with self.assertRaisesRegex(Problem, r"\(identification, notification\), found kitchen"):
            self.replay(cli, "kitchen")
        cli.archived = False
        with self.assertRaisesRegex(Problem, r"\(identification, notification\), found kitchen"):
            self.replay(cli, "kitchen")
        with self.assertRaisesRegex(Problem, 'expected an archive named smartdoor.*set Archive to "true" in the environment'):
            self.replay(cli)
        with self.assertRaisesRegex(Problem, "the stacks on an emulator have no archive"):
            self.replay(cli, endpoint="http://127.0.0.1:4566")
        self.assertEqual([], cli.operations("start-replay"))

    def test_what_can_be_no_subscriber_is_refused_before_anybody_is_asked(self) -> None:
        for subscriber in ("", "the kitchen"):
            cli = FakeEvents()
            with self.subTest(subscriber), self.assertRaisesRegex(Problem, f'notification, identification or .*found "{subscriber}"'):
                self.replay(cli, subscriber)
            self.assertEqual([], cli.calls)

    def test_one_that_fails_says_why(self) -> None:
        with self.assertRaisesRegex(Problem, "found it FAILED: no permission"):
            self.replay(FakeEvents("FAILED"))

    def test_another_account_is_left_alone(self) -> None:
        cli = FakeEvents()
        cli.account = "999999999999"
        with self.assertRaisesRegex(Problem, "found credentials for 999999999999"):
            self.replay(cli)
        self.assertEqual(1, len(cli.calls))


class Windows(unittest.TestCase):
    def test_a_window_ends_ten_minutes_ago_or_earlier(self) -> None:
        first, last = replay.window("2026-11-23T10:00:00Z", "2026-11-23T11:50:00+00:00", NOW)
        self.assertEqual(timedelta(minutes=110), last - first)
        with self.assertRaisesRegex(Problem, r"at least 10 minutes ago.*archive.*--to 2026-11-23T11:50:00\+00:00"):
            replay.window("2026-11-23T10:00:00Z", "2026-11-23T11:50:01Z", NOW)

    def test_times_have_an_order_and_a_zone(self) -> None:
        with self.assertRaisesRegex(Problem, "--from to be before --to"):
            replay.window("2026-11-23T11:00:00Z", "2026-11-23T10:00:00Z", NOW)
        for wrong in ("yesterday", "2026-11-23T10:00:00"):
            with self.subTest(wrong), self.assertRaisesRegex(Problem, "--from to be a time with its zone"):
                replay.window(wrong, "2026-11-23T11:00:00Z", NOW)
