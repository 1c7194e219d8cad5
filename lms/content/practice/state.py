"""Where an attempt at a practice stands; the same fields as the plain JSON state of ``engine.js``."""

from __future__ import annotations


class ScreenState:
    """What happened on one screen, all visits together. ``help`` is 0, 25, 50 or 100."""

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

    def as_json(self) -> dict:
        return {
            "wrong": self.wrong,
            "hints": self.hints,
            "help": self.help,
            "trapped": self.trapped,
            "visited": self.visited,
        }


class State:
    """Where an attempt stands. ``q`` is the last event kept; ``fields`` holds a screen's values by widget."""

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

    def as_kept(self, start: State) -> dict:
        """The same for a store: only what is not as in ``start``, which is where every attempt at the model begins."""
        return {
            "q": self.q,
            "t": self.t,
            "screen": self.screen,
            "ended": self.ended,
            "fatal": self.fatal,
            "been": {
                name: [at.wrong, at.hints, at.help, at.trapped, at.visited]
                for name, at in self.screens.items()
                if at.visited or at.wrong or at.help or at.hints or at.trapped
            },
            "filled": {name: values for name, values in self.fields.items() if values != start.fields[name]},
            "said": self.said,
        }

    @classmethod
    def from_kept(cls, kept: dict, start: State) -> State:
        """Read back what ``as_kept`` gave, or ``as_json``. ``start`` is left as it is.

        Raises:
            ValueError: it has another shape, that of an older program for instance.
        """
        if "screens" in kept:
            return cls.from_json(kept)
        state = start.copy()
        try:
            for name, (wrong, hints, help, trapped, visited) in kept["been"].items():
                at = state.screens[name]
                at.wrong, at.hints, at.help, at.trapped, at.visited = wrong, hints, help, trapped, visited
            for name, values in kept["filled"].items():
                state.fields[name] = list(values)
            state.q, state.t, state.screen = kept["q"], kept["t"], kept["screen"]
            state.ended, state.fatal, state.said = kept["ended"], kept["fatal"], kept["said"]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError("not a state of this engine") from error
        return state

    @classmethod
    def from_json(cls, kept: dict) -> State:
        """Read back what ``as_json`` gave.

        Raises:
            ValueError: it has another shape, that of an older program for instance.
        """
        try:
            screens = {name: ScreenState(**screen) for name, screen in kept["screens"].items()}
            values = {name: list(values) for name, values in kept["fields"].items()}
            said = list(kept["said"]) if kept["said"] is not None else None
            return cls(kept["q"], kept["t"], kept["screen"], kept["ended"], kept["fatal"], screens, values, said)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("not a state of this engine") from error
