"""How large the letters of a board may be: what is to be read must fit the wall, on 16:9 and on 4:3.

Lines are counted from the letters, so that the board stands as it is drawn, and tests need no browser for it. Only
where a laptop has wider letters than those that are counted does fitted.js measure, and take smaller ones. Lengths are
in rem, a 25th of the wall's height; ``SIZES`` and what lies around the letters are those of wall.css.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lms.content.model import Callout, Prose
from lms.web.classroom.wall.text_metrics import BOLD, is_whole, lines, plain

SIZES = (2.2, 2.1, 1.95, 1.8, 1.65, 1.5, 1.35, 1.2, 1.1, 1.0)  # of letters; the last row reads the smallest of them
PICTURED = 0.5  # of a slide's width, for the words beside a picture

_BLOCK = re.compile(r"<(?:p|li|tr|pre|h[3-6])\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of wall."""

    line: float  # how long one is across the whole board
    phone: float  # the demo's phone, with the gap beside it
    stand: float  # how long a line of a small phone's name is


WIDE = Shape(line=41.0, phone=20.6, stand=5.2)
NARROW = Shape(line=31.2, phone=17.0, stand=7.3)
SHAPES = (WIDE, NARROW)


@dataclass(frozen=True, slots=True)
class Fit:
    """Places in ``SIZES``, for both shapes of wall."""

    wide: int
    narrow: int
    fits_wide: bool = True  # with the smallest letters at least
    fits_narrow: bool = True

    @property
    def classes(self) -> str:
        return f"wide-{self.wide} narrow-{self.narrow}"


@dataclass(frozen=True, slots=True)
class Block:
    """Text that wraps: ``wide`` is how long its lines are."""

    text: str
    wide: float
    leading: float = 1.35
    bold: bool = False

    def height(self, size: float) -> float:
        return lines(self.text, self._room(size)) * size * self.leading

    def is_whole(self, size: float) -> bool:
        return is_whole(self.text, self._room(size))

    def _room(self, size: float) -> float:
        return self.wide / size / (BOLD if self.bold else 1.0)


# What a board holds at a size of letters: its height, and whether all its words are whole.
Held = tuple[float, bool]


def slide_fit(title: str, parts: Sequence[Prose | Callout], *, pictured: bool = False) -> Fit:
    """``pictured``: a picture stands beside the words."""
    headings = heading_fit(title)

    def held(shape: Shape, size: float) -> Held:
        heading = SIZES[headings.wide if shape is WIDE else headings.narrow]
        beside = PICTURED if pictured else 1.0
        gap = 0.38 * size
        height, whole = Block(title, shape.line, 1.2, bold=True).height(heading), True
        for part in parts:
            is_framed = part.kind == "callout"
            room = shape.line * beside - (2.4 if is_framed else 0)
            texts = [block for block in map(plain, _BLOCK.split(part.html)) if block]
            indent = 1.4 * size if "<li" in part.html else 0
            blocks = [Block(text, room - indent) for text in texts]
            pictures = 9.0 * part.html.count("<img")
            height += sum(block.height(size) + gap for block in blocks) + (1.3 if is_framed else 0) + pictures
            whole = whole and all(block.is_whole(size) for block in blocks)
        return height, whole

    return _both(held, room=18.0, largest=(2.1, 1.65))


def asked_fit(prompt: str, options: Sequence[str], *, columns: int, letters: bool) -> Fit:
    """The letters of an open question's options; its prompt's are a little larger. ``prompt``, ``options``: html."""

    def held(shape: Shape, size: float) -> Held:
        disc = max(1.7, 1.25 * size) if letters else 0
        room = (shape.line - 0.5 * (columns - 1)) / columns - 1.2 - (disc + 0.6 if letters else 0)
        blocks = [Block(plain(option), room, 1.2) for option in options]
        least = disc + 0.3 if letters else 1.2 * size
        heights = [max(block.height(size), least) + 0.3 for block in blocks]
        rows = [max(heights[place : place + columns]) + 0.5 for place in range(0, len(heights), columns)]
        asked = Block(plain(prompt), shape.line, 1.3, bold=True)
        whole = asked.is_whole(size + 0.15) and all(block.is_whole(size) for block in blocks)
        return asked.height(size + 0.15) + sum(rows), whole

    return _both(held, room=14.4, largest=(1.95, 1.65))


