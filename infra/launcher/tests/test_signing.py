"""Signing, against the vectors that Standard Webhooks and its reference library publish."""

from __future__ import annotations

import unittest

from launcher import signing
from launcher.console import Problem

# (secret, webhook-id, webhook-timestamp, body, webhook-signature)
VECTORS = (
    (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        '{"test": 2432232314}',
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        "1649367553",
        '{"email":"test@example.com","username":"test_user"}',
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    ),
)


class Signing(unittest.TestCase):
    def test_published_vectors_are_signed_as_published(self) -> None:
        for secret, webhook_id, timestamp, body, signature in VECTORS:
            with self.subTest(webhook_id):
                self.assertEqual(signature, signing.signature(secret, webhook_id, timestamp, body.encode()))

    def test_headers_carry_what_was_signed(self) -> None:
        secret, webhook_id, timestamp, body, signature = VECTORS[0]
        expected = {"webhook-id": webhook_id, "webhook-timestamp": timestamp, "webhook-signature": signature}
        self.assertEqual(expected, signing.headers(secret, webhook_id, int(timestamp), body.encode()))

    def test_a_secret_that_is_none_is_refused(self) -> None:
        with self.assertRaisesRegex(Problem, "whsec_"):
            signing.signature("whsec_???", "id", "1", b"")
