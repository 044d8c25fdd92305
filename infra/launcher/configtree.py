"""What services in containers are told: a folder for each, with a file for each setting, which Spring reads as `configtree`."""

from __future__ import annotations

import os
import re
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from .console import Problem
from .environment import require_usable_token
from .services import ALL, NO_SETTINGS, Service
from .stacks import BUS

ADMIN_TOKEN = "smartdoor.admin.token"
# docker-compose.yml passes on what it names, and cannot name what somebody misspells: so one variable holds all others.
SETTINGS = "SMARTDOOR_SETTINGS"
SETTING = re.compile(r"(SMARTDOOR_[A-Z0-9_]+)=(.*)", re.DOTALL)
# Others than its owner read it, too: the volume is shared with the services' containers alone, whose user has no name here.
FOLDER, FILE = 0o755, 0o444


def check() -> None:
    """Finds out before anything is deployed what could not be written, or with what no service would start."""
    require_usable_token()
    given_settings()


def given_settings() -> dict[str, str]:
    """The variables that SMARTDOOR_SETTINGS holds, as a shell would read them; each begins as those of some service do."""
    found: dict[str, str] = {}
    try:
        words = shlex.split(os.environ.get(SETTINGS, ""))
    except ValueError as error:
        raise Problem(f"expected {SETTINGS} to be NAME=VALUE NAME=VALUE …, found {str(error).lower()}: correct it") from error
    known = sorted({each for service in ALL for each in service.settings})
    for word in words:
        match = SETTING.fullmatch(word)
        if match is None or not match[1].startswith(tuple(known)):
            raise Problem(f"expected {SETTINGS} to be NAME=VALUE NAME=VALUE …, of names {'…, '.join(known)}…, found {word}: correct it")
        found[match[1]] = match[2]
    return found


def settings_for(environ: Mapping[str, str]) -> str:
    """What SMARTDOOR_SETTINGS has to be for containers to be told what the processes of `up` would be."""
    begin = tuple(each for service in ALL for each in service.settings)
    own = [f"{key}={value}" for key, value in sorted(environ.items()) if key.startswith(begin)]
    return " ".join([*([environ[SETTINGS]] if environ.get(SETTINGS) else []), *map(shlex.quote, own)])


def write(folder: Path, outputs: Mapping[str, Mapping[str, str]]) -> None:
    """What each service has a setting for of the stacks' outputs, what is given to it, which it refuses itself where it does not
    have it, and the admin token: SMARTDOOR_ADMIN_TOKEN, else the one that is there, else a new one."""
    check()
    given = given_settings()
    token = os.environ.get("SMARTDOOR_ADMIN_TOKEN") or _known_token(folder) or secrets.token_urlsafe(32)
    for service in ALL:
        own = folder / service.name
        own.mkdir(parents=True, exist_ok=True)
        for each in (folder, own):
            each.chmod(FOLDER)
        of_stacks = _settings(service, outputs)
        known = {name.replace("-", "") for name in of_stacks}
        by_hand = {name: value for name, value in _own(service, given).items() if name not in known}
        settings = {**by_hand, **of_stacks, ADMIN_TOKEN: token}
        for name, value in settings.items():
            _put(own / name, value)
        # Else an output that a release no longer has would stop the service as a setting that nobody knows.
        for gone in [it for it in own.iterdir() if it.name not in settings]:
            gone.unlink()


def _known_token(folder: Path) -> str:
    known = folder / ALL[0].name / ADMIN_TOKEN
    return known.read_text() if known.exists() else ""


def _own(service: Service, given: Mapping[str, str]) -> dict[str, str]:
    """Names as Spring reads them in files: doorrate is door-rate. What a stack's output says is no matter of the user's, as in `up`."""
    return {key.lower().replace("_", "."): value for key, value in given.items() if key.startswith(service.settings)}


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
