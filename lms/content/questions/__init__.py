"""Questions: a module a kind, each with ``parse``, ``arrange`` and ``grade``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.content.blocks import Block
from lms.content.model import Option, Question
from lms.content.prose import Prose
from lms.content.questions import choice, matching, ordering, poll, typed
from lms.content.questions.ids import Identities
from lms.content.questions.matching import Sides
from lms.content.questions.outcome import Outcome, Said, UnknownOption
from lms.content.source import plain

__all__ = [
    "Identities", "Outcome", "Said", "Sides", "UnknownOption", "arrange", "chosen_twice", "grade", "is_filled",
    "read_question",
]  # fmt: skip

QUESTION_BLOCKS = frozenset({"question", "order", "match", "poll"})

_KINDS = {"choice": choice, "typed": typed, "ordering": ordering, "matching": matching, "poll": poll}
_BOXED = re.compile(r"\s*[-*+]\s*\[")
_ANSWER = re.compile(r"\s*=(?!=)")


def read_question(prose: Prose, block: Block, identities: Identities) -> Question | None:
    """The question of a block, or None when too little of it can be read; all that is wrong is reported."""
    match block.name:
        case "order":
            return ordering.parse(prose, block, identities)
        case "match":
            return matching.parse(prose, block, identities)
        case "poll":
            return poll.parse(prose, block, identities)
    return (typed if _is_typed(prose, block) else choice).parse(prose, block, identities)


def arrange(question: Question) -> tuple[Option, ...] | Sides:
    """What is offered, in the order it is shown: the same for everybody, decided by the question's id.

    Options of a choice or poll, items of an ordering, both sides of a matching; () for a typed answer.
    """
    return _KINDS[question.kind].arrange(question)


def grade(question: Question, given: Sequence[str]) -> Outcome:
    """Mark one answer. ``given`` is what a form sends for ``answer``, in order.

    Choice and poll: the keys picked. Typed: the one text. Ordering: keys in order. Matching: right keys in the order
    of the lefts shown.

    Raises:
        UnknownOption: a key that the question does not have, or more answers than it takes.
    """
    return _KINDS[question.kind].grade(question, list(given))


def is_filled(question: Question, given: Sequence[str]) -> bool:
    """Whether this is an answer at all: something is picked or typed, and in each place where there are places."""
    if question.kind in ("ordering", "matching"):
        places = len(question.items if question.kind == "ordering" else question.pairs)
        return len(given) == places and all(given)
    return bool(given) and all(one.strip() for one in given)


def chosen_twice(question: Question, given: Sequence[str]) -> Option | None:
    """What stands in two places of an order, or of pairs: a slip of the finger, no answer that could be right or wrong.

    A right side belongs to one left only: two that read the same are refused when the lesson is read.
    """
    if question.kind == "ordering":
        offered = arrange(question)
    elif question.kind == "matching":
        offered = arrange(question).rights
    else:
        return None
    return next((option for option in offered if list(given).count(option.key) > 1), None)


def _is_typed(prose: Prose, block: Block) -> bool:
    lines = [plain(line) for line in prose.report.source.lines[block.start : block.end]]
    return any(map(_ANSWER.match, lines)) and not any(map(_BOXED.match, lines))
