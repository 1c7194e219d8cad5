"""Letter sizes of a result, and which texts fit on the wall.

The correct answer and its feedback come first. The feedback to other options is also on the learners' phones, so it is
left out first; then the texts of the other options, which were read out before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lms.web.classroom.wall.font_fit import (
    NARROW,
    SIZES,
    WIDE,
    Block,
    Fit,
    Measured,
    Shape,
    html_to_text,
    largest_that_fits,
)

# Of a row's width beside its letter; the bars have the rest.
OPTION_SHARE = 0.68
# Heights in rem.
MIN_BAR_HEIGHT = 1.5
ROW_PADDING = 0.65
BAR_ONLY_PADDING = 0.25
PROMPT_SIZE = 1.2
CORRECT_LABEL = "✓ Đúng xxx"  # as long as the label of a correct option

# "all": every text; "right": no feedback to other options; "alone": only the bars of other options; "none": no feedback
# at all.
ShownTexts = Literal["all", "right", "alone", "none"]
SHOWN_TEXTS: tuple[ShownTexts, ...] = ("all", "right", "alone", "none")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One option of a result; ``option`` and ``feedback`` are HTML."""

    option: str
    feedback: str
    right: bool


@dataclass(frozen=True, slots=True)
class ResultFit:
    """The letter sizes of a result, and the texts that fit on a wide and on a narrow wall."""

    size: Fit
    wide_texts: ShownTexts
    narrow_texts: ShownTexts

    @property
    def classes(self) -> str:
        return f"{self.size.classes} said-wide-{self.wide_texts} said-narrow-{self.narrow_texts}"


@dataclass(frozen=True, slots=True)
class _ResultBoard:
    """The measures of a result board, in rem, as in wall.css."""

    shape: Shape
    height: float  # under the title
    row_margin: float  # width of a row without its option and bars
    feedback_margin: float  # width of a row without its feedback
    largest: float  # letter size


_WIDE = _ResultBoard(WIDE, height=16.4, row_margin=5.6, feedback_margin=4.8, largest=1.5)
_NARROW = _ResultBoard(NARROW, height=16.8, row_margin=4.2, feedback_margin=3.7, largest=1.35)


def result_fit(rows: Sequence[ResultRow], prompt: str = "") -> ResultFit:
    """Choose the most complete texts that fit, in the largest letters. ``prompt`` is the text above the title."""
    (wide, wide_texts), (narrow, narrow_texts) = _fit(_WIDE, rows, prompt), _fit(_NARROW, rows, prompt)
    return ResultFit(Fit(wide, narrow), wide_texts, narrow_texts)


def _fit(board: _ResultBoard, rows: Sequence[ResultRow], prompt: str) -> tuple[int, ShownTexts]:
    height = board.height - (Block(prompt, board.shape.line, 1.3).height(PROMPT_SIZE) if prompt else 0)
    for shown_texts in SHOWN_TEXTS:
        shown = [_with_shown_texts(row, shown_texts) for row in rows]
        measured = [_measure(board, shown, size) for size in SIZES]
        index = largest_that_fits(measured, height, SIZES.index(board.largest))
        if measured[index][0] <= height:
            return index, shown_texts
    return len(SIZES) - 1, "none"


def _with_shown_texts(row: ResultRow, shown_texts: ShownTexts) -> ResultRow:
    """The row without the texts that are left out."""
    if shown_texts == "all" or (row.right and shown_texts != "none"):
        return row
    return replace(row, option="", feedback="") if shown_texts == "alone" else replace(row, feedback="")


def _measure(board: _ResultBoard, rows: Sequence[ResultRow], size: float) -> Measured:
    total, unbroken = 0.0, True
    line = board.shape.line
    for row in rows:
        if not row.option:
            total += max(MIN_BAR_HEIGHT, 1.15 * size) + BAR_ONLY_PADDING
            continue
        text = html_to_text(row.option) + (CORRECT_LABEL if row.right else "")
        option = Block(text, (line - board.row_margin) * OPTION_SHARE, 1.25, bold=True)
        total += max(option.height(size), MIN_BAR_HEIGHT, 1.15 * size, max(1.8, 1.4 * size)) + ROW_PADDING
        if row.feedback:
            feedback = Block(html_to_text(row.feedback), line - board.feedback_margin, 1.25)
            total += feedback.height(max(1.0, size - 0.2))
        unbroken = unbroken and option.fits_unbroken(size)
    return total, unbroken
