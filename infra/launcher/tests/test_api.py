"""How calls to the services end, and what is said of it."""

from __future__ import annotations

import unittest

from launcher import services
from launcher.api import Answer, Api, Refused
from launcher.console import Problem
from launcher.tests.fake_services import Services


class Calls(unittest.TestCase):
    def setUp(self) -> None:
        self.services = Services()
        self.addCleanup(self.services.close)

    def api(self, command: str | None = None) -> Api:
        return Api(self.services.run(), "token", command)

    def test_a_refusal_is_told_by_its_fields_in_the_words_of_the_command_line(self) -> None:
        for field, word in (("id", "id"), ("name", "--name"), ("display-name", "--name"), ("credentials[2].store", "--credential")):
            with self.subTest(field):
                self.services.refuse("POST", "/v1/doors", 400, errors=[{"field": field, "problem": "expected a, found b"}])
                with self.assertRaises(Refused) as refused:
                    self.api("door add").add_door("d", "D")
                self.assertEqual(f"door add: {word}: expected a, found b", str(refused.exception))
                self.assertEqual(400, refused.exception.status)

    def test_all_wrong_fields_are_told(self) -> None:
        wrong = [{"field": "id", "problem": "is missing"}, {"field": "name", "problem": "is missing"}]
        self.services.refuse("POST", "/v1/doors", 400, errors=wrong)
        with self.assertRaisesRegex(Refused, "^door add: id: is missing; --name: is missing$"):
            self.api("door add").add_door("d", "D")

    def test_a_refusal_without_fields_is_told_by_its_detail(self) -> None:
        with self.assertRaisesRegex(Refused, "^door remove: there is no door ghost$"):
            self.api("door remove").remove_door("ghost")

    def test_outside_of_a_command_the_service_is_named(self) -> None:
        with self.assertRaisesRegex(Refused, "^lock-service: there is no door ghost$"):
            self.api().remove_door("ghost")

    def test_an_answer_that_is_no_problem_document_is_told_by_its_status(self) -> None:
        for body in (b"<html>", b"[1]", b'{"errors": 7}', b'{"errors": [{}]}', b""):
            with self.subTest(body):
                self.assertEqual("found the answer 404", Answer(404, {}, body).refusal())

    def test_a_failure_names_the_service_its_status_and_its_log(self) -> None:
        self.services.refuse("GET", "/v1/doors", 503, "try again")
        said = "^door list: lock-service failed \\(503 Service Unavailable: try again\\): see ./smartdoor logs lock-service$"
        with self.assertRaisesRegex(Problem, said):
            self.api("door list").doors()

    def test_a_service_that_does_not_answer_is_named(self) -> None:
        self.services.stop(services.NOTIFICATION)
        with self.assertRaises(Problem) as problem:
            self.api("recipient list").recipients()
        self.assertRegex(
            str(problem.exception),
            r"^recipient list: notification-service does not answer at http://127\.0\.0\.1:\d+ \(Connection refused\): see \./smartdoor status$",
        )

    def test_a_refused_admin_token_says_where_it_is_set(self) -> None:
        with self.assertRaisesRegex(Problem, "SMARTDOOR_ADMIN_TOKEN"):
            Api(self.services.run(), "another").doors()

    def test_all_pages_of_residents_are_read(self) -> None:
        many = [f"resident-{number:03}" for number in range(250)]
        self.services.residents = {it: [] for it in many}
        self.assertEqual(many, [it["id"] for it in self.api().residents()])

    def test_what_is_not_there_is_none_but_a_failure_is_not(self) -> None:
        self.assertIsNone(self.api().recipient("nobody"))
        self.assertIsNone(self.api().credentials("nobody"))
        self.assertIsNone(self.api().name_of("residents", "nobody"))
        self.services.refuse("GET", "/v1/recipients/nobody", 500, "a mistake")
        with self.assertRaisesRegex(Refused, "a mistake"):
            self.api().recipient("nobody")
