"""Answers to the questions of hieu.md: graded, saved, and counted towards the mark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, literal, select
from sqlalchemy.orm import Session

from lms.content.model import Question, Stage, Understand
from lms.content.questions import Outcome, UnknownOption, grade, is_complete, option_used_twice, redact
from lms.learning.errors import EmptyAnswer, LearnerForgotten, LearningError, NotFound, OptionSubmittedTwice, TooLarge
from lms.learning.marks.marks import award_marks
from lms.learning.store.bulk_statement import BulkStatement
from lms.learning.store.locks import upsert_and_lock_learners
from lms.learning.store.models import Learner, Mark, Response

MAX_ANSWER_LENGTH = 4000  # characters, all parts of one answer together
MAX_ANSWER_PARTS = 100


@dataclass(frozen=True, slots=True)
class UnderstandProgress:
    """The latest answers to ``right`` of ``total`` graded questions are right; ``needed`` of them earn the mark."""

    right: int
    total: int
    needed: int
    earned: bool


@dataclass(frozen=True, slots=True)
class AnswerReceipt:
    """A saved answer, and the learner's progress in the lesson with it."""

    outcome: Outcome
    progress: UnderstandProgress


def save_answer(
    session: Session,
    *,
    learner_id: str,
    course: str,
    lesson: str,
    understand: Understand,
    question_id: str,
    given: Sequence[str],
    now: datetime,
) -> AnswerReceipt:
    """Grade an answer and save it. All answers stay; the latest one of a question counts.

    Of a typed answer that matches nothing only the length is saved.
    Inserts the learner's row if there is none. An answer that is sent twice is saved twice and counts once.

    Raises:
        NotFound: the lesson has no such question.
        UnknownOption, TooLarge, EmptyAnswer, OptionSubmittedTwice: see ``grade_answer``.
        LearnerForgotten: the learner asked to be forgotten.
    """
    answer = {
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "understand": understand,
        "question_id": question_id,
        "given": given,
        "now": now,
    }
    [result] = save_answers(session, [answer])
    if isinstance(result, Exception):
        raise result
    return result


def save_answers(
    session: Session, answers: Sequence[Mapping[str, Any]]
) -> list[AnswerReceipt | LearningError | UnknownOption]:
    """The batch handler of ``save_answer``: each answer as its keyword arguments, each result a receipt or an error.

    A handful of statements, however many answers there are.
    """
    outcomes = [_grade_or_error(**answer) for answer in answers]
    connection = session.connection()
    graded = [answer for answer, outcome in zip(answers, outcomes, strict=True) if isinstance(outcome, Outcome)]
    # Locks the learners' rows until the commit, so that concurrent answers of one learner count each other.
    known = upsert_and_lock_learners(connection, [{**answer, "stage": Stage.UNDERSTAND} for answer in graded])
    results = [
        LearnerForgotten(answer["learner_id"])
        if isinstance(outcome, Outcome) and answer["learner_id"] not in known
        else outcome
        for answer, outcome in zip(answers, outcomes, strict=True)
    ]
    saved = [(answer, result) for answer, result in zip(answers, results, strict=True) if isinstance(result, Outcome)]
    progress: dict[_LessonKey, UnderstandProgress] = {}
    if saved:
        _INSERT_RESPONSES.execute(connection, [_response_row(answer, outcome) for answer, outcome in saved])
        progress = _update_progress(connection, [answer for answer, _ in saved])
    return [
        AnswerReceipt(result, progress[_lesson_key(answer)]) if isinstance(result, Outcome) else result
        for answer, result in zip(answers, results, strict=True)
    ]


def grade_answer(question: Question, given: Sequence[str]) -> Outcome:
    """Check that an answer is complete and grade it, for learners alone and in class.

    Raises:
        TooLarge: more than 4000 characters, or 100 parts.
        EmptyAnswer: nothing is picked or typed, or a place is empty.
        OptionSubmittedTwice: an ordering or matching answer uses one item twice.
        UnknownOption: an option that the question does not have.
    """
    if len(given) > MAX_ANSWER_PARTS or sum(map(len, given)) > MAX_ANSWER_LENGTH:
        raise TooLarge(question.id)
    if not is_complete(question, given):
        raise EmptyAnswer(question.id)
    if option_used_twice(question, given):
        raise OptionSubmittedTwice(question.id)
    return grade(question, given)


def understand_progress(understand: Understand, scores: Mapping[str, float], *, earned: bool) -> UnderstandProgress:
    """Progress from the latest scores by question id. ``earned``: whether the learner has the mark already."""
    graded = understand.graded_questions
    right = sum(scores.get(question.id, 0.0) >= 1.0 for question in graded)
    return _progress_from_counts(understand.pass_percent, right, len(graded), earned=earned)


_LessonKey = tuple[str, str, str]  # learner id, course, lesson


def _lesson_key(answer: Mapping[str, Any]) -> _LessonKey:
    return answer["learner_id"], answer["course"], answer["lesson"]


def _grade_or_error(
    *, understand: Understand, question_id: str, given: Sequence[str], **_other: Any
) -> Outcome | LearningError | UnknownOption:
    question = understand.question(question_id)
    if question is None:
        return NotFound(question_id)
    try:
        return grade_answer(question, given)
    except (LearningError, UnknownOption) as error:
        return error.with_traceback(None)  # its frames hold this batch, which holds the error: a reference cycle


