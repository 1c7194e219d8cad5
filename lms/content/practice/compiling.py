"""Compile a practice to the JSON model that the engines run, and draw its random data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from random import Random
from typing import Any

from lms.content.fuzzy_matching import normalize_word
from lms.content.model import FIELD_ROLES, CompiledModel, Practice, Screen, Widget
from lms.content.personal_data import contains_pii
from lms.content.practice.fields import OFF
from lms.content.practice.placeholders import with_exact_names
from lms.content.source import ascii_punctuation

_DRAW = re.compile(r"\s*sinh\s*\(\s*([0-9]+)\s*\)\s*", re.IGNORECASE)


def compile_model(practice: Practice) -> dict[str, Any]:
    """The model that ``engine.py`` and ``engine.js`` run. Its only texts are values, choices, ids, rule names.

    ``{"start", "goal", "pass", "scored": [screen id…], "path": [screen id…], "data": [name…],
    "screens": {id: {"end", "hints", "next", "widgets": [{"role", "values", "rule", "items", "arrow", "target",
    "fatal", "warn"}…]}}}``. ``next`` is the index of the screen's first ``=>``, or −1. Unset keys are omitted.
    """
    names = {normalize_word(name): name for name, _ in practice.data}
    return {
        "start": practice.start,
        "goal": practice.goal,
        "pass": practice.pass_percent,
        "path": main_path(practice),
        "scored": scored_screens(practice),
        "data": [name for name, _ in practice.data],
        "screens": {screen.id: _compile_screen(screen, names) for screen in practice.screens},
    }


def without_arrow_kinds(model: CompiledModel) -> dict[str, Any]:
    """The model for a page in *kiểm tra*, which must not reveal the right way.

    ``=>`` is kept only on screens with fields, where it submits them; all other arrows become ``->``. Screens are
    sorted by id, because the file has the right ones first. The goal, the path and hints are removed.
    """
    screens = {screen_id: _hide_screen_arrows(model["screens"][screen_id]) for screen_id in sorted(model["screens"])}
    return {**model, "goal": "", "path": [], "scored": [], "screens": screens}


def _hide_screen_arrows(screen: dict[str, Any]) -> dict[str, Any]:
    has_fields = any(widget["role"] in FIELD_ROLES for widget in screen["widgets"])
    widgets: list[dict[str, Any]] = []
    for widget in screen["widgets"]:
        visible = {key: value for key, value in widget.items() if key not in ("fatal", "warn")}
        if "arrow" in visible and not (has_fields and visible["arrow"] == "=>"):
            visible["arrow"] = "->"
        widgets.append(visible)
    visible_screen = {key: value for key, value in screen.items() if key != "hints"}
    return {**visible_screen, "next": screen["next"] if has_fields else -1, "widgets": widgets}


def path_screens(practice: Practice) -> list[Screen]:
    """The main path: the screens along each screen's first ``=>``, up to an end, a missing target or a cycle."""
    screens = {screen.id: screen for screen in practice.screens}
    path: dict[str, Screen] = {}
    screen = screens.get(practice.start)
    while screen is not None and screen.id not in path:
        path[screen.id] = screen
        if screen.kind == "end":
            break
        forward = next((widget for widget in screen.widgets if widget.arrow == "=>"), None)
        screen = screens.get(forward.target) if forward and forward.target else None
    return list(path.values())


def main_path(practice: Practice) -> list[str]:
    """The ids of the screens on the main path."""
    return [screen.id for screen in path_screens(practice)]


def scored_screens(practice: Practice) -> list[str]:
    """The ids of the screens on the main path that have a task and are not an end."""
    return [screen.id for screen in path_screens(practice) if screen.task and screen.kind != "end"]


def random_digit_count(value: str) -> int | None:
    """The number of digits that ``sinh(n)`` draws; None for a fixed value."""
    match = _DRAW.fullmatch(ascii_punctuation(value))
    return int(match[1]) if match else None


def generate_random_data(practice: Practice, seed: str | int) -> dict[str, str]:
    """The practice's data with random digits for each ``sinh(n)``, determined by the seed and never like real PII."""
    rng = Random(f"{seed}")  # noqa: S311  not secret: a message on the screen shows it
    return {name: _draw_value(value, rng) for name, value in practice.data}


def complete_random_data(practice: Practice, given: Mapping[str, object]) -> dict[str, str]:
    """The practice's data, completed by the drawn values in ``given``. Names are compared like keywords.

    Raises:
        ValueError: a drawn value is missing or has the wrong number of digits, or ``given`` has a name or a fixed
            value that differs from the practice.
    """
    values = {normalize_word(str(name)): value for name, value in given.items()}
    data: dict[str, str] = {}
    for name, typed in practice.data:
        length = random_digit_count(typed)
        value = values.pop(normalize_word(name), typed if length is None else None)
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


def _draw_value(value: str, rng: Random) -> str:
    length = random_digit_count(value)
    if length is None:
        return value
    while True:
        digits = "".join(rng.choice("0123456789") for _ in range(length))
        if not contains_pii(digits):
            return digits


def _compile_screen(screen: Screen, names: dict[str, str]) -> dict[str, Any]:
    forward = next((index for index, widget in enumerate(screen.widgets) if widget.arrow == "=>"), -1)
    compiled: dict[str, Any] = {
        "next": forward,
        "widgets": [_compile_widget(widget, names) for widget in screen.widgets],
    }
    if screen.kind == "end":
        compiled["end"] = True
    if screen.hints:
        compiled["hints"] = len(screen.hints)
    return compiled


def _compile_widget(widget: Widget, names: dict[str, str]) -> dict[str, Any]:
    compiled: dict[str, Any] = {"role": widget.role}
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
