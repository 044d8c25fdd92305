"""What services in containers are told: a folder for each, with a file for each setting, which Spring reads as `configtree`."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from .services import ALL, NO_SETTINGS, Service
from .stacks import BUS

ADMIN_TOKEN = "smartdoor.admin.token"
# Others than its owner read it, too: the volume is shared with the services' containers alone, whose user has no name here.
FOLDER, FILE = 0o755, 0o444


def write(folder: Path, outputs: Mapping[str, Mapping[str, str]]) -> None:
    """What each service has a setting for of the stacks' outputs, and the admin token: SMARTDOOR_ADMIN_TOKEN, else the one that is there, else a new one."""
    token = os.environ.get("SMARTDOOR_ADMIN_TOKEN") or _known_token(folder) or secrets.token_urlsafe(32)
    for service in ALL:
        own = folder / service.name
        own.mkdir(parents=True, exist_ok=True)
        for each in (folder, own):
            each.chmod(FOLDER)
        settings = {**_settings(service, outputs), ADMIN_TOKEN: token}
        for name, value in settings.items():
            _put(own / name, value)
        # Else an output that a release no longer has would stop the service as a setting that nobody knows.
        for gone in [it for it in own.iterdir() if it.name not in settings]:
            gone.unlink()


def _known_token(folder: Path) -> str:
    known = folder / ALL[0].name / ADMIN_TOKEN
    return known.read_text() if known.exists() else ""


def _settings(service: Service, outputs: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {
        f"smartdoor.{stack}.{_kebab(key)}": value
        for stack in (BUS, service.stack)
        for key, value in outputs.get(stack, {}).items()
        if key not in NO_SETTINGS
    }


def _kebab(name: str) -> str:
    """As Java's `LocalAws` does it: InboxTable is inbox-table."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def _put(file: Path, value: str) -> None:
    """All or nothing: a service that starts meanwhile reads no half of it."""
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    partial.write_text(value)
    partial.chmod(FILE)
    partial.replace(file)
