"""Answers to the questions of hieu.md: graded, kept, and counted towards the stage."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from sqlalchemy import bindparam, insert, literal, null, select, union_all
from sqlalchemy.orm import Session

from lms.content.model import Understand
from lms.content.questions import Outcome, grade
from lms.learning.errors import NotFound, TooLarge
from lms.learning.learners import touch
from lms.learning.models import Mark, Response
from lms.learning.stages import award_mark

LONGEST_ANSWER = 4000  # characters, all parts of one answer together
MOST_RESPONSES = 500  # of one learner in one lesson; nobody learns like that, and every answer reads them


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
        TooLarge: more than 4000 characters, or 500 answers in this lesson already.
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
    place = {"learner_id": learner_id, "course": course, "lesson": lesson}
    # Her row is held from here on, so what is read is whole and the next answer of hers will see this one.
    rows = connection.execute(_SCORES, place).all()
    if len(rows) >= MOST_RESPONSES:
        raise TooLarge(question_id)
    connection.execute(
        _KEEP,
        place
        | {
            "question_id": question_id,
            "given": list(given),
            "score": outcome.score,
            "content_digest": understand.digest,
            "given_at": now,
        },
    )
    earned = any(row.question_id is None for row in rows)
    scores = {row.question_id: row.score for row in rows} | {question_id: outcome.score}
    progress = hieu_progress(understand, scores, earned=earned)
    if progress.earned and not earned:
        evidence = {"right": progress.right, "total": progress.total, "responses": len(rows) + 1}
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


def _scores_statement() -> object:
    """Her scores of one lesson, oldest first; a row without a question says that the mark is there."""
    responses = select(Response.id, Response.question_id, Response.score).where(
        Response.learner_id == bindparam("learner_id"),
        Response.course == bindparam("course"),
        Response.lesson == bindparam("lesson"),
    )
    mark = select(literal(0).label("id"), null().label("question_id"), literal(1.0).label("score")).where(
        Mark.learner_id == bindparam("learner_id"),
        Mark.course == bindparam("course"),
        Mark.lesson == bindparam("lesson"),
        Mark.stage == literal("hieu"),
    )
    return union_all(responses, mark).order_by("id")


_SCORES = _scores_statement()
_KEEP = insert(Response.__table__)
