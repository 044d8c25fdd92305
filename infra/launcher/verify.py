"""The command `verify`: every check and every test."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import console, emulator, jdk, maven, ports, processes, stacks, tools
from .aws import AwsCli
from .console import progress
from .environment import LOCAL_ACCOUNT, LOOPBACK, REPOSITORY, for_aws, fresh_account, given_endpoint
from .home import EMULATOR


def verify(maven_arguments: Sequence[str]) -> int:
    """Zero if all parts pass. A part that fails does not keep the others from being run."""
    java_home = jdk.find()
    program = maven.require(java_home)
    with tempfile.TemporaryDirectory(prefix="smartdoor-verify-") as folder:
        endpoint, running = _aws(Path(folder))
        try:
            parts: dict[str, Callable[[], bool]] = {
                "launcher's tests": launcher_tests,
                "templates": lambda: lint(endpoint, Path(folder)),
                "Maven": lambda: build(program, java_home, endpoint, Path(folder), maven_arguments),
            }
            results = {name: _timed(name, part) for name, part in parts.items()}
        finally:
            with console.uninterrupted():
                processes.stop(running, emulator.STOP_LIMIT)
    return _verdict(results)


def _aws(folder: Path) -> tuple[str, list[processes.Process]]:
    """The AWS that the user named, else an emulator for as long as the tests take."""
    endpoint = given_endpoint()
    if endpoint is not None:
        return endpoint, []
    port = ports.choose([EMULATOR])[EMULATOR]
    log = folder / "emulator.log"
    process = emulator.start(EMULATOR, port, log, None)
    try:
        emulator.await_healthy(process, port, log)
    except BaseException:
        processes.stop([process], emulator.STOP_LIMIT)
        raise
    return f"http://{LOOPBACK}:{port}", [process]


def launcher_tests() -> bool:
    tests = ["-m", "unittest", "discover", "--start-directory", "infra/launcher/tests", "--top-level-directory", "infra"]
    return _passes([sys.executable, "-W", "error", *tests], dict(os.environ))


def lint(endpoint: str, folder: Path) -> bool:
    """The templates as they are written, and as they are once the AWS CLI has put their files into place."""
    account = fresh_account()
    packaged = folder / "packaged"
    packaged.mkdir()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        written = {name: stacks.FOLDER / f"{name}.yaml" for name in stacks.ALL}
        finished = stacks.package(AwsCli.at(endpoint, account), account, written, packaged, pool)
    program = "import sys; from cfnlint.runner import main; sys.exit(main())"
    linter = [str(tools.python(tools.LINT)), "-I", "-c", program, "--non-zero-exit-code", "informational", "--"]
    return all([_passes([*linter, *map(str, those)], dict(os.environ)) for those in (written.values(), finished.values())])


def build(program: str, java_home: Path, endpoint: str, folder: Path, arguments: Sequence[str]) -> bool:
    """All modules. Tests that start a SmartDoor get a home of their own, and find tools that are there already."""
    environ = for_aws(maven.environment(java_home), endpoint, LOCAL_ACCOUNT) | {
        "SMARTDOOR_HOME": str(folder / "home"),
        "SMARTDOOR_TOOLS": str(tools.folder()),
        "SMARTDOOR_FREE_PORTS": "1",
    }
    return _passes([program, "-B", "verify", *arguments], environ)


def _passes(command: list[str], environ: dict[str, str]) -> bool:
    sys.stdout.flush()
    return subprocess.run(command, cwd=REPOSITORY, env=environ, stdin=subprocess.DEVNULL, check=False).returncode == 0


def _timed(name: str, part: Callable[[], bool]) -> tuple[bool, float]:
    progress(f"- {name} ...")
    began = time.monotonic()
    try:
        passed = part()
    except Exception as error:  # noqa: BLE001 - the other parts still have something to say
        progress(f"  {error}")
        passed = False
    return passed, time.monotonic() - began


def _verdict(results: dict[str, tuple[bool, float]]) -> int:
    print()
    for name, (passed, took) in results.items():
        print(f"{'ok    ' if passed else 'FAILED'}  {name:<18}{took:7.1f} s")
    failed = [name for name, (passed, _) in results.items() if not passed]
    print(f"verify: {'FAILED: ' + ', '.join(failed) if failed else 'everything passed'}")
    return 1 if failed else 0
