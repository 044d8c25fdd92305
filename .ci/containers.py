#!/usr/bin/env python3
"""Builds the images, starts all of it as `docker-compose up` does, opens a door, and checks what is said of the containers.

Needs a Docker engine with docker-compose or Compose v2. Leaves nothing running.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "infra"))

from launcher import api, compose, ports, services  # noqa: E402
from launcher.api import Api  # noqa: E402
from launcher.home import EMULATOR, Run  # noqa: E402

LIMIT = 120.0  # seconds for containers to become healthy, and for an opening to show
TOKEN = "a-token-of-this-check-alone"
LABELS = ("title", "description", "licenses", "version", "revision")
NAMES = [service.name for service in services.ALL]


def main() -> int:
    started = time.monotonic()
    chosen = ports.choose([EMULATOR, *NAMES])
    revision = output("git", "rev-parse", "HEAD")
    settings = {
        "SMARTDOOR_ADMIN_TOKEN": TOKEN,
        "SMARTDOOR_PORT_AWS": str(chosen[EMULATOR]),
        **{f"SMARTDOOR_PORT_{it.stack.upper()}": str(chosen[it.name]) for it in services.ALL},
        "SMARTDOOR_TAG": compose.tag(),
        "SMARTDOOR_VERSION": "0-ci",
        "SMARTDOOR_REVISION": revision,
    }
    project = compose.Compose(f"smartdoor-ci-{os.getpid()}", settings)
    say = lambda text: print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)  # noqa: E731
    project.run("config", "--quiet")
    project.run("build")
    say("built")
    with running(project):
        containers = {name: project.container(name) for name in ("localstack", *NAMES)}
        await_healthy(containers)
        say("healthy")
        client = Api(Run("", "", "", chosen), TOKEN)
        secret = begin_by_hand(project, chosen)
        say("the first door and recipient are there, by the commands in docs/operations.md")
        open_the_door(client, secret, 1)
        say("an opening is in the inbox")
        shown = project.run("exec", "-T", "lock-service", "cat", "/settings/lock-service/smartdoor.admin.token")
        expect(shown.strip() == TOKEN, f"expected the admin token to be shown, found {shown}")
        for name, container in containers.items():
            check_reach(name, container)
        for name in NAMES:
            check_container(name, containers[name], revision)
            check_bill_of_materials(name, containers[name])
            say(f"{name} is as it is said to be, and takes {memory(containers[name])}")
        upgrade(compose.Compose(project.project, settings | {"SMARTDOOR_VERSION": "1-ci"}), containers)
        open_the_door(client, secret, 2)
        say("an upgraded lock-service knows its door")
    for name in NAMES:
        check_cache(name)
    say("the AOT caches are used")
    check_reproducible("lock-service")
    say("the same commit gave the same layers")
    return 0


@contextlib.contextmanager
def running(project: compose.Compose) -> Iterator[None]:
    try:
        project.run("up", "--detach", "--no-build")
        yield
    except BaseException:
        with contextlib.suppress(Exception):
            print(project.run("logs", "--no-color", "--tail", "40"), flush=True)
        raise
    finally:
        project.remove()


def output(*command: str) -> str:
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    expect(done.returncode == 0, f"`{' '.join(command)}` failed: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"containers: {otherwise}")


def inspect(what: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(output("docker", "inspect", what))
    return found[0]


def await_healthy(containers: dict[str, str]) -> None:
    deadline = time.monotonic() + LIMIT
    while True:
        health = {name: inspect(container)["State"]["Health"]["Status"] for name, container in containers.items()}
        if set(health.values()) == {"healthy"}:
            return
        expect(time.monotonic() < deadline, f"expected all to be healthy within {LIMIT:.0f} s, found {health}")
        time.sleep(0.5)


def begin_by_hand(project: compose.Compose, chosen: dict[str, int]) -> str:
    """What docs/operations.md says to those who have no launcher, but for the project and the ports; returns the door's secret."""
    written = re.findall(r"(?ms)^```text\n(TOKEN=.*?)^```", (REPOSITORY / "docs" / "operations.md").read_text())
    expect(len(written) == 1 and written[0].count("\ncurl ") == 2, f"expected two commands with curl in docs/operations.md, found {written}")
    script = written[0].replace("docker-compose ", f"{shlex.join(project.words)} ")
    for service in services.ALL:
        script = script.replace(f":{service.port}/", f":{chosen[service.name]}/")
    answered, _ = json.JSONDecoder().raw_decode(output("sh", "-ec", script))
    expect(answered["id"] == "front-door", f"expected the front door to be registered, found {answered}")
    return str(answered["secret"])


def open_the_door(client: Api, secret: str, times: int) -> None:
    """Once more, with as many openings in the inbox afterwards."""
    answer = client.report("front-door", secret, api.door_event("open", None))
    expect(answer.status == 202, f"expected the opening to be answered 202, found {answer.reason()}")
    forged = client.report("front-door", "whsec_" + "AAAA" * 8, api.door_event("open", None))
    expect(forged.status == 401, f"expected an opening signed by somebody else to be answered 401, found {forged.reason()}")
    deadline = time.monotonic() + LIMIT
    while True:
        shown = [item["title"] for item in client.inbox("me")]
        if shown == ["Front door opened"] * times:
            return
        expect(time.monotonic() < deadline, f"expected {times} entries, Front door opened, in the inbox, found {shown}")
        time.sleep(0.2)


