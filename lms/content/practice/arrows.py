"""Arrows, and what was probably meant to be one. A near-arrow is never mended: a way out would be lost silently."""

from __future__ import annotations

import re
from typing import NamedTuple

from lms.content.source import plain

ARROWS = ("=>", "->", "x>")

_CROSS = "xX×хХ✕✖✗✘"
_POINTING = "→⇒⇛↠↣↦↪⇢⇥⇨⇰⇶⇾➔➘-➯➱-➾⟶⟹⟼⟾⟿►▶▸⮕⭢"
_ARROWISH = re.compile(
    rf"(?<!\S)[{_CROSS}]\s?[-=~]*\s?>+"  # x>, x >, X=>
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
        typed = text[match.start() : match.end()]
        apart = text[: match.start()][-1:] in ("", " ") and text[match.end() :][:1] in ("", " ")
        return Arrowish(match.start(), match.end(), _meant(match[0]), typed in ARROWS and apart)
    return None


def _meant(typed: str) -> str:
    if any(char in _CROSS for char in typed):
        return "x>"
    return "->" if "-" in typed and "=" not in typed else "=>"
