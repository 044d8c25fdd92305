"""Starting and stopping a whole SmartDoor: what runs, what is said, and what is left when something is wrong."""

from __future__ import annotations

import contextlib
import http.server
import io
import json
import os
import re
import signal
import socket
import stat
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

from launcher import emulator, lifecycle, processes
from launcher.console import Problem
from launcher.processes import Process
from launcher.tests.fakes import Machine

PARTS = {"lock-service", "notification-service", "identification-service", "emulator"}


class Silent(http.server.BaseHTTPRequestHandler):
    """Answers that it understands nothing, which is an answer."""

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Up(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(Path(folder.name).resolve())
        self.addCleanup(self.machine.clean_up)

    def up(self, *arguments: str, **environ: str) -> str:
        code, out, err = self.machine.run("up", "--detach", *arguments, **environ)
        self.assertEqual(0, code, err)
        return out + err

    def assert_refused(self, pattern: str, *arguments: str, **environ: str) -> None:
        """One clear line, a code that is not 0, and nothing left running."""
        code, _, err = self.machine.run(*(arguments or ("up", "--detach")), **environ)
        said = [line for line in err.splitlines() if line.startswith("smartdoor: ")]
        self.assertEqual(1, code, err)
        self.assertEqual(1, len(said), err)
        self.assertRegex(said[0], pattern)
        self.assertNotIn("Traceback", err)
        self.assertEqual([], self.machine.running())
        self.assertFalse((self.machine.home / "run.json").exists())

    # When all is well

    def test_everything_runs_and_stops(self) -> None:
        said = self.up()
        self.assertRegex(said, r"services ready in \d+\.\d s")
        self.assertIn("./smartdoor door open front-door", said)
        self.assertEqual(4, len(self.machine.running()))

        code, out, _ = self.machine.run("status", "--json")
        status = json.loads(out)
        self.assertEqual(0, code)
        self.assertTrue(status["healthy"])
        self.assertEqual(PARTS, {part["name"] for part in status["parts"]})

        self.assertEqual(0, self.machine.run("down")[0])
        self.assertEqual([], self.machine.running())
        self.assertEqual(1, self.machine.run("status")[0])

    def test_a_second_up_says_that_it_is_running(self) -> None:
        self.up()
        before = self.machine.running()
        self.assertIn("SmartDoor is running already", self.up())
        self.assertEqual(before, self.machine.running())

    def test_two_homes_run_side_by_side(self) -> None:
        self.up()
        self.up(SMARTDOOR_HOME=str(self.machine.folder / "other"))
        self.assertEqual(8, len(self.machine.running()))
        self.machine.run("down")
        self.assertEqual(4, len(self.machine.running()))

    def test_it_is_built_once_and_again_after_a_change(self) -> None:
        builds = self.machine.seen / "builds"
        self.up()
        self.machine.run("down")
        self.up()
        self.machine.run("down")
        self.assertEqual(1, len(builds.read_text().splitlines()))
        self.assertEqual(str(self.machine.folder / "jdk"), builds.read_text().strip())
        (self.machine.repository / "messaging" / "pom.xml").write_text("changed")
        self.up()
        self.assertEqual(2, len(builds.read_text().splitlines()))

    def test_a_service_is_told_of_its_own_stack_and_of_no_other(self) -> None:
        self.up(AWS_PROFILE="work", SMARTDOOR_ADMIN_TOKEN="a-token-of-my-own")
        told = self.machine.told("identification-service")
        self.assertEqual("the-bus-name", told["SMARTDOOR_BUS_NAME"])
        self.assertEqual("the-identification-statemachinearn", told["SMARTDOOR_IDENTIFICATION_STATEMACHINEARN"])
        self.assertEqual("a-token-of-my-own", told["SMARTDOOR_ADMIN_TOKEN"])
        self.assertEqual("000000000000", told["AWS_ACCESS_KEY_ID"])
        self.assertEqual("127.0.0.1", told["SERVER_ADDRESS"])
        self.assertNotIn("AWS_PROFILE", told)
        self.assertFalse([key for key in told if key.startswith(("SMARTDOOR_LOCK", "SMARTDOOR_NOTIFICATION"))])
        # A service does not start with settings that it does not have.
        self.assertIn("SMARTDOOR_IDENTIFICATION_DEADLETTERQUEUE", told)
        self.assertNotIn("SMARTDOOR_IDENTIFICATION_RULEDEADLETTERQUEUE", told)
        self.assertNotIn("SMARTDOOR_BUS_ARN", told)

    def test_a_service_is_told_nothing_that_is_meant_for_another_application(self) -> None:
        springs = ("MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE", "LOGGING_LEVEL_ROOT", "DEBUG", "SPRING_PROFILES_ACTIVE")
        others = ("JAVA_TOOL_OPTIONS", "SMARTDOOR_NOTIFICATION_QUEUE", "ANYTHING")
        foreign = dict.fromkeys((*springs, *others), "x")
        self.up(SMARTDOOR_MESSAGING_LEASE="2s", SMARTDOOR_LOCK_OUTBOX_LEASE="3s", TZ="Asia/Tokyo", **foreign)
        told = self.machine.told("lock-service")
        self.assertEqual({}, {key: told[key] for key in foreign if key in told})
        # What is meant for it, and what any program has to know of the machine.
        self.assertEqual("3s", told["SMARTDOOR_LOCK_OUTBOX_LEASE"])
        self.assertNotIn("SMARTDOOR_MESSAGING_LEASE", told)  # of subscribers: it would refuse to start
        self.assertEqual("2s", self.machine.told("notification-service")["SMARTDOOR_MESSAGING_LEASE"])
        self.assertEqual("Asia/Tokyo", told["TZ"])
        self.assertIn("PATH", told)

    def test_a_relative_java_home_will_do(self) -> None:
        self.up(JAVA_HOME=os.path.relpath(self.machine.folder / "jdk"))

    def test_what_is_written_is_its_owners_alone(self) -> None:
        self.machine.home.mkdir()
        self.machine.home.chmod(0o755)
        before = os.umask(0o022)
        try:
            self.up()
        finally:
            os.umask(before)
        written = [self.machine.home, *self.machine.home.rglob("*")]
        open_to_others = [it for it in written if stat.S_IMODE(it.stat().st_mode) & 0o077]
        self.assertEqual([], open_to_others)
        self.assertIn(self.machine.home / "door-secrets.json", written)

    def test_the_emulator_keeps_its_state_in_the_home(self) -> None:
        self.up()
        told = self.machine.told("emulator")
        self.assertEqual(("1", "1"), (told["PERSIST_STATE"], told["S3_PERSIST"]))
        self.assertEqual(str(self.machine.home / "emulator"), told["STATE_DIR"])

    def test_the_first_door_speaks_with_the_secret_it_was_given(self) -> None:
        self.up()
        code, out, err = self.machine.run("door", "open", "front-door")
        self.assertEqual((0, '202 {"idempotency-key": "a-key"}\n'), (code, out), err)

    def test_a_removed_first_door_does_not_come_back(self) -> None:
        self.up()
        self.machine.run("down")
        (self.machine.home / "door-secrets.json").unlink()
        self.up()
        self.assertFalse((self.machine.home / "door-secrets.json").exists())

    def test_an_aws_on_this_machine_is_used_and_no_emulator_started(self) -> None:
        with http.server.HTTPServer(("127.0.0.1", 0), Silent) as aws:
            threading.Thread(target=aws.handle_request).start()
            endpoint = f"http://127.0.0.1:{aws.server_port}"
            self.up(AWS_ENDPOINT_URL=endpoint)
        self.assertEqual(3, len(self.machine.running()))
        told = self.machine.told("lock-service")
        self.assertEqual(endpoint, told["AWS_ENDPOINT_URL"])
        # In an AWS that others use too, this home keeps to an account of its own.
        self.assertEqual((self.machine.home / "account").read_text().strip(), told["AWS_ACCESS_KEY_ID"])

    def test_logs_name_who_wrote_them(self) -> None:
        self.up()
        code, out, _ = self.machine.run("logs", "lock")
        self.assertEqual(0, code)
        self.assertRegex(out, r"(?m)^lock-service +\| lock-service speaks$")

    def test_ctrl_c_stops_everything(self) -> None:
        for kind in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(kind), self.machine.start("up") as process:
                assert process.stdout is not None
                for line in process.stdout:
                    if re.search(r"\| .*-service speaks", line):
                        break
                process.send_signal(kind)
                process.communicate(timeout=60)
                self.assertEqual(0, process.returncode)
                self.assertEqual([], self.machine.running())

    def test_what_an_emulator_that_is_ended_by_force_loses_is_said(self) -> None:
        self.machine.break_part("deaf-emulator")
        self.up()
        with mock.patch.object(emulator, "STOP_LIMIT", 0.5), mock.patch.dict("os.environ", self.machine.environment()):
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                self.assertEqual(0, lifecycle.down())
        self.assertRegex(err.getvalue(), "emulator did not stop when asked, and was ended by force: .* since `up` is lost")
        self.assertEqual([], self.machine.running())

    def test_an_inbox_is_followed_as_it_changes(self) -> None:
        self.up()
        with self.machine.start("inbox", "me", "--follow", "--json") as following:
            assert following.stdout is not None
            shown = [json.loads(following.stdout.readline()) for _ in range(3)]
            following.send_signal(signal.SIGINT)
            self.assertEqual(130, following.wait(timeout=60))
            _, err = following.communicate()
        self.assertEqual([("one", 1), ("two", 2), ("two, replaced", 3)], [(it["title"], it["seq"]) for it in shown])
        self.assertEqual("smartdoor: interrupted\n", err)

    def test_down_ends_an_up_that_follows(self) -> None:
        with self.machine.start("up") as process:
            assert process.stdout is not None
            for line in process.stdout:
                if "| lock-service speaks" in line:
                    break
            self.assertEqual(0, self.machine.run("down")[0])
            process.communicate(timeout=60)
            self.assertEqual(0, process.returncode)

    # When something is wrong

    def test_a_busy_port_is_named_before_anything_is_done(self) -> None:
        with socket.socket() as other:
            # Shared with this very test of another run: one that only relied on the other's would lose the port with it.
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            self.occupy(other, 8082)
            self.assert_refused(r"8082 \(notification-service\).* to be free", SMARTDOOR_FREE_PORTS="0")
        self.assertFalse((self.machine.seen / "builds").exists())

    def occupy(self, own: socket.socket, port: int) -> None:
        """Until the port is ours, or a program's that stays: another run's look at it lasts for a moment only."""
        deadline = time.monotonic() + 10
        while True:
            try:
                own.bind(("127.0.0.1", port))
                own.listen()
                return
            except OSError:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        return
                self.assertLess(time.monotonic(), deadline, f"port {port} is neither free nor anybody's")

    def test_a_missing_jdk_is_named_before_anything_is_done(self) -> None:
        self.machine.remove_jdk()
        self.assert_refused(r"expected a JDK 25, found .*: install one \(Temurin 25", HOME=str(self.machine.folder))
        self.assertFalse((self.machine.seen / "builds").exists())

    def test_a_folder_that_cannot_be_is_named_in_one_line(self) -> None:
        nowhere = "/dev/null/x"
        self.assert_refused(f"expected .* the folder of tools {nowhere}, found: .*SMARTDOOR_TOOLS", SMARTDOOR_TOOLS=nowhere)
        for command in (["up", "--detach"], ["status"], ["down"], ["doctor"], ["door", "list"]):
            with self.subTest(command):
                code, out, err = self.machine.run(*command, SMARTDOOR_HOME=nowhere)
                self.assertEqual(1, code)
                self.assertRegex(out + err, f"found: Not a directory|found {nowhere}")
                self.assertNotIn("Traceback", err)

    def test_the_doctor_says_what_docker_there_is_and_does_not_mind_if_there_is_none(self) -> None:
        code, out, _ = self.machine.run("doctor")
        self.assertEqual(0, code)
        self.assertRegex(out, "(?m)^ok +Docker +with docker-compose; only `up --docker`, .* need it$")
        self.machine.break_part("engine")
        code, out, _ = self.machine.run("doctor")
        self.assertEqual(0, code)
        self.assertRegex(out, "(?m)^none +Docker +expected a Docker engine, found none .*\\(only `up --docker`, .* need it\\)$")
        self.assertIn("everything is there", out)

    def test_a_note_of_what_runs_that_lacks_something_is_named(self) -> None:
        self.machine.home.mkdir(mode=0o700)
        for spoilt, found in (('{"endpoint": "http://127.0.0.1:1"}', "incomplete"), ("{", "something else")):
            (self.machine.home / "run.json").write_text(spoilt)
            for command in ("up", "status", "down", "doctor"):
                with self.subTest([spoilt, command]):
                    self.assert_spoilt(found, command)

    def assert_spoilt(self, found: str, command: str) -> None:
        code, out, err = self.machine.run(command)
        self.assertEqual(1, code)
        self.assertRegex(out + err, rf"run\.json.*{found}.*: end what still runs by hand \(ps\), and remove that file")
        self.assertNotIn("Traceback", err)

    def test_an_old_maven_is_refused(self) -> None:
        self.machine.break_part("old-maven")
        self.assert_refused("expected Maven 3.8.7 or newer, found 3.8.6")

    def test_a_failed_build_shows_its_first_error(self) -> None:
        self.machine.break_part("mvn")
        self.assert_refused("expected the services to build, found: COMPILATION ERROR: ';' expected")

    def test_a_failed_emulator_shows_what_it_said(self) -> None:
        self.machine.break_part("emulator")
        self.assert_refused("expected the emulator to start.*the emulator has no memory left")

    def test_a_failed_deployment_leaves_nothing_running(self) -> None:
        self.machine.break_part("deploy")
        self.assert_refused("expected the stacks to be deployed, found .*the template is broken")

    def test_a_service_that_ends_takes_the_others_with_it(self) -> None:
        self.machine.break_part("identification-service")
        self.assert_refused("expected identification-service to start.*exit code 1.*the table is gone")

    def test_a_given_aws_that_nobody_answers_for_is_named(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.assert_refused("expected an AWS at " + endpoint, AWS_ENDPOINT_URL=endpoint)

    def test_an_aws_elsewhere_is_refused(self) -> None:
        self.assert_refused("found https://events.amazonaws.com", AWS_ENDPOINT_URL="https://events.amazonaws.com")

    def test_after_a_failure_the_next_up_starts_anew(self) -> None:
        self.machine.break_part("lock-service")
        self.assert_refused("expected lock-service to start")
        self.machine.mend("lock-service")
        self.up()
        self.assertEqual(4, len(self.machine.running()))

    def test_a_part_that_ended_by_itself_is_shown_and_named_by_the_next_up(self) -> None:
        self.up()
        status = json.loads(self.machine.run("status", "--json")[1])
        (pid,) = [part["pid"] for part in status["parts"] if part["name"] == "lock-service"]
        processes.stop([Process("lock-service", pid, processes.started(pid) or "")], 10)
        code, out, _ = self.machine.run("status")
        self.assertEqual(1, code)
        self.assertRegex(out, r"lock-service +ended")
        code, _, err = self.machine.run("up", "--detach")
        self.assertEqual(1, code)
        self.assertRegex(err, r"found that lock-service ended: .*\./smartdoor down stops the rest, then \./smartdoor up starts all of it")
        self.machine.run("down")
        self.assertEqual([], self.machine.running())

    def kill_up_at(self, moment: str) -> None:
        """As by `kill -9`, or for want of memory."""
        self.machine.break_part(f"killed-at-{moment}")
        self.assertEqual(-signal.SIGKILL, self.machine.run("up", "--detach")[0])

    def test_an_up_that_was_killed_half_way_is_told_from_one_that_came_to_its_end(self) -> None:
        self.kill_up_at("describe-stacks")
        code, out, _ = self.machine.run("status")
        self.assertEqual(1, code)
        self.assertRegex(out, r"lock-service +not started +http://127\.0\.0\.1:\d+\n")
        self.assertIn(r"did not come to its end: ./smartdoor up stops what it left, and starts anew", out)
        status = json.loads(self.machine.run("status", "--json")[1])
        states = {part["name"]: part["state"] for part in status["parts"]}
        self.assertEqual(dict.fromkeys(PARTS, "not started") | {"emulator": "healthy"}, states)
        self.assertFalse(status["healthy"])

    def test_what_a_killed_up_left_is_stopped_by_the_next_which_starts_anew(self) -> None:
        left = []
        for moment in ("describe-stacks", "GET-actuator-health", "PUT-v1-recipients-me"):
            with self.subTest(moment):
                self.kill_up_at(moment)
                self.assertEqual(1, self.machine.run("status")[0])
                self.assertFalse((self.machine.home / "furnished").exists())
                left += self.machine.running()
        said = self.up()
        self.assertIn("an earlier `up` did not come to its end", said)
        self.assertIn("SmartDoor is running:", said)
        self.assertTrue((self.machine.home / "furnished").exists())
        self.assertEqual((4, set()), (len(self.machine.running()), set(left) & set(self.machine.running())))
        self.assertEqual(0, self.machine.run("status")[0])

    def test_a_part_that_hangs_is_not_healthy(self) -> None:
        self.up()
        status = json.loads(self.machine.run("status", "--json")[1])
        for name in ("emulator", "lock-service"):
            (pid,) = [part["pid"] for part in status["parts"] if part["name"] == name]
            out = io.StringIO()
            with self.subTest(name), mock.patch.object(emulator, "ANSWER_LIMIT", 0.5), mock.patch.dict("os.environ", self.machine.environment()):
                os.kill(pid, signal.SIGSTOP)
                try:
                    with contextlib.redirect_stdout(out):
                        self.assertEqual(1, lifecycle.status(as_json=False))
                    self.assertRegex(out.getvalue(), rf"{name} +unhealthy")
                    with self.assertRaisesRegex(Problem, rf"found that {name} does not answer: .*\./smartdoor down stops it, then \./smartdoor up"):
                        lifecycle.up(detach=True, free_ports=True)
                finally:
                    os.kill(pid, signal.SIGCONT)
        self.assertEqual(4, len(self.machine.running()))


class Emulator(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.machine = Machine(Path(folder.name).resolve())
        self.addCleanup(self.machine.clean_up)

    def test_it_says_where_it_is_and_ends_with_standard_input(self) -> None:
        with self.machine.start("emulator") as process:
            assert process.stdout is not None
            self.assertRegex(process.stdout.readline(), r"^endpoint http://127\.0\.0\.1:\d+\n$")
            out, _ = process.communicate(timeout=60)
            self.assertEqual((0, ""), (process.returncode, out))
        self.assertEqual([], self.machine.running())

    def test_it_ends_when_asked_to(self) -> None:
        with self.machine.start("emulator") as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
            self.assertEqual(0, process.returncode)
        self.assertEqual([], self.machine.running())

    def test_it_keeps_no_state(self) -> None:
        with self.machine.start("emulator") as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.communicate(timeout=60)
        self.assertNotIn("PERSIST_STATE", self.machine.told("emulator"))
