"""Start the class's practice on the phones, or continue it; for a whole hall at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library, Stage
from lms.learning.classroom.practice.seat_progress import INITIAL_COLUMNS, initial_progress
from lms.learning.classroom.session.class_codes import parse_class_code
from lms.learning.classroom.session.queries import ClassSession, find_open_class_sessions_by_code
from lms.learning.classroom.session.seat_store import REACTIVATE
from lms.learning.errors import (
    ClassMovedToOtherLesson,
    LearnerForgotten,
    LearningError,
    NoSeatInClass,
    NotFound,
    RateLimited,
    RemovedFromClass,
)
from lms.learning.practice.attempts import UnsavedAttempt, build_attempt, insert_attempts
from lms.learning.store.bulk_statement import BulkStatement
from lms.learning.store.locks import find_forgotten_learners, lock_open_classes, update_known_learners
from lms.learning.store.models import PracticeAttempt, SeatRow
from lms.learning.store.models.classes import epoch_milliseconds

MAX_ATTEMPTS_PER_SEAT = 40


def start_class_attempt(
    session: Session, *, learner_id: str, code: str, library: Library, now: datetime, lesson_number: int = 1
) -> str:
    """Start the class's practice in the class's mode. Called through the writer.

    Returns the attempt's id: a new attempt, or the unfinished one of the same mode and content. ``lesson_number``: of
    the class's lesson, as the page showed it.

    Raises:
        UnknownClassCode, ClassClosed.
        ClassMovedToOtherLesson: the class is at another lesson.
        NotFound: the lesson has no practice.
        NoSeatInClass, RemovedFromClass, LearnerForgotten.
        RateLimited: 40 attempts at one seat.
    """
    kwargs = {"learner_id": learner_id, "code": code, "library": library, "now": now, "lesson_number": lesson_number}
    [attempt_id] = start_class_attempts(session, [kwargs])
    if isinstance(attempt_id, LearningError):
        raise attempt_id
    return attempt_id


def start_class_attempts(session: Session, posts: Sequence[Mapping[str, Any]]) -> list[str | LearningError]:
    """``start_class_attempt`` for many posts, each as its keyword arguments; an error takes the place of the id.

    Runs a handful of statements however many posts there are.
    """
    connection = session.connection()
    # The lock lasts until the commit: the class goes on to another lesson before these attempts, or after all of them.
    lock_open_classes(connection, {parse_class_code(post["code"]) for post in posts})
    classes = find_open_class_sessions_by_code(session, {post["code"] for post in posts})
    valid = [
        (class_session, post["learner_id"])
        for post in posts
        if isinstance(class_session := classes[post["code"]], ClassSession)
    ]
    # Locks the learners until the commit: the second of two taps continues the attempt that the first started.
    update_known_learners(
        connection,
        [
            {
                "learner_id": learner_id,
                "course": class_session.course,
                "lesson": class_session.lesson,
                "stage": Stage.PRACTICE,
            }
            for class_session, learner_id in valid
        ],
    )
    seats = _find_seats(connection, {(class_session.id, learner_id) for class_session, learner_id in valid})
    without_seat = [learner_id for class_session, learner_id in valid if (class_session.id, learner_id) not in seats]
    forgotten = find_forgotten_learners(connection, without_seat)
    results: list[str | LearningError] = []
    for post in posts:
        class_session, learner_id = classes[post["code"]], post["learner_id"]
        if isinstance(class_session, LearningError):
            results.append(class_session)
        elif post.get("lesson_number", 1) != class_session.lesson_number:
            results.append(ClassMovedToOtherLesson(class_session.id))
        elif (seat := seats.get((class_session.id, learner_id))) is not None:
            results.append(seat.start(class_session, post["library"], post["now"]))
        else:
            is_forgotten = learner_id in forgotten
            results.append(LearnerForgotten(learner_id) if is_forgotten else NoSeatInClass(class_session.id))
    _save_attempts(connection, seats.values())
    return results


class _Seat:
    """One seat during a batch. Collects the attempts that it starts, which ``_save`` inserts."""

    def __init__(self, row: Row[*tuple[Any, ...]]) -> None:
        self.row = row
        self.attempt_count: int = row.attempts
        self.attempt_id: str | None = row.attempt_id
        self.current: tuple[str, str] | None = (row.mode, row.content_digest) if row.attempt_id else None
        self.started: list[UnsavedAttempt] = []

    def start(self, class_session: ClassSession, library: Library, now: datetime) -> str | LearningError:
        if self.row.removed and self.row.idle_removed_at is None:
            return RemovedFromClass(class_session.id)
        edition = library.edition(class_session)
        practice = edition and edition[1].practice
        if practice is None:
            return NotFound(f"{class_session.course}/{class_session.lesson}")
        mode = class_session.state.mode
        if self.attempt_id is not None and self.current == (mode, practice.digest):
            return self.attempt_id
        if self.attempt_count >= MAX_ATTEMPTS_PER_SEAT:
            return RateLimited(class_session.id)
        attempt = build_attempt(
            self.row.learner_id, class_session.course, class_session.lesson, practice, mode,
            class_id=class_session.id, seat=self.row.number, now=now,
        )  # fmt: skip
        self.attempt_count += 1
        self.attempt_id, self.current = attempt.id, (mode, practice.digest)
        self.started.append(attempt)
        return attempt.id

    def parameters_for_update(self) -> dict[str, Any]:
        """The parameters of ``_UPDATE_SEAT``: the seat is at the start of its latest attempt."""
        attempt = self.started[-1]
        now = attempt.row["started_at"]
        progress = {f"to_{name}": value for name, value in initial_progress(attempt.compiled.model, now).items()}
        key = {"of_class": self.row.class_id, "of_seat": self.row.number, "of_learner": self.row.learner_id}
        return progress | key | {"to_attempt": attempt.id, "at": epoch_milliseconds(now)}


def _find_seats(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], _Seat]:
    """Seats by class and learner."""
    ids = {"class_ids": sorted({key[0] for key in keys}), "learner_ids": sorted({key[1] for key in keys})}
    rows = connection.execute(_SEATS, ids) if keys else ()
    return {(row.class_id, row.learner_id): _Seat(row) for row in rows}


def _save_attempts(connection: Connection, seats: Iterable[_Seat]) -> None:
    started = [seat for seat in seats if seat.started]
    if not started:
        return
    started.sort(key=lambda seat: (seat.row.class_id, seat.row.number))  # the lock order
    insert_attempts(connection, [attempt for seat in started for attempt in seat.started])
    _UPDATE_SEAT.execute(connection, [seat.parameters_for_update() for seat in started])


_CURRENT = PracticeAttempt.__table__.alias("current_attempt")  # of the seat, unless it has ended
_COUNTED = PracticeAttempt.__table__.alias("counted_attempt")
# By the learner, for which there is an index: by the class it would read the attempts of the whole hall.
_ATTEMPT_COUNT = (
    select(func.count())
    .where(
        _COUNTED.c.learner_id == SeatRow.learner_id,
        _COUNTED.c.class_id == SeatRow.class_id,
        _COUNTED.c.seat == SeatRow.number,
    )
    .scalar_subquery()
)
_SEATS = (
    select(
        SeatRow.class_id,
        SeatRow.number,
        SeatRow.learner_id,
        SeatRow.removed,
        SeatRow.idle_removed_at,
        _CURRENT.c.id.label("attempt_id"),
        _CURRENT.c.mode,
        _CURRENT.c.content_digest,
        _ATTEMPT_COUNT.label("attempts"),
    )
    .outerjoin(
        _CURRENT,
        (_CURRENT.c.id == SeatRow.attempt_id)
        & (_CURRENT.c.learner_id == SeatRow.learner_id)
        & _CURRENT.c.completed_at.is_(None),
    )
    .where(
        SeatRow.class_id.in_(bindparam("class_ids", expanding=True)),
        SeatRow.learner_id.in_(bindparam("learner_ids", expanding=True)),
    )
)
_START_OF_ATTEMPT: dict[str, Any] = {
    **{name: bindparam(f"to_{name}") for name in INITIAL_COLUMNS},
    "attempt_id": bindparam("to_attempt"),
    "changed_at": bindparam("at"),
    "version": SeatRow.version + 1,
    **REACTIVATE,
}
# Compares the learner too, because a facilitator may have given the seat to another phone in the meantime.
_UPDATE_SEAT = BulkStatement(
    update(SeatRow.__table__)
    .where(
        SeatRow.class_id == bindparam("of_class"),
        SeatRow.number == bindparam("of_seat"),
        SeatRow.learner_id == bindparam("of_learner"),
    )
    .values(_START_OF_ATTEMPT)
)
