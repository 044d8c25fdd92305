"""The command `doctor`: what this machine has of what SmartDoor needs, and how to get the rest."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Callable

from . import aws, compose, jdk, maven, ports, tools
from .console import Problem
from .environment import given_endpoint, wants_free_ports
from .home import Home
from .system import Plan, given_ports


def doctor() -> int:
    """Zero if `up` has what it needs."""
    checks: dict[str, Callable[[], str]] = {
        "Python": _python,
        "JDK": _jdk,
        "Maven": _maven,
        "AWS CLI": _aws_cli,
        "emulator": _emulator,
        "AWS": _aws,
        "ports": _ports,
        "state folder": _home,
    }
    missing = 0
    for name, check in checks.items():
        try:
            verdict, found = "ok", check()
        except Problem as problem:
            verdict, found = "MISSING", str(problem)
            missing += 1
        print(_line(verdict, name, found), flush=True)
    print(_line(*_docker()), flush=True)
    print(f"{missing} to put right" if missing else "everything is there: ./smartdoor up")
    return 1 if missing else 0


def _line(verdict: str, name: str, found: str) -> str:
    return f"{verdict:<8} {name:<13} {found}"


def _docker() -> tuple[str, str, str]:
    """Nothing is wrong without it."""
    use = "only `up --docker`, `demo --docker` and `verify --localstack` need it"
    try:
        return "ok", "Docker", f"with {' '.join(compose.command())}; {use}"
    except Problem as problem:
        return "none", "Docker", f"{problem} ({use})"


def _python() -> str:
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        raise Problem("expected Python's venv module, found Python without it: install it (`apt install python3-venv`)")
    return f"{platform.python_version()} at {sys.executable}"


def _jdk() -> str:
    found = jdk.find()
    return f"{jdk.version(found)} at {found}"


def _maven() -> str:
    try:
        java_home = jdk.find()
    except Problem:
        return f"{maven.find()} (its version is asked once there is a JDK)"
    program = maven.require(java_home)
    return f"{'.'.join(map(str, maven.version(program, java_home)))} at {program}"


def _aws_cli() -> str:
    return aws.own_cli() or f"a private one, {_state(tools.AWS_CLI)}"


def _emulator() -> str:
    return f"a private MiniStack, {_state(tools.EMULATOR)}"


def _state(tool: str) -> str:
    place = tools.place(tool)
    return f"installed in {place}" if place.exists() else "installed at first use (from the package index that pip uses)"


def _aws() -> str:
    endpoint = given_endpoint()
    return f"{endpoint}, given by AWS_ENDPOINT_URL" if endpoint else "the emulator, started by `up`"


def _ports() -> str:
    run = Home.given().run()
    if run is not None and run.alive():
        return f"SmartDoor is running on {', '.join(str(port) for port in run.ports.values())}"
    if wants_free_ports() and not given_ports():
        return "free ones are chosen (SMARTDOOR_FREE_PORTS)"
    wanted = Plan.make(given_endpoint(), "", wants_free_ports(), keeps_state=True, given=given_ports()).ports
    ports.require_free(wanted)
    return f"{', '.join(str(port) for port in wanted.values())} are free"


def _home() -> str:
    home = Home.given()
    home.create()
    if not os.access(home.root, os.W_OK):
        raise Problem(f"expected to be able to write {home.root}, found that it is not allowed: name another by SMARTDOOR_HOME")
    return str(home.root)
