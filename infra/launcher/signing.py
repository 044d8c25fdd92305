"""Signs a webhook as a door does, by Standard Webhooks (https://www.standardwebhooks.com), version v1."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from .console import Problem

PREFIX = "whsec_"


def signature(secret: str, webhook_id: str, timestamp: str, body: bytes) -> str:
    """The value of the header `webhook-signature` for exactly these bytes of the body."""
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def headers(secret: str, webhook_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a signed webhook; the timestamp is in seconds since 1970."""
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, webhook_id, str(timestamp), body),
    }


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise Problem(f"expected a door's secret ({PREFIX} and base64), found something else: register the door anew") from error
