"""One SmartDoor as a whole: starts everything in order, and leaves nothing behind where that fails."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import aot, applications, console, emulator, engine, jdk, ports, processes, services, stacks
from .aws import AwsCli
from .compose import Compose
from .console import Problem, progress
from .environment import LOCAL_ACCOUNT, LOOPBACK, region
from .home import EMULATOR, Home, Run
from .processes import Process
from .services import Service

READY_LIMIT = 90.0  # seconds; a slow machine is slow, a service that hangs is a failure
EMULATOR_PORT = 4566


@dataclass(frozen=True)
class Plan:
    """How to start: on which AWS, on which ports, and whether the emulator's state is kept."""

    endpoint: str | None
    """The AWS to use; none: an emulator is started."""
    account: str
    ports: dict[str, int]
    keeps_state: bool

    @staticmethod
    def make(
        endpoint: str | None, account: str, free_ports: bool, keeps_state: bool, given: Mapping[str, int] | None = None
    ) -> Plan:
        """Ports that are given are neither chosen nor the usual ones."""
        named = {name: port for name, port in (given or {}).items() if name in usual_ports(endpoint)}
        others = [name for name in usual_ports(endpoint) if name not in named]
        chosen = ports.choose(others, named.values()) if free_ports else {it: usual_ports(endpoint)[it] for it in others}
        return Plan(endpoint, account, {it: (named | chosen)[it] for it in usual_ports(endpoint)}, keeps_state)


def usual_ports(endpoint: str | None) -> dict[str, int]:
    usual = {service.name: service.port for service in services.ALL}
    return usual if endpoint else usual | {EMULATOR: EMULATOR_PORT}


def given_ports() -> dict[str, int]:
    """What SMARTDOOR_PORT_LOCK and its like say, as they do for docker-compose.yml."""
    variables = {f"SMARTDOOR_PORT_{service.stack.upper()}": service.name for service in services.ALL} | {"SMARTDOOR_PORT_AWS": EMULATOR}
    found: dict[str, int] = {}
    for variable, name in variables.items():
        text = os.environ.get(variable, "")
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
            raise Problem(f'expected {variable} to be a port between 1 and 65535, found "{text}": correct it, or unset it')
        if int(text) in found.values():
            raise Problem(f"expected a port of its own in {variable}, found {text} in another SMARTDOOR_PORT_ variable: correct one of them")
        found[name] = int(text)
    return found


