"""Answers to the questions of hieu.md: graded, kept, and counted towards the stage."""

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

from lms.content.model import Understand
from lms.content.questions import Outcome, UnknownOption, chosen_twice, grade, is_filled
from lms.learning.errors import ChosenTwice, LearnerForgotten, LearningError, NotFound, NothingGiven, TooLarge
from lms.learning.marks.marks import award_marks
from lms.learning.store.bulk import ManyRows
from lms.learning.store.locks import touch_all
from lms.learning.store.models import Learner, Mark, Response

LONGEST_ANSWER = 4000  # characters, all parts of one answer together


@dataclass(frozen=True, slots=True)
class HieuProgress:
    """``right`` of ``total`` graded questions are answered rightly in the end; ``needed`` of them earn the mark."""

    right: int
    total: int
    needed: int
    earned: bool


@dataclass(frozen=True, slots=True)
class Kept:
    outcome: Outcome
    progress: HieuProgress


def keep_answer(
    session: Session,
    *,
    learner_id: str,
    course: str,
    lesson: str,
    understand: Understand,
    question_id: str,
    given: Sequence[str],
    now: datetime,
) -> Kept:
    """Grade an answer and keep it. A later one counts instead of an earlier one; all of them stay.

    Makes the learner's row if there is none. Given twice it is kept twice, and counts once.

    Raises:
        NotFound: the lesson has no such question.
        UnknownOption: an option that the question does not have.
        TooLarge: more than 4000 characters.
        NothingGiven: nothing is picked or typed, or a place is empty.
        ChosenTwice: an order or pairs have something in two places.
        LearnerForgotten: she asked to be forgotten.
    """
    plain = {
        "learner_id": learner_id,
        "course": course,
        "lesson": lesson,
        "understand": understand,
        "question_id": question_id,
        "given": given,
        "now": now,
    }
    [kept] = keep_answers(session, [plain])
    if isinstance(kept, Exception):
        raise kept
    return kept


def keep_answers(session: Session, answers: Sequence[Mapping[str, Any]]) -> list[Kept | LearningError | UnknownOption]:
    """``keep_answer`` for many at once, each as its keyword arguments; a refusal stands where the result would.

    A handful of statements however many there are: what the writer gathers costs little more than one answer.
    """
    outcomes = [_judge(**answer) for answer in answers]
    connection = session.connection()
    judged = [answer for answer, outcome in zip(answers, outcomes, strict=True) if isinstance(outcome, Outcome)]
    # Their rows are held from here on, so what is read is whole and the next answer of hers will see this one.
    welcome = touch_all(connection, [answer | {"stage": "hieu"} for answer in judged])
    kept = [
        LearnerForgotten(answer["learner_id"])
        if isinstance(outcome, Outcome) and answer["learner_id"] not in welcome
        else outcome
        for answer, outcome in zip(answers, outcomes, strict=True)
    ]
    written = [(answer, outcome) for answer, outcome in zip(answers, kept, strict=True) if isinstance(outcome, Outcome)]
    if not written:
        return kept
    _KEEP.execute(connection, [_row(answer, outcome) for answer, outcome in written])
    progress = _count(connection, [answer for answer, _ in written])
    return [
        Kept(outcome, progress[_place(answer)]) if isinstance(outcome, Outcome) else outcome
        for answer, outcome in zip(answers, kept, strict=True)
    ]


def _judge(
    *, understand: Understand, question_id: str, given: Sequence[str], **_other: Any
) -> Outcome | LearningError | UnknownOption:
    question = understand.question(question_id)
    if question is None:
        return NotFound(question_id)
    if sum(map(len, given)) > LONGEST_ANSWER or len(given) > 100:
        return TooLarge(question_id)
    if not is_filled(question, given):
        return NothingGiven(question_id)
    if chosen_twice(question, given):
        return ChosenTwice(question_id)
    try:
        return grade(question, given)
    except UnknownOption as refusal:
        return refusal


