"""Problem: one error, warning or piece of advice about a course file, with its position, rule name and remedy."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal

Level = Literal["error", "warning", "advice"]  # only ``lms check --craft`` gives advice
LEVEL_WORDS: dict[Level, str] = {"error": "lỗi", "warning": "cảnh báo", "advice": "gợi ý"}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding. ``line`` and ``column`` refer to the file on disk, count from 1, columns in code points."""

    path: str
    line: int
    column: int
    level: Level
    rule: str  # kebab-case English, explained in the authoring guide
    message: str  # one Vietnamese sentence that says what to do
    suggestion: str | None = None  # the nearest valid text, ready to be typed
    length: int | None = field(default=None, compare=False)  # of what the suggestion replaces, from ``column`` on

    @property
    def sentence(self) -> str:
        """The message and, where it does not say so itself, what to type."""
        meant = (self.suggestion or "").strip()
        return self.message if meant in self.message else f"{self.message} Gõ: {meant}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {LEVEL_WORDS[self.level]} {self.rule}: {self.sentence}"

    def as_json(self) -> dict[str, object]:
        """What ``lms check --json`` says: the keys of the course format, and no more."""
        return {name: value for name, value in asdict(self).items() if name != "length"}


def has_errors(problems: list[Problem] | tuple[Problem, ...]) -> bool:
    return any(problem.level == "error" for problem in problems)
