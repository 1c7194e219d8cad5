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

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lms.content.model import FIELD_ROLES, TAP_ROLES, Mode
from lms.content.practice import fields
from lms.content.practice.placeholders import fill

MODES: tuple[Mode, ...] = ("lam-theo", "tu-lam", "kiem-tra")
HINT, POINT, DO = 25, 50, 100  # what a rung of help costs on its screen
LATEST = 2**53 - 1  # the largest t that both languages count exactly, in milliseconds


class ImpossibleEvent(ValueError):
    """An event that no page could have made; the log ends before it."""


class ScreenState:
    """What happened on one screen, all visits together. ``help`` is 0, 25, 50 or 100."""

    __slots__ = ("wrong", "hints", "help", "trapped", "visited")

    def __init__(
        self, wrong: int = 0, hints: int = 0, help: int = 0, trapped: bool = False, visited: bool = False
    ) -> None:
        self.wrong = wrong
        self.hints = hints
        self.help = help
        self.trapped = trapped
        self.visited = visited

    def copy(self) -> ScreenState:
        return ScreenState(self.wrong, self.hints, self.help, self.trapped, self.visited)

    def as_json(self) -> dict:
        return {name: getattr(self, name) for name in self.__slots__}


class State:
    """Where an attempt stands. ``q`` is the last event kept; ``fields`` holds a screen's values by widget."""

    __slots__ = ("q", "t", "screen", "ended", "fatal", "screens", "fields", "said")

    def __init__(
        self,
        q: int,
        t: float,
        screen: str,
        ended: bool,
        fatal: bool,
        screens: dict[str, ScreenState],
        fields: dict[str, list[str | None]],
        said: list | None,
    ) -> None:
        self.q = q
        self.t = t
        self.screen = screen
        self.ended = ended
        self.fatal = fatal
        self.screens = screens
        self.fields = fields
        self.said = said

    def copy(self) -> State:
        screens = {name: screen.copy() for name, screen in self.screens.items()}
        values = {name: list(values) for name, values in self.fields.items()}
        return State(self.q, self.t, self.screen, self.ended, self.fatal, screens, values, self.said)

    def as_json(self) -> dict:
        return {
            "q": self.q,
            "t": self.t,
            "screen": self.screen,
            "ended": self.ended,
            "fatal": self.fatal,
            "screens": {name: screen.as_json() for name, screen in self.screens.items()},
            "fields": {name: list(values) for name, values in self.fields.items()},
            "said": list(self.said) if self.said is not None else None,
        }

    @classmethod
    def from_json(cls, kept: dict) -> State:
        """Read back what ``as_json`` gave; it is trusted."""
        screens = {name: ScreenState(**screen) for name, screen in kept["screens"].items()}
        values = {name: list(values) for name, values in kept["fields"].items()}
        said = list(kept["said"]) if kept["said"] is not None else None
        return cls(kept["q"], kept["t"], kept["screen"], kept["ended"], kept["fatal"], screens, values, said)


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


def step(model: dict, data: Mapping[str, str], state: State, event: object, mode: Mode) -> State:
    """The state after one event; ``state`` itself is left as it was, and returned when the event is ignored.

    Raises:
        ImpossibleEvent: no page could have made this event here.
    """
    following = state.copy()
    became = _advance(_tables(model, mode), _Holding(data), following, event)
    if became == _IMPOSSIBLE:
        raise ImpossibleEvent(event)
    return following if became == _KEPT else state


