"""The class's practice on a phone: beginning it, or going on with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.attempts import Attempt, find_attempt, start_practice
from lms.learning.classroom.opening import read_open_class
from lms.learning.classroom.position import beginning
from lms.learning.classroom.records import find_class, find_seat_of
from lms.learning.errors import ClassClosed, NotFound, NotSeated, PutOut, TooOften
from lms.learning.learners import touch
from lms.learning.models import ClassSeat, PracticeAttempt
from lms.learning.models.classes import stamp

MOST_GOES = 40  # of one seat in one class


def practise(session: Session, *, class_id: str, learner_id: str, library: Library, now: datetime) -> Attempt:
    """Her attempt at the class's practice in the class's mode: the one she is in, or a new one.

    Raises:
        NotFound: there is no such class, or its lesson has no practice.
        ClassClosed, NotSeated, PutOut, LearnerForgotten.
        TooOften: 40 goes in one class.
    """
    klass = find_class(session, class_id)
    if klass.closed:
        raise ClassClosed(class_id)
    connection = session.connection()
    # Her row is held from here on: of two taps at once the second one goes on with what the first one began.
    touch(connection, learner_id, now=now, course=klass.course, lesson=klass.lesson, stage="lam")
    seat = find_seat_of(session, class_id, learner_id)
    if seat is None:
        raise NotSeated(class_id)
    if seat.out:
        raise PutOut(class_id)
    lesson = library.lesson(klass.course, klass.lesson)
    practice = lesson and lesson.practice
    if practice is None:
        raise NotFound(f"{klass.course}/{klass.lesson}")
    if seat.attempt_id is not None:
        attempt = find_attempt(session, learner_id, seat.attempt_id)
        if not attempt.ended and attempt.mode == klass.state.mode and attempt.content_digest == practice.digest:
            return attempt
    here = (PracticeAttempt.class_id == class_id, PracticeAttempt.seat == seat.number)
    if connection.execute(select(func.count()).select_from(PracticeAttempt).where(*here)).scalar_one() >= MOST_GOES:
        raise TooOften(class_id)
    attempt = start_practice(
        session, learner_id, klass.course, klass.lesson, practice, klass.state.mode,
        class_id=class_id, seat=seat.number, now=now,
    )  # fmt: skip
    connection.execute(
        update(ClassSeat.__table__)
        .where(ClassSeat.class_id == class_id, ClassSeat.number == seat.number)
        .values(
            attempt_id=attempt.id, version=ClassSeat.version + 1, changed_at=stamp(now), **beginning(attempt.model, now)
        )
    )
    return attempt


def practise_in(session: Session, *, learner_id: str, code: str, library: Library, now: datetime) -> Attempt:
    """``practise``, by the code of the open class. Made for the writer: a room begins at once.

    Raises:
        UnknownCode, and what ``practise`` raises.
    """
    found = read_open_class(session.connection(), code)
    return practise(session, class_id=found.id, learner_id=learner_id, library=library, now=now)


def level_of(session: Session, attempt: Attempt) -> int | None:
    """The help level that the class of an attempt has set for all, 0 to 2; None when each has her own."""
    if attempt.class_id is None:
        return None
    klass = find_class(session, attempt.class_id)
    return None if klass.closed else klass.state.level
