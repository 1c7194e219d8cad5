"""A storyboard as it was typed: pieces of text with their places, before they are understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Piece(NamedTuple):
    """A text and where it begins in the mended source (indices from 0)."""

    text: str
    line: int
    column: int


@dataclass(slots=True)
class Attribute:
    code: str  # of words.ATTRIBUTES
    key: Piece
    value: Piece


@dataclass(slots=True)
class Attributes:
    id: Piece | None = None
    values: dict[str, Attribute] = field(default_factory=dict)
    broken: bool = False  # an error in them was reported that may hide further ones

    def get(self, code: str) -> Attribute | None:
        return self.values.get(code)


@dataclass(slots=True)
class Line:
    """What follows ``[role]``: label, attributes, value, arrow and target."""

    label: Piece
    attributes: Attributes
    value: Piece | None = None
    arrow: Piece | None = None  # text is what the arrow is, or most likely was meant to be
    target: Piece | None = None
    broken: bool = False  # an error in this line was reported that makes further ones here unlikely to be true


@dataclass(slots=True)
class DraftWidget:
    line: int
    column: int  # of the list mark
    role: str | None
    typed_role: Piece
    parts: Line
    subs: dict[str, Piece] = field(default_factory=dict)
    sub_words: dict[str, Piece] = field(default_factory=dict)  # as typed, with their places
    empty_subs: set[str] = field(default_factory=set)  # reported already, so not missing as well
    target_id: str | None = None  # the screen the arrow leads to
    guessed_id: str | None = None  # the screen it most likely was meant to lead to, when it leads to none
    values: tuple[str, ...] = ()
    rule: str | None = None

    @property
    def leads_to(self) -> str | None:
        return self.target_id or self.guessed_id


@dataclass(slots=True)
class DraftScreen:
    title: Piece
    line: int
    column: int
    attributes: Attributes
    id: str = ""
    kind: str = "app"
    quotes: dict[str, list[Piece]] = field(default_factory=dict)
    widgets: list[DraftWidget] = field(default_factory=list)
    prose: list[int] = field(default_factory=list)  # the lines of its prose, blank ones among them
    twin: str | None = None  # the id of an earlier screen of the same title or id
    unclear: bool = False  # a quote was not understood; it may be the task, or tell where one has strayed to
    lost_item: bool = False  # an item was not understood; it may be a message
    leaks: bool = False  # an arrow was found where it means nothing: a way out is lost


@dataclass(slots=True)
class Draft:
    intro: list[int] = field(default_factory=list)  # lines
    screens: list[DraftScreen] = field(default_factory=list)
