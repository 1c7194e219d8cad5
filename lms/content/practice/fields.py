"""When a field holds: how what was typed is compared with what the author wrote.

``engine.js`` has the same rules. Letters are judged by a definition that does not move with the Unicode version of
Python, Node or an old phone: only the Basic Multilingual Plane has letters, and the few code points that became
letters after Unicode 14 are none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

SATISFIES = "~ok"  # leaves the phone instead of a text that satisfies the field's rule
ON, OFF = "bật", "tắt"
SWITCH_CHOICES = (ON, OFF)

_LENGTH_ONLY = re.compile(r"\?[0-9]+")
_NO_DIGITS = re.compile(r"[^0-9]+")
_SPACES = re.compile("[ \t\u00a0]+")
_SPACE = " \t\u00a0"
_NEW_LETTERS = re.compile("[\u088f\u0c5c\u0cdc\u1c89\u1c8a\ua7cb-\ua7f1\U00010000-\U0010ffff]")
_RUN_UP, _RUN_DOWN = "0123456789", "9876543210"


def holds(role: str, rule: str | None, values: Iterable[str], text: str) -> bool:
    """Whether a field that contains ``text`` lets a submit pass.

    ``text`` is what an event carried: an own value, ``~ok``, ``?n``, or any text in a log that was not made by our
    page. ``values`` are the alternatives with data filled in; they are not looked at where there is a ``rule``.
    """
    if text == SATISFIES:
        return rule is not None
    if _LENGTH_ONLY.fullmatch(text):
        return False
    if rule is not None:
        return _RULES[rule](_digits(text) if role == "number" else _trimmed(text))
    return matches(role, values, text)


def matches(role: str, values: Iterable[str], text: str) -> bool:
    """Whether the field would take ``text`` as one of ``values``, by the comparison of its role."""
    key = compared(role, text)
    if role == "number" and not key:
        return False
    return any(compared(role, value) == key for value in values)


def compared(role: str, text: str) -> str:
    """The form in which a role compares texts."""
    if role == "number":
        return _digits(text)
    if role == "text":
        return _SPACES.sub(" ", _trimmed(text)).lower()
    if role == "password":
        return _trimmed(text)
    return text


def is_length_only(text: str) -> bool:
    """Whether this is ``?n``, the length of something that stayed on the phone."""
    return _LENGTH_ONLY.fullmatch(text) is not None


def _digits(text: str) -> str:
    return _NO_DIGITS.sub("", text)


def _trimmed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip(_SPACE)


def _is_strong_password(text: str) -> bool:
    kinds = {_kind(char) for char in text}
    return len(text) >= 8 and {"small", "capital", "digit", "sign"} <= kinds


def _kind(char: str) -> str:
    if "0" <= char <= "9":
        return "digit"
    if char in _SPACE:
        return "space"
    if _NEW_LETTERS.match(char):
        return "sign"
    category = unicodedata.category(char)
    if category == "Lu":
        return "capital"
    # U+0295 was a small letter until Unicode 16.
    if category == "Ll" and char != "\u0295":
        return "small"
    return "letter" if category[0] == "L" else "sign"


def _is_six_digits(text: str) -> bool:
    if not re.fullmatch("[0-9]{6}", text):
        return False
    return len(set(text)) > 1 and text not in _RUN_UP and text not in _RUN_DOWN


def _is_not_empty(text: str) -> bool:
    return text != ""


_RULES = {"mat-khau-manh": _is_strong_password, "6-so": _is_six_digits, "co-chu": _is_not_empty}
