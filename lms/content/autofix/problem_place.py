"""A problem in its file, from which a remedy makes new texts of the line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lms.content.problems import Problem


@dataclass(frozen=True, slots=True)
class ProblemPlace:
    """A problem in its file: the line without its line ending, the index of the problem in it, and the suggestion."""

    problem: Problem
    lines: list[str]
    line: str
    at: int
    meant: str

    @property
    def before(self) -> str:
        return self.line[: self.at]

    @property
    def after(self) -> str:
        return self.line[self.at :]

    def replaced(self, length: int, new: str) -> str:
        return self.before + new + self.after[length:]


Remedy = Callable[[ProblemPlace], Iterable[str]]  # the possible new texts of the line
