"""Questions of the kinds that hieu.md has."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Option:
    """An option to pick, an item to put in order, or one side of a pair.

    ``key`` is what a form sends. Keys are assigned in an order shuffled by the question's id, so that they do not
    reveal which option is right or where an item belongs.
    """

    key: str
    text: str  # html, inline
    right: bool = False
    feedback: str | None = None  # html, inline: shown to a learner who picked this option
    line: int = field(default=0, compare=False)  # in its file; 0: unknown


@dataclass(frozen=True, slots=True)
class Choice:
    """``::: hỏi`` with checkboxes: a single choice, or a multiple choice if several options are right."""

    id: str
    prompt: str  # html
    options: tuple[Option, ...]  # in file order
    keep_order: bool
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["choice"] = "choice"

    @property
    def multiple(self) -> bool:
        return sum(option.right for option in self.options) > 1


@dataclass(frozen=True, slots=True)
class Typed:
    """``::: hỏi`` with ``=`` lines: the learner types a short answer."""

    id: str
    prompt: str  # html
    answers: tuple[str, ...]  # text; the first is shown as the solution
    ranges: tuple[tuple[Decimal, Decimal], ...]  # inclusive
    exact_marks: bool  # ``đúng dấu``: tone marks count
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["typed"] = "typed"


@dataclass(frozen=True, slots=True)
class Ordering:
    """``::: sắp xếp``: items to put in order."""

    id: str
    prompt: str  # html
    items: tuple[Option, ...]  # in the right order
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["ordering"] = "ordering"


@dataclass(frozen=True, slots=True)
class Pair:
    left: Option
    right: Option


@dataclass(frozen=True, slots=True)
class Matching:
    """``::: ghép``: pairs to match."""

    id: str
    prompt: str  # html
    pairs: tuple[Pair, ...]
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["matching"] = "matching"


@dataclass(frozen=True, slots=True)
class Poll:
    """``::: thăm dò``: options without a right answer. It never counts towards a mark."""

    id: str
    prompt: str  # html
    options: tuple[Option, ...]
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["poll"] = "poll"


Question = Choice | Typed | Ordering | Matching | Poll

QUESTION_KINDS = frozenset({"choice", "typed", "ordering", "matching", "poll"})
