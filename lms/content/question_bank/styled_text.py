"""A text with the emphasis of each letter, to distinguish a bold option from a plain one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag


class Emphasis(IntFlag):
    NONE = 0
    BOLD = 1
    UNDERLINE = 2
    HIGHLIGHT = 4
    COLOUR = 8  # another than black
    STRIKE = 16


@dataclass(frozen=True, slots=True)
class StyledText:
    """``styles`` has one entry for each character of ``text``."""

    text: str
    styles: tuple[Emphasis, ...] = ()

    def __post_init__(self) -> None:
        if len(self.styles) != len(self.text):
            object.__setattr__(self, "styles", (Emphasis.NONE,) * len(self.text))

    def slice(self, start: int, end: int | None = None) -> StyledText:
        return StyledText(self.text[start:end], self.styles[start:end])

    def strip(self) -> StyledText:
        start = len(self.text) - len(self.text.lstrip())
        return self.slice(start, max(start, len(self.text.rstrip())))

    def split_lines(self) -> list[StyledText]:
        lines: list[StyledText] = []
        start = 0
        for line in self.text.split("\n"):
            lines.append(self.slice(start, start + len(line)).strip())
            start += len(line) + 1
        return lines

    def __add__(self, other: StyledText) -> StyledText:
        return StyledText(self.text + other.text, self.styles + other.styles)

    def has(self, emphasis: Emphasis) -> bool:
        """Whether all letters and digits have it."""
        styles = self._styles_of_words()
        return bool(styles) and all(emphasis in style for style in styles)

    def has_partly(self, emphasis: Emphasis) -> bool:
        return not self.has(emphasis) and any(emphasis in style for style in self._styles_of_words())

    def _styles_of_words(self) -> list[Emphasis]:
        return [style for char, style in zip(self.text, self.styles, strict=True) if char.isalnum()]
