"""What services in containers are told."""

from __future__ import annotations

import os
import re
import stat
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from launcher import cli, configtree
from launcher.console import Problem
from launcher.environment import REPOSITORY


class ConfigtreeTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "settings"
        environ = mock.patch.dict(os.environ)
        environ.start()
        self.addCleanup(environ.stop)
        os.environ.pop("SMARTDOOR_ADMIN_TOKEN", None)
        os.environ.pop("SMARTDOOR_SETTINGS", None)

    def read(self, name: str, service: str = "lock-service") -> str:
        return (self.folder / service / name).read_text()

    def test_outputs_become_settings_of_the_service_that_has_them(self) -> None:
        bus = {"Name": "smartdoor", "Arn": "arn:aws:events:eu-central-1:000000000000:event-bus/smartdoor"}
        configtree.write(self.folder, {"bus": bus, "lock": {"OutboxTable": "smartdoor-lock-outbox"}})
        self.assertEqual(self.read("smartdoor.bus.name"), "smartdoor")
        self.assertEqual(self.read("smartdoor.lock.outbox-table"), "smartdoor-lock-outbox")
        others = {it.name for it in (self.folder / "notification-service").iterdir()}
        self.assertEqual(others, {"smartdoor.bus.name", "smartdoor.admin.token"})

    def test_all_services_have_the_same_token(self) -> None:
        configtree.write(self.folder, {})
        tokens = {self.read("smartdoor.admin.token", it) for it in ("lock-service", "notification-service", "identification-service")}
        self.assertEqual(len(tokens), 1)

    def test_the_token_is_made_up_once_and_kept(self) -> None:
        configtree.write(self.folder, {})
        made = self.read("smartdoor.admin.token")
        configtree.write(self.folder, {})
        self.assertGreaterEqual(len(made), 32)
        self.assertEqual(self.read("smartdoor.admin.token"), made)

    def test_a_given_token_replaces_the_one_that_is_there(self) -> None:
        configtree.write(self.folder, {})
        os.environ["SMARTDOOR_ADMIN_TOKEN"] = "a token of the user's own, of 32 letters"
        configtree.write(self.folder, {})
        self.assertEqual(self.read("smartdoor.admin.token"), "a token of the user's own, of 32 letters")

    def test_an_empty_token_is_none(self) -> None:
        os.environ["SMARTDOOR_ADMIN_TOKEN"] = ""  # what docker-compose passes on of a variable that is not set
        configtree.write(self.folder, {})
        self.assertGreaterEqual(len(self.read("smartdoor.admin.token")), 32)

    def test_a_setting_goes_to_the_services_that_may_have_it_as_the_property_that_spring_reads(self) -> None:
        os.environ["SMARTDOOR_SETTINGS"] = "SMARTDOOR_LOCK_WEBHOOKS_DORRATE=3 SMARTDOOR_MESSAGING_LEASE=5s 'SMARTDOOR_TRACING_ENDPOINT=http://x/a b'"
        configtree.write(self.folder, {})
        # Misspelt: the service says so itself, which knows its settings.
        self.assertEqual(self.read("smartdoor.lock.webhooks.dorrate"), "3")
        self.assertEqual(self.read("smartdoor.messaging.lease", "notification-service"), "5s")
        self.assertEqual(self.read("smartdoor.tracing.endpoint"), "http://x/a b")
        names = {it.name for it in (self.folder / "notification-service").iterdir()}
        self.assertEqual(names, {"smartdoor.messaging.lease", "smartdoor.tracing.endpoint", "smartdoor.admin.token"})
        self.assertFalse((self.folder / "lock-service" / "smartdoor.messaging.lease").exists())
        del os.environ["SMARTDOOR_SETTINGS"]
        configtree.write(self.folder, {})
        self.assertFalse((self.folder / "lock-service" / "smartdoor.lock.webhooks.dorrate").exists())

    def test_what_a_stack_says_of_itself_is_not_set_by_hand(self) -> None:
        os.environ["SMARTDOOR_SETTINGS"] = "SMARTDOOR_LOCK_DOORSTABLE=mine"
        configtree.write(self.folder, {"lock": {"DoorsTable": "smartdoor-lock-doors"}})
        self.assertEqual({it.name for it in (self.folder / "lock-service").iterdir()}, {"smartdoor.lock.doors-table", "smartdoor.admin.token"})

    def test_what_can_be_no_setting_is_refused(self) -> None:
        for given in ("SMARTDOOR_LOKC_WEBHOOKS_DOORRATE=3", "SMARTDOOR_HTTP_MAXBODY", "DEBUG=1", "SMARTDOOR_HTTP_MAXBODY='1KB"):
            os.environ["SMARTDOOR_SETTINGS"] = given
            with self.subTest(given), self.assertRaisesRegex(Problem, "expected SMARTDOOR_SETTINGS to be NAME=VALUE.*found.*: correct it"):
                configtree.write(self.folder, {})
        self.assertFalse(self.folder.exists())

    def test_containers_are_told_what_processes_would_be(self) -> None:
        environ = {"SMARTDOOR_LOCK_WEBHOOKS_DOORRATE": "3", "SMARTDOOR_TRACING_ENDPOINT": "http://x/a b", "SMARTDOOR_HOME": "/x", "DEBUG": "1"}
        os.environ["SMARTDOOR_SETTINGS"] = configtree.settings_for(environ | {"SMARTDOOR_SETTINGS": "SMARTDOOR_HTTP_MAXBODY=1KB"})
        told = {key: environ[key] for key in ("SMARTDOOR_LOCK_WEBHOOKS_DOORRATE", "SMARTDOOR_TRACING_ENDPOINT")}
        self.assertEqual(configtree.given_settings(), {"SMARTDOOR_HTTP_MAXBODY": "1KB"} | told)

    def test_a_token_that_no_service_would_take_is_refused_before_anything_is_deployed(self) -> None:
        os.environ["SMARTDOOR_ADMIN_TOKEN"] = "fifteen-letters"
        with self.assertRaisesRegex(Problem, "16 characters or more, found 15"):
            configtree.write(self.folder, {})
        self.assertFalse(self.folder.exists())
        deploy = ["stacks", "deploy", "--endpoint", "http://127.0.0.1:1", "--account", "000000000000", "--settings", str(self.folder)]
        with mock.patch("launcher.stacks.Deployment.run") as run, self.assertRaisesRegex(Problem, "found 15"):
            cli.run(deploy)
        run.assert_not_called()

    def test_compose_gives_up_on_a_service_that_does_not_start(self) -> None:
        policies = re.findall(r"^ +restart: (.*)$", (REPOSITORY / "docker-compose.yml").read_text(), re.MULTILINE)
        self.assertEqual(["on-failure:5"], policies)

    def test_services_of_another_user_can_read_and_nobody_can_change_it(self) -> None:
        umask = os.umask(0o077)
        self.addCleanup(os.umask, umask)
        configtree.write(self.folder, {})
        for file, mode in (("", 0o755), ("lock-service", 0o755), ("lock-service/smartdoor.admin.token", 0o444)):
            self.assertEqual(stat.S_IMODE((self.folder / file).stat().st_mode), mode)

    def test_an_output_that_is_gone_is_no_setting_any_more(self) -> None:
        configtree.write(self.folder, {"lock": {"OutboxTable": "smartdoor-lock-outbox", "OldTable": "smartdoor-lock-old"}})
        configtree.write(self.folder, {"lock": {"OutboxTable": "smartdoor-lock-outbox"}})
        self.assertEqual({it.name for it in (self.folder / "lock-service").iterdir()}, {"smartdoor.lock.outbox-table", "smartdoor.admin.token"})

    def test_nothing_but_settings_is_left_in_the_folder(self) -> None:
        configtree.write(self.folder, {"bus": {"Name": "smartdoor"}})
        self.assertEqual({it.name for it in (self.folder / "lock-service").iterdir()}, {"smartdoor.bus.name", "smartdoor.admin.token"})
