"""Retention: after a set time the personal rows of a class are deleted, and its counts stay.

Every worker runs this at its start and once a day. Each class is one transaction that locks the class's row, so that
only one worker handles it. The command ``lms db tidy`` runs the same by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.accounts.audit_log import erase_helper_names
from lms.learning.calendar.reservations import delete_old_reservations
from lms.learning.classroom.access.network_checks import delete_expired_network_checks
from lms.learning.classroom.lifecycle.command_handler import close_abandoned_class_sessions
from lms.learning.classroom.lifecycle.rehearsals import delete_old_rehearsals
from lms.learning.classroom.report.class_report import count_current_lesson, count_lesson
from lms.learning.classroom.session.class_lessons import find_class_lessons
from lms.learning.classroom.session.queries import CLASS_COLUMNS, ClassSession, class_session_from_row
from lms.learning.classroom.tasks.attestation import ATTESTATION_WINDOW
from lms.learning.learners.learner_store import clear_wards_of_forgotten
from lms.learning.practice.mismatch_reports import anonymize_old_mismatch_reports
from lms.learning.store.database import checkpoint_wal, secure_delete, write_sessions
from lms.learning.store.models import (
    ClassAnswer,
    ClassLessonAnswer,
    ClassLessonHandCount,
    ClassLessonRow,
    ClassLessonSeat,
    ClassSessionRow,
    HandCount,
    HelperRow,
    PracticeAttempt,
    ProjectorRow,
    SeatRow,
)
from lms.vietnam_time import to_vietnam_time

ABANDONED_AFTER = timedelta(hours=18)  # then a class that is still open was forgotten


@dataclass(frozen=True, slots=True)
class RetentionResult:
    """How many classes were closed because they were abandoned, counted for good, and anonymized."""

    closed: int
    counted: int
    anonymized: int


def apply_retention(engine: Engine, library: Library, *, keep: timedelta, now: datetime) -> RetentionResult:
    """Do everything that is due. Safe to run in several workers at once, and to interrupt: the next run continues."""
    with write_sessions(engine).begin() as session:
        delete_expired_network_checks(session, now=now)
        delete_old_reservations(session, now=now)
        clear_wards_of_forgotten(session)
        anonymize_old_mismatch_reports(session, today=to_vietnam_time(now).date())
        deleted_rehearsals = delete_old_rehearsals(session, now=now)
        closed = close_abandoned_class_sessions(
            session, opened_before=now - ABANDONED_AFTER, library=library, now=now, personal_for=keep
        )

    def count(session: Session, class_session: ClassSession) -> bool:
        _store_counts(session, class_session, library)
        return True

    def anonymize(session: Session, class_session: ClassSession) -> bool:
        return _anonymize(session, class_session, library)

    counted = _for_each_class(engine, _classes_to_count(now), count)
    anonymized = _for_each_class(engine, _classes_to_anonymize(keep, now), anonymize)
    if anonymized or deleted_rehearsals:
        checkpoint_wal(engine)
    return RetentionResult(closed, counted, anonymized)


def personal_until(class_session: ClassSession, keep: timedelta) -> datetime | None:
    """When the personal rows are deleted: as announced when the class closed, or sooner if ``keep`` is shorter now."""
    if class_session.closed_at is None:
        return None
    by_setting = class_session.closed_at + keep
    return min(class_session.personal_until, by_setting) if class_session.personal_until else by_setting


def _classes_to_count(now: datetime) -> Select[*tuple[Any, ...]]:
    """Classes that nothing can change any more: no task can be attested, and late phones have sent their events."""
    return select(*CLASS_COLUMNS).where(
        ClassSessionRow.closed_at <= now - ATTESTATION_WINDOW,
        ClassSessionRow.counts.is_(None),
        ClassSessionRow.is_rehearsal.is_(False),
    )


def _classes_to_anonymize(keep: timedelta, now: datetime) -> Select[*tuple[Any, ...]]:
    seats = select(SeatRow.number).where(SeatRow.class_id == ClassSessionRow.id).exists()
    helpers = select(HelperRow.id).where(HelperRow.class_id == ClassSessionRow.id).exists()
    return select(*CLASS_COLUMNS).where(
        ClassSessionRow.closed_at.is_not(None),
        or_(ClassSessionRow.personal_until <= now, ClassSessionRow.closed_at <= now - keep),
        # Also what was typed after the class was anonymized, or in one that nobody joined.
        or_(_HAS_TYPED_TEXT, seats, helpers),
    )


def _for_each_class(
    engine: Engine, classes: Select[*tuple[Any, ...]], work: Callable[[Session, ClassSession], bool]
) -> int:
    """Run ``work`` for each of these classes in its own transaction; returns for how many it returned True."""
    count = 0
    # Skips classes that another worker has locked.
    first = classes.order_by(ClassSessionRow.closed_at, ClassSessionRow.id).limit(1)
    lock_first = first.with_for_update(of=ClassSessionRow, skip_locked=True)
    while True:
        with write_sessions(engine).begin() as session:
            row = session.connection().execute(lock_first).first()
            if row is None:
                return count
            # ``work`` returns False for a class that another worker finished after this query began.
            count += work(session, class_session_from_row(row))


def _store_counts(session: Session, class_session: ClassSession, library: Library) -> None:
    """Store what is left of a class for good: of each lesson, where it had several, and of the last in its own row."""
    connection = session.connection()
    counts = count_current_lesson(session, class_session, library).as_json()
    connection.execute(
        update(ClassSessionRow.__table__).where(ClassSessionRow.id == class_session.id).values(counts=counts)
    )
    lessons = find_class_lessons(session, class_session)
    for lesson in lessons if len(lessons) > 1 else ():
        counts = count_lesson(session, class_session, lesson, library).as_json()
        connection.execute(
            update(ClassLessonRow.__table__)
            .where(
                ClassLessonRow.class_id == class_session.id,
                ClassLessonRow.number == lesson.number,
                ClassLessonRow.counts.is_(None),
            )
            .values(counts=counts)
        )


def _anonymize(session: Session, class_session: ClassSession, library: Library) -> bool:
    """Delete the personal rows of a class; returns whether there were any."""
    connection = session.connection()
    stored = select(ClassSessionRow.counts).where(ClassSessionRow.id == class_session.id)
    if connection.execute(stored).scalar() is None:
        _store_counts(session, class_session, library)
    detach_attempts_from_class(connection, class_session.id)
    clear_typed = (
        update(ClassSessionRow.__table__)
        .where(ClassSessionRow.id == class_session.id, _HAS_TYPED_TEXT)
        .values({column.key: "" for column in _TYPED_TEXTS})
    )
    with secure_delete(connection):
        erase_helper_names(connection, class_session.id, class_session.ward)
        deleted = connection.execute(clear_typed).rowcount
        for model in _OF_PERSONS:
            deleted += connection.execute(delete(model).where(model.class_id == class_session.id)).rowcount
    return deleted > 0


# What was typed about the next meeting is over; a note may speak of somebody.
_TYPED_TEXTS = (
    ClassSessionRow.next_meeting,
    ClassSessionRow.homework,
    ClassSessionRow.handover_note,
    ClassSessionRow.author_note,
)
_HAS_TYPED_TEXT = or_(*(column != "" for column in _TYPED_TEXTS))
_OF_PERSONS = (  # answers before the seats that they belong to
    ClassLessonAnswer,
    ClassLessonSeat,
    ClassLessonHandCount,
    ClassAnswer,
    SeatRow,
    HandCount,
    HelperRow,
    ProjectorRow,
)


def detach_attempts_from_class(connection: Connection, class_id: str) -> None:
    """Attempts belong to the learners and stay, without the link to the class in which they were started."""
    of_class = select(PracticeAttempt.id).where(PracticeAttempt.class_id == class_id)
    connection.execute(of_class.order_by(PracticeAttempt.id).with_for_update(key_share=True)).all()  # the lock order
    connection.execute(
        update(PracticeAttempt.__table__)
        .where(PracticeAttempt.class_id == class_id)
        .values(class_id=None, seat=None, wrong_taps=None)
    )
