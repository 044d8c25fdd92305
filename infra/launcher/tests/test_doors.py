"""Doors: as the commands register them, keep their secrets and speak for them."""

from __future__ import annotations

import errno
import json
import shlex
from unittest import mock

from launcher import pictures, services
from launcher.tests.fake_services import CommandsOnServices

SECRET = "whsec_" + "QUJD" * 11


class Doors(CommandsOnServices):
    def test_a_door_is_registered_and_its_secret_kept(self) -> None:
        self.assert_done(f"door back-door is registered; its secret is kept in {self.home.root}", "door", "add", "back-door")
        self.assertEqual({"back-door": "Back door"}, self.services.doors)
        self.assertEqual({"back-door": SECRET}, self.home.door_secrets())

    def test_the_secret_is_shown_with_the_address_on_demand(self) -> None:
        code, out, _ = self.run_command("door", "add", "back-door", "--name", "Garden", "--show-secret")
        self.assertEqual(0, code)
        self.assertRegex(out, rf"http://127\.0\.0\.1:\d+/v1/doors/back-door/events\nand signs with {SECRET}\n")
        self.assertEqual({"back-door": "Garden"}, self.services.doors)

    def test_a_door_that_is_there_says_how_to_get_rid_of_it(self) -> None:
        self.services.doors["back-door"] = "Back door"
        self.assert_refused(
            r"door add: door back-door is registered already: \./smartdoor door remove back-door first, which forgets its secret",
            *("door", "add", "back-door"),
        )

    def test_nothing_is_registered_where_secrets_cannot_be_read(self) -> None:
        for broken in ("{", "[1]", '"x"', "\0", '{"front-door": 1}'):
            with self.subTest(broken):
                (self.home.root / "door-secrets.json").write_text(broken)
                self.assert_refused(r"expected .*door-secrets\.json.*, found something else.*", "door", "add", "back-door")
        self.assertEqual([], self.services.changes)

    def test_nothing_stays_registered_where_the_secret_cannot_be_kept(self) -> None:
        full = OSError(errno.ENOSPC, "No space left on device")
        with mock.patch("launcher.home.Home.remember_door", side_effect=full):
            self.assert_refused(
                "expected to keep the door's secret in .*, found: .*No space left on device: the door is not registered",
                *("door", "add", "back-door"),
            )
        self.assertEqual({}, self.services.doors)

    def test_a_name_is_made_from_the_id_only_where_none_is_given(self) -> None:
        for name in ("", " ", "Garden\t", "x" * 65):
            with self.subTest(name):
                self.assert_refused(
                    'expected a name of 1 to 64 characters, .*, found ".*": for example --name "N1"', "door", "add", "n1", "--name", name
                )
        self.assertEqual([], self.services.changes)

    def test_an_impossible_id_is_told_by_its_form(self) -> None:
        for arguments in (["add"], ["remove"], ["open"], ["close"], ["report", "jammed"]):
            for door in ("", "a/b", "Front-Door", "x" * 65):
                with self.subTest([*arguments, door]):
                    self.assert_refused('expected the id of a door .*, found ".*": for example front-door', "door", *arguments, door)
        self.assertEqual([], self.services.changes)

    def test_an_impossible_user_is_told_by_its_form(self) -> None:
        self.run_command("door", "add", "front-door")
        for user in (["--user", ""], ["--user", "a b"], ["--user", "keypad:"], ["--user", ":4711"], ["--user", "1", "--store", "Key"]):
            with self.subTest(user):
                self.assert_refused("expected the (id of a user|store of an id) .*, found .*: for example .*", "door", "open", "front-door", *user)

    def test_a_door_opens_with_its_secret(self) -> None:
        self.run_command("door", "add", "front-door")
        code, out, _ = self.run_command("door", "open", "front-door", "--user", "keypad:4711")
        self.assertEqual(0, code)
        self.assertEqual("front-door", json.loads(out.removeprefix("202 "))["door"])

    def test_what_was_not_answered_can_be_sent_again_and_is_the_same(self) -> None:
        self.run_command("door", "add", "front-door")
        for words, status in ((["open"], 503), (["report", "jammed"], 500), (["close"], 429)):
            with self.subTest(status):
                self.services.refuse("POST", "/v1/doors/front-door/events", status, "not now")
                code, _, err = self.run_command("door", *words, "front-door", "--user", "nfc:04:a2")
                self.assertEqual((1, 1), (code, err.count("\n")))
                told, again = err.strip().split("; the same event again, not another: ./smartdoor ")
                self.assertIn("not now", told)
                self.services.allow("POST", "/v1/doors/front-door/events")
                self.assertEqual(0, self.run_command(*shlex.split(again))[0])
                first, second = self.services.reports[-2:]
                self.assertEqual(first, second)

    def test_a_service_that_is_gone_is_told_with_the_key(self) -> None:
        self.run_command("door", "add", "front-door")
        self.services.stop(services.LOCK)
        key = "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96"
        self.assert_refused(
            rf"door open: lock-service does not answer .*; the same event again, .*: \./smartdoor door open front-door --key {key} --at .*Z",
            *("door", "open", "front-door", "--key", key),
        )

    def test_what_is_refused_for_what_it_says_is_not_to_be_sent_again(self) -> None:
        self.run_command("door", "add", "front-door")
        self.services.refuse("POST", "/v1/doors/front-door/events", 422, "too old")
        self.assert_refused("door open: too old", "door", "open", "front-door")

    def test_two_stores_of_one_id_are_refused(self) -> None:
        self.run_command("door", "add", "front-door")
        self.assert_refused(
            r'expected one store, found "keypad" \(before the colon of --user\) and "rfid" \(--store\): name one of them; .*--user rfid:keypad:1047',
            *("door", "open", "front-door", "--user", "keypad:1047", "--store", "rfid"),
        )
        self.assertEqual([], self.services.reports)
        self.assertEqual(0, self.run_command("door", "open", "front-door", "--user", "keypad:1047", "--store", "keypad")[0])
        self.assertEqual({"id": "1047", "store": "keypad"}, json.loads(self.services.reports[-1][1])["user"])

    def test_a_mistyped_door_is_guessed_and_another_is_to_be_registered(self) -> None:
        self.run_command("door", "add", "front-door")
        self.assert_refused(r"expected a secret of door frnt-door in .*, found none: did you mean front-door\?", "door", "open", "frnt-door")
        self.assert_refused(
            r"expected a secret of door garage in .*, found none: register it with \./smartdoor door add garage", "door", "open", "garage"
        )

    def test_a_secret_that_is_out_of_date_says_how_to_get_another(self) -> None:
        self.home.remember_door("front-door", SECRET)
        self.assert_refused(
            r"door close: no such door has signed this: \./smartdoor door remove front-door, then \./smartdoor door add front-door, .*",
            *("door", "close", "front-door"),
        )

    def test_a_removed_door_has_no_secret(self) -> None:
        self.run_command("door", "add", "front-door")
        self.assert_done("door front-door is removed, and its secret forgotten", "door", "remove", "front-door")
        self.assertEqual({}, self.home.door_secrets())

    def test_the_secret_of_a_door_that_the_service_does_not_know_is_forgotten(self) -> None:
        self.home.remember_door("ghost", SECRET)
        said = f"there was no door ghost; its secret, which was still kept in {self.home.root}, is forgotten"
        self.assert_done(said, "door", "remove", "ghost")
        self.assertEqual({}, self.home.door_secrets())

    def test_a_door_that_nobody_knows_cannot_be_removed(self) -> None:
        self.assert_refused("door remove: there is no door ghost", "door", "remove", "ghost")


