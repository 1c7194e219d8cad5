"""The practice engine: one event in, one state out, and nothing happens anywhere else.

``engine.js`` is the same function in JavaScript. An event is ``[q, t, screen, widget, action, value?]`` and FORMAT.md
says what each means; three things can become of it: it is *kept* and changes the state, it is *ignored* (its ``q``
is kept already, or the attempt has ended), or it is *impossible* and the log ends there.

``state.said`` tells what the last kept event calls for, in codes; whoever shows it looks the words up:
``["wrong", widget]`` a field's ``sai``; ``["warn", screen, widget]`` a ``báo`` (the screen may have changed);
``["idle", widget]`` a tap that leads nowhere; ``["stay", widget]`` a side way or trap in *làm theo*;
``["hint", n]`` the n-th hint, 0 where none is written, at most the last; ``["point", widget]``; ``["done"]`` the step
was done for the learner; ``["miss"]``; ``["read", widget]``. In *kiểm tra* a trap says nothing until the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import NamedTuple

from lms.content.model import FIELD_ROLES, Mode
from lms.content.practice.state import ScreenState, State
from lms.content.practice.transition_tables import (
    ASIDE,
    FORWARD,
    HINT,
    IDLE,
    MISS,
    PICK,
    POINT,
    READ,
    STAY,
    TRAP,
    Holding,
    Table,
    tables_of,
)

MODES: tuple[Mode, ...] = ("lam-theo", "tu-lam", "kiem-tra")
HINT_COST, POINT_COST, DO_COST = 25, 50, 100  # what a rung of help costs on its screen
LATEST = 2**53 - 1  # the largest t that both languages count exactly, in milliseconds


class ImpossibleEvent(ValueError):
    """An event that no page could have made; the log ends before it."""


class Replay(NamedTuple):
    """``kept`` counts the events that changed the state; the log ended early where an event was impossible."""

    state: State
    kept: int
    impossible: bool


def begin(model: dict) -> State:
    """The state before the first event."""
    screens, values = {}, {}
    for name, screen in model["screens"].items():
        screens[name] = ScreenState()
        values[name] = [
            widget.get("start", "") if widget["role"] in FIELD_ROLES else None for widget in screen["widgets"]
        ]
    start = model["start"]
    screens[start].visited = True
    return State(0, 0, start, "end" in model["screens"][start], False, screens, values, None)


def whole_state(model: dict, kept: dict) -> dict:
    """A state as JSON, of what a store has of it: see ``State.as_kept``. A whole one comes back as it is.

    Raises:
        ValueError: it is neither, that of another program for instance.
    """
    if "screens" in kept:
        return kept
    return State.from_kept(kept, begin(model)).as_json()


def step(model: dict, data: Mapping[str, str], state: State, event: object, mode: Mode) -> State:
    """The state after one event; ``state`` itself is left as it was, and returned when the event is ignored.

    Raises:
        ImpossibleEvent: no page could have made this event here.
    """
    following = state.copy()
    became = _advance(tables_of(model, mode), Holding(data), following, event)
    if became == _IMPOSSIBLE:
        raise ImpossibleEvent(event)
    return following if became == _KEPT else state


def step_on(model: dict, data: Mapping[str, str], state: State, event: object, mode: Mode) -> None:
    """``step`` without a copy, for whoever made ``state`` and needs no earlier one: it is moved on in place.

    Raises:
        ImpossibleEvent: no page could have made this event here; ``state`` is as it was.
    """
    if _advance(tables_of(model, mode), Holding(data), state, event) == _IMPOSSIBLE:
        raise ImpossibleEvent(event)


def replay(model: dict, data: Mapping[str, str], events: Sequence, mode: Mode, state: State | None = None) -> Replay:
    """Apply a whole log, from the beginning or on top of ``state`` (which is left as it was)."""
    return replay_on(model, data, events, mode, begin(model) if state is None else state.copy())


def replay_on(model: dict, data: Mapping[str, str], events: Sequence, mode: Mode, state: State) -> Replay:
    """``replay`` without a copy, for whoever made ``state`` and needs no earlier one: it is moved on in place."""
    tables, holding = tables_of(model, mode), Holding(data)
    before = state.q
    impossible = False
    for event in events:
        if _advance(tables, holding, state, event) == _IMPOSSIBLE:
            impossible = True
            break
    return Replay(state, state.q - before, impossible)


def follow(model: dict, data: Mapping[str, str], events: Iterable, mode: Mode) -> Iterator[tuple[Sequence, State]]:
    """Each kept event of a whole log with the state after it: one and the same State, to be looked at and left alone.

    The log ends where an event is impossible.
    """
    tables, holding, state = tables_of(model, mode), Holding(data), begin(model)
    for event in events:
        became = _advance(tables, holding, state, event)
        if became == _IMPOSSIBLE:
            return
        if became == _KEPT:
            yield event, state


def report(model: dict, state: State, mode: Mode) -> dict:
    """Score and verdict: ``{"screen", "ended", "passed", "score", "screens": {id: {"wrong", "help", "trapped",
    "score"}}}`` for the scored screens.

    ``score`` is the mean of the screens rounded to the nearest whole number, half upwards; but a mean short of the
    pass mark is never shown as reaching it. Whether it passes is decided on the exact sum. A practice without scored
    screens has 100 once its goal is reached.
    """
    screens = {}
    for name in model["scored"]:
        at = state.screens[name]
        screens[name] = {"wrong": at.wrong, "help": at.help, "trapped": at.trapped, "score": _score_of(at)}
    return verdict(model, state, mode) | {"screens": screens}


def verdict(model: dict, state: State, mode: Mode) -> dict:
    """``report`` without the screens."""
    total, count, screens = 0, len(model["scored"]), state.screens
    for name in model["scored"]:
        total += _score_of(screens[name])
    at_goal = state.ended and state.screen == model["goal"]
    enough = total >= model["pass"] * count
    score = (2 * total + count) // (2 * count) if count else 100 * at_goal
    if count and not enough:
        score = min(score, ceil(model["pass"]) - 1)
    return {
        "screen": state.screen,
        "ended": state.ended,
        "passed": at_goal and enough and mode != "lam-theo" and not state.fatal and not _was_done_for_her(screens),
        "score": score,
    }


def _score_of(at: ScreenState) -> int:
    return 0 if at.trapped or not at.visited else max(0, 100 - 25 * min(3, at.wrong) - at.help)


def _was_done_for_her(screens: Mapping[str, ScreenState]) -> bool:
    return any(screen.help >= DO_COST for screen in screens.values())


# --- the one transition ------------------------------------------------------------------------------------------

_KEPT, _IGNORED, _IMPOSSIBLE = 0, 1, 2


def _advance(tables: dict[str, Table], holding: Holding, state: State, event: object) -> int:
    """Apply one event to ``state`` in place and say what became of it. This is the whole meaning of an event."""
    if state.ended:
        return _IGNORED
    if (type(event) is not list and type(event) is not tuple) or not event:
        return _IMPOSSIBLE
    q = event[0]
    if type(q) is not int:
        q = _whole(q)
        if q is None:
            return _IMPOSSIBLE
    expected = state.q + 1
    if q != expected:
        return _IGNORED if 1 <= q < expected else _IMPOSSIBLE
    length = len(event)
    if length == 5:
        _, t, screen, place, action = event
    elif length == 6:
        _, t, screen, place, action, value = event
    else:
        return _IMPOSSIBLE
    if (type(t) is not int and type(t) is not float) or screen != state.screen or type(action) is not str:
        return _IMPOSSIBLE
    if type(place) is not int:
        place = _whole(place)
        if place is None:
            return _IMPOSSIBLE
    table = tables[screen]
    if not -1 <= place < table.count:
        return _IMPOSSIBLE
    act = table.actions[place].get(action)
    if act is None:
        return _IMPOSSIBLE
    deed, to, fatal, warn = act
    said: list | None = None
    if deed <= PICK:
        if length != 6 or type(value) is not str:
            return _IMPOSSIBLE
        if deed == PICK and value not in holding.choices(table.fields[place]):
            return _IMPOSSIBLE
        state.fields[screen][place] = value
    elif length != 5:
        return _IMPOSSIBLE
    elif deed == FORWARD:
        failing = _first_failing(table, holding, state.fields[screen])
        if failing < 0:
            _enter(tables, state, to)
        else:
            state.screens[screen].wrong += 1
            said = ["wrong", failing]
    elif deed == ASIDE:
        said = ["warn", screen, place] if warn else None
        _enter(tables, state, to)
    elif deed == TRAP:
        state.screens[screen].trapped = True
        if fatal:
            state.fatal = True
        said = ["warn", screen, place] if warn else None
        _enter(tables, state, to)
    elif deed == IDLE:
        said = ["idle", place]
    elif deed == STAY:
        said = ["stay", place]
    elif deed == MISS:
        said = ["miss"]
    elif deed == READ:
        said = ["read", place]
    else:
        said = _help(tables, holding, state, deed)
    state.q = q
    if t > state.t:
        state.t = t if t < LATEST else LATEST
    state.said = said
    return _KEPT


def _help(tables: dict[str, Table], holding: Holding, state: State, deed: int) -> list:
    screen = state.screen
    table, at, values = tables[screen], state.screens[screen], state.fields[screen]
    if deed == HINT:
        at.hints += 1
        at.help = max(at.help, HINT_COST)
        return ["hint", min(at.hints, table.hints)]
    if deed == POINT:
        at.help = max(at.help, POINT_COST)
        failing = _first_failing(table, holding, values)
        return ["point", failing if failing >= 0 else table.next]
    at.help = DO_COST
    for place, field in table.fields.items():
        values[place] = holding.first(field)
    _enter(tables, state, table.next_target)
    return ["done"]


def _enter(tables: dict[str, Table], state: State, target: str) -> None:
    state.screen = target
    state.screens[target].visited = True
    if tables[target].end:
        state.ended = True


def _first_failing(table: Table, holding: Holding, values: list[str | None]) -> int:
    """The place of the first field that does not hold, or −1."""
    for place, field in table.fields.items():
        if not holding.holds(field, values[place]):
            return place
    return -1


def _whole(number: object) -> int | None:
    """1.0 is 1; true, "1" and 1.5 are no whole numbers."""
    if type(number) is int:
        return number
    if type(number) is float and number.is_integer():
        return int(number)
    return None
