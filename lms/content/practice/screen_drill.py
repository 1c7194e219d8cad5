"""Drills: repeat some screens of a practice, skipping the ones between them.

A drill is derived from a practice: it starts at the first chosen screen, each ``=>`` leads to the next chosen one,
and the last ``=>`` to the goal. It runs like any other practice, but can never be passed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from lms.content.fuzzy_matching import normalize_word
from lms.content.model import CompiledModel, Practice, Screen, Widget
from lms.content.practice.compiling import main_path, path_screens, scored_screens
from lms.content.practice.placeholders import placeholder_names

# Above 100, so that the engine never reports a drill as passed.
UNREACHABLE_PASS_PERCENT = 101


def make_drill(practice: Practice, wanted: Collection[str]) -> Practice:
    """A drill of the wanted scored screens, in the order of the main path. ``digest`` and ``data`` are unchanged.

    A message on a skipped screen that contains a ``{{value}}`` to be typed on a wanted screen moves to that screen,
    after its own widgets, whose indices do not change.

    Raises:
        ValueError: none of ``wanted`` is a scored screen.
    """
    path = main_path(practice)
    chosen = [name for name in scored_screens(practice) if name in wanted]
    if not chosen:
        raise ValueError("a drill needs a screen")
    next_screens: dict[str, str] = {}
    target = practice.goal
    for name in reversed(path[:-1]):
        next_screens[name] = target
        target = name if name in chosen else target
    screens = tuple(_redirect(screen, next_screens.get(screen.id)) for screen in practice.screens)
    messages = _messages_with_needed_codes(practice, chosen)
    screens = tuple(
        replace(screen, widgets=screen.widgets + messages[screen.id]) if screen.id in messages else screen
        for screen in screens
    )
    return replace(practice, start=chosen[0], pass_percent=UNREACHABLE_PASS_PERCENT, screens=screens)


def is_drill(model: CompiledModel) -> bool:
    """Whether a compiled model is a drill."""
    return model["pass"] == UNREACHABLE_PASS_PERCENT


def practice_for_compiled_model(practice: Practice, model: CompiledModel) -> Practice:
    """The practice that an attempt with this model runs: ``practice`` itself, or a drill of it."""
    return make_drill(practice, model["scored"]) if is_drill(model) else practice


def screens_after_skip(practice: Practice, drill: Practice) -> frozenset[str]:
    """The screens of a drill that do not follow their predecessor directly in the practice."""
    predecessors, drill_predecessors = _main_path_predecessors(practice), _main_path_predecessors(drill)
    return frozenset(name for name, previous in drill_predecessors.items() if predecessors[name] != previous)


def _main_path_predecessors(practice: Practice) -> dict[str, str | None]:
    """The predecessor of each screen on the main path; None for the first."""
    path = main_path(practice)
    return dict(zip(path, [None, *path], strict=False))


def _redirect(screen: Screen, target: str | None) -> Screen:
    if target is None:
        return screen
    widgets = (replace(widget, target=target) if widget.arrow == "=>" else widget for widget in screen.widgets)
    return replace(screen, widgets=tuple(widgets))


def _messages_with_needed_codes(practice: Practice, chosen: list[str]) -> dict[str, tuple[Widget, ...]]:
    """For each chosen screen the messages of skipped screens that contain a value to be typed there."""
    path = path_screens(practice)
    messages = [
        widget for screen in path if screen.id not in chosen for widget in screen.widgets if widget.role == "sms"
    ]
    needed: dict[str, tuple[Widget, ...]] = {}
    for screen in path:
        if screen.id not in chosen:
            continue
        wanted = {name for widget in screen.widgets for value in widget.values for name in _placeholders(value)}
        shown = {name for widget in screen.widgets if widget.role == "sms" for name in _placeholders(widget.body)}
        matching = tuple(message for message in messages if _placeholders(message.body) & (wanted - shown))
        if matching:
            needed[screen.id] = matching
    return needed


def _placeholders(text: str | None) -> set[str]:
    return {normalize_word(name) for name in placeholder_names(text or "")}
