"""One piece of craft advice, and the file that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.content.problems import Problem
from lms.content.source import Source


@dataclass(frozen=True, slots=True)
class Advice:
    problem: Problem
    heading: str = ""  # of the section or screen that it is about; "" if it is about the whole file


@dataclass(slots=True)
class AdvisedFile:
    """A course file and the advice about it. Lines and columns are those on disk, from 1."""

    source: Source
    headings: tuple[str, ...] = ()  # titles of its sections or screens
    advice: list[Advice] = field(default_factory=list[Advice])

    def advise(
        self, rule: str, message: str, line: int, heading: str = "", *, column: int = 1, suggestion: str | None = None
    ) -> None:
        problem = Problem(self.source.path, line, column, "advice", rule, message, suggestion)
        self.advice.append(Advice(problem, heading))

    def lines_after(self, line: int) -> Iterator[tuple[int, str]]:
        """The lines below ``line``, each with its number on disk."""
        for index, text in enumerate(self.source.lines):
            number, _ = self.source.position(index)
            if number > line:
                yield number, text
