"""The same commands for a SmartDoor in containers."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

from launcher import compose, environment, ports, processes
from launcher.tests.fakes import Machine


class Containers(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(Path(folder.name).resolve())
        self.addCleanup(self.machine.clean_up)

    def up(self, **environ: str) -> str:
        code, out, err = self.machine.run("up", "--detach", "--docker", **environ)
        self.assertEqual(0, code, err)
        return out

    def assert_refused(self, pattern: str, **environ: str) -> None:
        code, _, err = self.machine.run("up", "--detach", "--docker", **environ)
        said = [line for line in err.splitlines() if line.startswith("smartdoor: ")]
        self.assertEqual((1, 1), (code, len(said)), err)
        self.assertRegex(said[0], pattern)
        self.assertEqual([], self.machine.running())
        self.assertFalse((self.machine.home / "run.json").exists())

    def asked(self) -> list[str]:
        """What docker-compose was asked for."""
        return [line.split()[1] for line in (self.machine.seen / "compose").read_text().splitlines()]

    def test_everything_runs_and_stops_and_nothing_is_built_outside_of_containers(self) -> None:
        said = self.up()
        self.assertIn("LocalStack keeps nothing", said)
        self.assertEqual(["build", "up"], self.asked()[:2])
        self.assertFalse((self.machine.seen / "builds").exists())
        self.assertEqual(4, len(self.machine.running()))

        code, out, _ = self.machine.run("status", "--json")
        status = json.loads(out)
        self.assertEqual((0, True), (code, status["healthy"]))
        self.assertEqual("the-bus-name", status["outputs"]["bus"]["Name"])

        self.assertEqual(0, self.machine.run("down")[0])
        self.assertEqual("down", self.asked()[-1])
        self.assertEqual([], self.machine.running())
        self.assertEqual(1, self.machine.run("status")[0])

    def test_containers_are_told_the_ports_and_the_token_of_their_home(self) -> None:
        self.up()
        told = json.loads((self.machine.seen / "compose.json").read_text())
        self.assertEqual((self.machine.home / "admin-token").read_text().strip(), told["SMARTDOOR_ADMIN_TOKEN"])
        status = json.loads(self.machine.run("status", "--json")[1])
        shown = {part["name"]: part["address"].rpartition(":")[2] for part in status["parts"]}
        given = {"lock-service": "LOCK", "notification-service": "NOTIFICATION", "identification-service": "IDENTIFICATION", "emulator": "AWS"}
        self.assertEqual({name: told[f"SMARTDOOR_PORT_{port}"] for name, port in given.items()}, shown)

    def test_a_clone_runs_what_it_has_built_itself(self) -> None:
        written = (environment.REPOSITORY / "docker-compose.yml").read_text()
        built = re.findall(r"(?m)^ +image: smartdoor/\S+$", written)
        self.assertEqual(4, len(built))
        self.assertTrue(all(it.endswith(":${SMARTDOOR_TAG:-latest}") for it in built), built)
        self.up()
        own = self.settings()["SMARTDOOR_TAG"]
        self.assertRegex(own, "clone-[0-9a-f]{8}$")
        with mock.patch("launcher.compose.REPOSITORY", self.machine.repository):
            self.assertEqual(own, compose.tag())
        self.assertNotEqual(own, compose.tag())
        self.machine.run("down")
        self.up(SMARTDOOR_TAG="mine", SMARTDOOR_HOME=str(self.machine.folder / "other"))
        self.assertEqual("mine", self.settings()["SMARTDOOR_TAG"])

    def test_images_are_told_their_revision(self) -> None:
        self.up()
        self.assertEqual("unknown", self.settings()["SMARTDOOR_REVISION"])
        self.machine.run("down")
        git = ["git", "-c", "user.name=me", "-c", "user.email=me@example.org", "-C", str(self.machine.repository)]
        for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "Begin"]):
            subprocess.run([*git, *words], check=True)
        head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
        self.up()
        self.assertEqual(head, self.settings()["SMARTDOOR_REVISION"])
        self.machine.run("down")
        self.up(SMARTDOOR_REVISION="r7", SMARTDOOR_VERSION="7")
        self.assertEqual(("r7", "7"), (self.settings()["SMARTDOOR_REVISION"], self.settings()["SMARTDOOR_VERSION"]))

    def test_ports_that_are_named_are_those(self) -> None:
        named = ports.choose(["LOCK", "AWS"])
        given = {f"SMARTDOOR_PORT_{name}": str(port) for name, port in named.items()}
        self.up(**given)
        told = json.loads((self.machine.seen / "compose.json").read_text())
        self.assertEqual(given, {name: told[name] for name in given})
        self.assertEqual(4, len({told[f"SMARTDOOR_PORT_{it}"] for it in ("LOCK", "NOTIFICATION", "IDENTIFICATION", "AWS")}))
        self.machine.run("down")
        self.assertEqual(0, self.machine.run("up", "--detach", **given)[0])
        self.assertEqual(given["SMARTDOOR_PORT_LOCK"], self.machine.told("lock-service")["SERVER_PORT"])

    def test_ports_that_are_none_are_refused(self) -> None:
        self.assert_refused('expected SMARTDOOR_PORT_LOCK to be a port .*, found "70000"', SMARTDOOR_PORT_LOCK="70000")
        self.assert_refused("expected a port of its own in SMARTDOOR_PORT_AWS", SMARTDOOR_PORT_LOCK="8090", SMARTDOOR_PORT_AWS="8090")

    def test_what_runs_is_not_taken_for_what_was_asked_for(self) -> None:
        for runs, asked, found in (((), ("--docker",), "of processes"), (("--docker",), (), "in containers")):
            with self.subTest(runs=runs):
                self.assertEqual(0, self.machine.run("up", "--detach", *runs)[0])
                code, out, err = self.machine.run("up", "--detach", *asked)
                self.assertEqual((1, ""), (code, out), err)
                self.assertRegex(err, rf"\Asmartdoor: expected nothing or .* found one {found}: ./smartdoor down stops it\n\Z")
                self.assertEqual(0, self.machine.run("status")[0])
                said = self.machine.run("up", "--detach", "--free-ports", *runs)[1]
                self.assertIn("running already, on the ports that it has: ./smartdoor down, then up, chooses others", said)
                self.machine.run("down")

    def test_containers_are_told_settings_of_services(self) -> None:
        self.up(SMARTDOOR_LOCK_WEBHOOKS_DOORRATE="3", DEBUG="1")
        told = json.loads((self.machine.seen / "compose.json").read_text())
        self.assertEqual("SMARTDOOR_LOCK_WEBHOOKS_DOORRATE=3", told["SMARTDOOR_SETTINGS"])

    def test_a_door_speaks_and_logs_show_who_wrote_them(self) -> None:
        self.up()
        self.assertEqual((0, '202 {"idempotency-key": "a-key"}\n'), self.machine.run("door", "open", "front-door")[:2])
        self.assertRegex(self.machine.run("logs", "lock")[1], r"(?m)^lock-service +\| lock-service speaks$")

    def test_a_door_that_is_kept_keeps_its_secret_and_one_in_containers_does_not(self) -> None:
        self.assertEqual(0, self.machine.run("up", "--detach")[0])
        self.machine.run("down")
        kept = (self.machine.home / "door-secrets.json").read_text()
        (self.machine.home / "furnished").unlink()
        self.machine.secret("whsec_BBBB")
        self.up()
        self.assertEqual('202 {"idempotency-key": "a-key"}\n', self.machine.run("door", "open", "front-door")[1])
        own = self.machine.home / "door-secrets-in-containers.json"
        self.assertEqual({"front-door": "whsec_BBBB"}, json.loads(own.read_text()))
        self.assertEqual(0, self.machine.run("down")[0])
        self.assertFalse(own.exists())
        self.assertFalse((self.machine.home / "furnished").exists())
        self.assertEqual(kept, (self.machine.home / "door-secrets.json").read_text())

    def test_logs_show_what_was_built_and_deployed_and_what_localstack_says(self) -> None:
        code, _, err = self.machine.run("up", "--detach", "--docker")
        self.assertEqual(0, code, err)
        self.assertIn(f"written down in {self.machine.home / 'logs' / 'compose.log'}", err)
        shown = {it: self.machine.run("logs", it) for it in ("build", "compose", "deploy", "localstack", "emulator")}
        self.assertRegex(shown["compose"][1], r"(?m)^compose +\| build is done$")
        self.assertEqual(shown["compose"], shown["build"])
        self.assertRegex(shown["deploy"][1], r"^deploy +\| the stacks are deployed$")
        self.assertRegex(shown["localstack"][1], r"^emulator +\| localstack speaks$")
        self.assertEqual(shown["emulator"], shown["localstack"])

    def test_who_fails_on_localstack_may_have_lost_everything(self) -> None:
        advice = "LocalStack has started anew, it is empty, as it keeps nothing: ./smartdoor down, then ./smartdoor up --docker"
        self.up()
        code, _, err = self.machine.run("dlq", "list")
        self.assertEqual(1, code)
        self.assertRegex(err, rf"^smartdoor: .*500 Internal Server Error: something went wrong here.*{advice}\n$")
        self.machine.run("down")
        self.machine.run("up", "--detach")
        self.assertNotIn("LocalStack", self.machine.run("dlq", "list")[2])

    def test_homes_have_projects_of_their_own(self) -> None:
        self.up()
        self.machine.run("down")
        self.up(SMARTDOOR_HOME=str(self.machine.folder / "other"))
        projects = {line.split()[0] for line in (self.machine.seen / "compose").read_text().splitlines()}
        self.assertEqual(2, len(projects))

    def test_a_container_that_ended_is_shown(self) -> None:
        self.up()
        os.kill(int((self.machine.seen / "lock-service.container").read_text()), signal.SIGKILL)
        code, out, _ = self.machine.run("status", "--json")
        states = {part["name"]: part["state"] for part in json.loads(out)["parts"]}
        self.assertEqual((1, "ended"), (code, states["lock-service"]))

    def follower(self, name: str) -> int:
        """Who writes down the log of a container."""
        return int(json.loads((self.machine.home / "run.json").read_text())["processes"][name]["pid"])

    def is_there(self, pid: int) -> bool:
        return processes.started(pid) is not None

    def log(self) -> list[str]:
        return (self.machine.home / "logs" / "lock-service.log").read_text().splitlines()

    def await_log(self, *lines: str) -> None:
        deadline = time.monotonic() + 10
        while self.log() != list(lines):
            self.assertLess(time.monotonic(), deadline, self.log())
            time.sleep(0.05)

    def test_whoever_writes_down_a_log_is_not_the_container(self) -> None:
        self.up()
        self.await_log("lock-service speaks")
        for name in ("lock-service", "notification-service", "identification-service", "emulator"):
            os.kill(self.follower(name), signal.SIGKILL)
        self.assertEqual(0, self.machine.run("door", "open", "front-door")[0])
        self.assertEqual(0, self.machine.run("inbox", "me")[0])
        self.assertIn("running already", self.up())
        code, out, _ = self.machine.run("status")
        self.assertEqual(0, code, out)
        self.assertRegex(out, r"lock-service +healthy +http://127.0.0.1:\d+  \(container smartdoor-\w+-lock-service\)")
        self.await_log("lock-service speaks", "lock-service speaks on")
        self.assertTrue(self.is_there(self.follower("lock-service")))

    def test_another_container_in_its_place_is_as_good(self) -> None:
        self.up()
        self.await_log("lock-service speaks")
        (self.machine.seen / "lock-service.watched").touch()
        project = json.loads(self.machine.home.joinpath("run.json").read_text())["project"]
        recreate = ["--project-name", project, "--file", "docker-compose.yml", "up", "--detach", "--force-recreate", "lock-service"]
        told = json.loads((self.machine.seen / "compose.json").read_text())
        subprocess.run([self.machine.folder / "bin" / "docker-compose", *recreate], env=told, check=True)
        deadline = time.monotonic() + 10
        while self.machine.run("status")[0] != 0:
            self.assertLess(time.monotonic(), deadline)
        part = json.loads(self.machine.run("status", "--json")[1])["parts"][0]
        self.assertRegex(part["container"], "lock-service~1$")
        self.assertNotIn("pid", part)
        self.await_log("lock-service speaks", "lock-service~1 speaks")

    def test_an_upgrade_replaces_a_container_of_the_same_project_with_the_same_settings(self) -> None:
        self.up()
        told = self.settings()
        self.machine.break_part("changed")
        self.assertEqual((0, "lock-service is replaced\n"), self.machine.run("upgrade", "lock", AWS_REGION="us-east-1")[:2])
        self.assertEqual(told, self.settings())
        code, out, _ = self.machine.run("status", "--json")
        status = json.loads(out)
        self.assertEqual(0, code)
        self.assertRegex(status["parts"][0]["container"], "lock-service~1$")
        asked = (self.machine.seen / "compose").read_text().splitlines()
        self.assertEqual({status["project"]}, {line.split()[0] for line in asked})
        self.assertIn(f"--project-name {status['project']}\n", self.machine.run("status")[1])
        self.await_log("lock-service speaks", "lock-service~1 speaks on")

    def test_an_upgrade_that_changes_nothing_replaces_nothing(self) -> None:
        self.up()
        self.assertEqual("lock-service is as it was: nothing of it has changed\n", self.machine.run("upgrade", "lock-service")[1])
        code, _, err = self.machine.run("upgrade", "door")
        self.assertEqual((1, 1), (code, err.count("expected one of lock-service, ")), err)

    def test_an_upgrade_is_one_of_containers(self) -> None:
        self.assertEqual(0, self.machine.run("up", "--detach")[0])
        code, _, err = self.machine.run("upgrade", "lock")
        self.assertEqual(1, code)
        self.assertIn("expected SmartDoor to run in containers, found processes", err)

    def settings(self) -> dict[str, str]:
        """What docker-compose was told last to start by."""
        told = json.loads((self.machine.seen / "compose.json").read_text())
        return {key: value for key, value in told.items() if key.startswith(("SMARTDOOR_", "AWS_"))}

    def test_what_is_attached_goes_on_without_whoever_writes_down_a_log(self) -> None:
        with self.machine.start("up", "--docker") as attached:
            try:
                assert attached.stdout is not None
                for line in attached.stdout:
                    if "| lock-service speaks" in line:
                        break
                os.kill(self.follower("lock-service"), signal.SIGKILL)
                self.await_log("lock-service speaks", "lock-service speaks on")
                os.kill(int((self.machine.seen / "lock-service.container").read_text()), signal.SIGKILL)
                assert attached.stderr is not None
                ended = next(line for line in attached.stderr if "ended" in line)
                self.assertEqual("lock-service ended with exit code 137; the others go on\n", ended)
            finally:
                attached.send_signal(signal.SIGINT)
                attached.communicate(timeout=30)
        self.assertEqual([], self.machine.running())

    def test_without_an_engine_it_says_so(self) -> None:
        self.machine.break_part("engine")
        self.assert_refused("expected a Docker engine, found none .*: start Docker, or do without --docker")

    def after_a_reboot_without_docker(self) -> None:
        self.up()
        for pid in self.machine.running():
            os.kill(pid, signal.SIGKILL)
        self.machine.break_part("engine")

    def test_without_an_engine_down_forgets_and_removes_what_is_left_once_there_is_one(self) -> None:
        self.after_a_reboot_without_docker()
        left = "containers of an earlier `up --docker` may be left in project smartdoor-.*: start Docker and run ./smartdoor down"
        code, out, err = self.machine.run("down")
        self.assertEqual((0, "SmartDoor is stopped\n"), (code, out), err)
        self.assertRegex(err, left)
        self.assertRegex(self.machine.run("down")[2], left)
        self.assertNotIn("down", self.asked())
        self.machine.mend("engine")
        self.assertEqual((0, "SmartDoor is not running\n", ""), self.machine.run("down"))
        self.assertEqual("down", self.asked()[-1])
        asked = len(self.asked())
        self.machine.run("down")
        self.assertEqual(asked, len(self.asked()))

    def test_without_an_engine_everything_starts_outside_of_containers(self) -> None:
        self.after_a_reboot_without_docker()
        code, _, err = self.machine.run("up", "--detach")
        self.assertEqual(0, code, err)
        self.assertIn("may be left in project smartdoor-", err)
        self.assertEqual(0, self.machine.run("status")[0])

    def test_another_aws_is_refused(self) -> None:
        self.assert_refused("expected no AWS_ENDPOINT_URL with --docker", AWS_ENDPOINT_URL="http://127.0.0.1:1")

    def test_a_failed_build_leaves_nothing(self) -> None:
        self.machine.break_part("compose-build")
        self.assert_refused("expected docker-compose build to work, found: build is not possible: see .*compose.log")

    def test_a_failed_start_leaves_nothing_and_shows_what_the_deploy_step_said(self) -> None:
        self.machine.break_part("compose-up")
        self.assert_refused("expected docker-compose up to work, found: up is not possible.*deploy step said: the stacks are deployed")
        self.assertEqual("down", self.asked()[-1])

    def test_a_service_that_does_not_start_takes_all_with_it(self) -> None:
        self.machine.break_part("identification-service")
        self.assert_refused("expected identification-service to start")
        self.assertEqual("down", self.asked()[-1])
