"""Three-way merges of texts, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from merge3 import Merge3

OWN_MARK, MIDDLE_MARK, OTHER_MARK = "<<<<<<< bản của bác", "=======", ">>>>>>> bản của"


@dataclass(frozen=True, slots=True)
class MergedText:
    """``conflicts``: how many places have both texts, between marks."""

    text: str
    conflicts: int


def merge_texts(base: str, own: str, other: str, other_name: str) -> MergedText:
    """What two authors made of one text. Lines that both changed are there twice, between conflict marks."""
    merge = Merge3(base.splitlines(keepends=True), own.splitlines(keepends=True), other.splitlines(keepends=True))
    lines: list[str] = []
    conflicts = 0
    for group in merge.merge_groups():
        if group[0] == "conflict":
            conflicts += 1
            own_lines, other_lines = group[2], group[3]
            lines += [f"{OWN_MARK}\n", *_with_line_ends(own_lines), f"{MIDDLE_MARK}\n", *_with_line_ends(other_lines)]
            lines.append(f"{OTHER_MARK} {other_name or 'người khác'}\n")
        else:
            lines += group[1]
    return MergedText("".join(lines), conflicts)


def _with_line_ends(lines: Sequence[str]) -> list[str]:
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]
