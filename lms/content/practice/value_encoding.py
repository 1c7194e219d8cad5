"""What leaves the phone for a value that was typed: never the text itself, unless the practice knows it already."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from lms.content.practice import fields
from lms.content.practice.placeholders import fill


def encode(model: dict, data: Mapping[str, str], screen: str, widget: int, typed: str) -> str:
    """The value of the event: an own value of the practice as its author wrote it, ``~ok``, or ``?n``.

    The field's own alternatives come first; then, for a field with a rule, ``~ok``; then every other own value that
    this field would take; else the length in code points. ``screen`` and ``widget`` name a field of the model.
    """
    field = model["screens"][screen]["widgets"][widget]
    role, rule = field["role"], field.get("rule")
    if rule and fields.holds(role, rule, (), typed):
        return fields.SATISFIES
    for value in (*_filled(field, "values", data), *own_values(model, data)):
        if not _is_code(value) and fields.matches(role, (value,), typed):
            return value
    return "?" + str(len(unicodedata.normalize("NFC", typed)))


def own_values(model: dict, data: Mapping[str, str]) -> Iterator[str]:
    """The practice's data, alternatives, choices, and the two words of a switch."""
    yield from (data[name] for name in model["data"])
    for screen in model["screens"].values():
        for widget in screen["widgets"]:
            yield from _filled(widget, "values", data)
            yield from _filled(widget, "items", data)
    yield from fields.SWITCH_CHOICES


def _filled(widget: dict, key: str, data: Mapping[str, str]) -> list[str]:
    return [fill(value, data) for value in widget.get(key, ())]


def _is_code(value: str) -> bool:
    return value == fields.SATISFIES or fields.is_length_only(value)
