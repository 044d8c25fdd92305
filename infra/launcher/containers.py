"""SmartDoor in containers: what `docker-compose up` starts, with the ports, logs and commands of a SmartDoor of processes."""

from __future__ import annotations

import datetime
import os
import subprocess
import time
from pathlib import Path

from . import compose, console, emulator, ports, processes, services, stacks
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

    def start(self) -> None:
        """Returns when all containers are healthy. Whatever goes wrong, none is left."""
        ports.require_free(self.plan.ports)
        self.home.create()
        self._set_old_logs_aside()
        self.home.logs.mkdir(exist_ok=True)
        project = Compose(self.run.project, self._environment())
        log = self.home.log(LOG)
        with console.step("building the images (the first time, what they are made of is downloaded too)"):
            project.run("build", log=log)
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
        since = datetime.datetime.now(datetime.timezone.utc).isoformat()
        _docker("start", self._containers[service.name])
        self._follow(service.name, since)
        self._await_ready([service])

    def aws(self) -> AwsCli:
        return AwsCli.at(self.run.endpoint, self.run.account)

    def _follow(self, name: str, since: str | None = None) -> None:
        words = ["docker", "logs", "--follow", *(["--since", since] if since else []), self._containers[name]]
        with console.undivided():
            self._remember(processes.start(name, words, os.environ, self.home.log(name)))

    def _environment(self) -> dict[str, str]:
        return {
            "SMARTDOOR_ADMIN_TOKEN": self.home.admin_token(),
            "SMARTDOOR_PORT_AWS": str(self.plan.ports[EMULATOR]),
            **{f"SMARTDOOR_PORT_{it.stack.upper()}": str(self.plan.ports[it.name]) for it in services.ALL},
            "SMARTDOOR_REVISION": _revision(),
            "AWS_REGION": region(),
        }


def _docker(*arguments: str) -> None:
    done = subprocess.run(["docker", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Problem(f"expected docker {arguments[0]} to work, found: {' '.join(done.stderr.split())}")


def _revision() -> str:
    """For a label; a folder that is nobody's clone has none."""
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return done.stdout.strip() if done.returncode == 0 else "unknown"
