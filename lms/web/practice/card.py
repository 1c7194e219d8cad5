"""The task card, one fact a line, so that each number can be found and copied."""

from __future__ import annotations

import re

from markupsafe import Markup

from lms.web.practice.fill import Filler

SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
TAG_NAME = re.compile(r"<(/?)([a-z]+)[^>]*>")


def card_lines(card: str | None, filler: Filler) -> tuple[Markup, ...]:
    """The card's sentences; the whole card as one where a tag spans several."""
    if not card:
        return ()
    sentences = SENTENCE_END.split(card.strip())
    if not all(_is_balanced(sentence) for sentence in sentences):
        sentences = [card]
    return tuple(filler.html(sentence) for sentence in sentences)


def _is_balanced(html: str) -> bool:
    depth = 0
    for tag in TAG_NAME.finditer(html):
        depth += -1 if tag[1] else tag[2] != "br"
    return depth == 0
