"""What of a section is shown at once: a wall holds so many words, and the last row of a hall must read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lms.content.model import Callout, Prose, Section

Shown = Prose | Callout
MOST_WORDS = 90  # on one slide; at this many the letters are a 25th of the wall's height
PICTURE_WORDS = 35  # the room that a picture takes

_TAGS = re.compile(r"<[^>]*>")
_PICTURE = re.compile(r"<img\b")
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
    """How many words it takes, a picture counted with the room it needs."""
    return len(_TAGS.sub(" ", html).split()) + PICTURE_WORDS * len(_PICTURE.findall(html))


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
        yield from (f"<{found[1]}>{''.join(some)}</{found[1]}>" for some in _gather(_ITEM.findall(found[2])))
    elif block.startswith("<p>") and "<" not in block[3:-4]:
        yield from (f"<p>{' '.join(some)}</p>" for some in _gather(_SENTENCE.split(block[3:-4])))
    else:
        yield block


def _gather(parts: list[str]) -> Iterator[list[str]]:
    """As many parts together as fit."""
    gathered: list[str] = []
    for part in parts:
        if gathered and weight(" ".join([*gathered, part])) > MOST_WORDS:
            yield gathered
            gathered = []
        gathered.append(part)
    if gathered:
        yield gathered
