"""An attempt's log cut into moments: what was filled in on a screen, the one thing then done, what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.model import FIELD_ROLES, Mode
from lms.content.practice import engine
from lms.content.practice.fields import SATISFIES, is_length_only
from lms.content.practice.value_encoding import own_values

_FILLING = frozenset({"type", "choose", "switch"})


@dataclass(frozen=True, slots=True)
class Deed:
    """``place`` is a widget's, −1 for help and a tap on nothing. ``value``: an own value, "~ok" or "?n"; else None."""

    action: str
    place: int
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """``deeds``: fields filled in, each as it stood in the end, then the one other thing, if any.

    ``fields`` is what stood in the fields of ``screen`` just before that thing, ``visited`` the screens met by then;
    ``said`` is the engine's, said on the screen ``after``.
    """

    screen: str
    deeds: tuple[Deed, ...]
    fields: tuple[str | None, ...]
    visited: frozenset[str]
    said: tuple[Any, ...]
    after: str


def moments_of(model: dict, data: Mapping[str, str], events: Iterable, mode: Mode) -> tuple[Moment, ...]:
    """The moments of a kept log, in order."""
    known = {*own_values(model, data), SATISFIES}
    found: list[Moment] = []
    filled: dict[int, Deed] = {}
    fields = _at_first(model)
    visited = {model["start"]}
    screen = model["start"]
    for event, state in engine.follow(model, data, events, mode):
        _, _, screen, place, action, *value = event
        deed = Deed(action, int(place), _told(value[0], known) if value else None)
        if action in _FILLING:
            filled.pop(deed.place, None)
            filled[deed.place] = deed
            fields[screen][deed.place] = deed.value
            continue
        deeds = (*filled.values(), deed)
        said = tuple(state.said or ())
        found.append(Moment(screen, deeds, tuple(fields[screen]), frozenset(visited), said, state.screen))
        filled.clear()
        visited.add(state.screen)
        fields[screen] = [_told(one, known) if one else one for one in state.fields[screen]]
    if filled:
        found.append(Moment(screen, tuple(filled.values()), tuple(fields[screen]), frozenset(visited), (), screen))
    return tuple(found)


def _at_first(model: dict) -> dict[str, list[str | None]]:
    return {
        name: [widget.get("start", "") if widget["role"] in FIELD_ROLES else None for widget in screen["widgets"]]
        for name, screen in model["screens"].items()
    }


def _told(value: str, known: set[str]) -> str:
    """What may be told again of a value: the store holds nothing else, and this is the second lock."""
    return value if value in known or is_length_only(value) else f"?{len(value)}"
