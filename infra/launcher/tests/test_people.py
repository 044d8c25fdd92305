"""Who lives here, and who hears of the doors: as the commands change it in the services."""

from __future__ import annotations

from unittest import mock

from launcher import services
from launcher.tests.fake_services import CommandsOnServices

KEYPAD = {"store": "keypad", "id": "1047"}
TAG = {"store": "nfc", "id": "04:a2"}
PUT_RESIDENT = ("PUT", "/v1/residents/anna")


class Residents(CommandsOnServices):
    def anna_with(self, *credentials: dict[str, str]) -> None:
        self.services.residents["anna"] = list(credentials)
        self.services.names["anna"] = "Anna"

    def test_a_new_resident_has_a_name_and_credentials(self) -> None:
        self.assert_done(
            "resident anna is known as Anna, with 2 credentials",
            *("resident", "add", "anna", "--name", "Anna", "--credential", "keypad:1047", "--credential", "nfc:04:a2"),
        )
        self.assertEqual({"anna": [KEYPAD, TAG]}, self.services.residents)
        self.assertEqual({"anna": "Anna"}, self.services.names)

    def test_a_new_resident_may_have_no_credentials(self) -> None:
        self.assert_done("resident anna is known as Anna, with 0 credentials", "resident", "add", "anna", "--name", "Anna")
        self.assertEqual({"anna": []}, self.services.residents)

    def test_credentials_stay_where_none_are_given(self) -> None:
        self.anna_with(KEYPAD)
        self.assert_done("resident anna is known as Anna B., with 1 credential", "resident", "add", "anna", "--name", "Anna B.")
        self.assertEqual({"anna": [KEYPAD]}, self.services.residents)
        self.assertEqual({"anna": "Anna B."}, self.services.names)

    def test_credentials_that_are_given_replace_those_that_were_there(self) -> None:
        self.anna_with(KEYPAD)
        self.assert_done(
            "resident anna is known as Anna, with 1 credential (1 removed)",
            *("resident", "add", "anna", "--name", "Anna", "--credential", "nfc:04:a2"),
        )
        self.assertEqual({"anna": [TAG]}, self.services.residents)

    def test_a_credential_given_twice_is_one(self) -> None:
        twice = ("--credential", "keypad:1047") * 2
        self.assert_done("resident anna is known as Anna, with 1 credential", "resident", "add", "anna", "--name", "Anna", *twice)

    def test_a_bad_name_changes_nothing(self) -> None:
        self.anna_with(KEYPAD)
        for name in ("", " ", "Anna ", "a\nb", "x" * 65, "\udcff"):
            with self.subTest(name):
                self.assert_refused(
                    'expected a name of 1 to 64 characters, .*, found ".*": for example --name "Anna"',
                    *("resident", "add", "anna", "--name", name),
                )
        self.assertEqual([], self.services.changes)

    def test_a_name_that_the_service_refuses_changes_nothing(self) -> None:
        self.anna_with(KEYPAD)
        wrong = [{"field": "display-name", "problem": "expected another"}]
        self.services.refuse("PUT", "/v1/people/residents/anna", 400, errors=wrong)
        self.assert_refused("resident add: --name: expected another", "resident", "add", "anna", "--name", "Anne")
        self.assertEqual([], self.services.changes)

    def test_a_service_that_is_down_is_found_before_anything_is_changed(self) -> None:
        for service in (services.NOTIFICATION, services.IDENTIFICATION):
            self.services.stop(service)
            self.assert_refused(
                r"resident add: .*-service does not answer at .*: see \./smartdoor status",
                *("resident", "add", "anna", "--name", "Anna"),
            )
        self.assertEqual([], self.services.changes)

    def test_what_is_half_done_is_told_and_can_be_repeated(self) -> None:
        add = ("resident", "add", "anna", "--name", "Anna", "--credential", "keypad:1047")
        self.services.refuse(*PUT_RESIDENT, 503, "try again")
        self.assert_refused(
            r"resident add: identification-service failed \(503 Service Unavailable: try again\): see .* "
            r"\(done: anna is called Anna; not done: their credentials; the same command can be repeated safely\)",
            *add,
        )
        self.assertEqual({"anna": "Anna"}, self.services.names)
        self.services.allow(*PUT_RESIDENT)
        self.assert_done("resident anna is known as Anna, with 1 credential", *add)

    def test_whose_credential_it_is_is_told(self) -> None:
        self.services.residents["bob"] = [KEYPAD]
        self.assert_refused(
            r"resident add: --credential: keypad:1047 belongs to resident bob \(done: .*\)",
            *("resident", "add", "anna", "--name", "Anna", "--credential", "keypad:1047"),
        )
        self.assertNotIn("anna", self.services.residents)

    def test_impossible_ids_and_credentials_are_refused_before_anything_is_sent(self) -> None:
        for resident in ("", "a/b", "Anna", "x" * 65, "anna\n"):
            with self.subTest(resident):
                self.assert_refused(
                    'expected the id of a resident .*, found ".*": for example anna', "resident", "add", resident, "--name", "Anna"
                )
        for credential in ("keypad", "keypad:", ":1047", "residents:bob", "Key:1", "keypad:a b", "keypad:" + "1" * 129):
            with self.subTest(credential):
                self.assert_refused(
                    "expected .*, found .*keypad:4711", "resident", "add", "anna", "--name", "Anna", "--credential", credential
                )
        self.assertEqual([], self.services.changes)

    def test_residents_are_listed_with_names_and_credentials(self) -> None:
        self.anna_with(KEYPAD, TAG)
        self.services.residents["b" * 64] = []
        code, out, err = self.run_command("resident", "list")
        self.assertEqual((0, ""), (code, err))
        self.assertEqual([["anna", "Anna", "keypad:1047,", "nfc:04:a2"], ["b" * 64]], [line.split() for line in out.splitlines()])

    def test_a_resident_who_is_not_there_cannot_be_removed(self) -> None:
        self.anna_with(KEYPAD)
        self.assert_done("resident anna is removed", "resident", "remove", "anna")
        self.assertEqual(({}, {}), (self.services.residents, self.services.names))
        self.assert_refused("resident remove: there is no resident anna", "resident", "remove", "anna")


