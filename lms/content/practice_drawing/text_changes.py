"""Replacements in a text that leave all its other characters as they are."""

from __future__ import annotations

from collections.abc import Iterable

from lms.content.practice.syntax_tree import TextSpan
from lms.content.source import Source


class TextChanges:
    """Changes of one text, collected and then made together. Positions are those of its normalised ``source``."""

    def __init__(self, text: str, source: Source) -> None:
        self._lines = text.split("\n")
        self._source = source
        self._ending = "\r" if self._lines[0].endswith("\r") else ""
        self._replaced: dict[int, list[tuple[int, int, str]]] = {}
        self._inserted: dict[int, list[str]] = {}
        self._deleted: set[int] = set()

    def replace(self, line: int, start: int, end: int, new: str) -> None:
        """Put ``new`` in place of the characters from ``start`` to ``end`` of a line; the ranges must not overlap."""
        number, first = self._source.position(line, start)
        _, last = self._source.position(line, end)
        self._replaced.setdefault(number - 1, []).append((first - 1, last - 1, new))

    def replace_span(self, span: TextSpan, new: str) -> None:
        """Replace a text as the reader found it."""
        self.replace(span.line, span.column, span.column + len(span.text), new)

    def append_to_line(self, line: int, new: str) -> None:
        """Put ``new`` behind the last visible character of a line."""
        end = len(self._source.lines[line].rstrip())
        self.replace(line, end, end, new)

    def insert_below(self, line: int, lines: Iterable[str]) -> None:
        """Add whole lines below a line."""
        self._inserted.setdefault(self._source.position(line)[0], []).extend(lines)

    def insert_at(self, number: int, lines: Iterable[str]) -> None:
        """Add whole lines after the first ``number`` lines of the file."""
        self._inserted.setdefault(number, []).extend(lines)

    def delete(self, line: int) -> None:
        """Remove a whole line."""
        self._deleted.add(self._source.position(line)[0] - 1)

    def delete_lines(self, start: int, end: int) -> None:
        """Remove lines of the file, counted from 0, up to but not including ``end``."""
        self._deleted.update(range(start, end))

    def line_in_file(self, line: int) -> int:
        """The index of a line in the file, from 0; notes and mended line endings make it another than ``line``."""
        return self._source.position(line)[0] - 1

    def line_text(self, index: int) -> str:
        """A line of the file, counted from 0, without its ending; "" outside."""
        return self._lines[index].removesuffix("\r") if 0 <= index < len(self._lines) else ""

    @property
    def line_count(self) -> int:
        """How many lines the file has; an empty last one counts."""
        return len(self._lines)

    def text(self) -> str:
        """The text with all changes."""
        result = self._with_ending(self._inserted.get(0, ()))
        for index, line in enumerate(self._lines):
            if index not in self._deleted:
                result.append(self._changed(index, line))
            added = self._inserted.get(index + 1, ())
            if added and index == len(self._lines) - 1 and result and not result[-1].endswith("\r"):
                result[-1] += self._ending  # it is no longer the last line
            result += self._with_ending(added)
        return "\n".join(result)

    def _changed(self, index: int, line: str) -> str:
        for start, end, new in sorted(self._replaced.get(index, ()), reverse=True):
            line = line[:start] + new + line[end:]
        return line

    def _with_ending(self, lines: Iterable[str]) -> list[str]:
        return [line + self._ending for line in lines]
