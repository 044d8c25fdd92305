"""Pictures as a door's camera would take them: read from files, and told by what is in them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from .console import Problem

MOST_BYTES = 5 * 1024 * 1024  # of one; more is refused by the Lock Service
MOST = 5  # of one event
TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclass(frozen=True)
class Picture:
    content: bytes
    media_type: str

    def name_in(self, event: str) -> str:
        """A UUID: the same for the same picture in the same event."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{event}/{hashlib.sha256(self.content).hexdigest()}"))


def read(file: str) -> Picture:
    try:
        with open(file, "rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Problem(f"expected a picture in {file}, found: {error.strerror or error}") from error
    if len(content) > MOST_BYTES:
        raise Problem(f"expected a picture of at most {MOST_BYTES} bytes (5 MiB) in {file}, found more: make it smaller")
    for beginning, media_type in TYPES.items():
        if content.startswith(beginning):
            return Picture(content, media_type)
    raise Problem(f"expected a JPEG or a PNG in {file}, found {'neither' if content else 'nothing'}")


def check_count(pictures: Sequence[Picture]) -> None:
    if len(pictures) > MOST:
        raise Problem(f"expected at most {MOST} pictures of one event, found {len(pictures)}: name fewer with --snapshot")