def upgrade(project: compose.Compose, containers: dict[str, str]) -> None:
    """As an operator does it: one service is built anew and replaced, the others stay."""
    project.run("build", "deploy", "lock-service")
    project.run("up", "--detach", "lock-service")
    now = {name: project.container(name) for name in containers}
    replaced = [name for name in containers if now[name] != containers[name]]
    expect(replaced == ["lock-service"], f"expected lock-service alone to be replaced, found {replaced}")
    await_healthy(now)


def check_reach(name: str, container: str) -> None:
    """From this machine alone."""
    published = [it for bindings in inspect(container)["NetworkSettings"]["Ports"].values() for it in bindings or []]
    expect(len(published) == 1, f"expected one published port of {name}, found {published}")
    expect(published[0]["HostIp"] == "127.0.0.1", f"expected {name} on loopback only, found {published}")
    for address in output("hostname", "-I").split():
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as probe:
            probe.settimeout(2)
            found = probe.connect_ex((address, int(published[0]["HostPort"])))
        expect(found != 0, f"expected nobody to reach {name} at {address}, found it answering")


def check_container(name: str, container: str, revision: str) -> None:
    found = inspect(container)
    host, config = found["HostConfig"], found["Config"]
    expect(host["ReadonlyRootfs"] is True, f"expected the root file system of {name} to be read-only")
    expect(host["CapDrop"] == ["ALL"], f"expected {name} to have no capabilities, found those but {host['CapDrop']}")
    expect(any(it.startswith("no-new-privileges") for it in host["SecurityOpt"] or []), f"expected {name} to gain no privileges")
    expect(host["Memory"] > 0, f"expected a limit of memory of {name}, found none")
    expect(not [it for it in config["Env"] if it.startswith("AWS_SECRET_ACCESS_KEY=") and not it.endswith("=local")], "a real key")
    user = output("docker", "exec", container, "id", "-u")
    expect(user == "10001", f"expected {name} to run as user 10001, found {user}")
    for file in ("/app/new", "/app/service.jar", "/etc/new"):
        done = subprocess.run(["docker", "exec", "-u", "0", container, "sh", "-c", f"echo x >> {file}"], capture_output=True, check=False)
        expect(done.returncode != 0, f"expected {file} of {name} to be read-only even for root, found it written")
    labels = inspect(config["Image"])["Config"]["Labels"]
    missing = [it for it in LABELS if labels.get(f"org.opencontainers.image.{it}", "unknown") == "unknown"]
    expect(not missing, f"expected labels of the image of {name}, found none of {missing} in {labels}")
    expect(labels["org.opencontainers.image.revision"] == revision, f"expected revision {revision}, found {labels}")


def check_bill_of_materials(name: str, container: str) -> None:
    """Every library that is there is in it."""
    document = json.loads(output("docker", "exec", container, "cat", "/app/sbom.cdx.json"))
    expect(document["bomFormat"] == "CycloneDX", f"expected a CycloneDX document in the image of {name}, found {document['bomFormat']}")
    expect(document["metadata"]["component"]["name"] == name, f"expected the document of {name}, found {document['metadata']['component']}")
    named = tuple(f"{it['name']}-{it['version']}" for it in document["components"]) + ("spring-boot-jarmode-tools-",)  # put there by packaging
    there = output("docker", "exec", container, "ls", "/app/lib").split()
    unnamed = [it for it in there if not it.startswith(named)]
    expect(len(there) > 20 and not unnamed, f"expected all of {name}'s {len(there)} libraries to be listed, found that these are not: {unnamed}")
    expect(all(it.get("hashes") for it in document["components"]), f"expected a hash of each component of {name}")


def image_of(name: str) -> str:
    return f"smartdoor/{name}:{compose.tag()}"


def memory(container: str) -> str:
    return output("docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", container)


def check_cache(name: str) -> None:
    """A JVM that insists on its cache starts; the same with another flag, which the cache does not fit, does not."""
    words = ["docker", "run", "--rm", "--read-only", "--tmpfs", "/tmp", "--entrypoint", "java", image_of(name)]
    flags = ["@service.options", "@training.options", "-XX:AOTMode=on", "-XX:AOTCache=service.aot"]
    output(*words, *flags, "-jar", "service.jar")
    other = subprocess.run([*words, *flags, "-XX:-UseCompactObjectHeaders", "-jar", "service.jar"], capture_output=True, check=False)
    expect(other.returncode != 0, f"expected the cache of {name} to be of use to the flags alone that it was trained with")


def check_reproducible(name: str) -> None:
    """Built again from nothing: all layers but the last, the AOT cache, are the same."""
    again = f"smartdoor-again/{name}"
    arguments = ["--build-arg", f"SERVICE={name}", "--file", "infra/docker/Dockerfile", "--tag", again, "."]
    output("docker", "build", "--quiet", "--no-cache", *arguments)
    try:
        first, second = (inspect(image)["RootFS"]["Layers"] for image in (image_of(name), again))
        expect(len(first) == len(second), f"expected as many layers, found {len(first)} and {len(second)}")
        expect(first[:-1] == second[:-1], f"expected the same layers but the last, found {first} and {second}")
        print(f"          the last layer, the AOT cache, is {'the same, too' if first[-1] == second[-1] else 'another'}", flush=True)
    finally:
        output("docker", "image", "rm", again)


if __name__ == "__main__":
    sys.exit(main())
