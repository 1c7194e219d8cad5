"""Field values: which ones a field accepts, and what is sent in place of a typed text.

``engine.js`` has the same rules. The definition of a letter does not depend on the Unicode version of Python, Node or
an old phone: letters are those of the Basic Multilingual Plane up to Unicode 14.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lms.content.model import CompiledModel
from lms.content.practice.placeholders import fill_placeholders

SATISFIES_RULE = "~ok"  # sent in place of a text that satisfies the field's rule
ON, OFF = "bật", "tắt"
SWITCH_CHOICES = (ON, OFF)

_MAX_TYPED_LENGTH = 200  # characters; no value of a practice is longer, and comparing is not free
_MAX_REDACTED_LENGTH = 8  # characters of "?" and a number
_REDACTED = re.compile(r"\?[0-9]+")
_NO_DIGITS = re.compile(r"[^0-9]+")
_SPACES = re.compile("[ \t\u00a0]+")
_SPACE = " \t\u00a0"
_LETTERS_AFTER_UNICODE_14 = re.compile("[\u088f\u0c5c\u0cdc\u1c89\u1c8a\ua7cb-\ua7f1\U00010000-\U0010ffff]")
_ASCENDING, _DESCENDING = "0123456789", "9876543210"


def encode_value(model: CompiledModel, data: Mapping[str, str], screen: str, widget: int, typed: str) -> str:
    """The value to send for a typed text: a known value of the practice, ``~ok``, or ``?n``. Never the text itself.

    ``~ok`` if the text satisfies the field's rule; else the first of the field's values, then of all known values, that
    the field's comparison finds equal; else ``?`` and the length in code points.
    """
    field = model["screens"][screen]["widgets"][widget]
    role, rule = field["role"], field.get("rule")
    if rule and is_filled_in_correctly(role, rule, (), typed):
        return SATISFIES_RULE
    for value in (*_filled_values(field, "values", data), *known_values(model, data)):
        if not is_redaction_code(value) and equals_one_of_values(role, (value,), typed):
            return value
    return "?" + str(len(unicodedata.normalize("NFC", typed)))


def redact_value(model: CompiledModel, data: Mapping[str, str], screen: Any, widget: Any, typed: str) -> str:
    """What ``encode_value`` gives for a value that a page has sent, which may be any text, for any field or none.

    Our page sends encoded values only, but a modified page must not make us store a real password. Redaction never
    changes whether a field accepts a text of at most 200 characters; a longer one is never accepted.
    """
    if is_redacted_value(typed) and len(typed) <= _MAX_REDACTED_LENGTH:
        return typed
    widgets = model["screens"].get(screen, {}).get("widgets", ()) if isinstance(screen, str) else ()
    if len(typed) > _MAX_TYPED_LENGTH or widget not in range(len(widgets)):
        return f"?{len(typed)}"
    return encode_value(model, data, screen, int(widget), typed)


def field_accepts(field: Mapping[str, Any], data: Mapping[str, str], text: str) -> bool:
    """Whether a field of the model is filled in correctly with ``text``; see ``is_filled_in_correctly``."""
    return is_filled_in_correctly(field["role"], field.get("rule"), _filled_values(field, "values", data), text)


def choices_of_field(field: Mapping[str, Any], data: Mapping[str, str]) -> Sequence[str]:
    """The values that a select or a switch of the model can have."""
    return SWITCH_CHOICES if field["role"] == "switch" else _filled_values(field, "items", data)


def value_filled_in_by_help(field: Mapping[str, Any], data: Mapping[str, str]) -> str:
    """The value that *làm giúp* fills in."""
    if field.get("rule"):
        return SATISFIES_RULE
    values = field.get("values", ())
    return fill_placeholders(values[0], data) if values else ""


def known_values(model: CompiledModel, data: Mapping[str, str]) -> Iterator[str]:
    """All values that a practice contains: its data, accepted values, choices, and the two of a switch."""
    yield from (data[name] for name in model["data"])
    for screen in model["screens"].values():
        for widget in screen["widgets"]:
            yield from _filled_values(widget, "values", data)
            yield from _filled_values(widget, "items", data)
    yield from SWITCH_CHOICES


def is_filled_in_correctly(role: str, rule: str | None, values: Iterable[str], text: str) -> bool:
    """Whether a field with the value ``text`` is filled in correctly.

    ``text`` is the value of an event: a known value, ``~ok``, ``?n``, or any text in a log that another program made.
    ``values`` are the accepted alternatives with data filled in; they are ignored if there is a ``rule``.
    """
    if text == SATISFIES_RULE:
        return rule is not None
    if _REDACTED.fullmatch(text):
        return False
    if rule is not None:
        return _RULES[rule](_digits_only(text) if role == "number" else _trimmed(text))
    return equals_one_of_values(role, values, text)


def equals_one_of_values(role: str, values: Iterable[str], text: str) -> bool:
    """Whether ``text`` equals one of ``values``, compared according to the field's role."""
    key = comparison_key(role, text)
    if role == "number" and not key:
        return False
    return any(comparison_key(role, value) == key for value in values)


def comparison_key(role: str, text: str) -> str:
    """The form of a text that a field of this role compares."""
    if role == "number":
        return _digits_only(text)
    if role == "text":
        return _SPACES.sub(" ", _trimmed(text)).lower()
    if role == "password":
        return _trimmed(text)
    return text


def is_redaction_code(text: str) -> bool:
    """Whether a value is ``~ok`` or ``?n``, sent in place of a typed text."""
    return text == SATISFIES_RULE or is_redacted_value(text)


def is_redacted_value(text: str) -> bool:
    """Whether a value is ``?n``: a text of n code points that was not sent."""
    return _REDACTED.fullmatch(text) is not None


def _digits_only(text: str) -> str:
    return _NO_DIGITS.sub("", text)


def _trimmed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip(_SPACE)


def _is_strong_password(text: str) -> bool:
    classes = {_char_class(char) for char in text}
    return len(text) >= 8 and {"lower", "upper", "digit", "sign"} <= classes


def _char_class(char: str) -> str:
    if "0" <= char <= "9":
        return "digit"
    if char in _SPACE:
        return "space"
    if _LETTERS_AFTER_UNICODE_14.match(char):
        return "sign"
    category = unicodedata.category(char)
    if category == "Lu":
        return "upper"
    # U+0295 was a lower-case letter until Unicode 16.
    if category == "Ll" and char != "\u0295":
        return "lower"
    return "letter" if category[0] == "L" else "sign"


def _is_six_digits(text: str) -> bool:
    if not re.fullmatch("[0-9]{6}", text):
        return False
    return len(set(text)) > 1 and text not in _ASCENDING and text not in _DESCENDING


def _is_not_empty(text: str) -> bool:
    return text != ""


_RULES = {"mat-khau-manh": _is_strong_password, "6-so": _is_six_digits, "co-chu": _is_not_empty}


def _filled_values(widget: Mapping[str, Any], key: str, data: Mapping[str, str]) -> list[str]:
    return [fill_placeholders(value, data) for value in widget.get(key, ())]
