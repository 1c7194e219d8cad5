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
from lms.content.questions import Outcome, grade
from lms.learning.errors import NotFound, TooLarge
from lms.learning.learners import touch
from lms.learning.models import Mark, Response
from lms.learning.stages import award_mark

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
        LearnerForgotten: she asked to be forgotten.
    """
    question = next((one for one in understand.questions if one.id == question_id), None)
    if question is None:
        raise NotFound(question_id)
    if sum(map(len, given)) > LONGEST_ANSWER or len(given) > 100:
        raise TooLarge(question_id)
    outcome = grade(question, given)
    connection = session.connection()
    touch(connection, learner_id, now=now, course=course, lesson=lesson, stage="hieu")
    # Her row is held from here on, so what is read is whole and the next answer of hers will see this one.
    connection.execute(
        _KEEP,
        {
            "learner_id": learner_id,
            "course": course,
            "lesson": lesson,
            "question_id": question_id,
            "given": list(given),
            "score": outcome.score,
            "content_digest": understand.digest,
            "given_at": now,
        },
    )
    scores, earned = _latest_scores(connection, learner_id, course, lesson, understand)
    progress = hieu_progress(understand, scores, earned=earned)
    if progress.earned and not earned:
        hers = (Response.learner_id == learner_id, Response.course == course, Response.lesson == lesson)
        responses = connection.scalar(select(func.count()).select_from(Response).where(*hers))
        evidence = {"right": progress.right, "total": progress.total, "responses": responses}
        award_mark(connection, learner_id, course, lesson, "hieu", evidence, content_digest=understand.digest, now=now)
    return Kept(outcome, progress)


def hieu_progress(understand: Understand, scores: Mapping[str, float], *, earned: bool) -> HieuProgress:
    """Count the latest scores by question id; ``earned`` says that the mark is there already."""
    graded = understand.graded
    right = sum(scores.get(question.id, 0.0) >= 1.0 for question in graded)
    needed = _needed(understand.pass_percent, len(graded))
    return HieuProgress(right, len(graded), needed, earned or (bool(graded) and right >= needed))


@lru_cache(maxsize=1024)
def _needed(percent: float, total: int) -> int:
    """Exact: 80 percent of 5 is 4, and no 4.000000001 asks for a fifth."""
    return math.ceil(Fraction(str(percent)) * total / 100)


def _latest_scores(
    connection: Connection, learner_id: str, course: str, lesson: str, understand: Understand
) -> tuple[dict[str, float], bool]:
    """The latest score of each graded question that has one, and whether the mark is there."""
    questions = [question.id for question in understand.graded]
    values = {f"question_{place}": question for place, question in enumerate(questions)}
    place = {"learner_id": learner_id, "course": course, "lesson": lesson}
    *scores, marked = connection.execute(_scores_statement(len(questions)), place | values).one()
    return {
        question: score for question, score in zip(questions, scores, strict=True) if score is not None
    }, marked is not None


@lru_cache(maxsize=64)
def _scores_statement(questions: int) -> Select[Any]:
    """One row: a score for each question, and the mark's stage. However often she answered, each is one step down an
    index.
    """

    def here(table: Any) -> tuple[ColumnElement[bool], ...]:
        return tuple(table.c[name] == bindparam(name) for name in ("learner_id", "course", "lesson"))

    responses, marks = Response.__table__, Mark.__table__
    scores = [
        select(responses.c.score)
        .where(*here(responses), responses.c.question_id == bindparam(f"question_{place}"))
        .order_by(responses.c.id.desc())
        .limit(1)
        .scalar_subquery()
        for place in range(questions)
    ]
    mark = select(marks.c.stage).where(*here(marks), marks.c.stage == literal("hieu")).scalar_subquery()
    return select(*scores, mark)


_KEEP = insert(Response.__table__)
