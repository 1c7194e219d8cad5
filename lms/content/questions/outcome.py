"""The outcome of grading one answer."""

from __future__ import annotations

from dataclasses import dataclass


class UnknownOption(ValueError):
    """No option has that key: the lesson or the form was edited."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """The author's feedback on the option ``key``; ``html`` is None if there is none."""

    key: str | None
    html: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``score`` is 0.0 or 1.0: there are no partial scores. ``feedback`` is in file order of the options picked."""

    score: float
    feedback: tuple[Feedback, ...] = ()

    @property
    def right(self) -> bool:
        return self.score == 1.0
