"""Stands for Java, Maven, MiniStack, the AWS CLI and Docker in the tests of the launcher: called with a folder and a program's name."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

FOLDER, PROGRAM, ARGUMENTS = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
LAUNCHER = os.getppid()


def broken(name: str) -> bool:
    return (FOLDER / "faults" / name).exists()


def option(name: str) -> str:
    return ARGUMENTS[ARGUMENTS.index(name) + 1]


def fail(said: str) -> None:
    print(said, file=sys.stderr)
    sys.exit(1)


def kill_the_launcher(moment: str) -> None:
    """Where that was asked for: it is in the middle of something, and has no chance to tidy up."""
    try:
        (FOLDER / "faults" / f"killed-at-{moment}").unlink()
    except FileNotFoundError:
        return
    os.kill(LAUNCHER, signal.SIGKILL)


def serve(port: int, answers: dict[tuple[str, str], tuple[int, Any]]) -> None:
    """Answers until it is ended, and can be found by the test that has to know whether it was."""
    import http.server  # costs more than all else here, and the AWS CLI's many calls have no use for it

    (FOLDER / "seen" / f"process.{os.getpid()}").touch()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            kill_the_launcher(self.command + self.path.replace("/", "-"))
            self.rfile.read(int(self.headers.get("content-length", "0")))
            status, document = answers.get((self.command, self.path), (404, {"title": "Not found"}))
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


def java() -> None:
    if "-Djarmode=tools" in ARGUMENTS:
        target = Path(option("--destination"))
        target.mkdir(parents=True)
        shutil.copy(option("-jar"), target)
        return
    service = Path(option("-jar")).stem
    trained = [word for word in ARGUMENTS if word.startswith("-XX:AOTCacheOutput=")]
    if trained:
        (FOLDER / "seen" / f"{service}.training").write_text(json.dumps({"environment": dict(os.environ), "words": ARGUMENTS}))
        if broken("training"):
            fail("no room for a cache")
        Path(trained[0].partition("=")[2]).write_text("a cache")
        return
    if broken("slow-jar") and not any(word.startswith("-XX:AOTCache=") for word in ARGUMENTS):
        time.sleep(2)
    (FOLDER / "seen" / f"{service}.words").write_text(json.dumps(ARGUMENTS))
    (FOLDER / "seen" / f"{service}.json").write_text(json.dumps(dict(os.environ)))
    print(f"{service} speaks", flush=True)
    if broken(service):
        fail(f"{service} cannot start: the table is gone")
    serve(
        int(os.environ["SERVER_PORT"]),
        {
            ("GET", "/actuator/health"): (200, {"status": "UP"}),
            ("GET", "/v1/doors?limit=100"): (200, {"items": []}),
            ("GET", "/v1/parked-events?limit=100"): (500, {"title": "Internal Server Error", "detail": "something went wrong here"}),
            ("POST", "/v1/doors"): (201, {"id": "front-door", "secret": secret()}),
            ("PUT", "/v1/recipients/me"): (200, {}),
            ("POST", "/v1/doors/front-door/events"): (202, {"idempotency-key": "a-key"}),
            ("GET", "/v1/recipients/me/inbox?limit=100&after=0"): (200, {"items": [entry("one", 1), entry("two", 2)]}),
            ("GET", "/v1/recipients/me/inbox?limit=100&after=2"): (200, {"items": [entry("two, replaced", 3)]}),
            ("GET", "/v1/recipients/me/inbox?limit=100&after=3"): (200, {"items": []}),
        },
    )


def secret() -> str:
    file = FOLDER / "seen" / "secret"
    return file.read_text() if file.exists() else "whsec_AAAA"


def entry(title: str, seq: int) -> dict[str, Any]:
    return {"id": title[:3], "seq": seq, "title": title, "level": "notice", "at": "2026-01-01T12:00:00Z"}


def maven() -> None:
    if "-version" in ARGUMENTS:
        print("Apache Maven 3.8.6" if broken("old-maven") else "Apache Maven 3.9.9 (abc)")
        return
    if "verify" in ARGUMENTS:
        verify()
        return
    with (FOLDER / "seen" / "builds").open("a") as builds:
        builds.write(os.environ["JAVA_HOME"] + "\n")
    if broken("mvn"):
        print("[INFO] Building\n[ERROR] COMPILATION ERROR: ';' expected\n[ERROR] more")
        sys.exit(1)
    for service in option("-pl").split(","):
        jar = Path(service) / "target" / f"{service}.jar"
        jar.parent.mkdir(exist_ok=True)
        jar.write_text(f"{service} {os.urandom(4).hex()}")


def report(test: str, result: str) -> None:
    """As surefire writes it."""
    reports = Path("lock-service") / "target" / "surefire-reports"
    reports.mkdir(parents=True, exist_ok=True)
    case = f'<testcase name="one" classname="io.smartdoor.{test}">{result}</testcase>'
    (reports / f"TEST-io.smartdoor.{test}.xml").write_text(f"<testsuite>{case}{case}</testsuite>")


def verify() -> None:
    """Tests that start a SmartDoor in a temporary folder, and stop it unless they are cut short."""
    (FOLDER / "seen" / "tests-aws").write_text(f"{os.environ.get('SMARTDOOR_AWS')} {os.environ.get('AWS_ENDPOINT_URL')}")
    if broken("skipping"):
        report("NewTest", '<skipped message="there is no moon"/>')
        report("NextTest", "<skipped>org.opentest4j.TestAbortedException: Assumption failed: no sun\n at a.B</skipped>")
    if broken("mvn"):
        sys.exit(1)
    smartdoor = [sys.executable, str(FOLDER / "repository" / "smartdoor")]
    environ = dict(os.environ) | {"SMARTDOOR_HOME": f"{os.environ['TMPDIR']}/home"}
    subprocess.run([*smartdoor, "up", "--detach"], env=environ, check=True)
    if broken("endless"):
        print("in the middle of it", flush=True)
        signal.pause()
    subprocess.run([*smartdoor, "down"], env=environ, check=True)


def aws() -> None:
    if ARGUMENTS == ["--version"]:
        print("aws-cli/2.99 fake")
        return
    operation = ARGUMENTS[1]
    with (FOLDER / "seen" / "aws").open("a") as file:
        file.write(f"{os.environ.get('AWS_PROFILE')} {' '.join(ARGUMENTS)}\n")
    kill_the_launcher(operation)
    if broken(operation):
        fail(f"\nAn error occurred (ValidationError) when calling the {operation} operation: the template is broken\n")
    if operation == "package":
        shutil.copy(option("--template-file"), option("--output-template-file"))
    elif operation == "deploy":
        if option("--stack-name") not in deployed():
            print(f"aws cloudformation describe-change-set --change-set-name arn:{option('--stack-name')}")
        else:
            print(f"No changes to deploy. Stack {option('--stack-name')} is up to date")
    elif operation == "execute-change-set":
        with (FOLDER / "seen" / "stacks").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(option("--stack-name") + "\n")
    elif operation == "get-caller-identity":
        print(json.dumps({"Account": "999999999999" if broken("account") else "123456789012"}))
    elif operation == "describe-change-set":
        removed = {"Action": "Remove", "LogicalResourceId": "DoorsTable", "ResourceType": "AWS::DynamoDB::Table"}
        print(json.dumps({"Changes": [{"Type": "Resource", "ResourceChange": removed}] if broken("table") else []}))
    elif operation == "describe-stacks":
        print(json.dumps({"Stacks": [stack(name) for name in deployed()]}))


def deployed() -> list[str]:
    file = FOLDER / "seen" / "stacks"
    return file.read_text().split() if file.exists() else []


def stack(name: str) -> dict[str, Any]:
    short = name.rpartition("-")[2]
    queues = ["Queue", "DeadLetterQueue", "RuleDeadLetterQueue"]
    keys = {"bus": ["Name", "Arn"], "platform": ["AlarmTopic"], "identification": [*queues, "StateMachineArn"]}.get(short, ["Queue"])
    outputs = [{"OutputKey": key, "OutputValue": f"the-{short}-{key.lower()}"} for key in keys]
    return {"StackName": name, "StackStatus": "CREATE_COMPLETE", "Outputs": outputs}


def python() -> None:
    """Of the private environments: the emulator's, and the linters'."""
    if "--file" in ARGUMENTS:
        (FOLDER / "seen" / "secured").write_text("\n".join(ARGUMENTS[ARGUMENTS.index("--file") + 1 :]))
        sys.exit(1 if broken("checkov") else 0)
    if "-c" in ARGUMENTS:
        (FOLDER / "seen" / "linted").write_text("\n".join(ARGUMENTS[ARGUMENTS.index("--") + 1 :]))
        sys.exit(1 if broken("lint") else 0)
    if broken("deaf-emulator"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if broken("emulator"):
        fail("ERROR: the emulator has no memory left")
    (FOLDER / "seen" / "emulator.json").write_text(json.dumps(dict(os.environ)))
    serve(int(os.environ["GATEWAY_PORT"]), {("GET", "/_ministack/health"): (200, {})})


def docker() -> None:
    """An engine, without the plugin `compose`. A container is a process, and its id the name of its service, and a number."""
    if broken("engine") or ARGUMENTS[0] == "compose" or "nonexistent" in os.environ.get("DOCKER_HOST", ""):
        fail("Cannot connect to the Docker daemon")
    if ARGUMENTS[0] == "start":
        start_container(ARGUMENTS[1])
    elif ARGUMENTS[0] == "stop":
        stop_container(ARGUMENTS[-1])
    elif ARGUMENTS[0] == "wait":
        pid = int(container(ARGUMENTS[-1]).read_text())
        (FOLDER / "seen" / f"{ARGUMENTS[-1]}.watched").touch()
        while is_alive(pid):
            time.sleep(0.02)
        print(137 if broken("deaf-container") else 143, flush=True)
    elif ARGUMENTS[0] == "ps":
        if option("--filter") == f"label=com.docker.compose.project={project()}":
            print("\n".join(shown(it.stem) for it in sorted((FOLDER / "seen").glob("*.container"))))
    elif ARGUMENTS[0] == "inspect":
        print(inspected(ARGUMENTS[-1]))
    elif ARGUMENTS[0] == "rm":
        if container(ARGUMENTS[-1]).exists():
            fail("You cannot remove a running container")
    elif ARGUMENTS[0] == "logs":
        print(f"{ARGUMENTS[-1]} speaks{' on' if '--since' in ARGUMENTS else ''}", flush=True)
        pid = int(container(ARGUMENTS[-1]).read_text())
        while is_alive(pid):
            time.sleep(0.05)


def inspected(name: str) -> str:
    """Its state, how it ended last and how often it was started again: once, where that mends what it ended by."""
    service, restarts = name.partition("~")[0], FOLDER / "seen" / f"{name}.restarts"
    ended = not is_alive(int(container(name).read_text()))
    if ended and broken("starts-over") and broken(service):
        (FOLDER / "faults" / service).unlink()
        start_container(name)
        restarts.touch()
        return "restarting 1 1"
    return f"{'exited 1' if ended else 'running 0'} {int(restarts.exists() or broken('restarted-container'))}"


def project() -> str:
    """Of what was started last."""
    asked = [line.split() for line in (FOLDER / "seen" / "compose").read_text().splitlines()]
    return [each[0] for each in asked if each[1] == "up"][-1]


def shown(name: str) -> str:
    state = ("running", "Up 2 seconds") if is_alive(int(container(name).read_text())) else ("exited", "Exited (137) 2 seconds ago")
    return "\t".join((name, f"{project()}-{name}", name.partition("~")[0], *state))


def docker_compose() -> None:
    if ARGUMENTS == ["version"]:
        return
    name, command = option("--project-name"), ARGUMENTS[4]
    with (FOLDER / "seen" / "compose").open("a") as file:
        file.write(f"{name} {command}\n")
    if broken(f"compose-{command}"):
        fail(f"{command} is not possible")
    if command == "up":
        (FOLDER / "seen" / "compose.json").write_text(json.dumps(dict(os.environ)))
        (FOLDER / "seen" / "stacks").write_text("".join(f"smartdoor-{it}\n" for it in ("bus", "lock", "notification", "identification")))
        start_containers()
    elif command == "ps":
        print("\n".join(ids(ARGUMENTS[-1])))
    elif command == "logs":
        print("the stacks are deployed")
    elif command == "build":
        print("build is done")
    elif command == "down":
        for service in CONTAINERS:
            for each in ids(service):
                stop_container(each)


def start_containers() -> None:
    if "--scale" in ARGUMENTS:
        service, _, many = option("--scale").partition("=")
        for number in range(len(ids(service)), int(many)):
            start_container(f"{service}~{number}")
    elif "--force-recreate" in ARGUMENTS:
        (old,) = ids(ARGUMENTS[-1])
        while not (FOLDER / "seen" / f"{old}.watched").exists():  # whoever asks for it wants to know how it ended
            time.sleep(0.02)
        stop_container(old)
        start_container(f"{old}~1")
    elif ARGUMENTS[-1] in CONTAINERS:
        (old,) = ids(ARGUMENTS[-1])
        if broken("changed"):  # what was built is not what runs
            stop_container(old)
            start_container(f"{old}~1")
    else:
        for service in CONTAINERS:
            start_container(service)


def ids(service: str) -> list[str]:
    return sorted(it.stem for it in (FOLDER / "seen").glob("*.container") if it.stem.partition("~")[0] == service)


CONTAINERS = {
    "localstack": ("python", "GATEWAY_PORT", "SMARTDOOR_PORT_AWS"),
    "lock-service": ("java", "SERVER_PORT", "SMARTDOOR_PORT_LOCK"),
    "notification-service": ("java", "SERVER_PORT", "SMARTDOOR_PORT_NOTIFICATION"),
    "identification-service": ("java", "SERVER_PORT", "SMARTDOOR_PORT_IDENTIFICATION"),
}


def container(name: str) -> Path:
    return FOLDER / "seen" / f"{name}.container"


def start_container(name: str) -> None:
    service = name.partition("~")[0]
    program, inside, outside = CONTAINERS[service]
    environ = json.loads((FOLDER / "seen" / "compose.json").read_text())
    words = [sys.executable, __file__, str(FOLDER), program, "-jar", f"{service}.jar"]
    nowhere = subprocess.DEVNULL
    started = subprocess.Popen(
        words, env=environ | {inside: environ[outside]}, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
    )
    container(name).write_text(str(started.pid))


def stop_container(name: str) -> None:
    if container(name).exists():
        pid = int(container(name).read_text())
        while is_alive(pid):
            os.kill(pid, signal.SIGTERM)
            time.sleep(0.05)
        container(name).unlink()


def is_alive(pid: int) -> bool:
    shown = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return shown.strip() != "" and not shown.startswith("Z")


{"docker": docker, "docker-compose": docker_compose, "java": java, "mvn": maven, "aws": aws, "python": python}[PROGRAM]()
