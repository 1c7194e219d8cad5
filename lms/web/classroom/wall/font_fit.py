"""Letter sizes of the boards: each text must fit the wall, on 16:9 and on 4:3.

Lines are estimated from letter widths, so that a board needs no script, and tests of all boards need no browser. If a
computer's fonts are wider, fit-board.js measures and chooses smaller letters. Lengths are in rem, 1/25 of the wall's
height; ``SIZES`` and the margins are those of wall.css.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from math import ceil

from lms.content.model import Callout, Prose

# Letter widths relative to their height in Noto Sans, the widest of our fonts.
SPACE, CAPITAL, DIGIT, OTHER = 0.26, 0.67, 0.575, 0.6
LETTER_WIDTHS = {
    letter: width
    for letters, width in (
        ("ijl.,:;'|!", 0.27), ("ftr()-\"“”‘’", 0.4), ("cskxvyz", 0.52), ("a e", 0.56), ("mM", 0.93), ("wW", 0.85),
    )
    for letter in letters
}  # fmt: skip
BOLD_FACTOR = 1.08
_TAGS = re.compile(r"<[^>]*>")

# Letter sizes. People in the last row can read the smallest.
SIZES = (2.2, 2.1, 1.95, 1.8, 1.65, 1.5, 1.35, 1.2, 1.1, 1.0)
TEXT_SHARE_BESIDE_PICTURE = 0.5

_BLOCK = re.compile(r"<(?:p|li|tr|pre|h[3-6])\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of one aspect ratio."""

    line: float  # length of a line across the board
    phone: float  # width of the demo's phone with its gap
    thumb_name: float  # length of a line under a thumb


WIDE = Shape(line=41.0, phone=20.6, thumb_name=5.2)
NARROW = Shape(line=31.2, phone=17.0, thumb_name=7.3)
SHAPES = (WIDE, NARROW)


@dataclass(frozen=True, slots=True)
class Fit:
    """Indexes into ``SIZES`` for both aspect ratios, and whether the text fits at that size."""

    wide: int
    narrow: int
    fits_wide: bool = True
    fits_narrow: bool = True

    @property
    def classes(self) -> str:
        return f"wide-{self.wide} narrow-{self.narrow}"


@dataclass(frozen=True, slots=True)
class Block:
    """Text that wraps at ``width``."""

    text: str
    width: float
    leading: float = 1.35
    bold: bool = False

    def height(self, size: float) -> float:
        return count_lines(self.text, self._line_width(size)) * size * self.leading

    def fits_unbroken(self, size: float) -> bool:
        return fits_unbroken(self.text, self._line_width(size))

    def _line_width(self, size: float) -> float:
        return self.width / size / (BOLD_FACTOR if self.bold else 1.0)


# The height of a text at some letter size, and whether no word has to be broken.
Measured = tuple[float, bool]


def slide_fit(title: str, parts: Sequence[Prose | Callout], *, has_picture: bool = False) -> Fit:
    """The letters of a slide. ``has_picture``: a picture stands beside the text."""
    headings = heading_fit(title)

    def measure(shape: Shape, size: float) -> Measured:
        heading = SIZES[headings.wide if shape is WIDE else headings.narrow]
        text_share = TEXT_SHARE_BESIDE_PICTURE if has_picture else 1.0
        gap = 0.38 * size
        height, unbroken = Block(title, shape.line, 1.2, bold=True).height(heading), True
        for part in parts:
            is_framed = part.kind == "callout"
            room = shape.line * text_share - (2.4 if is_framed else 0)
            texts = [block for block in map(html_to_text, _BLOCK.split(part.html)) if block]
            indent = 1.4 * size if "<li" in part.html else 0
            blocks = [Block(text, room - indent) for text in texts]
            pictures = 9.0 * part.html.count("<img")
            height += sum(block.height(size) + gap for block in blocks) + (1.3 if is_framed else 0) + pictures
            unbroken = unbroken and all(block.fits_unbroken(size) for block in blocks)
        return height, unbroken

    return _fit_both_shapes(measure, room=18.0, largest=(2.1, 1.65))


def question_fit(prompt: str, options: Sequence[str], *, columns: int, has_letters: bool) -> Fit:
    """The letters of a question's options; its prompt is a little larger. ``prompt`` and ``options`` are HTML."""

    def measure(shape: Shape, size: float) -> Measured:
        letter_disc = max(1.7, 1.25 * size) if has_letters else 0
        room = (shape.line - 0.5 * (columns - 1)) / columns - 1.2 - (letter_disc + 0.6 if has_letters else 0)
        blocks = [Block(html_to_text(option), room, 1.2) for option in options]
        least = letter_disc + 0.3 if has_letters else 1.2 * size
        heights = [max(block.height(size), least) + 0.3 for block in blocks]
        rows = [max(heights[index : index + columns]) + 0.5 for index in range(0, len(heights), columns)]
        prompt_block = Block(html_to_text(prompt), shape.line, 1.3, bold=True)
        unbroken = prompt_block.fits_unbroken(size + 0.15) and all(block.fits_unbroken(size) for block in blocks)
        return prompt_block.height(size + 0.15) + sum(rows), unbroken

    return _fit_both_shapes(measure, room=14.4, largest=(1.95, 1.65))


