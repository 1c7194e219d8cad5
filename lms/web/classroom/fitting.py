"""How large the letters of a board may be: what is to be read must fit the wall, on 16:9 and on 4:3.

Nothing is measured in a browser, so that the board stands as it is drawn: lines are counted from the letters. All
lengths are in rem, a 25th of the wall's height; the sizes are those of wall.css.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape
from math import ceil

from lms.content.model import Callout, Prose

# Widths of letters, of their height, as Noto Sans has them: of the fonts that we name the widest.
SPACE, CAPITAL, DIGIT, OTHER = 0.26, 0.67, 0.575, 0.6
WIDTHS = {
    letter: width
    for letters, width in (
        ("ijl.,:;'|!", 0.27), ("ftr()-\"“”‘’", 0.4), ("cskxvyz", 0.52), ("a e", 0.56), ("mM", 0.93), ("wW", 0.85),
    )
    for letter in letters
}  # fmt: skip
ROOM = 15.0  # the height under a title, down to the strip
PICTURE = 9.5
FRAME = 1.2  # of a callout

_TAGS = re.compile(r"<[^>]*>")
_BLOCK = re.compile(r"<(?:p|li|tr|pre|h[3-6])\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Letters:
    """``gap``: between blocks. ``wide``: how long a line is."""

    size: float
    gap: float
    leading: float
    wide: float


# From the largest to the smallest: on 16:9, and on 4:3.
SLIDES = (
    (Letters(2.1, 0.8, 1.35, 40), Letters(1.7, 0.8, 1.35, 30.5)),
    (Letters(1.85, 0.8, 1.35, 40), Letters(1.5, 0.8, 1.35, 30.5)),
    (Letters(1.5, 0.6, 1.35, 40), Letters(1.25, 0.6, 1.35, 30.5)),
    (Letters(1.25, 0.4, 1.35, 40), Letters(1.1, 0.4, 1.3, 30.5)),
    (Letters(1.0, 0.3, 1.3, 40), Letters(1.0, 0.3, 1.25, 30.5)),
)
# The options of a result and the author's sentences under them, from the largest to the smallest.
RESULTS_WIDE = (
    (Letters(1.5, 0.85, 1.25, 21.4), Letters(1.25, 0, 1.3, 36.4)),
    (Letters(1.25, 0.85, 1.25, 21.4), Letters(1.05, 0, 1.25, 36.4)),
)
RESULTS_NARROW = (
    (Letters(1.2, 0.85, 1.25, 16.3), Letters(1.1, 0, 1.3, 27.6)),
    (Letters(1.1, 0.85, 1.25, 16.3), Letters(1.0, 0, 1.2, 27.6)),
)
RESULT_ROOM = 16.6
# A question and its options, on 16:9 and on 4:3: (the prompt's letters, the options').
ASKED = (
    (
        (Letters(1.9, 0, 1.3, 41), Letters(1.8, 0.75, 1.2, 41)),
        (Letters(1.6, 0, 1.3, 31), Letters(1.5, 0.75, 1.2, 31)),
    ),
    (
        (Letters(1.6, 0, 1.3, 41), Letters(1.4, 0.7, 1.2, 41)),
        (Letters(1.4, 0, 1.3, 31), Letters(1.15, 0.7, 1.2, 31)),
    ),
)
ASKED_ROOM = 14.2
TASKS = (
    (Letters(1.6, 0.6, 1.3, 38), Letters(1.4, 0.6, 1.3, 28.5)),
    (Letters(1.25, 0.4, 1.3, 38), Letters(1.15, 0.4, 1.3, 28.5)),
    (Letters(1.0, 0.3, 1.25, 38), Letters(1.0, 0.3, 1.25, 28.5)),
)
TASKS_ROOM = 16.0
BRING = 1.3
LETTERED = (2.3, 1.9)  # the least height of an option, in each size: the disc with its letter
BAR = (1.75, 1.5)  # the height of a bar with its number, in each size
BOLD = 1.08  # bold letters are wider
RIGHT = "✓ Đúng xxx"  # the word that a right option carries


@dataclass(frozen=True, slots=True)
class Row:
    """One option of a result; ``said`` and ``why`` are html."""

    said: str
    why: str
    right: bool


def slide_size(parts: Sequence[Prose | Callout]) -> int:
    """The place in ``SLIDES`` of the largest letters that fit."""
    for size, (wide, narrow) in enumerate(SLIDES):
        if _slide(parts, wide) <= ROOM and _slide(parts, narrow) <= ROOM:
            return size
    return len(SLIDES) - 1


def result_sizes(rows: Sequence[Row], rounds: int) -> tuple[int, int]:
    """On 16:9 and on 4:3: 0 or 1 for the letters that fit, 2 where only the right option's sentence has room, 3 where
    none has."""
    return _result_size(rows, rounds, RESULTS_WIDE), _result_size(rows, rounds, RESULTS_NARROW)


def asked_size(prompt: str, options: Sequence[str], *, columns: int, letters: bool) -> int:
    """0 for the usual letters of an open question's options, 1 or 2 for smaller ones that fit on 16:9 and on 4:3."""
    for size, (wide, narrow) in enumerate(ASKED):
        if all(_asked(prompt, options, columns, letters, *walls) <= ASKED_ROOM for walls in (wide, narrow)):
            return size
    return len(ASKED)


