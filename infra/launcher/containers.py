"""SmartDoor in containers: what `docker-compose up` starts, with the ports, logs and commands of a SmartDoor of processes."""

from __future__ import annotations

import contextlib
import datetime
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import compose, configtree, console, emulator, engine, ports, processes, services, stacks, system
from .aws import AwsCli
from .compose import Compose
from .console import Problem
from .environment import REPOSITORY, given_endpoint
from .home import EMULATOR, LOCALSTACK, Busy, Home, Run
from .logs import COMPOSE, DEPLOY
from .services import Service
from .system import Plan, System

OLD = "old"
PAUSE = 1.0  # seconds between two questions to Docker
FOLLOWED_LIMIT = 5.0  # seconds for what writes a log down to end after its container
KILLED = "137"  # the exit code of who was ended by SIGKILL, 128 + 9


class Containers(System):
    """A SmartDoor whose parts are containers. What is remembered of each as its process is the one that writes down its log, and
    ends when the container does, or before."""

    def __init__(self, home: Home, plan: Plan) -> None:
        super().__init__(home, plan)
        if given_endpoint() is not None:
            raise Problem("expected no AWS_ENDPOINT_URL with --docker, which brings LocalStack along, found one: unset it")
        self.run.project = compose.project(home)
        self.is_new = True  # LocalStack keeps nothing
        self._containers: dict[str, str] = {}
        self._started_over: dict[str, int] = {}
        """How often each container was started again until it was ready."""
        self._ended_later: dict[str, int] = {}
        self._watch = Watch(home, self.run)

    def start(self) -> None:
        """Returns when all containers are healthy. Whatever goes wrong, none is left."""
        ports.require_free(self.plan.ports)
        self.home.create()
        self._set_old_logs_aside()
        self.home.logs.mkdir(exist_ok=True)
        project = self._project()
        log = self.home.log(COMPOSE)
        with console.step(f"building the images (the first time, what they are made of is downloaded too), written down in {log}"):
            project.run("build", log=log)
        system.remove_left(self.home)
        try:
            self.home.remember_run(self.run)  # before there is anything: `down` then finds it, whatever happens here
            with console.step("starting LocalStack, and deploying the stacks"):
                self._up(project, log)
            self.run.outputs = self._outputs()
            self.home.remember_run(self.run)
            with console.step("waiting for the services"):
                self._await_ready(services.ALL)
        except BaseException:
            self.stop()
            raise

    @staticmethod
    def of(home: Home, run: Run) -> Containers:
        """Those that run already."""
        found = Containers(home, Plan(None, run.account, run.ports, keeps_state=False))
        found.run, found._watch = run, Watch(home, run)
        found._containers = {name: it.id for name, it in run.containers().items()}
        return found

    def upgrade(self, service: Service) -> bool:
        """Builds one service, and the step that deploys its stack, and puts another container in its place if that changed it."""
        project, log = self._project(), self.home.log(COMPOSE)
        with console.step(f"building {service.name}, written down in {log}"):
            project.run("build", DEPLOY, service.name, log=log)
        since, old = _now(), self._containers.get(service.name)
        with console.step(f"deploying the stacks, and replacing {service.name}"):
            self._compose_up(project, log, service.name)
            self._containers[service.name] = project.container(service.name)
            self.run.outputs = self._outputs()
            self.home.remember_run(self.run)
            if self._containers[service.name] == old:
                return False
            with self._followed_instead(service.name, since):
                self._await_ready([service])
        return True

    def _outputs(self) -> dict[str, dict[str, str]]:
        return stacks.Deployment(self.aws(), self.run.account).outputs()

    def _compose_up(self, project: Compose, log: Path, *service: str) -> None:
        try:
            project.run("up", "--detach", "--no-build", *service, log=log)
        except Problem as problem:
            self._write_down_deploy(project)
            raise Problem(f"{problem}; the deploy step said: {emulator.last_line(self.home.log(DEPLOY))}") from problem
        self._write_down_deploy(project)

    def _write_down_deploy(self, project: Compose) -> None:
        self.home.log(DEPLOY).write_text(project.run("logs", "--no-color", DEPLOY))

    def _up(self, project: Compose, log: Path) -> None:
        self._compose_up(project, log)
        for name in (EMULATOR, *(service.name for service in services.ALL)):
            self._containers[name] = project.container(LOCALSTACK if name == EMULATOR else name)
            self._follow(name)

    def stop_service(self, service: Service) -> float:
        began = time.monotonic()
        engine.run("stop", "-t", str(int(services.STOP_LIMIT)), self._containers[service.name])
        took = time.monotonic() - began
        del self.run.processes[service.name]
        self.home.remember_run(self.run)
        return took

    def start_service(self, service: Service) -> None:
        since = _now()
        engine.run("start", self._containers[service.name])
        self._follow(service.name, since)
        self._await_ready([service])

    def replace(self, service: Service) -> float | None:
        """Puts another container in the place of the one that runs; nobody answers meanwhile. The seconds that the old one took to
        end since it was asked to, and for what docker-compose does before; None where it had to be killed."""
        old = self._containers[service.name]
        self._count_ends(old)
        with _Ending(old) as ending:
            since = _now()
            self._project().run("up", "--detach", "--no-build", "--no-deps", "--force-recreate", service.name, log=self.home.log(COMPOSE))
            self._containers[service.name] = self._project().container(service.name)
            with self._followed_instead(service.name, since):
                self._await_ready([service])
            return ending.seconds()

    def replace_beside(self, service: Service) -> float | None:
        """Starts another container beside the one that runs, on another port, and ends the old one when the new one is ready. The
        seconds that the old one took to end; None where it had to be killed."""
        old = self._containers[service.name]
        self._count_ends(old)
        self.plan.ports[service.name] = self.run.ports[service.name] = ports.choose([service.name])[service.name]
        since = _now()
        two = ("--no-recreate", "--scale", f"{service.name}=2")
        self._project().run("up", "--detach", "--no-build", "--no-deps", *two, service.name, log=self.home.log(COMPOSE))
        found = self._project().containers(service.name)
        (self._containers[service.name],) = set(found) - {old}
        with self._followed_instead(service.name, since):
            self._await_ready([service])
            with _Ending(old) as ending:
                engine.run("stop", "-t", str(int(services.STOP_LIMIT)), old)
                took = ending.seconds()
        engine.run("rm", old)
        return took

    def ends(self) -> int:
        """How often containers that were ready had ended by themselves when they were replaced, and have until now."""
        for container in self._containers.values():
            self._count_ends(container)
        return sum(self._ended_later.values())

    def _count_ends(self, container: str) -> None:
        found = engine.state(container)
        self._ended_later[container] = found.restarts + (not found.running) - self._started_over.get(container, 0)

    def _await_ready(self, awaited: Sequence[Service]) -> None:
        super()._await_ready(awaited)
        for container in (self._containers[service.name] for service in awaited):
            self._started_over[container] = engine.state(container).restarts

    def _has_ended(self, service: Service) -> bool:
        """As Docker says, which starts a service again that found no AWS in time: who writes down its log ends with each attempt."""
        if not super()._has_ended(service):
            return False
        found = engine.state(self._containers[service.name])
        if found.status == "running":
            self._follow(service.name, _last_written(self.home.log(service.name)))
        elif found.running:
            time.sleep(PAUSE)
        return not found.running

    def _ending(self, service: Service) -> str:
        return processes.ending(engine.state(self._containers[service.name]).exit_code)

    def ended(self) -> dict[str, int | None]:
        return self._watch.ended()

    def aws(self) -> AwsCli:
        return AwsCli.at(self.run.endpoint, self.run.account)

    def _follow(self, name: str, since: str | None = None) -> None:
        with console.undivided():
            _follow(self.home, self.run, name, self._containers[name], since)

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
            "SMARTDOOR_TAG": compose.tag(),
            "SMARTDOOR_REVISION": _revision(),
            "AWS_REGION": self.run.region,
            configtree.SETTINGS: configtree.settings_for(os.environ),
        }


