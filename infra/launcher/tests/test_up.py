"""Starting and stopping a whole SmartDoor: what runs, what is said, and what is left when something is wrong."""

from __future__ import annotations

import http.server
import json
import re
import signal
import socket
import tempfile
import threading
import unittest
from pathlib import Path

from launcher import processes
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
        self.up(AWS_PROFILE="work", SMARTDOOR_ADMIN_TOKEN="token")
        told = self.machine.told("identification-service")
        self.assertEqual("the-bus-name", told["SMARTDOOR_BUS_NAME"])
        self.assertEqual("the-identification-statemachinearn", told["SMARTDOOR_IDENTIFICATION_STATEMACHINEARN"])
        self.assertEqual("token", told["SMARTDOOR_ADMIN_TOKEN"])
        self.assertEqual("000000000000", told["AWS_ACCESS_KEY_ID"])
        self.assertEqual("127.0.0.1", told["SERVER_ADDRESS"])
        self.assertNotIn("AWS_PROFILE", told)
        self.assertFalse([key for key in told if key.startswith(("SMARTDOOR_LOCK", "SMARTDOOR_NOTIFICATION"))])

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
            try:
                other.bind(("127.0.0.1", 8082))
            except OSError:
                pass  # somebody else has it already, which is as busy
            other.listen()
            self.assert_refused(r"8082 \(notification-service\).* to be free", SMARTDOOR_FREE_PORTS="0")
        self.assertFalse((self.machine.seen / "builds").exists())

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
        self.assertIn("found that lock-service ended", err)
        self.machine.run("down")
        self.assertEqual([], self.machine.running())


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
