"""The three services: what each is called, needs and listens on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .environment import LOOPBACK, REPOSITORY, for_aws
from .home import Run
from .processes import Process
from .stacks import BUS

STOP_LIMIT = 30.0  # seconds until a service that does not stop is stopped by force: it drains for 20
# What any program may be told of the machine and its user.
PASSED_ON = ("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE")
# Begin the settings that every service has, and that those have that subscribe to something; those of its own begin with its stack.
SETTINGS = ("SMARTDOOR_HTTP_", "SMARTDOOR_TRACING_")
SUBSCRIBERS = "SMARTDOOR_MESSAGING_"
# Outputs that are for the launcher and for other stacks: a service refuses to start with a setting that it does not have.
NO_SETTINGS = ("Arn", "RuleDeadLetterQueue")


def options(file: Path) -> tuple[str, ...]:
    """What an argument file of `java` says; containers hand the same files to `java` itself."""
    return tuple(line for line in file.read_text().splitlines() if line and not line.startswith("#"))


JVM = options(REPOSITORY / "infra" / "jvm" / "service.options")


@dataclass(frozen=True)
class Service:
    name: str
    stack: str
    port: int

    @property
    def settings(self) -> tuple[str, ...]:
        """How the variables begin that are for this service."""
        return (*SETTINGS, *([] if self.stack == "lock" else [SUBSCRIBERS]), f"SMARTDOOR_{self.stack.upper()}_")

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that its jar is made of."""
        return ("event-schemas", "messaging", "http-api", self.name)


LOCK = Service("lock-service", "lock", 8081)
NOTIFICATION = Service("notification-service", "notification", 8082)
IDENTIFICATION = Service("identification-service", "identification", 8083)
ALL = (LOCK, NOTIFICATION, IDENTIFICATION)


def environment(service: Service, run: Run, admin_token: str) -> dict[str, str]:
    """What a service is told: where AWS is, what its stack made there, its port, and nothing of the other services."""
    # Spring reads any setting from the environment (DEBUG, MANAGEMENT_…, LOGGING_…): only what is meant for it reaches it.
    inherited = {key: value for key, value in os.environ.items() if key in PASSED_ON or key.startswith(service.settings)}
    return (
        for_aws(inherited, run.endpoint, run.account)
        | {
            "SERVER_PORT": str(run.ports[service.name]),
            "SERVER_ADDRESS": LOOPBACK,
            "SMARTDOOR_ADMIN_TOKEN": admin_token,
            "SMARTDOOR_LOG_FORMAT": "terminal",
        }
        | _outputs(BUS, run.outputs)
        | _outputs(service.stack, run.outputs)
    )


def _outputs(stack: str, outputs: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    given = {key: value for key, value in outputs.get(stack, {}).items() if key not in NO_SETTINGS}
    return {f"SMARTDOOR_{stack.upper()}_{key.upper()}": value for key, value in given.items()}


def command(java_home: Path, jar: Path, cache: Path | None) -> list[str | Path]:
    """How a service is run; faster with an AOT cache, where there is one."""
    return [java_home / "bin/java", *JVM, *([f"-XX:AOTCache={cache}"] if cache else []), "-jar", jar]


def start(service: Service, run: Run, admin_token: str, words: Sequence[str | Path], log: Path) -> Process:
    return processes.start(service.name, words, environment(service, run, admin_token), log)