def _response_row(answer: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    return {
        "learner_id": answer["learner_id"],
        "course": answer["course"],
        "lesson": answer["lesson"],
        "question_id": answer["question_id"],
        "given": redact(answer["understand"].question(answer["question_id"]), answer["given"], outcome),
        "score": outcome.score,
        "content_digest": answer["understand"].digest,
        "given_at": answer["now"],
    }


def _update_progress(
    connection: Connection, answers: Sequence[Mapping[str, Any]]
) -> dict[_LessonKey, UnderstandProgress]:
    """The progress of all learners who answered; awards the marks that these answers earn."""
    by_lesson: dict[tuple[str, str, str], dict[str, Mapping[str, Any]]] = {}
    for answer in answers:
        version = (answer["course"], answer["lesson"], answer["understand"].digest)
        by_lesson.setdefault(version, {})[answer["learner_id"]] = answer
    progress: dict[_LessonKey, UnderstandProgress] = {}
    for (course, lesson, _), by_learner in by_lesson.items():
        understand: Understand = next(iter(by_learner.values()))["understand"]
        newly_earned: dict[str, UnderstandProgress] = {}
        counts = _count_right(connection, list(by_learner), course, lesson, understand)
        for learner_id, (right, earned) in counts.items():
            present = _progress_from_counts(
                understand.pass_percent, right, len(understand.graded_questions), earned=earned
            )
            progress[learner_id, course, lesson] = present
            if present.earned and not earned:
                newly_earned[learner_id] = present
        if newly_earned:
            _award_marks(connection, newly_earned, by_learner)
    return progress


def _award_marks(
    connection: Connection, newly_earned: Mapping[str, UnderstandProgress], answers: Mapping[str, Mapping[str, Any]]
) -> None:
    """Award marks by learner id. ``answers``: by learner id, all to the same lesson."""
    any_answer = next(iter(answers.values()))
    lesson = {"course": any_answer["course"], "lesson": any_answer["lesson"]}
    counts = connection.execute(_COUNT_RESPONSES, lesson | {"learner_ids": list(newly_earned)})
    responses = dict(counts.all())
    marks = [
        lesson
        | {
            "learner_id": learner_id,
            "stage": Stage.UNDERSTAND,
            "evidence": {"right": progress.right, "total": progress.total, "responses": responses[learner_id]},
            "content_digest": any_answer["understand"].digest,
            "earned_at": answers[learner_id]["now"],
        }
        for learner_id, progress in newly_earned.items()
    ]
    award_marks(connection, marks)


def _progress_from_counts(percent: float, right: int, total: int, *, earned: bool) -> UnderstandProgress:
    needed = _count_needed(percent, total)
    return UnderstandProgress(right, total, needed, earned or (total > 0 and right >= needed))


@lru_cache(maxsize=1024)
def _count_needed(percent: float, total: int) -> int:
    """Exact: 80 percent of 5 is 4, not 4.000000001 rounded up to 5."""
    return math.ceil(Fraction(str(percent)) * total / 100)


def _count_right(
    connection: Connection, learner_ids: Sequence[str], course: str, lesson: str, understand: Understand
) -> dict[str, tuple[int, bool]]:
    """By learner id: how many graded questions the latest answers have right, and whether the mark is earned."""
    questions = {f"question_{number}": question.id for number, question in enumerate(understand.graded_questions)}
    parameters = {"learner_ids": learner_ids, "course": course, "lesson": lesson, **questions}
    rows = connection.execute(_latest_scores_statement(len(questions)), parameters).all()
    return {
        learner_id: (sum(score is not None and score >= 1.0 for score in scores), mark is not None)
        for learner_id, mark, *scores in rows
    }


@lru_cache(maxsize=64)
def _latest_scores_statement(question_count: int) -> Select[*tuple[Any, ...]]:
    """One row for each learner: the id, the mark's stage or NULL, and the latest score of each question or NULL.

    Each latest score is one step down an index, however often a question was answered.
    """
    learners, responses, marks = Learner.__table__, Response.__table__, Mark.__table__

    def of_learner_in_lesson(table: Any) -> tuple[ColumnElement[bool], ...]:
        in_lesson = (table.c[name] == bindparam(name) for name in ("course", "lesson"))
        return (table.c.learner_id == learners.c.id, *in_lesson)

    scores = [
        select(responses.c.score)
        .where(*of_learner_in_lesson(responses), responses.c.question_id == bindparam(f"question_{number}"))
        .order_by(responses.c.id.desc())
        .limit(1)
        .scalar_subquery()
        for number in range(question_count)
    ]
    is_understand = marks.c.stage == literal(Stage.UNDERSTAND.value)
    mark = select(marks.c.stage).where(*of_learner_in_lesson(marks), is_understand).scalar_subquery()
    return select(learners.c.id, mark, *scores).where(learners.c.id.in_(bindparam("learner_ids", expanding=True)))


_INSERT_RESPONSES = BulkStatement(insert(Response.__table__))
_COUNT_RESPONSES = (
    select(Response.learner_id, func.count())
    .where(
        Response.learner_id.in_(bindparam("learner_ids", expanding=True)),
        Response.course == bindparam("course"),
        Response.lesson == bindparam("lesson"),
    )
    .group_by(Response.learner_id)
)