def answer_fit(title: str, answers: Sequence[str]) -> Fit:
    """The letters of a correct answer in several HTML lines, and of the question above it."""

    def measure(shape: Shape, size: float) -> Measured:
        blocks = [Block(html_to_text(answer), shape.line - 2.4, 1.25) for answer in answers]
        prompt_block = Block(title, shape.line, 1.3, bold=True)
        height = sum(max(block.height(size), 1.8) + 0.3 * size for block in blocks)
        return prompt_block.height(1.1 * size) + height, all(block.fits_unbroken(size) for block in blocks)

    return _fit_both_shapes(measure, room=16.4, largest=(1.8, 1.65))


def tasks_fit(tasks: Sequence[str], bring: str) -> Fit:
    """The letters of tasks (HTML) below what they need."""

    def measure(shape: Shape, size: float) -> Measured:
        bring_height = Block(bring, shape.line).height(1.2) if bring else 0
        blocks = [Block(html_to_text(task), shape.line - 2.2, 1.3) for task in tasks]
        height = sum(max(block.height(size), 1.7) + 0.38 * size for block in blocks)
        return bring_height + height, all(block.fits_unbroken(size) for block in blocks)

    return _fit_both_shapes(measure, room=16.5, largest=(1.8, 1.5))


def demo_fit(instruction: str, card: Sequence[str]) -> Fit:
    """The letters of an instruction (HTML) beside the large phone; on 16:9 the task card below it is smaller."""

    def measure(shape: Shape, size: float) -> Measured:
        room = shape.line - shape.phone
        block = Block(html_to_text(instruction), room, 1.35, bold=True)
        card_blocks = [Block(html_to_text(line), room) for line in card] if shape is WIDE else []
        card_size = max(1.0, 0.62 * size)
        height = block.height(size) + sum(block.height(card_size) for block in card_blocks)
        return height, Block(block.text, room - 0.6 * size, bold=True).fits_unbroken(size)

    return _fit_both_shapes(measure, room=15.0, largest=(1.95, 1.5))


def screens_fit(titles: Sequence[str]) -> Fit:
    """The letters of the title above the row of screens, so that each of ``titles`` stays on one line."""
    return _fit_on_one_line(titles, largest=(1.95, 1.65))


def heading_fit(title: str) -> Fit:
    """The letters of a slide's title: on one line if possible, but not smaller than the text."""
    fit = _fit_on_one_line([title], largest=(2.2, 1.95))
    return Fit(min(fit.wide, SIZES.index(1.65)), min(fit.narrow, SIZES.index(1.5)))


def _fit_on_one_line(titles: Sequence[str], *, largest: tuple[float, float]) -> Fit:
    def measure(shape: Shape, size: float) -> Measured:
        return max(count_lines(title, shape.line / size / BOLD_FACTOR) for title in titles), True

    return _fit_both_shapes(measure, room=1, largest=largest)


def count_name_lines(names: Iterable[str]) -> tuple[int, int]:
    """The number of lines of the longest name under a thumb, in bold, on 16:9 and on 4:3."""
    texts = list(names)
    wide, narrow = (max(count_lines(text, shape.thumb_name / BOLD_FACTOR) for text in texts) for shape in SHAPES)
    return wide, narrow


def _fit_both_shapes(measure: Callable[[Shape, float], Measured], *, room: float, largest: tuple[float, float]) -> Fit:
    wide, narrow = ([measure(shape, size) for size in SIZES] for shape in SHAPES)
    indexes = (
        largest_that_fits(wide, room, SIZES.index(largest[0])),
        largest_that_fits(narrow, room, SIZES.index(largest[1])),
    )
    return Fit(*indexes, wide[indexes[0]][0] <= room, narrow[indexes[1]][0] <= room)


def largest_that_fits(measured: Sequence[Measured], room: float, first: int) -> int:
    """The index of the largest size that fits. A word is broken only if no size avoids it."""
    fitting = [index for index in range(first, len(measured)) if measured[index][0] <= room]
    unbroken = [index for index in fitting if measured[index][1]]
    return [*unbroken, *fitting, len(measured) - 1][0]


def html_to_text(html: str) -> str:
    return " ".join(unescape(_TAGS.sub(" ", html)).split())


def count_lines(text: str, line_width: float) -> int:
    """Count the lines as a browser wraps words; ``line_width`` is in letter heights."""
    count, taken = 0, line_width + 1.0
    for word in text.split():
        width = _word_width(word)
        taken += SPACE + width
        if taken > line_width:
            count += max(1, ceil(width / line_width))
            taken = width
    return count


def fits_unbroken(text: str, line_width: float) -> bool:
    """Whether no word is longer than a line."""
    return all(_word_width(word) <= line_width for word in text.split())


@lru_cache(maxsize=4096)
def _word_width(word: str) -> float:
    """The width of a word in letter heights. Diacritics add nothing."""
    return sum(map(_letter_width, unicodedata.normalize("NFD", word)))


def _letter_width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if letter in LETTER_WIDTHS:
        return LETTER_WIDTHS[letter]
    return CAPITAL if letter.isupper() else DIGIT if letter.isdigit() else OTHER