class Snapshots(CommandsOnServices):
    JPEG = b"\xff\xd8\xff\xe0 a picture"
    PNG = b"\x89PNG\r\n\x1a\n a picture"

    def setUp(self) -> None:
        super().setUp()
        self.run_command("door", "add", "front-door")

    def file(self, name: str, content: bytes) -> str:
        path = self.home.root / name
        path.write_bytes(content)
        return str(path)

    def test_pictures_are_sent_before_the_event_that_names_them(self) -> None:
        files = [self.file("a.jpg", self.JPEG), self.file("b.txt", self.PNG)]
        code, out, _ = self.run_command("door", "open", "front-door", "--snapshot", files[0], "--snapshot", files[1])
        self.assertEqual(0, code)
        self.assertEqual("front-door", json.loads(out.removeprefix("202 "))["door"])
        self.assertEqual(["picture", "picture", "event"], self.services.order)
        self.assertEqual([("image/jpeg", self.JPEG), ("image/png", self.PNG)], [it[1:] for it in self.services.pictures])
        self.assertEqual([it[0] for it in self.services.pictures], json.loads(self.services.reports[-1][1])["snapshots"])

    def test_without_pictures_the_event_names_none(self) -> None:
        self.run_command("door", "open", "front-door")
        self.assertNotIn("snapshots", json.loads(self.services.reports[-1][1]))

    def test_a_file_that_is_no_picture_is_refused_before_anything_is_sent(self) -> None:
        for name, content, problem in (
            ("a.jpg", b"GIF89a", "expected a JPEG or a PNG in .*a.jpg, found neither"),
            ("a.jpg", b"", "expected a JPEG or a PNG in .*a.jpg, found nothing"),
            ("a.jpg", self.JPEG + bytes(5 * 1024 * 1024), r"expected a picture of at most 5242880 bytes \(5 MiB\) in .*: make it smaller"),
        ):
            with self.subTest(problem):
                self.assert_refused(problem, "door", "open", "front-door", "--snapshot", self.file(name, content))
        self.assert_refused("expected a picture in /nowhere/a.jpg, found: No such file or directory", "door", "open", "x", "--snapshot", "/nowhere/a.jpg")
        self.assert_refused("expected a picture in /, found: Is a directory", "door", "open", "x", "--snapshot", "/")
        self.assertEqual([], self.services.order)

    def test_more_than_five_are_refused(self) -> None:
        words = [word for _ in range(6) for word in ("--snapshot", self.file("a.jpg", self.JPEG))]
        self.assert_refused("expected at most 5 pictures of one event, found 6: .*", "door", "open", "front-door", *words)
        self.assertEqual([], self.services.order)

    def test_what_was_not_answered_can_be_sent_again_with_its_pictures(self) -> None:
        file = self.file("a b.jpg", self.JPEG)
        self.services.refuse("POST", "/v1/doors/front-door/events", 503, "not now")
        code, _, err = self.run_command("door", "open", "front-door", "--snapshot", file)
        self.assertEqual((1, 1), (code, err.count("\n")))
        self.services.allow("POST", "/v1/doors/front-door/events")
        again = err.strip().split("; the same event again, not another: ./smartdoor ")[1]
        self.assertEqual(0, self.run_command(*shlex.split(again))[0])
        self.assertEqual(self.services.reports[0], self.services.reports[1])
        self.assertEqual(self.services.pictures[0], self.services.pictures[1])

    def test_a_picture_that_is_refused_is_told_and_opens_nothing(self) -> None:
        file = self.file("a.jpg", self.JPEG)
        key = "6a5c14d7-f1ed-4e5e-9c76-44a3f718ed96"
        name = pictures.read(file).name_in(key)
        self.services.refuse("PUT", f"/v1/doors/front-door/snapshots/{name}", 400, "expected a whole JPEG, found one that is cut off")
        self.assert_refused(
            "door open: expected a whole JPEG, found one that is cut off", "door", "open", "front-door", "--key", key, "--snapshot", file
        )
        self.assertEqual([], self.services.reports)