def answer_fit(title: str, answers: Sequence[str]) -> Fit:
    """The letters of a right answer in several lines (html), and of the question above it."""

    def held(shape: Shape, size: float) -> Held:
        blocks = [Block(plain(answer), shape.line - 2.4, 1.25) for answer in answers]
        asked = Block(title, shape.line, 1.3, bold=True)
        height = sum(max(block.height(size), 1.8) + 0.3 * size for block in blocks)
        return asked.height(1.1 * size) + height, all(block.is_whole(size) for block in blocks)

    return _both(held, room=16.4, largest=(1.8, 1.65))


def tasks_fit(tasks: Sequence[str], bring: str) -> Fit:
    """What is to be done (html), under what is needed for it."""

    def held(shape: Shape, size: float) -> Held:
        needed = Block(bring, shape.line).height(1.2) if bring else 0
        blocks = [Block(plain(task), shape.line - 2.2, 1.3) for task in tasks]
        height = sum(max(block.height(size), 1.7) + 0.38 * size for block in blocks)
        return needed + height, all(block.is_whole(size) for block in blocks)

    return _both(held, room=16.5, largest=(1.8, 1.5))


def demo_fit(words: str, card: Sequence[str]) -> Fit:
    """What is to be done on the large phone (html); the task card under it, on 16:9 alone, has smaller letters."""

    def held(shape: Shape, size: float) -> Held:
        room = shape.line - shape.phone
        said = Block(plain(words), room, 1.35, bold=True)
        note = [Block(plain(line), room) for line in card] if shape is WIDE else []
        told = max(1.0, 0.62 * size)
        height = said.height(size) + sum(block.height(told) for block in note)
        return height, Block(said.text, room - 0.6 * size, bold=True).is_whole(size)

    return _both(held, room=15.0, largest=(1.95, 1.5))


def phones_fit(titles: Sequence[str]) -> Fit:
    """A title above the row of phones that stays on one line, whichever of ``titles`` it is."""
    return _on_one_line(titles, largest=(1.95, 1.65))


def heading_fit(title: str) -> Fit:
    """A slide's title: on one line if it can be, but never smaller than what is read under it."""
    fit = _on_one_line([title], largest=(2.2, 1.95))
    return Fit(min(fit.wide, SIZES.index(1.65)), min(fit.narrow, SIZES.index(1.5)))


def _on_one_line(titles: Sequence[str], *, largest: tuple[float, float]) -> Fit:
    def held(shape: Shape, size: float) -> Held:
        return max(lines(title, shape.line / size / BOLD) for title in titles), True

    return _both(held, room=1, largest=largest)


def names_lines(names: Iterable[str]) -> tuple[int, int]:
    """Over how many lines the longest name under a small phone goes, bold as it may get, on 16:9 and on 4:3."""
    texts = list(names)
    wide, narrow = (max(lines(text, shape.stand / BOLD) for text in texts) for shape in SHAPES)
    return wide, narrow


def _both(held: Callable[[Shape, float], Held], *, room: float, largest: tuple[float, float]) -> Fit:
    wide, narrow = ([held(shape, size) for size in SIZES] for shape in SHAPES)
    places = (
        largest_that_fits(wide, room, SIZES.index(largest[0])),
        largest_that_fits(narrow, room, SIZES.index(largest[1])),
    )
    return Fit(*places, wide[places[0]][0] <= room, narrow[places[1]][0] <= room)


def largest_that_fits(held: Sequence[Held], room: float, first: int) -> int:
    """The place of the largest letters that fit; a word is broken only where no size keeps it whole."""
    fitting = [place for place in range(first, len(held)) if held[place][0] <= room]
    whole = [place for place in fitting if held[place][1]]
    return [*whole, *fitting, len(held) - 1][0]
