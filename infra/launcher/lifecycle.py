"""The commands that start, stop and show a SmartDoor: up, down, status, logs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from . import console, logs, services, system
from .api import Api
from .console import Problem, progress
from .containers import Containers, Watch, follow_again
from .environment import given_endpoint, require_usable_token, wants_free_ports
from .home import EMULATOR, Home, Run
from .processes import ending
from .system import Plan, System

FIRST_DOOR = ("front-door", "Front door")
FIRST_RECIPIENT = "me"


def up(detach: bool, free_ports: bool, docker: bool = False) -> int:
    home = Home.given()
    endpoint = given_endpoint()
    chooses_ports = wants_free_ports() or free_ports
    given = system.given_ports()
    require_usable_token()
    started: System | None = None
    try:
        with home.changing():
            found = home.run()
            if found is not None and found.alive():
                if found.ready:
                    return _running_already(found, docker, free_ports)
                progress("- an earlier `up` did not come to its end: stopping what it left ...")
                system.stop(home, found)
            elif found is not None and found.project:
                system.stop(home, found)  # containers that Docker itself started again
            home.forget_run()
            plan = Plan.make(endpoint, system.account_for(home, endpoint), chooses_ports, keeps_state=True, given=given)
            started = Containers(home, plan) if docker else System(home, plan)
            started.start()
            _furnish(started)
            started.run.ready = True
            home.remember_run(started.run)
            print(_welcome(home, started.run, detach), flush=True)
        return 0 if detach else _follow_until_stopped(started)
    except BaseException:
        if started is not None:
            started.stop()
        raise


def _running_already(run: Run, docker: bool, free_ports: bool) -> int:
    if docker != bool(run.project):
        # Not what was asked for: the one keeps its doors, the other loses them at its end.
        asked, found = ("in containers", "of processes") if docker else ("of processes", "in containers")
        raise Problem(f"expected nothing or a SmartDoor {asked} to be running, found one {found}: ./smartdoor down stops it")
    states = system.states(run)
    ended = [name for name in run.processes if states.get(name) == "ended"]
    if ended:
        raise Problem(
            f"expected all of SmartDoor or nothing to be running, found that {', '.join(ended)} ended: "
            "./smartdoor logs may say why; ./smartdoor down stops the rest, then ./smartdoor up starts all of it"
        )
    silent = [name for name, state in states.items() if state != "healthy"]
    if silent:
        raise Problem(
            f"expected all of SmartDoor to be healthy, found that {', '.join(silent)} does not answer: "
            "./smartdoor logs may say why; ./smartdoor down stops it, then ./smartdoor up starts all of it"
        )
    kept = ", on the ports that it has: ./smartdoor down, then up, chooses others" if free_ports else ""
    print(f"SmartDoor is running already{kept}:\n{_addresses(run)}")
    return 0


def _furnish(started: System) -> None:
    """Registers the first door and recipient: at the home's first start, and where the AWS has forgotten everything."""
    home = started.home
    if home.is_furnished() and not started.is_new:
        return
    api = Api.of(home)
    door, name = FIRST_DOOR
    if door not in [it["id"] for it in api.doors()]:
        home.remember_door(door, api.add_door(door, name))
    api.add_recipient(FIRST_RECIPIENT)
    if not started.run.project:  # of containers, which keep nothing, there is nothing to remember
        home.remember_furnished()


def _welcome(home: Home, run: Run, detach: bool) -> str:
    door = next(iter(home.door_secrets()), None)
    opened = f"./smartdoor door open {door}" if door else "./smartdoor door add front-door && ./smartdoor door open front-door"
    return (
        f"\nSmartDoor is running:\n{_addresses(run)}\n\n"
        f"Open a door, and look at what a phone would show:\n  {opened}\n  ./smartdoor inbox {FIRST_RECIPIENT}\n\n"
        f"{'./smartdoor down' if detach else 'Ctrl-C'} stops it; {_left(home, run)}\n"
    )


def _left(home: Home, run: Run) -> str:
    return "LocalStack keeps nothing" if run.project else f"its state stays in {home.root}"


def _addresses(run: Run) -> str:
    lines = [f"  {service.name:<24}{run.address(service.name)}" for service in services.ALL]
    kind = "LocalStack" if run.project else EMULATOR if EMULATOR in run.processes else "given by AWS_ENDPOINT_URL"
    lines.append(f"  {'AWS':<24}{run.endpoint} ({kind}; account {run.account}, {run.region})")
    return "\n".join(lines)


def _follow_until_stopped(started: System) -> int:
    """Ends when everything ended, and ends everything when it is interrupted."""
    run, home = started.run, started.home
    try:
        try:
            logs.follow(logs.chosen(home, None), _watch(started))
        except (KeyboardInterrupt, OSError):
            return _stopped(started)
    except KeyboardInterrupt:  # a closing terminal fails a write and sends a signal, the second while the first is dealt with
        return _stopped(started)
    known = home.run()
    if known is None or known.id != run.id or home.is_being_changed():  # by `down`, which may not be through with it
        progress("SmartDoor was stopped")
        return 0
    started.stop()
    raise Problem(f"expected SmartDoor to go on, found that all of it ended: see {home.logs}")