def tasks_size(tasks: Sequence[str], bring: str) -> int:
    """The place in ``TASKS`` of the largest letters in which what is to be done fits under what is needed for it."""
    for size, walls in enumerate(TASKS):
        if all(_tasks(tasks, bring, letters) <= TASKS_ROOM for letters in walls):
            return size
    return len(TASKS) - 1


def plain(html: str) -> str:
    return " ".join(unescape(_TAGS.sub(" ", html)).split())


def _slide(parts: Sequence[Prose | Callout], letters: Letters) -> float:
    return sum(_part(part, letters) for part in parts) + letters.gap * max(len(parts) - 1, 0)


def _part(part: Prose | Callout, letters: Letters) -> float:
    blocks = [block for block in map(plain, _BLOCK.split(part.html)) if block]
    height = sum(_text(block, letters) for block in blocks) + letters.gap * max(len(blocks) - 1, 0)
    height += PICTURE * part.html.count("<img")
    return height + FRAME * (part.kind == "callout")


def _result_size(rows: Sequence[Row], rounds: int, results: Sequence[tuple[Letters, Letters]]) -> int:
    for size, (option, why) in enumerate(results):
        if sum(_row(row, option, why, _least(rounds, size)) for row in rows) <= RESULT_ROOM:
            return size
    option, why = results[-1]
    short = [row if row.right else replace(row, why="") for row in rows]
    fits = sum(_row(row, option, why, _least(rounds, len(results) - 1)) for row in short) <= RESULT_ROOM
    return len(results) if fits else len(results) + 1


def _asked(prompt: str, options: Sequence[str], columns: int, letters: bool, asked: Letters, option: Letters) -> float:
    beside = 0.9 + (3.0 if letters else 0.0)  # the frame, and the letter with its disc
    narrow = replace(option, wide=(option.wide - 0.5 * (columns - 1)) / columns - beside)
    least = 2.4 if letters else 1.4
    heights = [max(_text(plain(one), narrow), least) + option.gap for one in options]
    rows = [max(heights[place : place + columns]) for place in range(0, len(heights), columns)]
    return _text(plain(prompt), asked, BOLD) + sum(rows)


def _tasks(tasks: Sequence[str], bring: str, letters: Letters) -> float:
    needed = _text(f"Cần có: {bring}.", replace(letters, size=BRING, wide=letters.wide + 2.5)) if bring else 0
    return needed + sum(max(_text(plain(one), letters), 1.7) + letters.gap for one in tasks)


def _least(rounds: int, size: int) -> float:
    return max(rounds * BAR[size], LETTERED[size])


def _row(row: Row, option: Letters, why: Letters, least: float) -> float:
    said = plain(row.said) + (RIGHT if row.right else "")
    height = max(_text(said, option, BOLD), least)
    return height + (_text(plain(row.why), why) if row.why else 0) + option.gap


def _text(text: str, letters: Letters, wider: float = 1.0) -> float:
    return _lines(text, letters.wide / letters.size / wider) * letters.size * letters.leading


def _lines(text: str, line: float) -> int:
    """Words one after the other, as a browser puts them; ``line`` is its length in the height of a letter."""
    lines, taken = 0, line + 1.0
    for word in text.split():
        width = _width(word)
        taken += SPACE + width
        if taken > line:
            lines += max(1, ceil(width / line))
            taken = width
    return lines


@lru_cache(maxsize=4096)
def _width(word: str) -> float:
    """A letter with marks is as wide as without."""
    return sum(map(_letter, unicodedata.normalize("NFD", word)))


def _letter(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if letter in WIDTHS:
        return WIDTHS[letter]
    return CAPITAL if letter.isupper() else DIGIT if letter.isdigit() else OTHER
