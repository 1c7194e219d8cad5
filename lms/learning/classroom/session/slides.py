"""What of a section is shown at once: a wall holds so many words, and the last row of a hall must read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lms.content.model import Callout, Prose, Section

Shown = Prose | Callout
MOST_WORDS = 100  # on one slide; at this many the letters are a 25th of the wall's height
PICTURE_WORDS = 35  # the room that a picture takes
BLOCK_WORDS = 6  # what a paragraph or an item leaves empty in its last line

_TAGS = re.compile(r"<[^>]*>")
_PICTURE = re.compile(r"<img\b")
_STARTS = re.compile(r"<(?:p|li|tr|pre|h[3-6])\b")
_BLOCK = re.compile(r"<(p|ul|ol|table|blockquote|pre|h[3-6])\b.*?</\1>", re.DOTALL)
_LIST = re.compile(r"<(ul|ol)\b[^>]*>(.*)</\1>\s*\Z", re.DOTALL)
_ITEM = re.compile(r"<li\b[^>]*>.*?</li>", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def slides_of(section: Section) -> tuple[tuple[Shown, ...], ...]:
    """The section's prose and callouts, one tuple a slide; at least one, which may be empty.

    It is cut between blocks; a single block that is too long is cut between its items or its sentences. Notes of the
    facilitator and questions are no part of a slide.
    """
    slides: list[list[Shown]] = [[]]
    room = MOST_WORDS
    for piece in _pieces(section):
        words = weight(piece.html)
        if words > room and slides[-1]:
            slides.append([])
            room = MOST_WORDS
        slides[-1].append(piece)
        room -= words
    return tuple(map(tuple, slides))


def weight(html: str) -> int:
    """How many words' room it takes, with its pictures and with what its paragraphs and items leave empty."""
    room = PICTURE_WORDS * len(_PICTURE.findall(html)) + BLOCK_WORDS * len(_STARTS.findall(html))
    return len(_TAGS.sub(" ", html).split()) + room


def _pieces(section: Section) -> Iterator[Shown]:
    for part in section.parts:
        if part.kind not in ("prose", "callout"):
            continue
        if weight(part.html) <= MOST_WORDS:
            yield part
            continue
        for block in _blocks(part.html):
            yield from (replace(part, html=html) for html in _cut(block))


def _blocks(html: str) -> list[str]:
    found = [match[0] for match in _BLOCK.finditer(html)]
    return found or [html]


def _cut(block: str) -> Iterator[str]:
    """A block in pieces that fit, each whole markup again; one that cannot be cut stays as it is."""
    if weight(block) <= MOST_WORDS:
        yield block
    elif found := _LIST.match(block):
        yield from _gather(_ITEM.findall(found[2]), "", f"<{found[1]}>", f"</{found[1]}>")
    elif block.startswith("<p>") and "<" not in block[3:-4]:
        yield from _gather(_SENTENCE.split(block[3:-4]), " ", "<p>", "</p>")
    else:
        yield block


def _gather(parts: list[str], between: str, before: str, after: str) -> Iterator[str]:
    """As many parts together as fit, each time between the same tags."""
    gathered: list[str] = []
    for part in parts:
        if gathered and weight(before + between.join([*gathered, part])) > MOST_WORDS:
            yield before + between.join(gathered) + after
            gathered = []
        gathered.append(part)
    yield before + between.join(gathered) + after
