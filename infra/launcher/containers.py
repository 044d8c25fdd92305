"""SmartDoor in containers: what `docker-compose up` starts, with the ports, logs and commands of a SmartDoor of processes."""

from __future__ import annotations

import contextlib
import datetime
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from . import compose, console, emulator, ports, processes, services, stacks, system
from .aws import AwsCli
from .compose import Compose
from .console import Problem
from .environment import REPOSITORY, given_endpoint, region
from .home import EMULATOR, Home
from .services import Service
from .system import Plan, System

DEPLOY = "deploy"
LOCALSTACK = "localstack"
LOG = "compose"
OLD = "old"
FOLLOWED_LIMIT = 5.0  # seconds for what writes a log down to end after its container
KILLED = "137"  # the exit code of who was ended by SIGKILL, 128 + 9


class Containers(System):
    """A SmartDoor whose parts are containers. What is remembered of each as its process is the one that writes down its log: it
    ends when the container does."""

    def __init__(self, home: Home, plan: Plan) -> None:
        super().__init__(home, plan)
        if given_endpoint() is not None:
            raise Problem("expected no AWS_ENDPOINT_URL with --docker, which brings LocalStack along, found one: unset it")
        self.run.project = compose.project(home)
        self.is_new = True  # LocalStack keeps nothing
        self._containers: dict[str, str] = {}
        self._restarts: dict[str, int] = {}

    def start(self) -> None:
        """Returns when all containers are healthy. Whatever goes wrong, none is left."""
        ports.require_free(self.plan.ports)
        self.home.create()
        self._set_old_logs_aside()
        self.home.logs.mkdir(exist_ok=True)
        project = self._project()
        log = self.home.log(LOG)
        with console.step("building the images (the first time, what they are made of is downloaded too)"):
            project.run("build", log=log)
        system.remove_left(self.home)
        try:
            self.home.remember_run(self.run)  # before there is anything: `down` then finds it, whatever happens here
            with console.step("starting LocalStack, and deploying the stacks"):
                self._up(project, log)
            self.run.outputs = stacks.Deployment(AwsCli.at(self.run.endpoint, self.run.account), self.run.account).outputs()
            self.home.remember_run(self.run)
            with console.step("waiting for the services"):
                self._await_ready(services.ALL)
        except BaseException:
            self.stop()
            raise

    def _up(self, project: Compose, log: Path) -> None:
        try:
            project.run("up", "--detach", "--no-build", log=log)
        except Problem as problem:
            deployed = self.home.log(DEPLOY)
            deployed.write_text(project.run("logs", "--no-color", DEPLOY))
            raise Problem(f"{problem}; the deploy step said: {emulator.last_line(deployed)}") from problem
        for name in (EMULATOR, *(service.name for service in services.ALL)):
            self._containers[name] = project.container(LOCALSTACK if name == EMULATOR else name)
            self._follow(name)

    def stop_service(self, service: Service) -> float:
        began = time.monotonic()
        _docker("stop", "-t", str(int(services.STOP_LIMIT)), self._containers[service.name])
        took = time.monotonic() - began
        del self.run.processes[service.name]
        self.home.remember_run(self.run)
        return took

    def start_service(self, service: Service) -> None:
        since = _now()
        _docker("start", self._containers[service.name])
        self._follow(service.name, since)
        self._await_ready([service])

    def replace(self, service: Service) -> float | None:
        """Puts another container in the place of the one that runs; nobody answers meanwhile. The seconds that the old one took to
        end since it was asked to, and for what docker-compose does before; None where it had to be killed."""
        old = self._containers[service.name]
        self._count_restarts(old)
        with _Ending(old) as ending:
            since = _now()
            self._project().run("up", "--detach", "--no-build", "--no-deps", "--force-recreate", service.name, log=self.home.log(LOG))
            self._containers[service.name] = self._project().container(service.name)
            with self._followed_instead(service.name, since):
                self._await_ready([service])
            return ending.seconds()

    def replace_beside(self, service: Service) -> float | None:
        """Starts another container beside the one that runs, on another port, and ends the old one when the new one is ready. The
        seconds that the old one took to end; None where it had to be killed."""
        old = self._containers[service.name]
        self._count_restarts(old)
        self.plan.ports[service.name] = self.run.ports[service.name] = ports.choose([service.name])[service.name]
        since = _now()
        two = ("--no-recreate", "--scale", f"{service.name}=2")
        self._project().run("up", "--detach", "--no-build", "--no-deps", *two, service.name, log=self.home.log(LOG))
        found = self._project().containers(service.name)
        (self._containers[service.name],) = set(found) - {old}
        with self._followed_instead(service.name, since):
            self._await_ready([service])
            with _Ending(old) as ending:
                _docker("stop", "-t", str(int(services.STOP_LIMIT)), old)
                took = ending.seconds()
        _docker("rm", old)
        return took

    def restarts(self) -> int:
        """How often containers had ended by themselves when they were replaced, and have until now."""
        for container in self._containers.values():
            self._count_restarts(container)
        return sum(self._restarts.values())

    def _count_restarts(self, container: str) -> None:
        restarts, runs = _docker("inspect", "--format", "{{.RestartCount}} {{.State.Running}}", container).split()
        self._restarts[container] = int(restarts) + (runs != "true")

    def aws(self) -> AwsCli:
        return AwsCli.at(self.run.endpoint, self.run.account)

    def _follow(self, name: str, since: str | None = None) -> None:
        words = ["docker", "logs", "--follow", *(["--since", since] if since else []), self._containers[name]]
        with console.undivided():
            self._remember(processes.start(name, words, os.environ, self.home.log(name)))

    @contextlib.contextmanager
    def _followed_instead(self, name: str, since: str) -> Iterator[None]:
        """The log of the new container is written down, and that of the old one to its end, which comes meanwhile."""
        follower = self.run.processes[name]
        self.run.processes[OLD] = follower  # else nobody would end it if this went wrong
        self._follow(name, since)
        yield
        if follower.handle is not None:
            follower.handle.wait(FOLLOWED_LIMIT)
        del self.run.processes[OLD]

    def _project(self) -> Compose:
        return Compose(self.run.project, self._environment())

    def _environment(self) -> dict[str, str]:
        return {
            "SMARTDOOR_ADMIN_TOKEN": self.home.admin_token(),
            "SMARTDOOR_PORT_AWS": str(self.plan.ports[EMULATOR]),
            **{f"SMARTDOOR_PORT_{it.stack.upper()}": str(self.plan.ports[it.name]) for it in services.ALL},
            "SMARTDOOR_REVISION": _revision(),
            "AWS_REGION": region(),
        }


class _Ending:
    """Watches a container until it has ended."""

    def __init__(self, container: str) -> None:
        self._began = time.monotonic()
        self._watch = subprocess.Popen(
            ["docker", "wait", container], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._seen: list[tuple[float, str]] = []
        self._watcher = threading.Thread(target=self._note, daemon=True)

    def __enter__(self) -> _Ending:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._watch.kill()
        self._watcher.join()

    def seconds(self) -> float | None:
        """How long it took; None where it was killed, or has not ended."""
        self._watcher.join(services.STOP_LIMIT)
        if not self._seen:
            return None
        at, code = self._seen[0]
        return None if code in ("", KILLED) else at - self._began

    def _note(self) -> None:
        said, _ = self._watch.communicate()
        self._seen.append((time.monotonic(), said.strip()))


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat()


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Problem(f"expected docker {arguments[0]} to work, found: {' '.join(done.stderr.split())}")
    return done.stdout


def _revision() -> str:
    """For a label; a folder that is nobody's clone has none."""
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return done.stdout.strip() if done.returncode == 0 else "unknown"
