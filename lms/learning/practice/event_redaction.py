"""A practice's events as they are stored: in one plain form, and with nothing in them that is a person's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.content.practice import fields, value_encoding
from lms.content.practice.engine import LATEST

_LONGEST_TYPED = 200  # characters; no own value is longer, and comparing is not free
_LONGEST_CODE = 8  # "?" and a number


def own_values_only(model: dict[str, Any], data: Mapping[str, str], events: list[Any]) -> list[Any]:
    """The same events, each typed text as our page would have sent it: an own value, ``~ok`` or ``?n``.

    Our page sends nothing else. A page that was tampered with must not make us store somebody's password either.
    Whether a field holds is the same before and after. Events without the right shape pass as they are: the engine
    refuses them.
    """
    at_once = {*data.values(), fields.SATISFIES}  # what nearly every event of an honest page carries
    return [
        [*event[:5], _sent(model, data, *event[2:4], event[5])] if _types(event) and event[5] not in at_once else event
        for event in events
    ]


def kept_of(events: list[Any], *, after: int, upto: int) -> list[list[Any]]:
    """Those events that the engine kept, numbers ``after`` + 1 to ``upto``: whole numbers whole, ``t`` in range."""
    kept = []
    expected = after + 1
    for event in events:
        if expected > upto:
            break
        if event[0] == expected:
            _, t, screen, place, action, *value = event
            kept.append([expected, _in_range(t), screen, int(place), action, *value])
            expected += 1
    return kept


def _types(event: Any) -> bool:
    return isinstance(event, list) and len(event) == 6 and event[4] == "type" and isinstance(event[5], str)


def _sent(model: dict[str, Any], data: Mapping[str, str], screen: Any, place: Any, typed: str) -> str:
    if fields.is_length_only(typed) and len(typed) <= _LONGEST_CODE:
        return typed
    widgets = model["screens"].get(screen, {}).get("widgets", ()) if isinstance(screen, str) else ()
    if len(typed) > _LONGEST_TYPED or place not in range(len(widgets)):
        return f"?{len(typed)}"
    return value_encoding.encode(model, data, screen, int(place), typed)


def _in_range(t: float) -> int | float:
    """Milliseconds that stay valid JSON: NaN is 0, and infinity the latest that the engines count."""
    if t != t or t < 0:
        return 0
    return min(t, LATEST)
