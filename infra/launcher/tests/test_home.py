"""What a home remembers, and who may read it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

from launcher import environment
from launcher.console import Problem
from launcher.home import Home, Run
from launcher.processes import Process


class HomeFolder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Home(Path(folder.name) / "home")

    def mode(self, name: str) -> int:
        return stat.S_IMODE((self.home.root / name).stat().st_mode)

    def test_secrets_are_readable_by_their_owner_only(self) -> None:
        with mock.patch.dict("os.environ"):
            os.environ.pop("SMARTDOOR_ADMIN_TOKEN", None)
            self.home.admin_token()
        self.home.remember_door("front-door", "whsec_AA==")
        self.assertEqual(0o600, self.mode("admin-token"))
        self.assertEqual(0o600, self.mode("door-secrets.json"))
        self.assertEqual(0o700, self.mode("."))

    def test_a_folder_that_others_could_read_is_closed_to_them(self) -> None:
        self.home.root.mkdir(mode=0o755)
        self.home.remember_door("front-door", "whsec_AA==")
        self.assertEqual(0o700, self.mode("."))
        self.home.root.chmod(0o755)  # in use, and opened again
        self.home.create()
        self.assertEqual(0o700, self.mode("."))

    def test_a_folder_with_other_things_in_it_is_left_as_it_is(self) -> None:
        self.home.root.mkdir()
        (self.home.root / "letter.txt").touch()
        self.home.root.chmod(0o755)
        with self.assertRaisesRegex(Problem, "with other files in it and open to other users: name an empty one"):
            self.home.create()
        self.assertEqual(0o755, self.mode("."))
        self.home.root.chmod(0o700)  # its owner's word that it may be used
        self.home.create()

    def test_doors_that_are_added_side_by_side_all_keep_their_secrets(self) -> None:
        doors = [f"door-{number}" for number in range(8)]
        imports = "import sys; from pathlib import Path; from launcher.home import Home"
        command = [sys.executable, "-c", f"{imports}; Home(Path(sys.argv[1])).remember_door(sys.argv[2], 'x')", str(self.home.root)]
        # All of them meet at the lock: the first holder is this test.
        with self.home._writing():
            adding = [subprocess.Popen([*command, door], cwd=environment.REPOSITORY / "infra") for door in doors]
        for each in adding:
            self.assertEqual(0, each.wait(timeout=60))
        self.assertEqual(set(doors), set(self.home.door_secrets()))

    def test_a_token_that_two_commands_make_at_once_is_one(self) -> None:
        made: list[str] = []

        def make() -> str:
            made.append("token")
            return made[-1]

        with ThreadPoolExecutor(4) as pool:
            tokens = list(pool.map(lambda _: self.home._made_once("admin-token", make), range(4)))
        self.assertEqual(["token"] * 4, tokens)
        self.assertEqual(["token"], made)

    def test_the_admin_token_is_made_once(self) -> None:
        with mock.patch.dict("os.environ"):
            os.environ.pop("SMARTDOOR_ADMIN_TOKEN", None)
            token = self.home.admin_token()
            self.assertGreaterEqual(len(token), 32)
            self.assertEqual(token, self.home.admin_token())

    def test_a_given_admin_token_is_used_and_never_written(self) -> None:
        with mock.patch.dict("os.environ", {"SMARTDOOR_ADMIN_TOKEN": "given"}):
            self.assertEqual("given", self.home.admin_token())
        self.assertFalse((self.home.root / "admin-token").exists())

    def test_the_account_is_made_once(self) -> None:
        self.assertEqual(self.home.account(), self.home.account())
        self.assertNotEqual(self.home.account(), Home(self.home.root / "other").account())

    def test_a_forgotten_door_has_no_secret_and_others_keep_theirs(self) -> None:
        self.home.remember_door("front", "a")
        self.home.remember_door("back", "b")
        self.home.forget_door("front")
        self.assertEqual({"back": "b"}, self.home.door_secrets())

    def test_what_runs_is_remembered_as_it_was(self) -> None:
        run = Run("http://127.0.0.1:1", "123456789012", "eu-central-1", {"lock-service": 2}, {"bus": {"Name": "smartdoor"}})
        run.processes["lock-service"] = Process("lock-service", 4711, "boot-99")
        self.home.remember_run(run)
        self.assertEqual(run, self.home.run())
        self.home.forget_run()
        self.assertIsNone(self.home.run())

    def test_only_one_command_at_a_time_starts_or_stops(self) -> None:
        with self.home.changing():
            with self.assertRaisesRegex(Problem, "another smartdoor command"):
                with Home(self.home.root).changing():
                    self.fail("two commands held the home at once")
        with self.home.changing():
            pass

    def test_two_homes_do_not_wait_for_each_other(self) -> None:
        with self.home.changing(), Home(self.home.root / "other").changing():
            pass

    def test_commands_that_need_a_running_system_say_how_to_start_it(self) -> None:
        with self.assertRaisesRegex(Problem, "start it with ./smartdoor up"):
            self.home.require_run()

    def test_a_damaged_file_is_named(self) -> None:
        self.home.create()
        self.home.run_file.write_text("{")
        with self.assertRaisesRegex(Problem, "run.json"):
            self.home.run()
        for incomplete in ('{"endpoint": "http://127.0.0.1:1"}', '{"processes": {"lock-service": {}}}', '{"processes": 7}', '["x"]'):
            self.home.run_file.write_text(incomplete)
            with self.subTest(incomplete), self.assertRaisesRegex(Problem, "run.json.*incomplete"):
                self.home.run()
