"""The badge's picture: an oil lamp on a blackboard, with three beads for the stages; and a card with it and the name.

``pictures/badge.svg`` is the drawing. ``pictures/badge.png`` is the same, rendered by Chromium at 416 × 416 pixels (for
208 on a page) with a transparent background, and reduced to a palette of 128 colours.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

_PICTURES = files("lms.learning.badges").joinpath("pictures")
_FONTS = files("lms.learning.badges").joinpath("fonts")

CARD_SIZE = (800, 1040)  # pixels
_PAPER, _BOARD, _INK, _LAMP = "#fffaf0", "#0e4a38", "#1b1b18", "#f5b82e"
_TEXT_WIDTH = 660
_COLOURS = 64  # of the palette: letters have soft edges
# What the fonts have: Latin letters with the marks of Vietnamese, digits, punctuation (fonts/README.md).
_DRAWABLE = re.compile("[ -~\u00a1-\u00ac\u00ae-\u017fƠơƯư\u1ea0-\u1ef9\u2010-\u2014\u2018-\u201e…₫]+")


@dataclass(frozen=True, slots=True)
class CardText:
    """The words of a card. ``name``: of the holder, "" for none."""

    title: str
    name: str
    date: str
    host: str


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a card, placed by the middle of its letters."""

    text: str
    size: int
    weight: str
    colour: str


_GAP = _Line("", 14, "Regular", _INK)


@cache
def draw_badge_svg() -> str:
    """The picture as an SVG document that loads nothing."""
    return _PICTURES.joinpath("badge.svg").read_text("utf-8")


@cache
def draw_badge_png() -> bytes:
    """The picture as a PNG of 416 × 416 pixels."""
    return _PICTURES.joinpath("badge.png").read_bytes()


@lru_cache(maxsize=64)  # drawing takes some 130 ms of CPU, and whoever gets the link loads the picture
def draw_card_png(text: CardText) -> bytes:
    """A card with the picture and the words, as a PNG of ``CARD_SIZE``.

    A name in a script that our font lacks is left out: the card still shows the rest, and its credential the name.
    """
    from PIL import Image, ImageDraw

    card = Image.new("RGB", CARD_SIZE, _PAPER)
    draw = ImageDraw.Draw(card)
    width, height = CARD_SIZE
    draw.rectangle((20, 20, width - 21, height - 21), outline=_BOARD, width=6)
    draw.rectangle((34, 34, width - 35, height - 35), outline=_LAMP, width=3)
    lamp = Image.open(io.BytesIO(draw_badge_png())).convert("RGBA")
    card.paste(lamp, ((width - lamp.width) // 2, 62), lamp)
    top = 62 + lamp.height
    lines = [
        *_wrap(text.title, "Bold", _BOARD, sizes=(40, 34, 28), most=3),
        _GAP,
        *(_wrap(text.name, "Bold", _INK, sizes=(62, 50, 40, 34), most=2) if _is_drawable(text.name) else ()),
        _GAP,
        *_wrap(text.date, "Regular", _INK, sizes=(30,), most=1),
    ]
    foot = [
        *_wrap(f"Kiểm chứng ở {text.host}/kiem-chung", "Regular", _INK, sizes=(26, 22, 18), most=2),
        *_wrap("Đây không phải giấy của nhà nước.", "Regular", _INK, sizes=(22,), most=1),
    ]
    foot_top = height - 50 - _height(foot)
    _draw_lines(draw, lines, top + (foot_top - top - _height(lines)) // 2)
    _draw_lines(draw, foot, foot_top)
    picture = io.BytesIO()
    card.quantize(_COLOURS).save(picture, "PNG", optimize=True)
    return picture.getvalue()


def _wrap(text: str, weight: str, colour: str, *, sizes: Sequence[int], most: int) -> list[_Line]:
    """The text in the largest size that needs ``most`` lines at most; the rest of a longer one is cut off."""
    lines: list[str] = []
    size = 0
    for size in sizes:
        lines = _break_lines(unicodedata.normalize("NFC", text), weight, size)
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip(".,;: ") + "…"]
    return [_Line(line, size, weight, colour) for line in lines]


def _break_lines(text: str, weight: str, size: int) -> list[str]:
    """Break between words; a word that is too long for a line, between letters."""
    font = _font(weight, size)
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= _TEXT_WIDTH:
            lines[-1] += f" {word}"
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and font.getlength(lines[-1] + letter) > _TEXT_WIDTH:
                lines.append("")
            lines[-1] += letter
    return lines


def _draw_lines(draw: ImageDraw.ImageDraw, lines: Sequence[_Line], top: int) -> None:
    for line in lines:
        middle = top + _line_height(line) // 2
        draw.text((CARD_SIZE[0] // 2, middle), line.text, line.colour, _font(line.weight, line.size), anchor="mm")
        top += _line_height(line)


def _height(lines: Sequence[_Line]) -> int:
    return sum(map(_line_height, lines))


def _line_height(line: _Line) -> int:
    return round(line.size * 1.5)  # marks above capitals need room


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(io.BytesIO(_FONTS.joinpath(f"NotoSans-{weight}.ttf").read_bytes()), size)


def _is_drawable(name: str) -> bool:
    return _DRAWABLE.fullmatch(unicodedata.normalize("NFC", name)) is not None
