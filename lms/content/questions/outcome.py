"""The outcome of grading one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class UnknownOption(ValueError):
    """No option has that key: the lesson or the form was edited."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """The author's feedback on the option ``key``; ``html`` is None if there is none."""

    key: str | None
    html: str | None


def mark_right_places(given: Sequence[str], right: Sequence[str]) -> tuple[bool, ...]:
    """Whether each place is right; missing ones are not."""
    return tuple(index < len(given) and given[index] == key for index, key in enumerate(right))


@dataclass(frozen=True, slots=True)
class Outcome:
    """``score`` is 0.0 or 1.0: there are no partial scores. ``feedback`` is in file order of the options picked.

    ``right_places``: of an ordering or matching, whether each place is right. ``is_private``: what was typed looks like
    a number of the learner's own.
    """

    score: float
    feedback: tuple[Feedback, ...] = ()
    right_places: tuple[bool, ...] = ()
    is_private: bool = False

    @property
    def right(self) -> bool:
        return self.score == 1.0