def replay(model: dict, data: Mapping[str, str], events: Sequence, mode: Mode, state: State | None = None) -> Replay:
    """Apply a whole log, from the beginning or on top of ``state`` (which is left as it was)."""
    tables, holding = _tables(model, mode), _Holding(data)
    current = begin(model) if state is None else state.copy()
    before = current.q
    impossible = False
    for event in events:
        if _advance(tables, holding, current, event) == _IMPOSSIBLE:
            impossible = True
            break
    return Replay(current, current.q - before, impossible)


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
        unmarked = at.trapped or not at.visited
        score = 0 if unmarked else max(0, 100 - 25 * min(3, at.wrong) - at.help)
        screens[name] = {"wrong": at.wrong, "help": at.help, "trapped": at.trapped, "score": score}
    total = sum(screen["score"] for screen in screens.values())
    count = len(screens)
    at_goal = state.ended and state.screen == model["goal"]
    enough = total >= model["pass"] * count
    clean = not state.fatal and all(screen.help < DO for screen in state.screens.values())
    score = (2 * total + count) // (2 * count) if count else 100 * at_goal
    if count and not enough:
        score = min(score, model["pass"] - 1)
    return {
        "screen": state.screen,
        "ended": state.ended,
        "passed": at_goal and enough and clean and mode != "lam-theo",
        "score": score,
        "screens": screens,
    }


# --- the one transition ------------------------------------------------------------------------------------------

_KEPT, _IGNORED, _IMPOSSIBLE = 0, 1, 2
_TYPE, _PICK, _FORWARD, _ASIDE, _TRAP, _IDLE, _STAY, _HINT, _POINT, _DO, _MISS, _READ = range(12)
_TYPED_ROLES = frozenset({"number", "text", "password"})


def _advance(tables: dict[str, _Table], holding: _Holding, state: State, event: object) -> int:  # noqa: C901
    """Apply one event to ``state`` in place and say what became of it. This is the whole meaning of an event."""
    if state.ended:
        return _IGNORED
    if type(event) is not list and type(event) is not tuple or not event:
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
    if type(t) is not int and type(t) is not float or screen != state.screen or type(action) is not str:
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
    if deed <= _PICK:
        if length != 6 or type(value) is not str:
            return _IMPOSSIBLE
        if deed == _PICK and value not in holding.choices(table.fields[place]):
            return _IMPOSSIBLE
        state.fields[screen][place] = value
    elif length != 5:
        return _IMPOSSIBLE
    elif deed == _FORWARD:
        failing = _first_failing(table, holding, state.fields[screen])
        if failing < 0:
            _enter(tables, state, to)
        else:
            state.screens[screen].wrong += 1
            said = ["wrong", failing]
    elif deed == _ASIDE:
        said = ["warn", screen, place] if warn else None
        _enter(tables, state, to)
    elif deed == _TRAP:
        state.screens[screen].trapped = True
        if fatal:
            state.fatal = True
        said = ["warn", screen, place] if warn else None
        _enter(tables, state, to)
    elif deed == _IDLE:
        said = ["idle", place]
    elif deed == _STAY:
        said = ["stay", place]
    elif deed == _MISS:
        said = ["miss"]
    elif deed == _READ:
        said = ["read", place]
    else:
        said = _help(tables, holding, state, deed)
    state.q = q
    if t > state.t:
        state.t = t if t < LATEST else LATEST
    state.said = said
    return _KEPT


def _help(tables: dict[str, _Table], holding: _Holding, state: State, deed: int) -> list:
    screen = state.screen
    table, at, values = tables[screen], state.screens[screen], state.fields[screen]
    if deed == _HINT:
        at.hints += 1
        at.help = max(at.help, HINT)
        return ["hint", min(at.hints, table.hints)]
    if deed == _POINT:
        at.help = max(at.help, POINT)
        failing = _first_failing(table, holding, values)
        return ["point", failing if failing >= 0 else table.next]
    at.help = DO
    for place, field in table.fields.items():
        values[place] = holding.first(field)
    _enter(tables, state, table.next_target)
    return ["done"]


def _enter(tables: dict[str, _Table], state: State, target: str) -> None:
    state.screen = target
    state.screens[target].visited = True
    if tables[target].end:
        state.ended = True


def _first_failing(table: _Table, holding: _Holding, values: list[str | None]) -> int:
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


# --- the model as lookup tables ----------------------------------------------------------------------------------


