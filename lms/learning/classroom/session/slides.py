"""Split a section into slides: a wall holds a limited number of words that the last row of a hall can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lms.content.model import Callout, InlineScreen, Prose, Section

SlidePart = Prose | Callout | InlineScreen
MAX_SLIDE_WORDS = 100  # then the letters are a 25th of the wall's height
PICTURE_WORDS = 35  # the room of a picture, in words
SCREEN_WORDS = 55  # the room of a drawn phone, so that a slide has one at most
BLOCK_WORDS = 6  # what a paragraph or list item leaves empty in its last line, in words

_TAGS = re.compile(r"<[^>]*>")
_PICTURE = re.compile(r"<img\b")
_BLOCK_START = re.compile(r"<(?:p|li|tr|pre|h[3-6])\b")
_BLOCK = re.compile(r"<(p|ul|ol|table|blockquote|pre|h[3-6])\b.*?</\1>", re.DOTALL)
_LIST = re.compile(r"<(ul|ol)\b[^>]*>(.*)</\1>\s*\Z", re.DOTALL)
_ITEM = re.compile(r"<li\b[^>]*>.*?</li>", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def section_slides(section: Section) -> tuple[tuple[SlidePart, ...], ...]:
    """The section's prose, callouts and drawn screens, one tuple per slide; at least one, which may be empty.

    Splits between blocks, and a block that is too long between its items or sentences. The facilitator's notes and
    questions are not on slides.
    """
    slides: list[list[SlidePart]] = [[]]
    room = MAX_SLIDE_WORDS
    for part in _parts_that_fit(section):
        words = weighted_word_count(part.html) + (SCREEN_WORDS if isinstance(part, InlineScreen) else 0)
        if words > room and slides[-1]:
            slides.append([])
            room = MAX_SLIDE_WORDS
        slides[-1].append(part)
        room -= words
    return tuple(map(tuple, slides))


def weighted_word_count(html: str) -> int:
    """The room that HTML takes in words, with its pictures and the empty ends of its blocks."""
    extra = PICTURE_WORDS * len(_PICTURE.findall(html)) + BLOCK_WORDS * len(_BLOCK_START.findall(html))
    return len(_TAGS.sub(" ", html).split()) + extra


def _parts_that_fit(section: Section) -> Iterator[SlidePart]:
    """The section's parts; a part that is too long for one slide in several, as far as it can be split."""
    for part in section.parts:
        if not isinstance(part, SlidePart):
            continue
        if isinstance(part, InlineScreen) or weighted_word_count(part.html) <= MAX_SLIDE_WORDS:
            yield part
            continue
        for block in _blocks(part.html):
            yield from (replace(part, html=html) for html in _split_block(block))


def _blocks(html: str) -> list[str]:
    return [match[0] for match in _BLOCK.finditer(html)] or [html]


def _split_block(block: str) -> Iterator[str]:
    """Split a list between its items and a paragraph without markup between its sentences; yield others unchanged."""
    if weighted_word_count(block) <= MAX_SLIDE_WORDS:
        yield block
    elif match := _LIST.match(block):
        yield from _group(_ITEM.findall(match[2]), "", f"<{match[1]}>", f"</{match[1]}>")
    elif block.startswith("<p>") and "<" not in block[3:-4]:
        yield from _group(_SENTENCE_END.split(block[3:-4]), " ", "<p>", "</p>")
    else:
        yield block


def _group(pieces: list[str], separator: str, start_tag: str, end_tag: str) -> Iterator[str]:
    """Split pieces into groups that fit on a slide, each group between the tags."""
    group: list[str] = []
    for piece in pieces:
        if group and weighted_word_count(start_tag + separator.join([*group, piece])) > MAX_SLIDE_WORDS:
            yield start_tag + separator.join(group) + end_tag
            group = []
        group.append(piece)
    yield start_tag + separator.join(group) + end_tag
