"""What the engines need to know of a practice, as plain JSON, and the drawing of its data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from random import Random

from lms.content.fuzzy_words import fold
from lms.content.model import FIELD_ROLES, Practice, Screen, Widget
from lms.content.practice.fields import OFF
from lms.content.practice.pii_checks import looks_real
from lms.content.practice.placeholders import with_exact_names
from lms.content.source import plain

DRAWN = re.compile(r"\s*sinh\s*\(\s*([0-9]+)\s*\)\s*", re.IGNORECASE)


def compile_model(practice: Practice) -> dict:
    """The model that ``engine.py`` and ``engine.js`` run: no texts but values, choices, ids and rule names.

    ``{"start", "goal", "pass", "scored": [screen id…], "path": [screen id…], "data": [name…],
    "screens": {id: {"end", "hints", "next", "widgets": [{"role", "values", "rule", "items", "arrow", "target",
    "fatal", "warn"}…]}}}``. ``next`` is the place of the screen's first ``=>``, or −1. Only what is set is written.
    """
    names = {fold(name): name for name, _ in practice.data}
    return {
        "start": practice.start,
        "goal": practice.goal,
        "pass": practice.pass_percent,
        "path": path_of(practice),
        "scored": scored_screens(practice),
        "data": [name for name, _ in practice.data],
        "screens": {screen.id: _screen(screen, names) for screen in practice.screens},
    }


def hide_arrows(model: dict) -> dict:
    """The model for a page in *kiểm tra*: it tells which buttons check, not which arrow is which.

    A button checks only where there are fields; elsewhere all arrows are one. Screens stand in the order of their
    ids, since the file has the right way first, and neither the goal nor a hint marks any.
    """
    screens = {screen_id: _hidden(model["screens"][screen_id]) for screen_id in sorted(model["screens"])}
    return {**model, "goal": "", "path": [], "scored": [], "screens": screens}


def _hidden(screen: dict) -> dict:
    checks = any(widget["role"] in FIELD_ROLES for widget in screen["widgets"])
    widgets = []
    for widget in screen["widgets"]:
        shown = {key: value for key, value in widget.items() if key not in ("fatal", "warn")}
        if "arrow" in shown and not (checks and shown["arrow"] == "=>"):
            shown["arrow"] = "->"
        widgets.append(shown)
    hidden = {key: value for key, value in screen.items() if key != "hints"}
    return {**hidden, "next": screen["next"] if checks else -1, "widgets": widgets}


def path_of(practice: Practice) -> list[str]:
    """The screens that the first ``=>`` of each screen leads through, up to an end, a gap or a circle."""
    screens = {screen.id: screen for screen in practice.screens}
    path: dict[str, None] = {}
    screen = screens.get(practice.start)
    while screen is not None and screen.id not in path:
        path[screen.id] = None
        if screen.kind == "end":
            break
        forward = next((widget for widget in screen.widgets if widget.arrow == "=>"), None)
        screen = screens.get(forward.target) if forward and forward.target else None
    return list(path)


def scored_screens(practice: Practice) -> list[str]:
    """The screens of the path that have a task and are no end, in its order."""
    return [screen.id for screen in map(practice.screen, path_of(practice)) if screen.task and screen.kind != "end"]


def drawn_length(value: str) -> int | None:
    """How many digits ``sinh(n)`` draws; None for a value that stays as it is."""
    match = DRAWN.fullmatch(plain(value))
    return int(match[1]) if match else None


def draw(practice: Practice, seed: str | int) -> dict[str, str]:
    """The practice's data with every ``sinh`` drawn; the same seed draws the same. Nothing drawn looks real."""
    dice = Random(f"{seed}")  # noqa: S311  what is drawn is no secret: a message on the screen shows it
    return {name: _drawn(value, dice) for name, value in practice.data}


def complete_data(practice: Practice, given: Mapping[str, object]) -> dict[str, str]:
    """The practice's data with what ``given`` says was drawn. Names are compared as fixed words are.

    Raises:
        ValueError: a drawn value is missing or is not so many digits, or something is given that the practice does
            not have, or has otherwise.
    """
    values = {fold(str(name)): value for name, value in given.items()}
    data = {}
    for name, typed in practice.data:
        length = drawn_length(typed)
        value = values.pop(fold(name), typed if length is None else None)
        if value is None:
            raise ValueError(f"data lacks {name!r}")
        if not isinstance(value, str):
            raise ValueError(f"data {name!r} is not text")
        if length is None and unicodedata.normalize("NFC", value) != typed:
            raise ValueError(f"data {name!r} is not what the practice says")
        if length is not None and not re.fullmatch(f"[0-9]{{{length}}}", value):
            raise ValueError(f"data {name!r} is not {length} digits")
        data[name] = value
    if values:
        raise ValueError(f"the practice has no data {next(iter(values))!r}")
    return data


def _drawn(value: str, dice: Random) -> str:
    length = drawn_length(value)
    if length is None:
        return value
    while True:
        digits = "".join(dice.choice("0123456789") for _ in range(length))
        if not looks_real(digits):
            return digits


def _screen(screen: Screen, names: dict[str, str]) -> dict:
    forward = next((place for place, widget in enumerate(screen.widgets) if widget.arrow == "=>"), -1)
    compiled: dict = {"next": forward, "widgets": [_widget(widget, names) for widget in screen.widgets]}
    if screen.kind == "end":
        compiled["end"] = True
    if screen.hints:
        compiled["hints"] = len(screen.hints)
    return compiled


def _widget(widget: Widget, names: dict[str, str]) -> dict:
    compiled: dict = {"role": widget.role}
    if widget.role in FIELD_ROLES:
        if widget.role == "switch":
            compiled["start"] = OFF
        if widget.rule:
            compiled["rule"] = widget.rule
        else:
            compiled["values"] = [with_exact_names(value, names) for value in widget.values]
        if widget.items:
            compiled["items"] = [with_exact_names(item, names) for item in widget.items]
    if widget.arrow and widget.target:
        compiled["arrow"] = widget.arrow
        compiled["target"] = widget.target
    if widget.fatal:
        compiled["fatal"] = True
    if widget.warn:
        compiled["warn"] = True
    return compiled
