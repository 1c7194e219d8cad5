"""How answers given in class become the learners' own: once each, when the class is done with the question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.session.queries import Class, Seat
from lms.learning.store.models import ClassAnswer, ClassSeat
from lms.learning.understand.answers import keep_answers


def copy_answers(session: Session, klass: Class, question_id: str, *, library: Library, now: datetime) -> None:
    """Make the class's answers to one question the learners' own; each once, the last round last.

    Whoever asked to be forgotten, and an answer that the lesson's question takes no more, are left out.
    """
    lesson = library.lesson(klass.course, klass.lesson)
    if lesson is None:
        return
    rows = session.connection().execute(_UNCOPIED, {"class_id": klass.id, "question_id": question_id}).all()
    _copy(session, klass, rows, library, now)
    session.connection().execute(_COPIED, {"of_class": klass.id, "of_question": question_id})


def copy_to(session: Session, klass: Class, seat: Seat, *, library: Library, now: datetime) -> None:
    """Give the seat's learner what this seat has answered so far and the class is done with: she took it over."""
    rows = session.connection().execute(_OF_SEAT, {"class_id": klass.id, "seat": seat.number}).all()
    _copy(session, klass, rows, library, now)


def _copy(session: Session, klass: Class, rows: Sequence[Any], library: Library, now: datetime) -> None:
    lesson = library.lesson(klass.course, klass.lesson)
    if lesson is None or not rows:
        return
    keep_answers(
        session,
        [
            {
                "learner_id": row.learner_id,
                "course": klass.course,
                "lesson": klass.lesson,
                "understand": lesson.understand,
                "question_id": row.question_id,
                "given": row.given,
                "now": now,
            }
            for row in rows
        ],
    )


_WITH_LEARNER = (
    select(ClassSeat.learner_id, ClassAnswer.question_id, ClassAnswer.given)
    .join(ClassSeat, (ClassSeat.class_id == ClassAnswer.class_id) & (ClassSeat.number == ClassAnswer.seat))
    .where(ClassSeat.learner_id.is_not(None), ClassAnswer.class_id == bindparam("class_id"))
    .order_by(ClassAnswer.round, ClassAnswer.answered_at, ClassAnswer.seat)
)
_UNCOPIED = _WITH_LEARNER.where(ClassAnswer.question_id == bindparam("question_id"), ClassAnswer.copied.is_(False))
_OF_SEAT = _WITH_LEARNER.where(ClassAnswer.seat == bindparam("seat"), ClassAnswer.copied.is_(True))
_COPIED = (
    update(ClassAnswer.__table__)
    .where(ClassAnswer.class_id == bindparam("of_class"), ClassAnswer.question_id == bindparam("of_question"))
    .values(copied=True)
)
