"""Count for the class report which questions were asked, with answers and raised hands round by round."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Question
from lms.learning.classroom.questions.tallies import RIGHT
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.state import QuestionState
from lms.learning.store.models import ClassAnswer, ClassLessonAnswer, ClassLessonHandCount, HandCount


@dataclass(frozen=True, slots=True)
class RoundCounts:
    """One round of one question. Stored as JSON in the class's counts.

    ``right`` is None for a poll. ``hands`` were counted, ``hands_right`` of them for the right option; it is None where
    hands cannot tell: in a poll, and with several right options.
    """

    answered: int
    right: int | None
    hands: int
    hands_right: int | None


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """A question that the class was asked. Stored as JSON in the class's counts."""

    question: str  # its id
    prompt: str  # text
    kind: str
    rounds: tuple[RoundCounts, ...]


def count_questions(
    session: Session, class_session: ClassSession, numbers: set[int], lesson: Lesson | None, *, left: bool = False
) -> tuple[QuestionCounts, ...]:
    """Answers of the seats with these numbers, and raised hands, in two statements.

    ``left``: the class has left the lesson, which ``class_session`` is given at.
    """
    connection = session.connection()
    answer_rows, hand_rows = _answers_and_hands(class_session, left=left)
    answered: Counter[tuple[str, int]] = Counter()
    right: Counter[tuple[str, int]] = Counter()
    for row in connection.execute(answer_rows):
        if row.seat in numbers:
            answered[row.question_id, row.round] += 1
            right[row.question_id, row.round] += row.score >= 1.0
    hands: defaultdict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for row in connection.execute(hand_rows):
        hands[row.question_id, row.round][row.option_key] = row.hands
    asked_rounds = answered.keys() | hands.keys()
    counts: list[QuestionCounts] = []
    for question in lesson.understand.questions if lesson else ():
        last_round = max((round for question_id, round in asked_rounds if question_id == question.id), default=0)
        rounds = tuple(
            _round_counts(question, answered[question.id, round], right[question.id, round], hands[question.id, round])
            for round in range(1, last_round + 1)
        )
        if rounds:
            prompt = Markup(question.prompt).striptags()  # noqa: S704  (the tags are stripped)
            counts.append(QuestionCounts(question.id, prompt, question.kind, rounds))
    return tuple(counts)


def count_asked_questions(
    class_session: ClassSession, questions: Sequence[Question], counts: Sequence[QuestionCounts]
) -> int:
    """How many of the lesson's questions the class was asked, whether or not anybody answered."""
    answered = {question.question for question in counts}
    unasked = QuestionState()
    return sum(
        question.id in answered or class_session.state.question_state(question.id) != unasked for question in questions
    )


def find_seats_that_answered(session: Session, class_session: ClassSession, *, left: bool = False) -> set[int]:
    """The numbers of the seats that answered a question of the lesson."""
    answer_rows, _ = _answers_and_hands(class_session, left=left)
    return {row.seat for row in session.connection().execute(answer_rows)}


def _answers_and_hands(
    class_session: ClassSession, *, left: bool
) -> tuple[Select[*tuple[Any, ...]], Select[*tuple[Any, ...]]]:
    """Select the answers and hands of the lesson that the class is at, or of one that it has left."""
    answer, hand = (ClassLessonAnswer, ClassLessonHandCount) if left else (ClassAnswer, HandCount)
    answers = select(answer.question_id, answer.round, answer.seat, answer.score)
    hands = select(hand.question_id, hand.round, hand.option_key, hand.count.label("hands"))
    answers = answers.where(answer.class_id == class_session.id)
    hands = hands.where(hand.class_id == class_session.id)
    if left:
        answers = answers.where(ClassLessonAnswer.lesson_number == class_session.lesson_number)
        hands = hands.where(ClassLessonHandCount.lesson_number == class_session.lesson_number)
    return answers, hands


def _round_counts(question: Question, answered: int, right: int, hands: Mapping[str, int]) -> RoundCounts:
    bars = _right_bars(question)
    return RoundCounts(
        answered=answered,
        right=None if question.kind == "poll" else right,
        hands=sum(hands.values()),
        hands_right=None if bars is None else sum(hands.get(bar, 0) for bar in bars),
    )


def _right_bars(question: Question) -> tuple[str, ...] | None:
    """The bars of right answers; None where one bar does not show whether the whole answer is right."""
    if question.kind == "poll" or (question.kind == "choice" and question.multiple):
        return None
    if question.kind == "choice":
        return tuple(option.key for option in question.options if option.right)
    return (RIGHT,)