def _stopped(started: System) -> int:
    """Stops before anything is said of it: whoever listened may be gone, and both outputs with them."""
    with console.uninterrupted():
        started.stop()
        progress("\nSmartDoor is stopped")
        console.give_up_output()
    return 0


def _watch(started: System) -> Callable[[], bool]:
    """Whether anything still runs; says once of each part that it ended."""
    told: set[str] = set()

    def goes_on() -> bool:
        ended = started.ended()
        if len(ended) == len(started.run.processes):
            return False
        for name in sorted(set(ended) - told):
            progress(f"{name} {ending(ended[name])}; the others go on")
            told.add(name)
        return True

    return goes_on


def down() -> int:
    home = Home.given()
    with home.changing():
        run = home.run()
        if run is None:
            system.remove_left(home)
            print("SmartDoor is not running")
            return 0
        progress("- stopping ...")
        forced = system.stop(home, run)
        if forced:
            progress(f"  {', '.join(forced)} did not stop when asked, and was ended by force{_lost(forced)}")
        if not run.project:
            system.remove_left(home)
        print("SmartDoor is stopped")
        return 0


def upgrade(name: str) -> int:
    """Of containers; processes are built and started anew by `down` and `up`, which keep their state."""
    service = next((it for it in services.ALL if name in (it.name, it.stack)), None)
    if service is None:
        raise Problem(f"expected one of {', '.join(it.name for it in services.ALL)}, found {name}: correct the name")
    home = Home.given()
    with home.changing():
        run = home.require_run()
        if not run.project:
            raise Problem("expected SmartDoor to run in containers, found processes: ./smartdoor down, then ./smartdoor up, builds what changed")
        replaced = Containers.of(home, run).upgrade(service)
    print(f"{service.name} is {'replaced' if replaced else 'as it was: nothing of it has changed'}")
    return 0


def _lost(forced: list[str]) -> str:
    return ": what it kept since `up` is lost, as it saves its state when it stops" if EMULATOR in forced else ""


def status(as_json: bool) -> int:
    home = Home.given()
    run = home.run()
    if run is not None:
        follow_again(home, run)
    document = _status(home, run)
    if as_json:
        print(json.dumps(document, indent=2))
    elif run is None:
        print("SmartDoor is not running: start it with ./smartdoor up")
    else:
        print(f"SmartDoor, state in {home.root}, AWS account {run.account} in {run.region}:")
        for part in document["parts"]:
            process = f"  (process {part['pid']})" if "pid" in part else ""
            container = f"  (container {part['container']})" if "container" in part else ""
            print(f"  {part['name']:<24}{part['state']:<12}{part['address']}{process}{container}")
        if run.project:
            print(f"in containers: docker-compose --project-name {run.project}")
        if not run.ready:
            print(_unfinished(home))
    return 0 if document["healthy"] else 1


def _unfinished(home: Home) -> str:
    if home.is_being_changed():
        return "another smartdoor command is starting or stopping it"
    return "the `up` that started it did not come to its end: ./smartdoor up stops what it left, and starts anew"


def _status(home: Home, run: Run | None) -> dict[str, Any]:
    if run is None:
        return {"running": False, "healthy": False, "home": str(home.root), "parts": []}
    containers = run.containers() if run.project else {}
    alive = [name for name, it in containers.items() if it.running] if run.project else run.alive()
    parts = []
    for name, state in system.states(run, alive).items():
        if run.project:
            started = {"container": containers[name].name} if name in containers else {}
        else:
            started = {"pid": run.processes[name].pid} if name in run.processes else {}
        parts.append({"name": name, "state": state, "address": run.address(name)} | started)
    return {
        "running": bool(alive),
        "healthy": run.ready and all(part["state"] == "healthy" for part in parts),
        "home": str(home.root),
        **({"project": run.project} if run.project else {}),
        "endpoint": run.endpoint,
        "account": run.account,
        "region": run.region,
        "outputs": run.outputs,
        "parts": parts,
    }


def show_logs(name: str | None, follow: bool) -> int:
    home = Home.given()
    files = logs.chosen(home, name)
    found = home.run()
    if found is not None:
        follow_again(home, found)
    if not any(file.exists() for file in files.values()):
        raise Problem(f"expected logs in {home.logs}, found none: start SmartDoor with ./smartdoor up")
    if follow:
        run = home.require_run()
        watch = Watch(home, run)
        logs.follow(files, lambda: len(watch.ended()) < len(run.processes) if run.project else bool(run.alive()))
    else:
        for each, file in files.items():
            logs.show(each, logs.Tail(file).new_lines())
    sys.stdout.flush()
    return 0
