"""Remove personal data from practice events before they are stored, and normalise what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.content.practice import fields
from lms.content.practice.engine import MAX_TIME
from lms.learning.json_types import JsonValue

_MAX_TYPED_LENGTH = 200  # characters; no value of a practice is longer, and comparing is not free
_MAX_LENGTH_CODE = 8  # characters of "?" and a number


def redact_events(model: dict[str, Any], data: Mapping[str, str], events: list[Any]) -> list[Any]:
    """Copy events, with each typed text replaced by what our page sends: a value of the practice, ``~ok``, ``?n``.

    Our page sends nothing else, but a modified page must not make us store a real password. Redaction never changes
    whether a field accepts a text of at most 200 characters; a longer one is never accepted. Events of the wrong shape
    are left as they are: the engine rejects them.
    """
    harmless = {*data.values(), fields.SATISFIES_RULE}  # a shortcut for nearly every event of our page
    return [
        [*event[:5], _redact(model, data, event[2], event[3], event[5])]
        if _has_typed_text(event) and event[5] not in harmless
        else event
        for event in events
    ]


def accepted_events(events: list[Any], *, after: int, upto: int) -> list[list[Any]]:
    """The events that the engine accepted, numbers ``after`` + 1 to ``upto``, with integers and a finite ``t``."""
    accepted: list[list[Any]] = []
    expected = after + 1
    for event in events:
        if expected > upto:
            break
        if event[0] == expected:
            _, t, screen, widget, action, *value = event
            accepted.append([expected, _finite(t), screen, int(widget), action, *value])
            expected += 1
    return accepted


def _has_typed_text(event: JsonValue) -> bool:
    return isinstance(event, list) and len(event) == 6 and event[4] == "type" and isinstance(event[5], str)


def _redact(model: dict[str, Any], data: Mapping[str, str], screen: Any, widget: Any, typed: str) -> str:
    if fields.is_length_only(typed) and len(typed) <= _MAX_LENGTH_CODE:
        return typed
    widgets = model["screens"].get(screen, {}).get("widgets", ()) if isinstance(screen, str) else ()
    if len(typed) > _MAX_TYPED_LENGTH or widget not in range(len(widgets)):
        return f"?{len(typed)}"
    return fields.encode_value(model, data, screen, int(widget), typed)


def _finite(t: float) -> int | float:
    """Milliseconds that are valid JSON: 0 for NaN and negative numbers, the engine's maximum for infinity."""
    if t != t or t < 0:
        return 0
    return min(t, MAX_TIME)
