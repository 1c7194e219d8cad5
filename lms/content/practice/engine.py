"""The practice engine: a pure function from a state and an event to the next state.

``engine.js`` is the same in JavaScript, function by function. An event is ``[q, t, screen, widget, action, value?]``;
docs/format.md defines each field. An event is *accepted* and changes the state, or *ignored* (its ``q`` was accepted
already, or the attempt has ended), or *impossible*: then the log ends before it.

``state.said`` is the feedback on the last accepted event, as a code that pages translate into words:
``["wrong", widget]`` a field's ``sai``; ``["warn", screen, widget]`` a ``báo`` (the current screen may have changed);
``["idle", widget]`` a tap without effect; ``["stay", widget]`` a side way or trap in *làm theo*;
``["hint", n]`` the n-th hint, 0 if none is written, at most the last; ``["point", widget]``; ``["done"]`` the step was
done for the learner; ``["miss"]``; ``["read", widget]``. In *kiểm tra* a trap gives no feedback until the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

from lms.content.model import TAP_ROLES, CompiledModel, Mode
from lms.content.practice.engine_state import ScreenState, State, initial_state
from lms.content.practice.fields import choices_of_field, field_accepts, value_filled_in_by_help

HINT_COST, POINT_COST, DO_COST = 25, 50, 100  # percent of a screen's score, for the highest level of help used on it
MAX_TIME = 2**53 - 1  # the largest t in ms that both languages represent exactly
FIELD_ACTIONS = {"number": "type", "text": "type", "password": "type", "select": "choose", "switch": "switch"}
# What such a widget takes besides "tap"; the others of TAP_ROLES take "hold".
GESTURE_ACTIONS = {"swipe": "swipe", "press": "hold", "pinch": "pinch", "double-tap": "double-tap"}


class ImpossibleEvent(ValueError):
    """An event that no page could have produced; the log ends before it."""


class Replay(NamedTuple):
    """The result of replaying a log. ``accepted`` counts accepted events; ``impossible``: the log ended early."""

    state: State
    accepted: int
    impossible: bool


def step(model: CompiledModel, data: Mapping[str, str], state: State, event: object, mode: Mode) -> State:
    """The state after one event. ``state`` is not modified; it is returned if the event is ignored.

    Raises:
        ImpossibleEvent: no page could have produced this event in this state.
    """
    next_state = state.copy()
    return next_state if step_in_place(model, data, next_state, event, mode) else state


def replay(
    model: CompiledModel, data: Mapping[str, str], events: Iterable[Any], mode: Mode, state: State | None = None
) -> Replay:
    """Apply a log to the initial state, or to a copy of ``state``."""
    return replay_in_place(model, data, events, mode, initial_state(model) if state is None else state.copy())


def replay_in_place(
    model: CompiledModel, data: Mapping[str, str], events: Iterable[Any], mode: Mode, state: State
) -> Replay:
    """Apply a log to ``state``, which is modified. Stops before an impossible event."""
    before, impossible = state.q, False
    try:
        for event in events:
            step_in_place(model, data, state, event, mode)
    except ImpossibleEvent:
        impossible = True
    return Replay(state, state.q - before, impossible)


def replay_states(
    model: CompiledModel, data: Mapping[str, str], events: Iterable[Any], mode: Mode
) -> Iterator[tuple[Sequence[Any], State]]:
    """Yield each accepted event of a log with the state after it. Stops before an impossible event.

    It is one State object, modified from event to event: the caller must neither keep nor modify it.
    """
    state = initial_state(model)
    for event in events:
        try:
            is_accepted = step_in_place(model, data, state, event, mode)
        except ImpossibleEvent:
            return
        if is_accepted:
            yield event, state


def score_report(model: CompiledModel, state: State, mode: Mode) -> dict[str, Any]:
    """``{"screen", "ended", "passed", "score", "screens": {id: {"wrong", "help", "trapped", "score"}}}``.

    ``screens`` has the scored screens. ``score`` is their mean, rounded half up to an integer; but a mean below the
    pass mark is never rounded up to it. Passing depends on the exact sum. A practice without scored screens scores 100
    once its goal is reached.
    """
    screens: dict[str, Any] = {}
    for name in model["scored"]:
        screen = state.screens[name]
        screens[name] = {
            "wrong": screen.wrong, "help": screen.help, "trapped": screen.trapped, "score": _screen_score(screen)
        }  # fmt: skip
    return score_report_without_screens(model, state, mode) | {"screens": screens}


def score_report_without_screens(model: CompiledModel, state: State, mode: Mode) -> dict[str, Any]:
    """The score report without "screens"."""
    total, count, screens = 0, len(model["scored"]), state.screens
    for name in model["scored"]:
        total += _screen_score(screens[name])
    at_goal = state.ended and state.screen == model["goal"]
    is_enough = total >= model["pass"] * count
    score = (2 * total + count) // (2 * count) if count else 100 * at_goal
    if count and not is_enough:
        score = min(score, ceil(model["pass"]) - 1)
    return {
        "screen": state.screen,
        "ended": state.ended,
        "passed": at_goal and is_enough and mode != Mode.FOLLOW and not state.fatal and not _has_done_step(screens),
        "score": score,
    }


def _screen_score(screen: ScreenState) -> int:
    return 0 if screen.trapped or not screen.visited else max(0, 100 - 25 * min(3, screen.wrong) - screen.help)


def _has_done_step(screens: Mapping[str, ScreenState]) -> bool:
    """Whether a step was done for the learner (*làm giúp*)."""
    return any(screen.help >= DO_COST for screen in screens.values())


# --- the transition ----------------------------------------------------------------------------------------------


def step_in_place(model: CompiledModel, data: Mapping[str, str], state: State, event: Any, mode: Mode) -> bool:
    """Apply one event to ``state``, which is modified; False if the event is ignored.

    Every check comes before the first modification.

    Raises:
        ImpossibleEvent: no page could have produced this event in this state; ``state`` is unchanged.
    """
    if state.ended:
        return False
    _check(type(event) in (list, tuple) and len(event) > 0)
    q = _integer(event[0])
    _check(1 <= q <= state.q + 1)
    if q <= state.q:
        return False
    _check(len(event) in (5, 6))
    t, screen, index, action = event[1], event[2], _integer(event[3]), event[4]
    _check(type(t) in (int, float) and screen == state.screen and type(action) is str)
    widgets = model["screens"][screen]["widgets"]
    _check(-1 <= index < len(widgets))
    if index >= 0 and FIELD_ACTIONS.get(widgets[index]["role"]) == action:
        _check(len(event) == 6 and type(event[5]) is str)
        _check(action == "type" or event[5] in choices_of_field(widgets[index], data))
        state.fields[screen][index] = event[5]
        said = None
    else:
        _check(len(event) == 5)
        said = _act(model, data, state, index, action, mode) if index >= 0 else _help(model, data, state, action, mode)
    state.q = q
    if t > state.t:
        state.t = min(t, MAX_TIME)
    state.said = said
    return True


def _act(
    model: CompiledModel, data: Mapping[str, str], state: State, index: int, action: str, mode: Mode
) -> list[Any] | None:
    widget = model["screens"][state.screen]["widgets"][index]
    role, arrow = widget["role"], widget.get("arrow")
    if role == "sms" and action == "read":
        return ["read", index]
    _check(
        action == "wait"
        if role == "wait"
        else role in TAP_ROLES and (action == "tap" or action == GESTURE_ACTIONS.get(role, "hold"))
    )
    if arrow is None:
        return ["idle", index]
    if arrow == "=>":
        return _submit(model, data, state, widget)
    if mode == Mode.FOLLOW:
        return ["stay", index]
    said = ["warn", state.screen, index] if "warn" in widget and mode != Mode.TEST else None
    if arrow == "x>":
        state.screens[state.screen].trapped = True
        state.fatal = state.fatal or "fatal" in widget
    _enter(model, state, widget["target"])
    return said


def _submit(model: CompiledModel, data: Mapping[str, str], state: State, widget: Mapping[str, Any]) -> list[Any] | None:
    failing = _first_failing(model, data, state)
    if failing >= 0:
        state.screens[state.screen].wrong += 1
        return ["wrong", failing]
    _enter(model, state, widget["target"])
    return None


def _help(model: CompiledModel, data: Mapping[str, str], state: State, action: str, mode: Mode) -> list[Any]:
    if action == "miss":
        return ["miss"]
    screen, counts = model["screens"][state.screen], state.screens[state.screen]
    _check(mode != Mode.TEST and (action == "hint" or (action in ("point", "do") and screen["next"] >= 0)))
    if action == "hint":
        counts.hints += 1
        counts.help = max(counts.help, HINT_COST)
        return ["hint", min(counts.hints, screen.get("hints", 0))]
    if action == "point":
        counts.help = max(counts.help, POINT_COST)
        failing = _first_failing(model, data, state)
        return ["point", screen["next"] if failing < 0 else failing]
    counts.help = DO_COST
    values = state.fields[state.screen]
    for index, widget in enumerate(screen["widgets"]):
        if values[index] is not None:
            values[index] = value_filled_in_by_help(widget, data)
    _enter(model, state, screen["widgets"][screen["next"]]["target"])
    return ["done"]


def _enter(model: CompiledModel, state: State, target: str) -> None:
    state.screen = target
    state.screens[target].visited = True
    state.ended = "end" in model["screens"][target]


def _first_failing(model: CompiledModel, data: Mapping[str, str], state: State) -> int:
    """The index of the first field on the screen whose value is not accepted, or −1."""
    widgets, values = model["screens"][state.screen]["widgets"], state.fields[state.screen]
    for index, value in enumerate(values):
        if value is not None and not field_accepts(widgets[index], data, value):
            return index
    return -1


def _check(is_possible: bool) -> None:
    if not is_possible:
        raise ImpossibleEvent


def _integer(number: object) -> int:
    """A JSON number that is an integer: 1.0 is 1; true, "1" and 1.5 are none.

    Raises:
        ImpossibleEvent: it is none.
    """
    if type(number) is int:
        return number
    if type(number) is float and number.is_integer():
        return int(number)
    raise ImpossibleEvent
