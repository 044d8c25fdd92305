"""What may be used as AWS, and what children are told of it."""

from __future__ import annotations

import unittest
from unittest import mock

from launcher import environment
from launcher.console import Problem


class Endpoints(unittest.TestCase):
    def test_only_addresses_of_this_machine_are_loopback(self) -> None:
        for endpoint in ("http://127.0.0.1:4566", "http://localhost:4566/", "https://[::1]:1", "http://127.8.8.8"):
            with self.subTest(endpoint):
                self.assertTrue(environment.is_loopback(endpoint))
        for endpoint in (
            "https://sqs.eu-central-1.amazonaws.com",
            "http://127.0.0.1@example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1:4566",
            "http://0.0.0.0:4566",
            "127.0.0.1:4566",
            "ftp://127.0.0.1",
            "http://127.0.0.1:port",
            "http://[::1",
            "",
        ):
            with self.subTest(endpoint):
                self.assertFalse(environment.is_loopback(endpoint))

    def test_an_endpoint_elsewhere_is_refused_with_what_to_do(self) -> None:
        with mock.patch.dict("os.environ", {"AWS_ENDPOINT_URL": "https://events.amazonaws.com"}):
            with self.assertRaisesRegex(Problem, "found https://events.amazonaws.com: unset AWS_ENDPOINT_URL"):
                environment.given_endpoint()


class Children(unittest.TestCase):
    def test_no_profile_credential_or_endpoint_of_the_user_is_passed_on(self) -> None:
        of_the_user = {
            "AWS_PROFILE": "work",
            "AWS_SESSION_TOKEN": "token",
            "AWS_ENDPOINT_URL_SQS": "https://example.com",
            "AWS_SECRET_ACCESS_KEY": "real",
            "PATH": "/bin",
        }
        passed = environment.for_aws(of_the_user, "http://127.0.0.1:1", "123456789012")

        self.assertEqual("/bin", passed["PATH"])
        self.assertEqual("123456789012", passed["AWS_ACCESS_KEY_ID"])
        self.assertEqual("local", passed["AWS_SECRET_ACCESS_KEY"])
        self.assertEqual("/dev/null", passed["AWS_SHARED_CREDENTIALS_FILE"])
        for gone in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_SQS"):
            self.assertNotIn(gone, passed)

    def test_loopback_is_reached_without_the_users_proxy(self) -> None:
        passed = environment.without_aws({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "example.com"})
        self.assertEqual("example.com,127.0.0.1,localhost,::1", passed["NO_PROXY"])

    def test_fresh_accounts_have_twelve_digits(self) -> None:
        for _ in range(100):
            self.assertRegex(environment.fresh_account(), r"^\d{12}$")
