"""A few screens of a practice once more: the ways between them are left to the machine.

A rehearsal is a practice of its own, made out of another: it begins at the first of its screens, each ``=>`` leads to
the next of them and the last one to the goal. So both engines, the plain page and the script run it as any other. It
can never pass: whoever repeats three screens has not shown the whole way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from lms.content.fuzzy_words import fold
from lms.content.model import Practice, Screen, Widget
from lms.content.practice.compiling import path_of, scored_screens
from lms.content.practice.placeholders import names_in

# More than every screen can give, so that the engine itself never calls one passed.
OUT_OF_REACH = 101


def rehearsal(practice: Practice, wanted: Collection[str]) -> Practice:
    """The practice of these scored screens alone, in the order of the path. ``digest`` and ``data`` stay.

    A message that comes on a way left out, and whose ``{{value}}`` one of the screens wants typed, comes on that
    screen instead, after its own widgets: the numbers of these do not change.

    Raises:
        ValueError: none of ``wanted`` is a scored screen.
    """
    path = path_of(practice)
    chosen = [name for name in scored_screens(practice) if name in wanted]
    if not chosen:
        raise ValueError("a rehearsal needs a screen")
    following: dict[str, str] = {}
    target = practice.goal
    for name in reversed(path[:-1]):
        following[name] = target
        target = name if name in chosen else target
    screens = tuple(_led_on(screen, following.get(screen.id)) for screen in practice.screens)
    messages = _missed(practice, path, chosen)
    screens = tuple(
        replace(screen, widgets=screen.widgets + messages[screen.id]) if screen.id in messages else screen
        for screen in screens
    )
    return replace(practice, start=chosen[0], pass_percent=OUT_OF_REACH, screens=screens)


def is_rehearsal(model: Mapping[str, Any]) -> bool:
    """Whether a compiled model is a rehearsal's."""
    return model["pass"] == OUT_OF_REACH


def practice_of(practice: Practice, model: Mapping[str, Any]) -> Practice:
    """What an attempt with this model goes through: the practice itself, or the rehearsal of some of its screens."""
    return rehearsal(practice, model["scored"]) if is_rehearsal(model) else practice


def walked_to(practice: Practice, rehearsed: Practice) -> frozenset[str]:
    """The screens of a rehearsal of ``practice`` to which the machine has walked the way."""
    after = dict(pairwise(path_of(practice)))
    short = path_of(rehearsed)
    return frozenset(name for last, name in pairwise([None, *short]) if after.get(last, practice.start) != name)


def _led_on(screen: Screen, target: str | None) -> Screen:
    if target is None:
        return screen
    widgets = (replace(widget, target=target) if widget.arrow == "=>" else widget for widget in screen.widgets)
    return replace(screen, widgets=tuple(widgets))


def _missed(practice: Practice, path: list[str], chosen: list[str]) -> dict[str, tuple[Widget, ...]]:
    """For each chosen screen the messages of screens left out that hold what it wants typed."""
    left_out = [practice.screen(name) for name in path if name not in chosen]
    messages = [widget for screen in left_out for widget in screen.widgets if widget.role == "sms"]
    found: dict[str, tuple[Widget, ...]] = {}
    for name in chosen:
        screen = practice.screen(name)
        keys = {key for widget in screen.widgets for value in widget.values for key in _keys(value)}
        told = {key for widget in screen.widgets if widget.role == "sms" for key in _keys(widget.body)}
        here = tuple(message for message in messages if _keys(message.body) & (keys - told))
        if here:
            found[name] = here
    return found


def _keys(text: str | None) -> set[str]:
    return {fold(name) for name in names_in(text or "")}
