"""The command `prove api`: how it judges what the services answered and what they published."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import unittest
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from launcher import fuzz
from launcher.console import Problem
from launcher.fuzz import Api, Event

GOOD = Api("lock-service", True, 3, {"202": 3}, 5)


def opened(key: str) -> Event:
    return Event(key, key)


class Comparison(unittest.TestCase):
    def test_what_was_accepted_published_once_and_stored_is_as_promised(self) -> None:
        seen = [opened("a"), opened("b"), Event("c", "a")]
        self.assertEqual([], fuzz.differences({"a", "b"}, seen, ["b", "a"]))

    def test_an_event_of_a_refused_request_is_found(self) -> None:
        found = fuzz.differences({"a"}, [opened("a"), opened("x")], ["a"])
        self.assertEqual(["x: published, but no request with this key was answered 202"], found)

    def test_an_event_that_never_came_is_found(self) -> None:
        self.assertEqual(["b: answered 202, but never published"], fuzz.differences({"a", "b"}, [opened("a")], ["a", "b"]))

    def test_an_event_that_came_twice_is_found(self) -> None:
        self.assertEqual(["a: published more than once"], fuzz.differences({"a"}, [opened("a"), opened("a")], ["a"]))

    def test_a_consequence_of_nothing_is_found(self) -> None:
        found = fuzz.differences({"a"}, [opened("a"), Event("c", "x")], ["a"])
        self.assertEqual(["c: follows from an event that nobody accepted"], found)

    def test_what_is_stored_and_what_was_accepted_must_be_the_same(self) -> None:
        found = fuzz.differences({"a", "b"}, [opened("a"), opened("b")], ["a", "x"])
        self.assertEqual(
            ["x: stored, but no request with this key was answered 202", "b: answered 202, but not stored"], found
        )

    def test_many_differences_are_counted_rather_than_listed(self) -> None:
        found = fuzz.differences({f"{number:03}" for number in range(fuzz.SHOWN + 5)}, [], [])
        self.assertEqual(2 * (fuzz.SHOWN + 1), len(found))
        self.assertIn("5 more: answered 202, but never published", found)

    def test_only_answers_of_202_are_acceptances(self) -> None:
        made = [{"status": 202, "key": "a"}, {"status": 422, "key": "b"}, {"status": 202}]
        self.assertEqual({"a"}, fuzz.accepted_keys(made))

    def test_an_event_goes_back_to_the_first_of_its_chain(self) -> None:
        metadata = {"idempotency-key": "b", "correlation-id": "a"}
        self.assertEqual(Event("b", "a"), Event.of(json.dumps({"detail": {"metadata": metadata}})))
        self.assertEqual(opened("a"), Event.of('{"detail": {"metadata": {"idempotency-key": "a"}}}'))

    def test_an_event_without_metadata_is_a_problem(self) -> None:
        for body in ('{"detail": {}}', "no JSON", '{"detail": 5}'):
            with self.assertRaisesRegex(Problem, "expected events with their metadata"):
                Event.of(body)


class Verdict(unittest.TestCase):
    def verdict(self, apis: list[Api], differences: list[str], accepted: int) -> int:
        with (
            mock.patch("launcher.fuzz._perform", return_value=(apis, differences, accepted)),
            mock.patch("launcher.fuzz.OLDEST_PYTHON", (3, 0)),
            mock.patch("builtins.print"),
        ):
            return fuzz.api(True, 4, 1)

    def test_everything_has_to_hold(self) -> None:
        self.assertEqual(0, self.verdict([GOOD], [], 3))
        self.assertEqual(1, self.verdict([GOOD, Api("x", False, 1, {}, 1)], [], 3))
        self.assertEqual(1, self.verdict([GOOD], ["a: published more than once"], 3))

    def test_a_run_in_which_nothing_was_accepted_shows_nothing(self) -> None:
        self.assertEqual(1, self.verdict([GOOD], [], 0))

    def test_an_old_python_is_named(self) -> None:
        with mock.patch("launcher.fuzz.OLDEST_PYTHON", (99, 0)), self.assertRaisesRegex(Problem, "expected Python 99.0 or newer"):
            fuzz.api(False, None, 1)


class Run(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.journal = self.folder / "journal.jsonl"

    def fuzzed(self, program: str) -> tuple[Api, str]:
        """Runs a program in place of schemathesis."""
        tool = self.folder / "python"
        tool.write_text(f"#!{sys.executable}\nimport os, sys\n{program}\n")
        tool.chmod(0o755)
        run = SimpleNamespace(address=lambda _: "http://127.0.0.1:1")
        system = SimpleNamespace(home=SimpleNamespace(admin_token=lambda: "the-token"), run=run)
        with (self.folder / "said").open("w+") as output:
            result = fuzz.fuzz(fuzz.services.LOCK, system, tool, 4, 7, self.journal, output)  # type: ignore[arg-type]
            output.seek(0)
            return result, output.read()

    NOTE = "open(os.environ['SMARTDOOR_FUZZ_JOURNAL'], 'a').write('{\"status\": %d}\\n')"

    def test_it_passes_where_requests_were_made_and_nothing_was_wrong(self) -> None:
        result, _ = self.fuzzed(self.NOTE % 200)
        self.assertEqual((True, 1, {"200": 1}), (result.passed, result.requests, result.statuses))

    def test_it_fails_with_schemathesis(self) -> None:
        self.assertFalse(self.fuzzed(f"{self.NOTE % 200}\nsys.exit(1)")[0].passed)

    def test_it_fails_where_nothing_was_asked(self) -> None:
        self.assertFalse(self.fuzzed("")[0].passed)

    def test_it_fails_by_a_mistake_of_the_services(self) -> None:
        self.assertFalse(self.fuzzed(self.NOTE % 500)[0].passed)
        self.assertTrue(self.fuzzed(self.NOTE % 503)[0].passed)

    def test_neither_the_token_nor_a_secret_is_shown(self) -> None:
        _, said = self.fuzzed("""print("curl -H 'Authorization: Bearer", os.environ["SMARTDOOR_ADMIN_TOKEN"], '"secret":"whsec_a+/=b"')""")
        self.assertEqual("""curl -H 'Authorization: Bearer [hidden] "secret":"whsec_[hidden]"\n""", said)

    def test_the_seed_and_the_number_of_examples_are_passed_on(self) -> None:
        _, said = self.fuzzed("print(sys.argv[1:], os.environ['SMARTDOOR_FUZZ_SEED'])")
        self.assertIn("'--seed', '4', '--max-examples', '7'] 4", said)
        self.assertNotIn("the-token", said)


