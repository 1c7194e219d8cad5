"""How large the letters of a result may be, and whose sentences have room under the bars.

What everybody must be able to read is the right answer and the author's sentence to it. What is told to those who
chose otherwise stands on their own phones as well, so it steps aside first; then what they chose, which was read out
before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lms.web.classroom.wall.font_fit import NARROW, SIZES, WIDE, Block, Fit, Held, Shape, largest_that_fits
from lms.web.classroom.wall.text_metrics import plain

OPTION = 0.68  # of a row beside its letter; the bars have the rest
BARS = 1.5  # the least height of a row's bars, one round or two
AROUND = 0.65  # of a row: its gap, its frame, and the air in it
ALONE = 0.25  # and of a row that has only its bars
ASKED = 1.2  # of the letters of the question over a title
RIGHT = "✓ Đúng xxx"  # the word that a right option carries
Said = Literal["all", "right", "alone", "none"]
SAID: tuple[Said, ...] = ("all", "right", "alone", "none")  # "alone": the right options; of the others only the bars


@dataclass(frozen=True, slots=True)
class Row:
    """One option of a result; ``said`` and ``why`` are html."""

    said: str
    why: str
    right: bool


@dataclass(frozen=True, slots=True)
class ResultFit:
    """The letters of a result's options, and whose sentences have room under them."""

    size: Fit
    said_wide: Said
    said_narrow: Said

    @property
    def classes(self) -> str:
        return f"{self.size.classes} said-wide-{self.said_wide} said-narrow-{self.said_narrow}"


@dataclass(frozen=True, slots=True)
class _Results:
    """A result's board on a shape of wall: what lies around its letters is that of wall.css."""

    shape: Shape
    room: float  # under the title
    row: float  # what a row has beside its option and its bars
    why: float  # and beside the sentence under them
    largest: float


_WIDE = _Results(WIDE, room=16.4, row=5.6, why=4.8, largest=1.5)
_NARROW = _Results(NARROW, room=16.8, row=4.2, why=3.7, largest=1.35)


def result_fit(rows: Sequence[Row], asked: str = "") -> ResultFit:
    """The largest letters with which every sentence has room; else those with the right options' alone.

    "none", without any sentence, is left for a right answer that is longer than a whole wall. ``asked`` stands over
    the title.
    """
    (wide, said_wide), (narrow, said_narrow) = _fitted(_WIDE, rows, asked), _fitted(_NARROW, rows, asked)
    return ResultFit(Fit(wide, narrow), said_wide, said_narrow)


def _fitted(board: _Results, rows: Sequence[Row], asked: str) -> tuple[int, Said]:
    room = board.room - (Block(asked, board.shape.line, 1.3).height(ASKED) if asked else 0)
    for said in SAID:
        shown = [_shown(row, said) for row in rows]
        held = [_held(board, shown, size) for size in SIZES]
        place = largest_that_fits(held, room, SIZES.index(board.largest))
        if held[place][0] <= room:
            return place, said
    return len(SIZES) - 1, "none"


def _shown(row: Row, said: Said) -> Row:
    """What of a row stands on the wall."""
    if said == "all" or (row.right and said != "none"):
        return row
    return replace(row, said="", why="") if said == "alone" else replace(row, why="")


def _held(board: _Results, rows: Sequence[Row], size: float) -> Held:
    total, whole = 0.0, True
    line = board.shape.line
    for row in rows:
        if not row.said:
            total += max(BARS, 1.15 * size) + ALONE
            continue
        option = plain(row.said) + (RIGHT if row.right else "")
        said = Block(option, (line - board.row) * OPTION, 1.25, bold=True)
        why = Block(plain(row.why), line - board.why, 1.25).height(max(1.0, size - 0.2)) if row.why else 0
        total += max(said.height(size), BARS, 1.15 * size, max(1.8, 1.4 * size)) + why + AROUND
        whole = whole and said.is_whole(size)
    return total, whole