class System:
    """A SmartDoor that this command started; its home knows it, so that other commands can find and stop it."""

    def __init__(self, home: Home, plan: Plan) -> None:
        self.home = home
        self.plan = plan
        endpoint = plan.endpoint or f"http://{LOOPBACK}:{plan.ports[EMULATOR]}"
        self.run = Run(endpoint, plan.account, region(), dict(plan.ports))
        self.is_new = False
        """Whether the AWS knew nothing of SmartDoor before."""
        self.commands: dict[str, Sequence[str | Path]] = {}
        """What each service is started by."""
        self._deployment: stacks.Deployment | None = None

    def start(self) -> None:
        """Returns when all three services are healthy. Whatever goes wrong, what was started is stopped again."""
        self.prepare()
        try:
            self._start_services()
        except BaseException:
            self.stop()
            raise

    def prepare(self) -> None:
        """All but the services: returns when they are built and their stacks deployed. Whatever goes wrong, nothing runs afterwards."""
        ports.require_free(self.plan.ports)
        java_home = jdk.find()
        if self.plan.endpoint and not emulator.answers(self.plan.endpoint, "/", lambda _: True):
            raise Problem(
                f"expected an AWS at {self.plan.endpoint} (AWS_ENDPOINT_URL), found nobody answering: "
                "start it, or unset AWS_ENDPOINT_URL to have an emulator started"
            )
        self.home.create()
        self._set_old_logs_aside()
        try:
            jars = applications.prepare(java_home, self.home.log("build"))
            caches = aot.prepare(java_home, jars)
            self.commands = {name: services.command(java_home, jar, caches.get(name)) for name, jar in jars.items()}
            if self.plan.endpoint is None:
                self._start_emulator()
            self._deploy()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        stop(self.home, self.run)

    def remove_stacks(self) -> None:
        """For an AWS that goes on after this SmartDoor."""
        if self._deployment is not None:
            self._deployment.remove()

    def stop_service(self, service: Service) -> float:
        """Seconds that the service took to stop."""
        began = time.monotonic()
        processes.stop([self.run.processes[service.name]], services.STOP_LIMIT)
        # Only now: whoever ends this command meanwhile has to find it still.
        del self.run.processes[service.name]
        self.home.remember_run(self.run)
        return time.monotonic() - began

    def start_service(self, service: Service) -> None:
        """Starts one service (again) and waits until it is healthy."""
        self._launch(service)
        self._await_ready([service])

    def ended(self) -> dict[str, int | None]:
        """Who ended by itself, and with which exit code."""
        return {name: self.run.processes[name].exit_code() for name in self.run.dead()}

    def aws(self) -> AwsCli:
        return self._deployment.cli if self._deployment else AwsCli.at(self.run.endpoint, self.run.account)

    def _start_emulator(self) -> None:
        port = self.plan.ports[EMULATOR]
        log = self.home.log(EMULATOR)
        with console.step(f"starting the emulator on port {port}"):
            with console.undivided():
                process = emulator.start(EMULATOR, port, log, self.home.emulator_state if self.plan.keeps_state else None)
                self._remember(process)
            emulator.await_healthy(process, port, log)

    def _deploy(self) -> None:
        with console.step("deploying the stacks"):
            self._deployment = stacks.Deployment(AwsCli.at(self.run.endpoint, self.run.account), self.run.account)
            self.run.outputs = self._deployment.run()
            self.is_new = services.LOCK.stack in self._deployment.created

    def _start_services(self) -> None:
        began = time.monotonic()
        progress("- starting the services ...")
        for service in services.ALL:
            self._launch(service)
        self._await_ready(services.ALL)
        progress(f"  services ready in {time.monotonic() - began:.1f} s")

    def _launch(self, service: Service) -> None:
        token = self.home.admin_token()
        with console.undivided():
            log = self.home.log(service.name)
            self._remember(services.start(service, self.run, token, self.commands[service.name], log))

    def _await_ready(self, awaited: Sequence[Service]) -> None:
        deadline = time.monotonic() + READY_LIMIT
        left = list(awaited)
        while left:
            for service in list(left):
                answered = is_healthy(self.run, service)
                if self._has_ended(service):
                    # Whatever answered: two runs may have chosen the same port.
                    raise Problem(self._why_ended(service))
                if answered:
                    left.remove(service)
            if left and time.monotonic() > deadline:
                names = ", ".join(service.name for service in left)
                raise Problem(
                    f"expected {names} to be healthy within {READY_LIMIT:.0f} s, found that it is not: see {self.home.logs}"
                )
            time.sleep(0.05)

    def _has_ended(self, service: Service) -> bool:
        return not self.run.processes[service.name].alive()

    def _ending(self, service: Service) -> str:
        return self.run.processes[service.name].ending()

    def _why_ended(self, service: Service) -> str:
        log = self.home.log(service.name)
        return f"expected {service.name} to start, found that it {self._ending(service)}: {emulator.last_line(log)}: see {log}"

    def _remember(self, process: Process) -> None:
        # At once: were the launcher itself killed now, `down` would still find the process.
        self.run.processes[process.name] = process
        self.home.remember_run(self.run)

    def _set_old_logs_aside(self) -> None:
        for log in self.home.logs.glob("*.log"):
            shutil.move(log, log.with_suffix(".previous"))


def stop(home: Home, run: Run) -> list[str]:
    """Stops the services, then the emulator, which saves what they did until then; returns who had to be forced."""
    with console.uninterrupted():
        known = home.run()
        if run.project and known is not None and known.id != run.id:
            return []  # stopped and started anew by others, under the same project's name
        if run.project and engine.answers():
            Compose(run.project).remove()
        elif run.project:
            home.remember_left(run.project)
            progress(left(run.project))
        running = [process for name, process in run.processes.items() if name != EMULATOR]
        forced = processes.stop(running, services.STOP_LIMIT)
        if EMULATOR in run.processes:
            forced += processes.stop([run.processes[EMULATOR]], emulator.STOP_LIMIT)
        if known is not None and known.id == run.id:  # else it was stopped and started anew by others
            home.forget_run()
        return forced


def remove_left(home: Home) -> None:
    """Of an earlier `up --docker` that could not be removed when it was stopped."""
    project = home.left()
    if not project:
        return
    if not engine.answers():
        progress(left(project))
        return
    Compose(project).remove()
    home.forget_left()


def left(project: str) -> str:
    return f"containers of an earlier `up --docker` may be left in project {project}: start Docker and run ./smartdoor down, to remove them"


def is_healthy(run: Run, service: Service) -> bool:
    return emulator.answers(run.address(service.name), "/actuator/health")


def states(run: Run, alive: Collection[str] | None = None) -> dict[str, str]:
    """How every part is that it was to have: healthy, unhealthy (does not answer), ended or not started."""
    there = run.alive() if alive is None else alive
    with ThreadPoolExecutor(len(run.ports)) as pool:
        return dict(zip(run.ports, pool.map(lambda name: _state(run, name, there), run.ports), strict=True))


def _state(run: Run, name: str, alive: Collection[str]) -> str:
    if name not in alive:
        return "ended" if name in run.processes else "not started"
    if name == EMULATOR:
        # Whatever it says: one that hangs is silent.
        answered = emulator.answers(run.endpoint, "/", lambda _: True)
    else:
        answered = emulator.answers(run.address(name), "/actuator/health")
    return "healthy" if answered else "unhealthy"


def account_for(home: Home, endpoint: str | None) -> str:
    """An own emulator has nobody else in it; in an AWS shared with others, the home keeps to an account of its own."""
    return LOCAL_ACCOUNT if endpoint is None else home.account()
