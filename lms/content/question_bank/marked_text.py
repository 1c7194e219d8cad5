"""A text that knows which of its letters were marked, to distinguish a bold option from a plain one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarkedText:
    """``marks`` has one entry for each character of ``text``: whether it is bold, underlined or highlighted."""

    text: str
    marks: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        if len(self.marks) != len(self.text):
            object.__setattr__(self, "marks", (False,) * len(self.text))

    def slice(self, start: int, end: int | None = None) -> MarkedText:
        return MarkedText(self.text[start:end], self.marks[start:end])

    def strip(self) -> MarkedText:
        start = len(self.text) - len(self.text.lstrip())
        return self.slice(start, max(start, len(self.text.rstrip())))

    def split_lines(self) -> list[MarkedText]:
        lines: list[MarkedText] = []
        start = 0
        for line in self.text.split("\n"):
            lines.append(self.slice(start, start + len(line)).strip())
            start += len(line) + 1
        return lines

    def __add__(self, other: MarkedText) -> MarkedText:
        return MarkedText(self.text + other.text, self.marks + other.marks)

    @property
    def is_marked(self) -> bool:
        """Whether all letters and digits are marked."""
        marks = self._marks_of_words()
        return bool(marks) and all(marks)

    @property
    def is_partly_marked(self) -> bool:
        return any(self._marks_of_words()) and not self.is_marked

    def _marks_of_words(self) -> list[bool]:
        return [mark for char, mark in zip(self.text, self.marks, strict=True) if char.isalnum()]
