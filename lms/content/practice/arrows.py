"""Arrows, and what was probably meant to be one. A near-arrow is never mended: a way out would be lost silently."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from typing import NamedTuple

from lms.content.fuzzy_words import fold
from lms.content.source import plain

ARROWS = ("=>", "->", "x>")

_CROSS = "xX×хХ✕✖✗✘"
_FULL_WIDTH = str.maketrans("＝－＞ｘ", "=->x")  # the very arrow, typed with an input method: mended like the rest
_POINTING = "→⇒⇛↠↣↦↪⇢⇥⇨⇰⇶⇾➔➘-➯➱-➾⟶⟹⟼⟾⟿►▶▸⮕⭢"
_ARROWISH = re.compile(
    rf"(?<!\S)[{_CROSS}](?:\s?>+|[-=~]+\s?>+)"  # x>, x >, X=>
    r"|(?<=[^\s\]] )[xх] [-=~]+\s?>+"  # Đọc mã x -> Bẫy; but [nút] x -> and iPhone X -> are labels
    rf"|(?<![-=~])[-=~]+\s?>+[-=>]*"  # =>, ->, = >, =>>, -->
    rf"|(?<!\S)>+\s?[{_CROSS}](?!\w)"  # >x
    rf"|(?<!\S)>+[-=]+(?!\S)|(?<!\S)<[-=]+(?!\S)"  # >=, <-
    rf"|[{_POINTING}]+"
)


class Arrowish(NamedTuple):
    """``arrow`` is what it is, or most likely was meant to be."""

    start: int
    end: int
    arrow: str
    exact: bool


def find_arrow(text: str, covered: list[bool], start: int = 0) -> Arrowish | None:
    """The first arrow or near-arrow from ``start`` on that does not touch a covered place (quotes, ``{{ }}``)."""
    meant = plain(text)
    for match in _ARROWISH.finditer(meant, start):
        if any(covered[match.start() : match.end()]):
            continue
        typed = text[match.start() : match.end()].translate(_FULL_WIDTH)
        apart = meant[: match.start()][-1:] in ("", " ") and meant[match.end() :][:1] in ("", " ")
        return Arrowish(match.start(), match.end(), _meant(match[0]), typed in ARROWS and apart)
    return None


def find_sign_before(text: str, titles: Container[str]) -> tuple[int, str] | None:
    """A sign that is no arrow at all but stands where one would, before a screen's title that ends the text.

    ``titles`` are folded; gives where the sign begins, and the folded title.
    """
    for space in re.finditer(r"\s+", text):
        title = fold(text[space.end() :])
        before = text[: space.start()]
        sign = re.search(r"(?:&gt;|[^\w\s])+$", before)
        if sign and title in titles and (sign[0].endswith("&gt;") or any(map(_points, sign[0]))):
            return sign.start(), title
    return None


def _points(char: str) -> bool:
    return char in "=-<>~»›" or any(word in unicodedata.name(char, "") for word in ("ARROW", "BOX DRAWINGS", "-THAN"))


def _meant(typed: str) -> str:
    if any(char in _CROSS for char in typed):
        return "x>"
    return "->" if "-" in typed and "=" not in typed else "=>"
