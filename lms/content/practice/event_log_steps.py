"""Split an attempt's log into replay steps: the fields filled in on a screen, the action that followed, its result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.content.model import CompiledModel, Mode
from lms.content.practice import engine
from lms.content.practice.fields import SATISFIES_RULE, is_redacted_value, known_values

_FIELD_ACTIONS = frozenset({"type", "choose", "switch"})


@dataclass(frozen=True, slots=True)
class Action:
    """One action on the widget ``index``; −1 for help and missed taps. Only fields have a ``value``."""

    action: str
    index: int
    value: str | None = None


@dataclass(frozen=True, slots=True)
class LogStep:
    """One step of a replay.

    ``actions`` are the fields filled in, each with its final value, then one other action, if any. ``fields`` are the
    values on ``screen`` before that action, ``visited`` the screens visited by then. ``said`` is the engine's feedback,
    shown on the screen ``after``.
    """

    screen: str
    actions: tuple[Action, ...]
    fields: tuple[str | None, ...]
    visited: frozenset[str]
    said: tuple[Any, ...]
    after: str


def split_log_into_steps(
    model: CompiledModel, data: Mapping[str, str], events: Iterable[Any], mode: Mode
) -> tuple[LogStep, ...]:
    """The replay steps of a stored log, in order."""
    known = {*known_values(model, data), SATISFIES_RULE}
    steps: list[LogStep] = []
    filled: dict[int, Action] = {}
    fields = engine.initial_state(model).fields
    visited = {model["start"]}
    screen = model["start"]
    for event, state in engine.replay_states(model, data, events, mode):
        _, _, screen, index, name, *typed = event
        action = Action(name, int(index), _safe_value(typed[0], known) if typed else None)
        if name in _FIELD_ACTIONS:
            filled.pop(action.index, None)
            filled[action.index] = action
            fields[screen][action.index] = action.value
            continue
        actions = (*filled.values(), action)
        said = tuple(state.said or ())
        steps.append(LogStep(screen, actions, tuple(fields[screen]), frozenset(visited), said, state.screen))
        filled.clear()
        visited.add(state.screen)
        fields[screen] = [_safe_value(value, known) if value else value for value in state.fields[screen]]
    if filled:
        steps.append(LogStep(screen, tuple(filled.values()), tuple(fields[screen]), frozenset(visited), (), screen))
    return tuple(steps)


def _safe_value(value: str, known: set[str]) -> str:
    """A value that may be shown. Stored logs contain no other values; this is a second safeguard."""
    return value if value in known or is_redacted_value(value) else f"?{len(value)}"