class _Table:
    """One screen in one mode. ``actions[place][action]`` is (deed, target, fatal, has ``báo``); place −1 is help."""

    __slots__ = ("actions", "count", "fields", "hints", "next", "next_target", "end")

    def __init__(self, screen: dict, mode: Mode) -> None:
        widgets = screen["widgets"]
        self.count = len(widgets)
        self.fields = {place: _Field(widget) for place, widget in enumerate(widgets) if widget["role"] in FIELD_ROLES}
        self.hints = screen.get("hints", 0)
        self.next = screen["next"]
        self.next_target = widgets[self.next]["target"] if self.next >= 0 else None
        self.end = "end" in screen
        self.actions = [_actions(widget, mode) for widget in widgets]
        self.actions.append(_page_actions(self.next >= 0, mode))


class _Field:
    __slots__ = ("role", "rule", "values", "items")

    def __init__(self, widget: dict) -> None:
        self.role: str = widget["role"]
        self.rule: str | None = widget.get("rule")
        self.values: tuple[str, ...] = tuple(widget.get("values", ()))
        self.items: tuple[str, ...] = fields.SWITCH_CHOICES if self.role == "switch" else tuple(widget.get("items", ()))


class _Holding:
    """Which values hold in one attempt: comparisons with its data, each made once."""

    __slots__ = ("data", "_holds", "_choices")

    def __init__(self, data: Mapping[str, str]) -> None:
        self.data = data
        self._holds: dict[tuple[_Field, str], bool] = {}
        self._choices: dict[_Field, frozenset[str]] = {}

    def holds(self, field: _Field, text: str) -> bool:
        key = (field, text)
        known = self._holds.get(key)
        if known is None:
            values = [fill(value, self.data) for value in field.values]
            known = self._holds[key] = fields.holds(field.role, field.rule, values, text)
        return known

    def choices(self, field: _Field) -> frozenset[str]:
        known = self._choices.get(field)
        if known is None:
            known = self._choices[field] = frozenset(fill(item, self.data) for item in field.items)
        return known

    def first(self, field: _Field) -> str:
        """What *làm giúp* fills in."""
        if field.rule:
            return fields.SATISFIES
        return fill(field.values[0], self.data) if field.values else ""


def _actions(widget: dict, mode: Mode) -> dict[str, tuple]:
    role = widget["role"]
    if role in _TYPED_ROLES:
        return {"type": (_TYPE, None, False, False)}
    if role in FIELD_ROLES:
        return {"choose" if role == "select" else "switch": (_PICK, None, False, False)}
    if role == "sms":
        return {"read": (_READ, None, False, False)}
    if role == "wait":
        return {"wait": _led(widget, mode)}
    return {"tap": _led(widget, mode), "hold": _led(widget, mode)} if role in TAP_ROLES else {}


def _led(widget: dict, mode: Mode) -> tuple:
    arrow, warn = widget.get("arrow"), mode != "kiem-tra" and "warn" in widget
    if arrow is None:
        return (_IDLE, None, False, False)
    if arrow == "=>":
        return (_FORWARD, widget["target"], False, False)
    if mode == "lam-theo":
        return (_STAY, None, False, False)
    return (_ASIDE if arrow == "->" else _TRAP, widget["target"], "fatal" in widget, warn)


def _page_actions(has_next: bool, mode: Mode) -> dict[str, tuple]:
    actions = {"miss": (_MISS, None, False, False)}
    if mode != "kiem-tra":
        actions["hint"] = (_HINT, None, False, False)
        if has_next:
            actions["point"] = (_POINT, None, False, False)
            actions["do"] = (_DO, None, False, False)
    return actions


_KNOWN: dict[tuple[int, str], tuple[dict, dict[str, _Table]]] = {}
_MOST_KNOWN = 512


def _tables(model: dict, mode: Mode) -> dict[str, _Table]:
    """A model is never changed once compiled, so its tables are made once; the kept model keeps its id taken."""
    known = _KNOWN.get((id(model), mode))
    if known is not None and known[0] is model:
        return known[1]
    tables = {name: _Table(screen, mode) for name, screen in model["screens"].items()}
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN[(id(model), mode)] = (model, tables)
    return tables