class Watch:
    """Who of a SmartDoor in containers has ended by itself. Docker is asked only where a log is no longer written down."""

    def __init__(self, home: Home, run: Run) -> None:
        self._home = home
        self._run = run
        self._ended: dict[str, int | None] = {}
        self._asks_from = 0.0

    def ended(self) -> dict[str, int | None]:
        """By name, with exit codes where they are known."""
        if all(it.alive() for it in self._run.processes.values()):
            return {}
        if time.monotonic() >= self._asks_from:
            self._ended = self._ask()
            self._asks_from = time.monotonic() + PAUSE
        return self._ended

    def _ask(self) -> dict[str, int | None]:
        follow_again(self._home, self._run)
        known = self._home.run()
        if known is None or known.id != self._run.id:
            return dict.fromkeys(self._run.processes)
        self._run.processes, self._run.followed = known.processes, known.followed
        found = known.containers()
        return {it: found[it].exit_code if it in found else None for it in known.processes if it not in found or not found[it].running}


def follow_again(home: Home, run: Run) -> None:
    """Has logs written down again where that ended and the container did not, or another stands in its place."""
    if not run.project or all(it.alive() for it in run.processes.values()):
        return
    with contextlib.suppress(Busy), home.changing():
        known = home.run()
        if known is not None and known.id == run.id:
            _follow_all_again(home, known)


def _follow_all_again(home: Home, run: Run) -> None:
    for name, container in run.containers().items():
        if not container.running or (name in run.processes and run.processes[name].alive()):
            continue
        log = home.log(name)
        since = None
        if run.followed.get(name) == container.id and log.exists():
            since = _last_written(log)
        with console.undivided():
            _follow(home, run, name, container.id, since)


def _follow(home: Home, run: Run, name: str, container: str, since: str | None) -> None:
    words = ["docker", "logs", "--follow", *(["--since", since] if since else []), container]
    run.processes[name] = processes.start(name, words, os.environ, home.log(name))
    run.followed[name] = container
    home.remember_run(run)


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


def _last_written(log: Path) -> str:
    """What was written down last had been said just before."""
    return datetime.datetime.fromtimestamp(log.stat().st_mtime, datetime.timezone.utc).isoformat()


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat()


def _revision() -> str:
    """For a label: what is given, as for docker-compose, else the clone's; a folder that is nobody's clone has none."""
    given = os.environ.get("SMARTDOOR_REVISION")
    if given:
        return given
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return done.stdout.strip() if done.returncode == 0 else "unknown"