def _row(answer: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    return {
        "learner_id": answer["learner_id"],
        "course": answer["course"],
        "lesson": answer["lesson"],
        "question_id": answer["question_id"],
        "given": list(answer["given"]),
        "score": outcome.score,
        "content_digest": answer["understand"].digest,
        "given_at": answer["now"],
    }


def _place(answer: Mapping[str, Any]) -> tuple[str, str, str]:
    return answer["learner_id"], answer["course"], answer["lesson"]


def _count(connection: Connection, written: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str, str], HieuProgress]:
    """How far everybody who wrote is in her lesson now, by (learner, course, lesson); awards the marks that are due."""
    lessons: dict[tuple[str, str, str], dict[str, Mapping[str, Any]]] = {}
    for answer in written:
        here = (answer["course"], answer["lesson"], answer["understand"].digest)
        lessons.setdefault(here, {})[answer["learner_id"]] = answer
    progress = {}
    for (course, lesson, _), hers in lessons.items():
        understand = next(iter(hers.values()))["understand"]
        total, due = len(understand.graded), {}
        for learner_id, (right, earned) in _latest(connection, list(hers), course, lesson, understand).items():
            counted = _progress(understand.pass_percent, right, total, earned=earned)
            progress[learner_id, course, lesson] = counted
            if counted.earned and not earned:
                due[learner_id] = counted
        if due:
            _award(connection, due, hers)
    return progress


def _award(connection: Connection, due: Mapping[str, HieuProgress], answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Marks for those whose progress is in ``due``; ``answers`` are all to the same lesson."""
    any_answer = next(iter(answers.values()))
    place = {"course": any_answer["course"], "lesson": any_answer["lesson"]}
    responses = dict(connection.execute(_RESPONSES, place | {"learner_ids": list(due)}).all())
    earned = [
        place
        | {
            "learner_id": learner_id,
            "stage": "hieu",
            "evidence": {"right": counted.right, "total": counted.total, "responses": responses[learner_id]},
            "content_digest": any_answer["understand"].digest,
            "earned_at": answers[learner_id]["now"],
        }
        for learner_id, counted in due.items()
    ]
    award_marks(connection, earned)


def hieu_progress(understand: Understand, scores: Mapping[str, float], *, earned: bool) -> HieuProgress:
    """Count the latest scores by question id; ``earned`` says that the mark is there already."""
    graded = understand.graded
    right = sum(scores.get(question.id, 0.0) >= 1.0 for question in graded)
    return _progress(understand.pass_percent, right, len(graded), earned=earned)


def _progress(percent: float, right: int, total: int, *, earned: bool) -> HieuProgress:
    needed = _needed(percent, total)
    return HieuProgress(right, total, needed, earned or (total > 0 and right >= needed))


@lru_cache(maxsize=1024)
def _needed(percent: float, total: int) -> int:
    """Exact: 80 percent of 5 is 4, and no 4.000000001 asks for a fifth."""
    return math.ceil(Fraction(str(percent)) * total / 100)


def _latest(
    connection: Connection, learner_ids: Sequence[str], course: str, lesson: str, understand: Understand
) -> dict[str, tuple[int, bool]]:
    """For each learner how many graded questions she answered rightly the last time, and whether the mark is there."""
    questions = {f"question_{place}": question.id for place, question in enumerate(understand.graded)}
    place = {"learner_ids": learner_ids, "course": course, "lesson": lesson}
    rows = connection.execute(_scores_statement(len(questions)), place | questions)
    return {
        learner_id: (sum(score is not None and score >= 1.0 for score in scores), marked is not None)
        for learner_id, marked, *scores in rows
    }


@lru_cache(maxsize=64)
def _scores_statement(questions: int) -> Select[Any]:
    """A row a learner: her id, the mark's stage, a score for each question.

    However often somebody answered, each of them is one step down an index.
    """
    learners, responses, marks = Learner.__table__, Response.__table__, Mark.__table__

    def hers(table: Any) -> tuple[ColumnElement[bool], ...]:
        in_lesson = (table.c[name] == bindparam(name) for name in ("course", "lesson"))
        return (table.c.learner_id == learners.c.id, *in_lesson)

    scores = [
        select(responses.c.score)
        .where(*hers(responses), responses.c.question_id == bindparam(f"question_{place}"))
        .order_by(responses.c.id.desc())
        .limit(1)
        .scalar_subquery()
        for place in range(questions)
    ]
    mark = select(marks.c.stage).where(*hers(marks), marks.c.stage == literal("hieu")).scalar_subquery()
    return select(learners.c.id, mark, *scores).where(learners.c.id.in_(bindparam("learner_ids", expanding=True)))


_KEEP = ManyRows(
    insert(Response.__table__),
    ("learner_id", "course", "lesson", "question_id", "given", "score", "content_digest", "given_at"),
)
_RESPONSES = (
    select(Response.learner_id, func.count())
    .where(
        Response.learner_id.in_(bindparam("learner_ids", expanding=True)),
        Response.course == bindparam("course"),
        Response.lesson == bindparam("lesson"),
    )
    .group_by(Response.learner_id)
)