class Queue(BaseHTTPRequestHandler):
    answers: Iterator[tuple[int, list[str]]]
    credentials: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        type(self).credentials.append(self.headers["authorization"])
        status, keys = next(type(self).answers)
        bodies = [json.dumps({"detail": {"metadata": {"idempotency-key": key}}}) for key in keys]
        document = json.dumps({"Messages": [{"Body": body} for body in bodies]} if bodies else {}).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(document)))
        self.end_headers()
        self.wfile.write(document)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Receiving(unittest.TestCase):
    def witness(self, *answers: tuple[int, list[str]]) -> fuzz.Witness:
        Queue.answers, Queue.credentials = iter(answers), []
        server = ThreadingHTTPServer(("127.0.0.1", 0), Queue)
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        self.addCleanup(lambda: (server.shutdown(), serving.join(), server.server_close()))
        run = SimpleNamespace(endpoint=f"http://127.0.0.1:{server.server_port}", account="123456789012")
        return fuzz.Witness(SimpleNamespace(run=run), "queue")  # type: ignore[arg-type]

    def test_it_waits_for_what_is_expected_and_takes_what_is_not(self) -> None:
        witness = self.witness((200, []), (200, ["a", "x"]), (200, ["b"]), (200, []))
        with mock.patch("launcher.fuzz.PAUSE", 0):
            witness.await_events({"a", "b"})
        self.assertEqual([opened("a"), opened("x"), opened("b")], witness.seen)
        self.assertTrue(all("Credential=123456789012/" in it for it in Queue.credentials))

    def test_it_ends_without_what_never_comes(self) -> None:
        witness = self.witness((200, ["a"]), (200, []))
        with mock.patch("launcher.fuzz.LIMIT", -1):
            witness.await_events({"a", "b"})
        self.assertEqual([opened("a")], witness.seen)

    def test_a_refusal_of_the_queue_is_a_problem(self) -> None:
        with self.assertRaisesRegex(Problem, "found the answer 400"):
            self.witness((400, [])).await_events(set())
