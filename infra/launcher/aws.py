"""The AWS CLI against one endpoint and account."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import Any

from . import emulator, tools
from .environment import REPOSITORY, for_aws

ERROR = re.compile(r"An error occurred \((?P<code>[^)]+)\) when calling the \w+ operation[^:]*: (?P<message>.*)", re.DOTALL)


class AwsError(Exception):
    """A call that failed: the code that AWS gave, where it gave one, and what it said."""

    def __init__(self, call: str, said: str) -> None:
        found = ERROR.search(said)
        self.code = found["code"] if found else ""
        self.message = " ".join((found["message"] if found else said).split())
        super().__init__(f"aws {call}: {self.code or 'failed'}: {self.message}")


class AwsCli:
    """Runs the AWS CLI. Each call is a process of about a second: make few. Safe for use by several threads."""

    limit: float | None = None
    """Seconds for one call; none: as long as the CLI itself waits, which is minutes."""

    def __init__(self, command: list[str], endpoint: str, account: str, limit: float | None = None) -> None:
        self._command = command
        self.limit = limit
        self.endpoint = endpoint
        self._options = ["--endpoint-url", endpoint]
        self._environment = for_aws(os.environ, endpoint, account)

    @staticmethod
    def at(endpoint: str, account: str, limit: float | None = None) -> AwsCli:
        return AwsCli(command(), endpoint, account, limit)

    def run(self, *arguments: str) -> str:
        """What the call printed."""
        call = " ".join(arguments[:2])
        try:
            done = subprocess.run(
                [*self._command, *arguments, *self._options, "--output", "json"],
                env=self._environment,
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=self.limit,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise AwsError(call, f"no answer within {self.limit:.0f} s; it may have been done all the same") from error
        if done.returncode != 0:
            raise AwsError(call, done.stderr or done.stdout)
        return done.stdout

    def is_answered(self) -> bool:
        """Whether there is an AWS at all."""
        return emulator.answers(self.endpoint, "/", lambda _: True)

    def json(self, *arguments: str) -> Any:
        printed = self.run(*arguments)
        return json.loads(printed) if printed.strip() else {}


class UsersAwsCli(AwsCli):
    """Amazon's own AWS, with the user's own credentials: for commands alone that somebody calls to reach a real account."""

    def __init__(self, command: list[str], region: str) -> None:
        self._command = command
        self.endpoint = f"AWS in {region}"
        self._options = ["--region", region]
        # An endpoint in the environment is an emulator's, as everywhere in this launcher.
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_ENDPOINT_URL")}
        self._environment = kept | {"AWS_PAGER": ""}

    def is_answered(self) -> bool:
        """What failed said why: there is no emulator that may have ended."""
        return True


def command() -> list[str]:
    """The user's own AWS CLI where it works, else ours. (A version manager's stand-in exists without any CLI behind it.)"""
    own = own_cli()
    return [own] if own else [str(tools.python(tools.AWS_CLI)), "-I", "-m", "awscli"]


def own_cli() -> str | None:
    program = shutil.which("aws")
    if program is None:
        return None
    try:
        said = subprocess.run(
            [program, "--version"], cwd=REPOSITORY, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return program if said.returncode == 0 and (said.stdout + said.stderr).startswith("aws-cli/") else None

