"""What was read of a file of slides: plain values, in the order in which a slide is read."""

from __future__ import annotations

from dataclasses import dataclass, field


class UnreadableSlides(Exception):
    """The slides cannot be read; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class SlideParagraph:
    """``level`` counts from 0; ``is_item`` where a bullet or number stands before it."""

    text: str
    level: int = 0
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class SlideTable:
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SlidePicture:
    """``data`` is what the file holds, of any kind; ``alt`` what its author wrote for those who do not see it."""

    data: bytes
    alt: str


SlidePart = SlideParagraph | SlideTable | SlidePicture


@dataclass(slots=True)
class Slide:
    """``number`` counts all slides of the file, from 1; ``lost`` names what cannot be taken along."""

    number: int
    title: str = ""
    parts: list[SlidePart] = field(default_factory=list[SlidePart])
    notes: list[str] = field(default_factory=list[str])
    lost: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class Deck:
    title: str = ""
    slides: list[Slide] = field(default_factory=list[Slide])
    hidden: list[int] = field(default_factory=list[int])  # numbers of slides that are not shown


@dataclass(frozen=True, slots=True)
class SlideFinding:
    """Something about a slide; 0 is the whole file."""

    slide: int
    message: str
