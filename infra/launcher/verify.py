"""The command `verify`: every check and every test."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

from . import console, emulator, engine, jdk, maven, ports, processes, reports, stacks, system, tools
from .aws import AwsCli
from .console import Problem, progress
from .environment import LOCAL_ACCOUNT, LOOPBACK, REPOSITORY, UMASK, for_aws, fresh_account, given_endpoint, without_aws
from .home import EMULATOR, Home

# Templates that are nobody's part of SmartDoor, and have to be right all the same.
EXAMPLES = REPOSITORY / "system-tests" / "src" / "test" / "resources" / "stacks"
WORKFLOWS = REPOSITORY / "infra" / "workflows"
TESTS = REPOSITORY / "infra" / "launcher" / "tests"
# unittest by itself is content with no test at all.
RUN_TESTS = """
import sys, unittest
found = unittest.defaultTestLoader.discover(sys.argv[1], top_level_dir=sys.argv[2])
result = unittest.TextTestRunner().run(found)
sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 else 1)
"""
LOCALSTACK = "--localstack"
END_LIMIT = 20.0  # seconds for what is ended to end what it started


def verify(arguments: Sequence[str]) -> int:
    """Zero if all parts pass. A part that fails does not keep the others from being run."""
    if LOCALSTACK in arguments:
        return verify_on_localstack([word for word in arguments if word != LOCALSTACK])
    maven_arguments = list(arguments)
    java_home = jdk.find()
    program = maven.require(java_home)
    before = reports.written()
    with tempfile.TemporaryDirectory(prefix="smartdoor-verify-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        (folder / "tmp").mkdir()
        try:
            with _aws(folder) as endpoint:
                parts: dict[str, Callable[[], bool]] = {
                    "launcher's tests": lambda: launcher_tests(folder),
                    "templates": lambda: lint(endpoint, folder),
                    "Maven": lambda: build(program, java_home, endpoint, folder, maven_arguments),
                }
                results = {name: _timed(name, part) for name, part in parts.items()}
        finally:
            _stop_what_is_left(folder)
    return _verdict(results, [*reports.skipped(before), f"tests on LocalStack: {_why_not_on_localstack()}"])


def verify_on_localstack(maven_arguments: list[str]) -> int:
    """The same tests on LocalStack: the one at AWS_ENDPOINT_URL, else one in Docker for each module that needs it."""
    before = reports.written()
    java_home = jdk.find()
    program = maven.require(java_home)
    endpoint = given_endpoint()
    if endpoint is not None and not emulator.answers(endpoint, "/_localstack/health"):
        raise Problem(f"expected LocalStack at {endpoint} (AWS_ENDPOINT_URL), found something else: start it, or unset the variable")
    if endpoint is None and not engine.answers():
        raise Problem("expected Docker or a LocalStack at AWS_ENDPOINT_URL, found neither: start one of them")
    with tempfile.TemporaryDirectory(prefix="smartdoor-verify-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        (folder / "tmp").mkdir()
        try:
            part = lambda: build(program, java_home, endpoint, folder, maven_arguments, {"SMARTDOOR_AWS": "localstack"})  # noqa: E731
            results = {"Maven on LocalStack": _timed("Maven on LocalStack", part)}
        finally:
            _stop_what_is_left(folder)
    return _verdict(results, reports.skipped(before))


def _why_not_on_localstack() -> str:
    command = f"./smartdoor verify {LOCALSTACK}"
    if engine.answers():
        return f"not asked for: {command} runs them"
    return f"no Docker here: {command} runs them where one is, or on the LocalStack at AWS_ENDPOINT_URL"


@contextlib.contextmanager
def _aws(folder: Path) -> Iterator[str]:
    """The AWS that the user named, else an emulator for as long as the tests take."""
    endpoint = given_endpoint()
    if endpoint is not None:
        yield endpoint
        return
    port = ports.choose([EMULATOR])[EMULATOR]
    log = folder / "emulator.log"
    started: list[processes.Process] = []
    try:
        with console.undivided():
            started.append(emulator.start(EMULATOR, port, log, None))
        emulator.await_healthy(started[0], port, log)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        with console.uninterrupted():
            processes.stop(started, emulator.STOP_LIMIT)


def _stop_what_is_left(folder: Path) -> None:
    """Every home that a test had is in this folder; a test that was cut short could not stop what runs there."""
    with console.uninterrupted():
        for file in folder.rglob("run.json"):
            home = Home(file.parent)
            with contextlib.suppress(Problem):
                run = home.run()
                if run is not None:
                    system.stop(home, run)


def launcher_tests(folder: Path) -> bool:
    environ = dict(os.environ) | {"TMPDIR": str(folder / "tmp")}
    return _passes([sys.executable, "-W", "error", "-c", RUN_TESTS, str(TESTS), str(TESTS.parents[1])], environ)


def lint(endpoint: str, folder: Path) -> bool:
    """The templates as they are written, and as they are once the AWS CLI has put their files into place; ours also for
    what is insecure in them (an exception stands, with its reason, in the Metadata of its resource)."""
    account = fresh_account()
    packaged = folder / "packaged"
    packaged.mkdir()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        written = {file.stem: file for place in (stacks.FOLDER, EXAMPLES) for file in sorted(place.glob("*.yaml"))}
        finished = stacks.package(AwsCli.at(endpoint, account), account, written, packaged, pool)
    program = "import sys; from cfnlint.runner import main; sys.exit(main())"
    linter = [str(tools.python(tools.LINT)), "-I", "-c", program, "--non-zero-exit-code", "informational", "--"]
    machines = with_definitions(folder)
    sound = [_passes([*linter, *map(str, those)], dict(os.environ)) for those in (written.values(), [*finished.values(), *machines])]
    ours = [str(file) for name, file in finished.items() if written[name].parent == stacks.FOLDER]
    return all([*sound, secure(ours)])


def with_definitions(folder: Path) -> list[Path]:
    """A template around each state machine's definition: cfn-lint knows the states' language (E3601), but looks into no file
    that a template names. That every transition leads somewhere, and in time, is IdentifyDefinitionTest's to say."""
    made = []
    for file in sorted(WORKFLOWS.glob("*.asl.json")):
        text = file.read_text()
        machine = {
            "RoleArn": f"arn:aws:iam::{LOCAL_ACCOUNT}:role/workflow",
            "Definition": json.loads(text),
            "DefinitionSubstitutions": {name: "substituted" for name in re.findall(r"\$\{(\w+)\}", text)},
        }
        resource = {"Type": "AWS::StepFunctions::StateMachine", "Properties": machine}
        template = folder / f"{file.name.removesuffix('.asl.json')}-definition.json"
        template.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Workflow": resource}}, indent=2))
        made.append(template)
    return made


