"""GIFT as text: what is escaped, and which lines belong to a question."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

SPECIAL = "~=#{}:"

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def unescape(text: str) -> str:
    """What the escaped text says. A backslash before anything else stays, as in Moodle."""
    return _ESCAPED.sub(_unescaped, text)


def _unescaped(match: re.Match[str]) -> str:
    if match[1] == "n":
        return "\n"
    return match[1] if match[1] in SPECIAL + "\\" else match[0]


@dataclass(slots=True)
class GiftEntry:
    """The lines of one entry, joined, and their numbers in the file."""

    text: str
    line_numbers: list[int]
    _line_ends: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._line_ends = [index for index, char in enumerate(self.text) if char == "\n"]

    @property
    def line(self) -> int:
        return self.line_numbers[0]

    def line_at(self, index: int) -> int:
        """The line in the file of an index of ``text``."""
        return self.line_numbers[min(bisect_left(self._line_ends, index), len(self.line_numbers) - 1)]


def split_entries(text: str) -> Iterator[GiftEntry]:
    """The entries of a file, which blank lines separate. A blank line inside braces separates nothing."""
    lines: list[str] = []
    numbers: list[int] = []
    is_open = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("//"):
            continue
        if line.strip() or is_open:
            lines.append(line)
            numbers.append(number)
            is_open = _is_open_after(line, is_open=is_open)
        elif lines:
            yield GiftEntry("\n".join(lines), numbers)
            lines, numbers = [], []
    if lines:
        yield GiftEntry("\n".join(lines), numbers)


def find_unescaped(text: str, signs: str, start: int = 0) -> int:
    """The index of the first of the signs that no backslash escapes; -1 if there is none."""
    index = start
    while index < len(text):
        if text[index] == "\\":
            index += 2
            continue
        if text[index] in signs:
            return index
        index += 1
    return -1


def _is_open_after(line: str, *, is_open: bool) -> bool:
    """Whether braces are open at the end of a line, which begins with open ones or not."""
    index = find_unescaped(line, "{}")
    while index >= 0:
        is_open = line[index] == "{"
        index = find_unescaped(line, "{}", index + 1)
    return is_open
