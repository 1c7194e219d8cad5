"""How large the letters of a board may be: what is to be read must fit the wall, on 16:9 and on 4:3.

Nothing is measured in a browser, so that the board stands as it is drawn: lines are counted from the letters. All
lengths are in rem, a 25th of the wall's height; the sizes are those of wall.css.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from math import ceil

from lms.content.model import Callout, Prose

LETTER = 0.53  # the width of a letter, of its height
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
# The options of a result and the author's sentences under them, on 4:3, where they are tightest.
RESULTS = (
    (Letters(1.2, 0.8, 1.25, 15.5), Letters(1.1, 0, 1.3, 27)),
    (Letters(1.1, 0.55, 1.25, 15.5), Letters(1.0, 0, 1.2, 27)),
)
ROUND = 1.2  # a bar more


def slide_size(parts: Sequence[Prose | Callout]) -> int:
    """The place in ``SLIDES`` of the largest letters that fit."""
    for size, (wide, narrow) in enumerate(SLIDES):
        if _slide(parts, wide) <= ROOM and _slide(parts, narrow) <= ROOM:
            return size
    return len(SLIDES) - 1


def result_size(rows: Sequence[tuple[str, str]], rounds: int) -> int:
    """0 or 1 for the places in ``RESULTS``, 2 where only the options have room. ``rows``: option and sentence, html."""
    for size, (option, why) in enumerate(RESULTS):
        if sum(_row(*row, option, why, rounds) for row in rows) <= ROOM:
            return size
    return len(RESULTS)


def plain(html: str) -> str:
    return " ".join(unescape(_TAGS.sub(" ", html)).split())


def _slide(parts: Sequence[Prose | Callout], letters: Letters) -> float:
    return sum(_part(part, letters) for part in parts) + letters.gap * max(len(parts) - 1, 0)


def _part(part: Prose | Callout, letters: Letters) -> float:
    blocks = [block for block in map(plain, _BLOCK.split(part.html)) if block]
    height = sum(_text(block, letters) for block in blocks) + letters.gap * max(len(blocks) - 1, 0)
    height += PICTURE * part.html.count("<img")
    return height + FRAME * (part.kind == "callout")


def _row(said: str, why: str, option: Letters, reason: Letters, rounds: int) -> float:
    # The right one carries a word more.
    height = max(_text(f"{plain(said)} Đúng, đúng", option), ROUND * rounds + 0.4)
    return height + (_text(plain(why), reason) if why else 0) + option.gap


def _text(text: str, letters: Letters) -> float:
    return ceil(len(text) * LETTER * letters.size / letters.wide) * letters.size * letters.leading
