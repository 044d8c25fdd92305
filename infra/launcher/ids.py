"""The forms of ids and names, as the services have them: what cannot be right is refused before anything is sent."""

from __future__ import annotations

import json
import re
import unicodedata

from .console import Problem

RESIDENTS = "residents"  # the store whose ids are residents themselves

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_ID_IN_WORDS = "1 to 64 of a-z, 0-9 and -, no - first"
_CREDENTIAL = re.compile(r"[A-Za-z0-9._:@-]{1,128}")
_CREDENTIAL_IN_WORDS = "1 to 128 of A-Z, a-z, 0-9 and . _ : @ -"
_NAME_MAX = 64


def door(text: str) -> str:
    return _matching(_ID, text, f"the id of a door ({_ID_IN_WORDS})", "front-door")


def recipient(text: str) -> str:
    return _matching(_ID, text, f"the id of a recipient ({_ID_IN_WORDS})", "me")


def resident(text: str) -> str:
    return _matching(_ID, text, f"the id of a resident ({_ID_IN_WORDS})", "anna")


def user(text: str, store: str) -> tuple[str, str]:
    """(id, store) of whoever a door speaks of, known or not."""
    _matching(_CREDENTIAL, text, f"the id of a user ({_CREDENTIAL_IN_WORDS})", "anna, or keypad:4711")
    return text, _matching(_ID, store, f"the store of an id ({_ID_IN_WORDS})", "keypad:4711")


def credential(text: str) -> tuple[str, str]:
    """(store, id) of STORE:ID; an id may itself contain colons."""
    store, colon, found = text.partition(":")
    if not (store and colon and found):
        raise Problem(f"expected a credential as STORE:ID, found {quoted(text)}: for example keypad:4711")
    if store == RESIDENTS:
        raise Problem(
            f"expected a credential of any store but {RESIDENTS}, found {quoted(text)}: "
            "residents are known by their own ids; for example keypad:4711"
        )
    _matching(_ID, store, f"the store of a credential ({_ID_IN_WORDS})", "keypad:4711")
    return store, _matching(_CREDENTIAL, found, f"the id of a credential ({_CREDENTIAL_IN_WORDS})", "keypad:4711")


def name(text: str, example: str) -> str:
    """What to call a person or a door."""
    blank_at_end = text != text.strip()
    # A control character, or what stands for a byte that is no UTF-8.
    unwritable = any(unicodedata.category(character) in ("Cc", "Cs") for character in text)
    if not 1 <= len(text) <= _NAME_MAX or blank_at_end or unwritable:
        raise Problem(
            f"expected a name of 1 to {_NAME_MAX} characters, no control characters, no blank at either end, "
            f'found {quoted(text)}: for example --name "{example}"'
        )
    return text


def _matching(form: re.Pattern[str], text: str, what: str, example: str) -> str:
    if not form.fullmatch(text):
        raise Problem(f"expected {what}, found {quoted(text)}: for example {example}")
    return text


def quoted(text: str) -> str:
    """In one line, whatever it contains."""
    shown = text if len(text) <= 2 * _NAME_MAX else text[: 2 * _NAME_MAX] + "…"
    return json.dumps(shown, ensure_ascii=not shown.isprintable())
