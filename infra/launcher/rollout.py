"""The command `prove upgrade --docker`: replaces the containers of a SmartDoor, one service after another, while doors report to it.

It is done as docs/operations.md tells those who run it. Doors, and who checks what became of it, are a program of their own, which is
told what happens on its standard input.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import compose, jdk, prove, services
from .console import progress
from .containers import Containers
from .environment import LOCAL_ACCOUNT, REPOSITORY, require_usable_token, without_aws
from .home import Home
from .system import Plan

PROGRAM = "io.smartdoor.proof.ProveContainers"
# Who reads events before who writes them. Nobody calls the first two from outside: of these a second one can run beside the first.
ORDER = (services.NOTIFICATION, services.IDENTIFICATION, services.LOCK)
REPORTING = "reporting\n"

Said = Callable[[dict[str, Any]], None]


def upgrade(as_json: bool, seed: int | None) -> int:
    """Zero if every promise held while every container of a service was replaced; the seed says what doors reported meanwhile."""
    require_usable_token()
    compose.command()  # before anything is built: without an engine nothing can be shown
    java_home = jdk.find()
    folder = Path(tempfile.mkdtemp(prefix="smartdoor-upgrade-"))
    passed = False
    try:
        plan = Plan.make(None, LOCAL_ACCOUNT, free_ports=True, keeps_state=False)
        system = Containers(Home(folder), plan)
        classpath = prove.prepare(java_home, folder / "build.log")
        try:
            system.start()
            chosen = seed if seed is not None else secrets.randbelow(1_000_000)
            arguments = [*(["--json"] if as_json else []), "--seed", str(chosen)]
            code = _prove(system, prove.command(java_home, classpath, PROGRAM, arguments))
            passed = code == 0
        finally:
            system.stop()
        return code
    finally:
        if passed or not any((folder / "logs").glob("*")):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            progress(f"- the logs of the services are in {folder / 'logs'}")


def _prove(system: Containers, words: list[str]) -> int:
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env=without_aws(os.environ), cwd=REPOSITORY, stdin=pipe, stdout=pipe, text=True) as child, prove.ended(child):
        assert child.stdin is not None and child.stdout is not None  # both are pipes
        to, answers = child.stdin, child.stdout

        def say(said: dict[str, Any]) -> None:
            with contextlib.suppress(BrokenPipeError):  # it has ended, and its exit code says so
                to.write(json.dumps(said) + "\n")
                to.flush()

        say(premises(system))
        first = answers.readline()
        if first == REPORTING:
            replace_all(system, say)
        else:
            print(first, end="", flush=True)
        with contextlib.suppress(BrokenPipeError):
            to.close()
        for line in answers:
            print(line, end="", flush=True)
        return child.wait()


def premises(system: Containers) -> dict[str, Any]:
    """Where everything is."""
    run = system.run
    return {
        "endpoint": run.endpoint,
        "account": run.account,
        "region": run.region,
        "outputs": run.outputs,
        "addresses": {it.stack: run.address(it.name) for it in services.ALL},
        "token": system.home.admin_token(),
    }


def replace_all(system: Containers, say: Said) -> None:
    for service in ORDER:
        say({"said": "begins", "service": service.stack})
        began = time.monotonic()
        if service is services.LOCK:
            stopped = system.replace(service)
            how = "another container stands in its place"
        else:
            stopped = system.replace_beside(service)
            how = "another container was started beside it"
        end = "had to be killed" if stopped is None else f"ended in {stopped:.1f} s"
        progress(f"  {service.name}: {how}, the old one {end}; {time.monotonic() - began:.1f} s in all")
        say({"said": "ends", "service": service.stack} | ({} if stopped is None else {"stop-ms": round(stopped * 1000)}))
    say({"said": "over", "ended-by-themselves": system.ends()})
