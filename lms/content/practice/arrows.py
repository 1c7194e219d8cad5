"""Find arrows, and near-arrows that were probably meant as one.

A near-arrow is always an error: guessing silently could lose a way out of a screen.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

from lms.content.fuzzy_matching import normalize_word
from lms.content.model import Arrow
from lms.content.source import ascii_punctuation

ARROWS = ("=>", "->", "x>")

_CROSSES = "xX×хХ✕✖✗✘"
_FULL_WIDTH = str.maketrans("＝－＞ｘ", "=->x")  # full-width forms of exact arrows are accepted with a warning
_ARROW_SYMBOLS = "→➢⇒⇛↠↣↦↪⇢⇥⇨⇰⇶⇾➔➘-➯➱-➾⟶⟹⟼⟾⟿►▶▸⮕⭢"
# What every arrow has, and what it may begin with: both are found much faster than the arrow itself.
_ARROW_HEAD = re.compile(rf"[<>{_ARROW_SYMBOLS}]")
_ARROW_START = re.compile(rf"[-=~<>{_CROSSES}{_ARROW_SYMBOLS}]")
_ARROW_LIKE = re.compile(
    rf"(?<!\S)[{_CROSSES}](?:\s?>+|[-=~]+\s?>+)"  # x>, x >, X=>
    r"|(?<=[^\s\]] )[xх] [-=~]+\s?>+"  # Đọc mã x -> Bẫy; but [nút] x -> and iPhone X -> are labels
    rf"|(?<![-=~])[-=~]+\s?>+[-=>]*"  # =>, ->, = >, =>>, -->
    rf"|(?<!\S)>+\s?[{_CROSSES}](?!\w)"  # >x
    rf"|(?<!\S)>+[-=]+(?!\S)|(?<!\S)<[-=]+(?!\S)"  # >=, <-
    rf"|[{_ARROW_SYMBOLS}]+"
)


class ArrowToken(NamedTuple):
    """An arrow in a line. ``arrow`` is the arrow typed, or most likely meant."""

    start: int
    end: int
    arrow: Arrow
    exact: bool


def find_arrow(text: str, covered: list[bool], start: int = 0) -> ArrowToken | None:
    """The first arrow or near-arrow from ``start`` on that is not inside quotes or ``{{ }}`` (``covered``)."""
    meant = ascii_punctuation(text)
    if not _ARROW_HEAD.search(meant, start):
        return None
    position = start
    while first := _ARROW_START.search(meant, position):
        match = _ARROW_LIKE.match(meant, first.start())
        position = match.end() if match else first.end()
        if match is None or any(covered[match.start() : match.end()]):
            continue
        typed = text[match.start() : match.end()].translate(_FULL_WIDTH)
        has_spaces = meant[: match.start()][-1:] in ("", " ") and meant[match.end() :][:1] in ("", " ")
        return ArrowToken(match.start(), match.end(), _guess_arrow(match[0]), typed in ARROWS and has_spaces)
    return None


# What Word's arrows become in plain text: the Wingdings letters à, è, ß, ð without their font.
_WORD_LETTERS = frozenset("àèßðáâ")


def find_mistyped_arrow(text: str, titles: Container[str]) -> tuple[int, int, str] | None:
    """Find where an arrow is missing in a label that ends in a screen's title.

    ``titles`` are normalised. Returns the start and the end of what stands in place of the arrow, equal if nothing
    does, and the normalised title.
    """
    for space in re.finditer(r"\s+", text):
        title = normalize_word(text[space.end() :])
        before = text[: space.start()]
        if title in titles and before.strip(" -"):
            letter = re.search(r"(?<=\s)\w$", before)
            sign = re.search(r"(?:&gt;|[^\w\s)\"'])+$", before)
            if letter and letter[0].casefold() in _WORD_LETTERS:
                return letter.start(), letter.end(), title
            return (sign.start() if sign else space.end()), (sign.end() if sign else space.end()), title
    return None


def _guess_arrow(typed: str) -> Arrow:
    if any(char in _CROSSES for char in typed):
        return "x>"
    return "->" if "-" in typed and "=" not in typed else "=>"