class Recipients(CommandsOnServices):
    def test_a_new_recipient_hears_of_all_doors_but_not_of_closed_ones(self) -> None:
        self.assert_done("recipient me hears of all doors", "recipient", "add", "me")
        self.assertEqual({"me": {"include-closed": False}}, self.services.recipients)

    def test_a_new_recipient_may_hear_of_closed_doors(self) -> None:
        self.assert_done("recipient me hears of all doors, and of doors that close", "recipient", "add", "me", "--include-closed")
        self.assertEqual({"me": {"include-closed": True}}, self.services.recipients)

    def test_adding_a_recipient_again_leaves_the_preferences(self) -> None:
        self.services.recipients["me"] = {"include-closed": True}
        for more in ([], ["--include-closed"]):
            self.assert_done("recipient me is there already, and hears of all doors, and of doors that close", "recipient", "add", "me", *more)
        self.assertEqual({"me": {"include-closed": True}}, self.services.recipients)
        self.assertEqual([], self.services.changes)

    def test_a_recipient_who_is_there_can_be_made_to_hear_of_closed_doors(self) -> None:
        self.services.recipients["me"] = {"include-closed": False}
        said = "recipient me is there already, and hears of doors that close from now on"
        self.assert_done(said, "recipient", "add", "me", "--include-closed")
        self.assertEqual({"me": {"include-closed": True}}, self.services.recipients)

    def test_a_recipient_can_be_spared_closed_doors_again(self) -> None:
        self.services.recipients["me"] = {"include-closed": True}
        said = "recipient me is there already, and no longer hears of doors that close"
        self.assert_done(said, "recipient", "add", "me", "--no-include-closed")
        self.assertEqual({"me": {"include-closed": False}}, self.services.recipients)

    def test_recipients_are_listed_with_what_they_hear_of(self) -> None:
        self.services.recipients |= {"me": {"include-closed": False}, "bob": {"include-closed": True}}
        said = f"{'me':<23} hears of all doors\n{'bob':<23} hears of all doors, and of doors that close"
        self.assert_done(said, "recipient", "list")

    def test_a_recipient_who_is_not_there_cannot_be_removed(self) -> None:
        self.services.recipients["me"] = {"include-closed": False}
        self.assert_done("recipient me is removed", "recipient", "remove", "me")
        self.assert_refused("recipient remove: there is no recipient me", "recipient", "remove", "me")

    def test_removing_finishes_what_an_earlier_removal_left(self) -> None:
        self.run_command("recipient", "remove", "half-gone")
        self.assertEqual([("DELETE", "/v1/recipients/half-gone")], self.services.changes)

    def test_impossible_ids_are_refused_before_anything_is_sent(self) -> None:
        with mock.patch("launcher.api.Api.of") as used:
            for command in (["inbox"], ["recipient", "add"], ["recipient", "remove"]):
                for recipient in ("", "bo/b", "Bob"):
                    with self.subTest([*command, recipient]):
                        self.assert_refused('expected the id of a recipient .*, found ".*": for example me', *command, recipient)
        used.assert_not_called()

    def test_an_inbox_that_is_not_there_says_how_to_get_it(self) -> None:
        self.assert_refused(r"inbox: there is no recipient bob: \./smartdoor recipient add bob.*", "inbox", "bob")

    def test_an_empty_inbox_is_shown(self) -> None:
        self.services.recipients["me"] = {"include-closed": False}
        self.assert_done("nothing yet", "inbox", "me")
