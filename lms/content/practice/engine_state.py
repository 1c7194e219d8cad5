"""The state of an attempt at a practice, and its JSON for pages and for the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from lms.content.model import FIELD_ROLES, CompiledModel


class _Copyable(Protocol):
    def copy(self) -> Any: ...


_Copied = TypeVar("_Copied", bound=_Copyable)


class ScreenState:
    """What happened on one screen, summed over all visits. ``help`` is 0, 25, 50 or 100."""

    __slots__ = ("help", "hints", "trapped", "visited", "wrong")

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

    def as_json(self) -> dict[str, Any]:
        return {
            "wrong": self.wrong,
            "hints": self.hints,
            "help": self.help,
            "trapped": self.trapped,
            "visited": self.visited,
        }


class _LateCopies(dict[str, _Copied]):
    """Copies of the values of ``base``, each made when its key is first asked for.

    Iterating yields the copies so far: all others are as in ``base``.
    """

    __slots__ = ("base",)

    def __init__(self, base: Mapping[str, _Copied]) -> None:
        super().__init__()
        self.base = base

    def __missing__(self, key: str) -> _Copied:
        value = self[key] = self.base[key].copy()
        return value

    def complete(self) -> dict[str, _Copied]:
        """All of them, in the order of ``base``."""
        return {key: self[key] for key in self.base}


class State:
    """The state of an attempt; its fields are those of the JSON state in ``engine.js``.

    ``q`` is the number of the last accepted event and ``t`` its time in ms. ``fields`` has the values of each screen's
    fields by widget, None for other widgets.
    """

    __slots__ = ("ended", "fatal", "fields", "q", "said", "screen", "screens", "t")

    def __init__(
        self,
        q: int,
        t: float,
        screen: str,
        ended: bool,
        fatal: bool,
        screens: dict[str, ScreenState],
        fields: dict[str, list[str | None]],
        said: list[Any] | None,
    ) -> None:
        self.q = q
        self.t = t
        self.screen = screen
        self.ended = ended
        self.fatal = fatal
        self.screens = screens
        self.fields = fields
        self.said = said

    @classmethod
    def resumed(cls, stored: Mapping[str, Any], start: State) -> State:
        """``from_stored`` for a few more events: it copies only the screens that were visited or are reached now.

        Of 20 screens a post is about two, and copying the others takes a quarter of the time that a post costs. What
        iterates over ``screens`` or ``fields``, such as ``as_stored``, sees those that may differ from ``start``.

        Raises:
            ValueError: as in ``from_stored``.
        """
        if "screens" in stored:
            return cls.from_json(stored)
        state = cls(0, 0, start.screen, False, False, _LateCopies(start.screens), _LateCopies(start.fields), None)
        state._read(stored)
        return state

    def _complete(self) -> None:
        """Make the copies that ``resumed`` postponed."""
        if isinstance(self.screens, _LateCopies):
            self.screens = self.screens.complete()
        if isinstance(self.fields, _LateCopies):
            self.fields = self.fields.complete()

    def copy(self) -> State:
        self._complete()
        screens = {name: screen.copy() for name, screen in self.screens.items()}
        fields = {name: list(values) for name, values in self.fields.items()}
        return State(self.q, self.t, self.screen, self.ended, self.fatal, screens, fields, self.said)

    def lazy_copy(self) -> State:
        """A copy whose parts are made when they are first asked for: this state must not change while it is used."""
        screens, fields = _LateCopies(self.screens), _LateCopies(self.fields)
        return State(self.q, self.t, self.screen, self.ended, self.fatal, screens, fields, self.said)

    def as_json(self) -> dict[str, Any]:
        self._complete()
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

    def as_stored(self, start: State) -> dict[str, Any]:
        """The compact JSON for the database: only what differs from ``start``, the model's initial state."""
        return {
            "q": self.q,
            "t": self.t,
            "screen": self.screen,
            "ended": self.ended,
            "fatal": self.fatal,
            "been": {
                name: [screen.wrong, screen.hints, screen.help, screen.trapped, screen.visited]
                for name, screen in self.screens.items()
                if screen.visited or screen.wrong or screen.help or screen.hints or screen.trapped
            },
            "filled": {name: values for name, values in self.fields.items() if values != start.fields[name]},
            "said": self.said,
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any], start: State) -> State:
        """Read the result of ``as_stored`` or ``as_json``. ``start``, the model's initial state, is not modified.

        Raises:
            ValueError: it has another shape, for example that of an older version.
        """
        if "screens" in stored:
            return cls.from_json(stored)
        state = start.copy()
        state._read(stored)
        return state

    def _read(self, stored: Mapping[str, Any]) -> None:
        try:
            for name, counts in stored["been"].items():
                screen = self.screens[name]
                screen.wrong, screen.hints, screen.help, screen.trapped, screen.visited = counts
            for name, values in stored["filled"].items():
                self.fields[name] = list(values)
            self.q, self.t, self.screen = stored["q"], stored["t"], stored["screen"]
            self.ended, self.fatal, self.said = stored["ended"], stored["fatal"], stored["said"]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError("not a state of this engine") from error

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> State:
        """Read the result of ``as_json``.

        Raises:
            ValueError: it has another shape, for example that of an older version.
        """
        try:
            screens = {name: ScreenState(**screen) for name, screen in stored["screens"].items()}
            fields = {name: list(values) for name, values in stored["fields"].items()}
            said = list(stored["said"]) if stored["said"] is not None else None
            return cls(
                stored["q"], stored["t"], stored["screen"], stored["ended"], stored["fatal"], screens, fields, said
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("not a state of this engine") from error


def initial_state(model: CompiledModel) -> State:
    """The state before the first event."""
    screens: dict[str, ScreenState] = {}
    fields: dict[str, list[str | None]] = {}
    for name, screen in model["screens"].items():
        screens[name] = ScreenState()
        fields[name] = [
            widget.get("start", "") if widget["role"] in FIELD_ROLES else None for widget in screen["widgets"]
        ]
    start = model["start"]
    screens[start].visited = True
    return State(0, 0, start, "end" in model["screens"][start], False, screens, fields, None)


def full_state(model: CompiledModel, stored: dict[str, Any]) -> dict[str, Any]:
    """Expand a stored state (see ``State.as_stored``) to the JSON of ``State.as_json``.

    Raises:
        ValueError: it has another shape, for example that of an older version.
    """
    if "screens" in stored:
        return stored
    return State.from_stored(stored, initial_state(model)).as_json()
