"""Two texts compared line by line, for people who read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

CONTEXT_LINES = 3  # shown on either side of a change


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line. ``number``: in the newer text; of a removed one in the older; if "skipped", how many are left out."""

    kind: Literal["same", "added", "removed", "skipped"]
    number: int
    text: str


def compare_texts(older: str, newer: str) -> list[DiffLine]:
    """The changed lines with some around them; [] for two texts that are the same."""
    if older == newer:
        return []
    old, new = older.split("\n"), newer.split("\n")
    lines: list[DiffLine] = []
    shown_to = 0  # of the newer text
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT_LINES):
        first = group[0][3]
        if first > shown_to:
            lines.append(DiffLine("skipped", first - shown_to, ""))
        for tag, *places in group:
            lines += _lines(tag, old, new, *places)
        shown_to = group[-1][4]
    if shown_to < len(new):
        lines.append(DiffLine("skipped", len(new) - shown_to, ""))
    return lines


def _lines(tag: str, old: list[str], new: list[str], i1: int, i2: int, j1: int, j2: int) -> Iterator[DiffLine]:
    if tag == "equal":
        yield from (DiffLine("same", number + 1, new[number]) for number in range(j1, j2))
        return
    yield from (DiffLine("removed", number + 1, old[number]) for number in range(i1, i2))
    yield from (DiffLine("added", number + 1, new[number]) for number in range(j1, j2))
