"""What a class was asked, for its report: answers and hands, round by round."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import Connection, select

from lms.content.model import Lesson, Question
from lms.learning.classroom.session.queries import Class
from lms.learning.store.models import ClassAnswer, ClassHands


@dataclass(frozen=True, slots=True)
class Round:
    """One question asked once. ``right`` is None for a poll; ``hands`` were counted, ``hands_right`` of them right.

    ``hands_right`` is None where hands cannot tell: a poll, several right options.
    """

    answered: int
    right: int | None
    hands: int
    hands_right: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """A question that the class was asked, round by round."""

    question: str  # its id
    prompt: str  # text
    kind: str
    rounds: tuple[Round, ...]


def items_of(connection: Connection, klass: Class, numbers: set[int], lesson: Lesson | None) -> tuple[Item, ...]:
    """What the seats with these numbers answered, and what hands were counted, in two statements."""
    answered: Counter[tuple[str, int]] = Counter()
    right: Counter[tuple[str, int]] = Counter()
    answers = select(ClassAnswer.question_id, ClassAnswer.round, ClassAnswer.seat, ClassAnswer.score)
    for row in connection.execute(answers.where(ClassAnswer.class_id == klass.id)):
        if row.seat in numbers:
            answered[row.question_id, row.round] += 1
            right[row.question_id, row.round] += row.score >= 1.0
    hands: defaultdict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    counted = select(ClassHands.question_id, ClassHands.round, ClassHands.option_key, ClassHands.count)
    for row in connection.execute(counted.where(ClassHands.class_id == klass.id)):
        hands[row.question_id, row.round][row.option_key] = row.count
    places = answered.keys() | hands.keys()
    found = []
    for question in lesson.understand.questions if lesson else ():
        last = max((number for name, number in places if name == question.id), default=0)
        rounds = tuple(
            _round(question, answered[question.id, number], right[question.id, number], hands[question.id, number])
            for number in range(1, last + 1)
        )
        if rounds:
            prompt = Markup(question.prompt).striptags()  # noqa: S704  (its tags go)
            found.append(Item(question.id, prompt, question.kind, rounds))
    return tuple(found)


def asked_of(klass: Class, questions: Sequence[Question], items: Sequence[Item]) -> int:
    """How many of the lesson's questions the class was asked, whether anybody answered or not."""
    told = {item.question for item in items}
    states = [(question.id in told, klass.state.how_asked(question.id)) for question in questions]
    return sum(answered or state.phase != "read" or state.round > 1 for answered, state in states)


def _round(question: Question, answered: int, right: int, hands: Mapping[str, int]) -> Round:
    keys = _right_keys(question)
    return Round(
        answered=answered,
        right=None if question.kind == "poll" else right,
        hands=sum(hands.values()),
        hands_right=None if keys is None else sum(hands.get(key, 0) for key in keys),
    )


def _right_keys(question: Question) -> tuple[str, ...] | None:
    """Which bars are right answers. A hand for one of several right options is no whole answer."""
    if question.kind == "poll" or (question.kind == "choice" and question.multiple):
        return None
    if question.kind == "choice":
        return tuple(option.key for option in question.options if option.right)
    return ("right",)
