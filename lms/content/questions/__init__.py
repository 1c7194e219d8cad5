"""Questions: one module for each kind, with ``parse``, ``arrange`` and ``grade``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.content.blocks import Block
from lms.content.model import Matching, Option, Ordering, Question, Typed
from lms.content.prose import ProseReader
from lms.content.questions import choice, matching, ordering, poll, typed
from lms.content.questions.ids import QuestionIds
from lms.content.questions.matching import MatchColumns
from lms.content.questions.outcome import Feedback, Outcome, UnknownOption
from lms.content.source import ascii_punctuation

__all__ = [
    "Feedback",
    "MatchColumns",
    "Outcome",
    "QuestionIds",
    "UnknownOption",
    "arrange",
    "grade",
    "is_complete",
    "option_used_twice",
    "read_question",
    "redact",
]  # fmt: skip

QUESTION_BLOCKS = frozenset({"question", "order", "match", "poll"})

_KINDS = {"choice": choice, "typed": typed, "ordering": ordering, "matching": matching, "poll": poll}
_CHECKBOX_ITEM = re.compile(r"\s*[-*+]\s*\[")
_ANSWER_LINE = re.compile(r"\s*=(?!=)")


def read_question(prose: ProseReader, block: Block, ids: QuestionIds) -> Question | None:
    """Read a question block and report its problems; None if too little of it can be read."""
    if block.name == "question":
        return typed.parse(prose, block, ids) if _is_typed(prose, block) else choice.parse(prose, block, ids)
    kind = {"order": ordering, "match": matching, "poll": poll}[block.name or ""]
    return kind.parse(prose, block, ids)


def arrange(question: Question) -> tuple[Option, ...] | MatchColumns:
    """The options in display order, which depends on the question's id only and is the same for all learners.

    Options of a choice or poll, items of an ordering, both columns of a matching; () for a typed answer.
    """
    return _KINDS[question.kind].arrange(question)


def grade(question: Question, given: Sequence[str]) -> Outcome:
    """Grade one answer. ``given`` holds the values that a form sends for ``answer``, in order.

    Choice and poll: the keys picked. Typed: the text. Ordering: keys in order. Matching: keys of the right column in
    the order of the left column as displayed.

    Raises:
        UnknownOption: the question has no such key, or takes fewer values.
    """
    return _KINDS[question.kind].grade(question, list(given))


def redact(question: Question, given: Sequence[str], outcome: Outcome) -> list[str]:
    """What is kept of an answer. A typed one that matches nothing may be a secret: its length is kept."""
    return typed.redact(given, outcome) if isinstance(question, Typed) else list(given)


def is_complete(question: Question, given: Sequence[str]) -> bool:
    """Whether something is picked or typed, in every position of an ordering or matching."""
    if isinstance(question, Ordering | Matching):
        positions = question.items if isinstance(question, Ordering) else question.pairs
        return len(given) == len(positions) and all(given)
    return bool(given) and all(value.strip() for value in given)


def option_used_twice(question: Question, given: Sequence[str]) -> Option | None:
    """The option that an ordering or matching uses twice, which is a mistake in input rather than a wrong answer.

    In a matching each right side belongs to one left side: reading a lesson refuses duplicates.
    """
    if isinstance(question, Ordering):
        options = question.items
    elif isinstance(question, Matching):
        options = matching.arrange(question).rights
    else:
        return None
    return next((option for option in options if list(given).count(option.key) > 1), None)


def _is_typed(prose: ProseReader, block: Block) -> bool:
    lines = [ascii_punctuation(line) for line in prose.diagnostics.source.lines[block.start : block.end]]
    return any(map(_ANSWER_LINE.match, lines)) and not any(map(_CHECKBOX_ITEM.match, lines))