def secure(templates: Sequence[str]) -> bool:
    """Asks nobody on the internet: what checkov would download are texts about its rules."""
    program = "import sys; from checkov.main import Checkov; sys.exit(Checkov().run())"
    options = ("--framework", "cloudformation", "--skip-download", "--compact", "--quiet")
    return _passes([str(tools.python(tools.CHECKOV)), "-I", "-c", program, *options, "--file", *templates], dict(os.environ))


def build(
    program: str,
    java_home: Path,
    endpoint: str | None,
    folder: Path,
    arguments: Sequence[str],
    settings: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """All modules. Tests that start a SmartDoor get a home of their own, and find tools that are there already."""
    given = maven.environment(java_home)
    environ = (for_aws(given, endpoint, LOCAL_ACCOUNT) if endpoint else without_aws(given)) | dict(settings) | {
        "SMARTDOOR_HOME": str(folder / "home"),
        "SMARTDOOR_TOOLS": str(tools.folder()),
        "SMARTDOOR_FREE_PORTS": "1",
        "TMPDIR": str(folder / "tmp"),
    }
    return _passes([program, "-B", "verify", *arguments], environ)


def _passes(command: list[str], environ: dict[str, str]) -> bool:
    """Runs a program in a session of its own: with it, all that its tests started can be ended."""
    sys.stdout.flush()
    started: list[subprocess.Popen[bytes]] = []
    try:
        with console.undivided():
            started.append(
                subprocess.Popen(
                    command, cwd=REPOSITORY, env=environ, stdin=subprocess.DEVNULL, umask=UMASK, start_new_session=True
                )
            )
        return started[0].wait() == 0
    except BaseException:
        with console.uninterrupted():
            for child in started:
                _end(child)
        raise


def _end(child: subprocess.Popen[bytes]) -> None:
    """With its whole session, and the commands in it that have something to stop themselves."""
    deadline = time.monotonic() + END_LIMIT
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGTERM)
        while time.monotonic() < deadline:
            child.poll()
            os.killpg(child.pid, 0)
            time.sleep(processes.PAUSE)
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _timed(name: str, part: Callable[[], bool]) -> tuple[bool, float]:
    progress(f"- {name} ...")
    began = time.monotonic()
    try:
        passed = part()
    except Exception as error:  # noqa: BLE001 - the other parts still have something to say
        progress(f"  {error}")
        passed = False
    return passed, time.monotonic() - began


def _verdict(results: dict[str, tuple[bool, float]], skipped: Sequence[str]) -> int:
    print()
    for what in skipped:
        print(f"skipped {what}")
    for name, (passed, took) in results.items():
        print(f"{'ok    ' if passed else 'FAILED'}  {name:<18}{took:7.1f} s")
    failed = [name for name, (passed, _) in results.items() if not passed]
    print(f"verify: {'FAILED: ' + ', '.join(failed) if failed else 'everything passed'}")
    return 1 if failed else 0
