"""Copy answers given in class to the learners' own records: once each, when the class is done with the question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.store.models import ClassAnswer, ClassLessonAnswer, SeatRow
from lms.learning.understand.answers import save_answers


def transfer_answers(
    session: Session, class_session: ClassSession, question_id: str, *, library: Library, now: datetime
) -> None:
    """Copy the class's answers to one question to the learners, rounds in order, so that the last one counts.

    Skips learners who asked to be forgotten, and answers that the edited question no longer accepts.
    """
    connection = session.connection()
    rows = connection.execute(_ANSWERS_TO_COPY, {"class_id": class_session.id, "question_id": question_id}).all()
    if _copy(session, class_session, rows, library, now):
        connection.execute(_MARK_COPIED, {"of_class": class_session.id, "of_question": question_id})


def transfer_seat_answers(
    session: Session, class_session: ClassSession, seat: Seat, *, library: Library, now: datetime, left: bool = False
) -> None:
    """Copy the final answers of a seat to the learner who has it now, after a claim.

    ``left``: the class has left the lesson, which ``class_session`` is given at.
    """
    of_seat = {"class_id": class_session.id, "seat": seat.number}
    if left:
        statement, of_seat = _COPIED_LEFT_ANSWERS, of_seat | {"lesson_number": class_session.lesson_number}
    else:
        statement = _COPIED_ANSWERS
    rows = session.connection().execute(statement, of_seat).all()
    _copy(session, class_session, rows, library, now)


def _copy(
    session: Session,
    class_session: ClassSession,
    rows: Sequence[Row[*tuple[Any, ...]]],
    library: Library,
    now: datetime,
) -> bool:
    """Save these answers for their learners; returns False when the lesson was removed from the site.

    Answers in a rehearsal are nobody's.
    """
    if class_session.is_rehearsal:
        return True
    edition = library.edition(class_session)
    if edition is None:
        return False
    understand = edition[1].understand
    answers = [
        {
            "learner_id": row.learner_id,
            "course": class_session.course,
            "lesson": class_session.lesson,
            "understand": understand,
            "question_id": row.question_id,
            "given": row.given,
            "now": now,
        }
        for row in rows
    ]
    if answers:
        save_answers(session, answers)
    return True


_ANSWERS = (
    select(SeatRow.learner_id, ClassAnswer.question_id, ClassAnswer.given)
    .join(SeatRow, (SeatRow.class_id == ClassAnswer.class_id) & (SeatRow.number == ClassAnswer.seat))
    .where(SeatRow.learner_id.is_not(None), ClassAnswer.class_id == bindparam("class_id"))
    .order_by(ClassAnswer.round, ClassAnswer.answered_at, ClassAnswer.seat)
)
_ANSWERS_TO_COPY = _ANSWERS.where(ClassAnswer.question_id == bindparam("question_id"), ClassAnswer.copied.is_(False))
_COPIED_ANSWERS = _ANSWERS.where(ClassAnswer.seat == bindparam("seat"), ClassAnswer.copied.is_(True))
_COPIED_LEFT_ANSWERS = (
    select(SeatRow.learner_id, ClassLessonAnswer.question_id, ClassLessonAnswer.given)
    .join(SeatRow, (SeatRow.class_id == ClassLessonAnswer.class_id) & (SeatRow.number == ClassLessonAnswer.seat))
    .where(
        SeatRow.learner_id.is_not(None),
        ClassLessonAnswer.class_id == bindparam("class_id"),
        ClassLessonAnswer.lesson_number == bindparam("lesson_number"),
        ClassLessonAnswer.seat == bindparam("seat"),
        ClassLessonAnswer.copied.is_(True),
    )
    .order_by(ClassLessonAnswer.round, ClassLessonAnswer.answered_at)
)
_MARK_COPIED = (
    update(ClassAnswer.__table__)
    .where(ClassAnswer.class_id == bindparam("of_class"), ClassAnswer.question_id == bindparam("of_question"))
    .values(copied=True)
)
