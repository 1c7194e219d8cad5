"""The task card, one fact a line, so that each number can be found and copied."""

from __future__ import annotations

import re
from collections.abc import Collection

from markupsafe import Markup

from lms.content.fuzzy_words import fold
from lms.web.practice.data_fill import Filler

SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
PART_END = re.compile(r"(?<=[.!?,;])(?<!&\w{2};)(?<!&\w{3};)\s+")  # "&amp;", "&lt;" and "&gt;" end nothing
PART_SIGNS = re.compile(r"(?:[ .,]|(?<!&\w{2})(?<!&\w{3});)+\Z")
CAN_BE_COPIED = re.compile(r"<strong>|\{\{")
ROLE = fold("Bác đóng vai")  # how the authors' cards begin
TAG_NAME = re.compile(r"<(/?)([a-z]+)[^>]*>")


def card_lines(card: str | None, filler: Filler) -> tuple[Markup, ...]:
    """The card's sentences; the whole card as one where a tag spans several."""
    if not card:
        return ()
    sentences = SENTENCE_END.split(card.strip())
    if not all(_is_balanced(sentence) for sentence in sentences):
        sentences = [card]
    return tuple(filler.html(sentence) for sentence in sentences)


def card_facts(card: str | None, filler: Filler, typed: Collection[str]) -> tuple[Markup, ...]:
    """What can be copied from the card, short enough to stand beside a keyboard: the parts of its sentences that hold
    something bold, something drawn, or a value of ``typed``. Who she plays is needed only where the name is typed.
    """
    if not card:
        return ()
    parts = PART_END.split(card.strip())
    if not all(_is_balanced(part) for part in parts):
        parts = SENTENCE_END.split(card.strip())
    if not all(_is_balanced(part) for part in parts):
        parts = [card]
    wanted = tuple(fold(value) for value in typed)
    return tuple(filler.html(PART_SIGNS.sub("", part)) for part in parts if _is_needed(part, wanted))


def _is_needed(part: str, wanted: tuple[str, ...]) -> bool:
    words = fold(part)
    if any(value in words for value in wanted):
        return True
    return bool(CAN_BE_COPIED.search(part)) and not words.startswith(ROLE)


def _is_balanced(html: str) -> bool:
    if html.count("<") != html.count(">"):  # cut in two within a tag, as in what a picture shows
        return False
    depth = 0
    for tag in TAG_NAME.finditer(html):
        depth += -1 if tag[1] else tag[2] != "br"
    return depth == 0
