"""A question of another program, and what was found while it was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

TextFormat = Literal["plain", "markdown", "html"]


@dataclass(frozen=True, slots=True)
class BankText:
    """``text`` may have several lines. ``plain`` is shown as typed; ``html`` still has its tags."""

    text: str
    format: TextFormat = "plain"


@dataclass(frozen=True, slots=True)
class BankOption:
    text: BankText
    right: bool
    feedback: BankText | None = None


@dataclass(frozen=True, slots=True)
class BankFinding:
    """Something about a line, from 1 (a paragraph or a row where there are no lines: ``Bank.place``).

    A refusal keeps its question out; otherwise the question loses something.
    """

    line: int
    message: str
    is_refusal: bool = False


@dataclass(slots=True)
class BankQuestion:
    """One question; it has options, pairs, or answers and ranges. ``line`` is where it begins in the file."""

    line: int
    prompt: BankText
    options: list[BankOption] = field(default_factory=list[BankOption])
    pairs: list[tuple[BankText, BankText]] = field(default_factory=list[tuple[BankText, BankText]])
    answers: list[str] = field(default_factory=list[str])
    ranges: list[tuple[Decimal, Decimal]] = field(default_factory=list[tuple[Decimal, Decimal]])
    hints: list[str] = field(default_factory=list[str])  # Markdown
    keep_order: bool = False


@dataclass(slots=True)
class Bank:
    """What was read of a file: its questions in order, and what was found. A refused question is not among them."""

    questions: list[BankQuestion] = field(default_factory=list[BankQuestion])
    findings: list[BankFinding] = field(default_factory=list[BankFinding])
    places: dict[int, str] = field(default_factory=dict[int, str])  # what a person calls a line of a file without lines

    def place(self, line: int) -> str:
        """How a line is named to a person: its number, or "bảng 2, dòng 3"."""
        return self.places.get(line, str(line))


class RefusedQuestion(Exception):
    """This question cannot be taken over; the message is a Vietnamese sentence."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.finding = BankFinding(line, message, is_refusal=True)
