"""The syntax tree of a storyboard: spans of text with positions, before validation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from lms.content.model import Arrow, Role, ScreenKind


class TextSpan(NamedTuple):
    """A text and its position in the normalised source (from 0)."""

    text: str
    line: int
    column: int

    @classmethod
    def stripped(cls, text: str, line: int, column: int) -> TextSpan:
        """The text without surrounding whitespace; ``column`` is where the whitespace begins."""
        return cls(text.strip(), line, column + len(text) - len(text.lstrip()))


class ArrowSpan(NamedTuple):
    """An arrow and its position."""

    text: Arrow
    line: int
    column: int


@dataclass(slots=True)
class Attribute:
    """One ``key=value`` of an attribute block."""

    code: str  # of vocabulary.ATTRIBUTES
    key: TextSpan
    value: TextSpan


@dataclass(slots=True)
class Attributes:
    """A ``{#id key=value …}`` block."""

    id: TextSpan | None = None
    values: dict[str, Attribute] = field(default_factory=dict[str, Attribute])
    broken: bool = False  # a reported error may hide others
    has_unknown: bool = False  # a misspelt key may be the one that is missing

    def get(self, code: str) -> Attribute | None:
        return self.values.get(code)


@dataclass(slots=True)
class WidgetLine:
    """The part of a widget's line after ``[role]``: label, attributes, value, arrow and target."""

    label: TextSpan
    attributes: Attributes
    value: TextSpan | None = None
    arrow: ArrowSpan | None = None  # its text is the arrow typed, or most likely meant
    target: TextSpan | None = None
    broken: bool = False  # a reported error makes further ones in this line unreliable


@dataclass(slots=True)
class DraftWidget:
    """A list item of a screen, with the indented ``key: text`` lines below it."""

    line: int
    column: int  # of the list mark
    role: Role | None  # None: unknown
    typed_role: TextSpan
    parts: WidgetLine
    sub_lines: dict[str, TextSpan] = field(default_factory=dict[str, TextSpan])
    sub_keywords: dict[str, TextSpan] = field(default_factory=dict[str, TextSpan])  # the keywords as typed
    empty_sub_lines: set[str] = field(default_factory=set[str])  # reported as empty, so not reported as missing
    target_id: str | None = None  # the screen that the arrow leads to
    guessed_id: str | None = None  # the screen most likely meant, if the target is invalid
    values: tuple[str, ...] = ()
    rule: str | None = None

    @property
    def leads_to(self) -> str | None:
        return self.target_id or self.guessed_id


@dataclass(slots=True)
class DraftScreen:
    """A ``##`` heading and what follows it."""

    title: TextSpan
    line: int
    column: int
    attributes: Attributes
    id: str = ""
    kind: ScreenKind = "app"
    is_goal: bool = False
    scrolls: bool = False
    quotes: dict[str, list[TextSpan]] = field(default_factory=dict[str, list[TextSpan]])
    widgets: list[DraftWidget] = field(default_factory=list[DraftWidget])
    prose: list[int] = field(default_factory=list[int])  # line numbers, including blank lines
    duplicate_of: str | None = None  # the id of an earlier screen with the same title or id
    has_unclear_quote: bool = False  # an invalid quote may be the missing task
    has_lost_item: bool = False  # an invalid item may be a message
    has_lost_arrow: bool = False  # an arrow in an invalid line: a way out is unknown


@dataclass(slots=True)
class DraftPractice:
    """The body of lam.md."""

    intro: list[int] = field(default_factory=list[int])  # line numbers
    screens: list[DraftScreen] = field(default_factory=list[DraftScreen])
