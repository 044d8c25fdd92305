"""What was given up: as the commands find it in queues and in the outbox, put it back, or drop it."""

from __future__ import annotations

import io
import json
import re
import stat
import sys
from unittest import mock

from launcher import dlq, letters
from launcher.aws import AwsCli, AwsError
from launcher.tests.fake_queues import FakeAws
from launcher.tests.fake_services import CommandsOnServices

KEY = "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96"
EVENT = json.dumps({"detail-type": "Door Status", "detail": {"metadata": {"idempotency-key": KEY}, "state": "open"}}) + " "
PARKED = {
    "idempotency-key": "0e9f8a52-0000-4000-8000-000000000001",
    "door": "front-door",
    "detail-type": "Door Status",
    "detail": '{"metadata": {"idempotency-key": "0e9f8a52-0000-4000-8000-000000000001"}, "state": "open"}',
    "resources": [],
    "time": "2026-01-01T00:00:00Z",
    "accepted-at": "2026-01-01T00:00:00Z",
    "parked-at": "2026-01-01T00:00:01Z",
    "code": "MalformedDetail",
    "message": "Detail is malformed.",
}


class DeadLetters(CommandsOnServices):
    def setUp(self) -> None:
        super().setUp()
        self.aws = FakeAws()
        at = mock.patch("launcher.dlq.AwsCli.at", return_value=self.aws)
        self.at = at.start()
        self.addCleanup(at.stop)
        self.aws.stack("bus", Name="smartdoor")
        self.aws.stack("lock", OutboxTable="outbox")
        self.aws.stack("notification", Queue="smartdoor-n", DeadLetterQueue="smartdoor-n-dlq", RuleDeadLetterQueue="smartdoor-n-rule-dlq", HandledTable="n-handled")
        self.aws.stack("audit", Queue="smartdoor-a", DeadLetterQueue="smartdoor-a-dlq")

    def listed(self) -> list[dict[str, str]]:
        code, out, err = self.run_command("dlq", "list", "--json")
        self.assertEqual((0, ""), (code, err))
        found: list[dict[str, str]] = json.loads(out)["dead-letters"]
        return found

    def assert_all_visible(self) -> None:
        self.assertEqual({}, {name: it.hidden for name, it in self.aws.queues.items() if it.hidden})

    def test_all_kinds_are_in_one_list_and_stay_where_they_are(self) -> None:
        rejected = self.aws.put("smartdoor-n-dlq", "not JSON", reason="undecodable", explanation="no JSON", rejected_at="2026-01-02T00:00:00Z")
        undelivered = self.aws.put("smartdoor-n-rule-dlq", EVENT, ERROR_CODE="NO_PERMISSIONS", ERROR_MESSAGE="may not")
        given_up = self.aws.put("smartdoor-a-dlq", EVENT)
        self.services.parked[PARKED["idempotency-key"]] = PARKED

        found = {it["id"]: (it["place"], it["reason"]) for it in self.listed()}

        self.assertEqual(
            {
                rejected: ("n-dlq", "undecodable"),
                undelivered: ("n-rule-dlq", "NO_PERMISSIONS"),
                given_up: ("a-dlq", "given-up"),
                PARKED["idempotency-key"]: ("outbox", "MalformedDetail"),
            },
            found,
        )
        self.assert_all_visible()
        code, out, _ = self.run_command("dlq", "list")
        self.assertEqual((0, 4), (code, len(out.splitlines())))
        self.assertIn(f"Door Status {KEY}", out)

    def test_nothing_is_said_so(self) -> None:
        self.assert_done("no dead letters", "dlq", "list")
        self.assert_done("no dead letters", "dlq", "redrive", "--yes")

    def test_several_hundred_are_found_once_each(self) -> None:
        ids = {self.aws.put("smartdoor-n-dlq", EVENT) for _ in range(305)}
        listed = self.listed()
        self.assertEqual((305, ids), (len(listed), {it["id"] for it in listed}))
        self.assert_all_visible()

    def test_a_queue_of_more_than_can_be_read_in_time_says_so(self) -> None:
        for _ in range(25):
            self.aws.put("smartdoor-n-dlq", EVENT)
        self.aws.put("smartdoor-a-dlq", EVENT)
        told = "smartdoor: 10 of about 25 dead letters in n-dlq were read: redrive or drop them, then look again\n"
        with mock.patch.object(letters, "READING", 0):
            code, out, err = self.run_command("dlq", "list")
            self.assertEqual((0, 11, told), (code, len(out.splitlines()), err))
            code, out, err = self.run_command("dlq", "list", "--json")
            found = json.loads(out)
            self.assertEqual((0, 11, {"n-dlq": 15}, told), (code, len(found["dead-letters"]), found["about-unread"], err))
            code, _, err = self.run_command("dlq", "show", self.aws.queues["smartdoor-n-dlq"].messages[-1]["MessageId"])
            self.assertEqual(1, code)
            self.assertRegex(err, f"{re.escape(told)}.*expected the id of a dead letter that was read, or 4 characters of it or more, found")
        self.assert_all_visible()
        self.assertEqual(26, len(self.listed()))

    def test_redriving_all_of_more_than_can_be_read_says_what_is_left(self) -> None:
        for _ in range(25):
            self.aws.put("smartdoor-n-dlq", EVENT)
        with mock.patch.object(letters, "READING", 0):
            with mock.patch("sys.stdin.isatty", return_value=True), mock.patch("builtins.input", return_value="n") as asked:
                self.assertEqual(1, self.run_command("dlq", "redrive")[0])
            asked.assert_called_once_with("redrive 10 of about 25 dead letters? [y/N] ")
            for read, left, expected in ((10, 25, 1), (10, 15, 1), (5, 5, 0)):
                code, out, err = self.run_command("dlq", "redrive", "--yes")
                self.assertEqual((expected, read), (code, len(out.splitlines())))
                self.assertEqual(expected == 1, f"{read} of about {left} dead letters in n-dlq were read" in err)
        self.assertEqual((25, 0), (len(self.aws.bodies("smartdoor-n")), len(self.aws.bodies("smartdoor-n-dlq"))))

    def test_what_is_counted_and_does_not_come_is_not_passed_over(self) -> None:
        self.aws.lag = 3
        code, out, err = self.run_command("dlq", "list")
        self.assertEqual((0, ""), (code, out))
        self.assertIn("0 of about 3 dead letters in n-dlq were read", err)
        self.assertEqual((1, ""), self.run_command("dlq", "redrive", "--yes")[:2])

    def test_they_are_visible_again_when_reading_is_interrupted(self) -> None:
        self.aws.put("smartdoor-n-dlq", EVENT)
        with mock.patch("launcher.api.Api.parked_events", side_effect=KeyboardInterrupt):
            code, _, _ = self.run_command("dlq", "list")
        self.assertEqual(130, code)
        self.assertIn("receive-message", self.aws.calls)
        self.assert_all_visible()

    def test_what_cannot_be_read_is_told_and_the_rest_is_shown(self) -> None:
        self.aws.put("smartdoor-n-dlq", EVENT)
        self.aws.broken.add("smartdoor-a-dlq")
        self.services.refuse("GET", "/v1/parked-events", 503, "try again")
        code, out, err = self.run_command("dlq", "list")
        self.assertEqual((1, 1), (code, len(out.splitlines())))
        self.assertRegex(err, r"a-dlq could not be read: .*Broken.*\n.*outbox could not be read: .*503")

    def test_what_somebody_else_holds_is_told(self) -> None:
        held = self.aws.put("smartdoor-n-dlq", EVENT)
        self.aws.queues["smartdoor-n-dlq"].hidden[held] = "another's"
        code, out, err = self.run_command("dlq", "list")
        self.assertEqual((0, "no dead letters\n"), (code, out))
        self.assertIn("1 more message is in somebody's hands", err)

    def test_a_trail_tells_what_became_of_the_event_in_order(self) -> None:
        self.aws.items["outbox", KEY] = {"accepted-at": {"S": "2025-01-01T00:00:00Z"}, "door": {"S": "front-door"}, "published-at": {"S": "2025-01-01T00:00:01Z"}}
        self.aws.items["n-handled", f"Door Status#{KEY}"] = {"handled-at": {"N": "1740000000000"}, "attempts": {"N": "2"}}
        letter = self.aws.put("smartdoor-n-dlq", EVENT, reason="attempts-exhausted", explanation="10 attempts", rejected_at="2026-01-02T00:00:00Z")

        code, out, err = self.run_command("dlq", "show", letter[:8])

        self.assertEqual((0, ""), (code, err))
        told = ["accepted from door front-door", "lock: published", "notification: handled, at attempt 2", "n-dlq: attempts-exhausted (10 attempts)"]
        places = [out.index(it) for it in told]
        self.assertEqual(sorted(places), places)
        shown = json.loads(self.run_command("dlq", "show", letter, "--json")[1])
        self.assertEqual((EVENT, KEY), (shown["body"], shown["idempotency-key"]))
        self.assertIn("accepted", shown["trail"][0]["what"])

    def test_a_body_that_is_no_event_is_shown_as_it_is(self) -> None:
        letter = self.aws.put("smartdoor-n-dlq", "not JSON", reason="undecodable")
        code, out, _ = self.run_command("dlq", "show", letter)
        self.assertEqual(0, code)
        self.assertTrue(out.endswith("\nnot JSON\n"))

    def test_redriving_sends_the_same_bytes_to_the_own_queue_and_removes_it_here(self) -> None:
        body = EVENT + "\r\n\t\u00e9\U0001f6aa"
        letter = self.aws.put("smartdoor-n-rule-dlq", body, ERROR_CODE="NO_PERMISSIONS", mine="kept")
        other = self.aws.put("smartdoor-a-dlq", EVENT)
        code, out, err = self.run_command("dlq", "redrive", letter)
        self.assertEqual((0, f"n-rule-dlq/{letter[:8]} is on queue smartdoor-n again\n", ""), (code, out, err))
        self.assertEqual([body], self.aws.bodies("smartdoor-n"))
        self.assertEqual({"mine", "redriven-reason", "redriven-from"}, set(self.aws.queues["smartdoor-n"].messages[0]["MessageAttributes"]))
        self.assertEqual([other], [it["id"] for it in self.listed()])
        self.assert_all_visible()

    def test_all_are_redriven_where_none_is_named(self) -> None:
        for _ in range(23):
            self.aws.put("smartdoor-n-dlq", EVENT)
        self.services.parked[PARKED["idempotency-key"]] = dict(PARKED)
        code, out, _ = self.run_command("dlq", "redrive", "--yes")
        self.assertEqual((0, 24), (code, len(out.splitlines())))
        self.assertEqual(23, len(self.aws.bodies("smartdoor-n")))
        self.assertNotIn("change-message-visibility-batch", self.aws.calls)  # of what is gone
        self.assertEqual([("POST", f"/v1/parked-events/{PARKED['idempotency-key']}/redrive")], self.services.changes)
        self.assertEqual([], self.listed())

    def test_somebody_at_a_terminal_is_asked_before_all_are_redriven(self) -> None:
        self.aws.put("smartdoor-n-dlq", EVENT)
        with mock.patch("sys.stdin.isatty", return_value=True), mock.patch("builtins.input", return_value="n") as asked:
            self.assert_refused("nothing is redriven", "dlq", "redrive")
        asked.assert_called_once_with("redrive all 1 dead letters? [y/N] ")
        self.assertEqual([], self.aws.bodies("smartdoor-n"))
        self.assert_all_visible()

    def test_where_nobody_can_be_asked_all_are_redriven_only_if_that_is_said(self) -> None:
        self.aws.put("smartdoor-n-dlq", EVENT)
        with mock.patch("sys.stdin", io.StringIO("y\n")):
            self.assert_refused("expected the ids of dead letters, or --yes for all of them, found neither, and no terminal .*", "dlq", "redrive")
        self.assertEqual(([], []), (self.aws.bodies("smartdoor-n"), self.aws.calls))

    def test_what_is_refused_stays_and_the_others_go_on(self) -> None:
        bad = self.aws.put("smartdoor-n-dlq", "refused")
        self.aws.put("smartdoor-n-dlq", EVENT)
        self.aws.refused.add("refused")
        code, out, err = self.run_command("dlq", "redrive", "--yes")
        self.assertEqual((1, 1), (code, len(out.splitlines())))
        self.assertRegex(err, rf"n-dlq/{bad[:8]} was not sent, and stays here: Refused no")
        self.assertEqual([bad], [it["id"] for it in self.listed()])

    def test_a_crash_between_sending_and_deleting_leaves_both(self) -> None:
        letter = self.aws.put("smartdoor-n-dlq", EVENT)
        self.aws.broken.add("delete-message-batch")
        code, _, err = self.run_command("dlq", "redrive", letter)
        self.assertEqual(1, code)
        self.assertIn("was sent, but stays here too (a second redrive is harmless)", err)
        self.assertEqual(([EVENT], [EVENT]), (self.aws.bodies("smartdoor-n"), self.aws.bodies("smartdoor-n-dlq")))
        self.assert_all_visible()

    def test_an_unknown_id_is_one_line_and_nothing_is_done(self) -> None:
        letter = self.aws.put("smartdoor-n-dlq", EVENT)
        for unknown in ("ffff-none", letter[:3], f"a-dlq/{letter}", ""):
            with self.subTest(unknown):
                self.assert_refused(rf'expected the id of a dead letter, or 4 characters of it or more, found "{unknown}": see \./smartdoor dlq list', "dlq", "redrive", letter, unknown)
        self.assertEqual([], self.aws.bodies("smartdoor-n"))

    def test_an_id_that_fits_two_is_refused_until_more_of_it_is_given(self) -> None:
        for end in ("1", "2"):
            self.aws.put("smartdoor-n-dlq", EVENT)
            self.aws.queues["smartdoor-n-dlq"].messages[-1]["MessageId"] = f"aaaaaaaa-bbbb-{end}"
        self.assert_refused("expected the id of one dead letter, found \"aaaaaaaa\", which fits .*: give more of it", "dlq", "show", "aaaaaaaa")
        self.assertEqual(["aaaaaaaa-bbbb-1", "aaaaaaaa-bbbb-2"], [it.split()[0] for it in self.run_command("dlq", "list")[1].splitlines()])

    def test_what_is_dropped_is_kept_in_a_file_of_the_owners(self) -> None:
        letter = self.aws.put("smartdoor-n-dlq", "not JSON", reason="undecodable")
        self.services.parked[PARKED["idempotency-key"]] = dict(PARKED)
        file = self.home.root / "dropped.jsonl"
        code, out, err = self.run_command("dlq", "drop", letter, PARKED["idempotency-key"], "--reason", "a test")
        self.assertEqual((0, 2, ""), (code, out.count(f"is dropped; a copy is in {file}"), err))
        kept = [json.loads(line) for line in file.read_text().splitlines()]
        self.assertEqual([("a test", "not JSON")], [(it["drop-reason"], it["body"]) for it in kept if it["id"] == letter])
        self.assertEqual(2, len(kept))
        self.assertEqual(0o600, stat.S_IMODE(file.stat().st_mode))
        self.assertEqual([], self.listed())
        self.assertEqual([("DELETE", f"/v1/parked-events/{PARKED['idempotency-key']}")], self.services.changes)

    def test_nothing_is_dropped_without_a_copy_or_a_reason(self) -> None:
        letter = self.aws.put("smartdoor-n-dlq", EVENT)
        for reason in (" ", "", "two\nlines"):
            self.assert_refused(
                rf"expected a reason of one line, found {re.escape(json.dumps(reason))}: for example --reason .*", "dlq", "drop", letter, "--reason", reason
            )
        (self.home.root / "dropped.jsonl").mkdir()
        self.assert_refused("expected to be able to use .*dropped.jsonl.*", "dlq", "drop", letter, "--reason", "a test")
        self.assertEqual([EVENT], self.aws.bodies("smartdoor-n-dlq"))
        self.assert_all_visible()

    def test_an_aws_that_hangs_or_is_gone_is_one_line(self) -> None:
        self.aws.is_silent = True
        for action in (["list"], ["show", "abcd"], ["redrive", "--yes"], ["drop", "abcd", "--reason", "x"]):
            self.assert_refused(rf"dlq {action[0]}: AWS does not answer at http://127\.0\.0\.1:1: see \./smartdoor status", "dlq", *action)
        self.assertEqual([], self.aws.calls)

    def test_a_call_has_a_limit(self) -> None:
        self.at.assert_not_called()
        self.run_command("dlq", "list")
        self.at.assert_called_once_with("http://127.0.0.1:1", "000000000000", dlq.CALL_LIMIT)
        hanging = AwsCli([sys.executable, "-c", "import signal; signal.pause()"], "http://127.0.0.1:1", "000000000000", limit=0.2)
        with self.assertRaisesRegex(AwsError, "aws sqs list-queues: failed: no answer within 0 s"):
            hanging.run("sqs", "list-queues")

    def test_a_smartdoor_that_does_not_run_says_how_to_start_it(self) -> None:
        self.home.forget_run()
        for action in (["list"], ["show", "abcd"], ["redrive", "--yes"], ["drop", "abcd", "--reason", "x"]):
            self.assert_refused(r"expected SmartDoor to be running, .*\./smartdoor up", "dlq", *action)
