"""What became of one answer to a question."""

from __future__ import annotations

from dataclasses import dataclass


class UnknownOption(ValueError):
    """No option has that key: the lesson was edited meanwhile, or the form was."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the author's. ``key`` is the option it belongs to; ``html`` None where the author said nothing."""

    key: str | None
    html: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``score`` is 0.0 or 1.0: an answer is right as a whole or not. ``said`` follows the order of the options."""

    score: float
    said: tuple[Said, ...] = ()

    @property
    def right(self) -> bool:
        return self.score == 1.0
