"""How long a class remembers persons: its rows go after a set time, its counts stay.

The site runs this by itself, at its start and once a day, in every worker: each class is one transaction that holds
the class's row, so that of several only one does the work. ``lms db tidy`` is the same by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.access.network_checks import forget_trials
from lms.learning.classroom.lifecycle.command_handler import close_forgotten
from lms.learning.classroom.report.class_report import count
from lms.learning.classroom.session.queries import CLASS_COLUMNS, Class, class_of
from lms.learning.classroom.tasks.attestation import STAYS_OPEN
from lms.learning.learners.learner_store import wiping
from lms.learning.store.database import empty_log, writing
from lms.learning.store.models import (
    ClassAnswer,
    ClassHands,
    ClassHelper,
    ClassProjector,
    ClassRow,
    ClassSeat,
    PracticeAttempt,
)

FORGOTTEN_AFTER = timedelta(hours=18)  # a class that nobody closed: the hall is dark by then


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many classes were closed because nobody did, counted for good, and emptied of persons."""

    closed: int
    counted: int
    emptied: int


def tidy(engine: Engine, library: Library, *, keep: timedelta, now: datetime) -> Tidied:
    """Do what is due. Several may do it at once, and it may be stopped anywhere: what is left is due the next time."""
    closed = 0
    with writing(engine).begin() as session:
        forget_trials(session, now=now)
        closed = close_forgotten(
            session, opened_before=now - FORGOTTEN_AFTER, library=library, now=now, personal_for=keep
        )
    counted = _each(engine, _uncounted(now), lambda session, klass: _keep_counts(session.connection(), klass, library))
    emptied = _each(engine, _due(keep, now), lambda session, klass: _empty(session.connection(), klass, library))
    if emptied:
        empty_log(engine)
    return Tidied(closed, counted, emptied)


def personal_until(klass: Class, keep: timedelta) -> datetime | None:
    """When the rows of persons go: as was promised at the end of the class, or sooner when the setting is less now."""
    if klass.closed_at is None:
        return None
    by_setting = klass.closed_at + keep
    return min(klass.personal_until, by_setting) if klass.personal_until else by_setting


def _uncounted(now: datetime) -> Select:
    """Classes that are over for good: no box can be witnessed any more, and late phones have sent what they had."""
    return select(*CLASS_COLUMNS).where(ClassRow.closed_at <= now - STAYS_OPEN, ClassRow.counts.is_(None))


def _due(keep: timedelta, now: datetime) -> Select:
    seats = select(ClassSeat.number).where(ClassSeat.class_id == ClassRow.id).exists()
    helpers = select(ClassHelper.id).where(ClassHelper.class_id == ClassRow.id).exists()
    return select(*CLASS_COLUMNS).where(
        ClassRow.closed_at.is_not(None),
        or_(ClassRow.personal_until <= now, ClassRow.closed_at <= now - keep),
        or_(seats, helpers),
    )


def _each(engine: Engine, which: Select, work: Callable[[Session, Class], bool]) -> int:
    """Do this to each of these classes, each in its own transaction; to how many, as ``work`` says."""
    done = 0
    while True:
        with writing(engine).begin() as session:
            # Whoever else is at work holds another one.
            first = which.order_by(ClassRow.closed_at, ClassRow.id).limit(1)
            row = session.connection().execute(first.with_for_update(of=ClassRow, skip_locked=True)).first()
            if row is None:
                return done
            # One that another worker has just done is found once more by whoever began to look before that.
            done += work(session, class_of(row))


def _keep_counts(connection: Connection, klass: Class, library: Library) -> bool:
    counts = count(connection, klass, library)
    connection.execute(update(ClassRow.__table__).where(ClassRow.id == klass.id).values(counts=counts.as_json()))
    return True


def _empty(connection: Connection, klass: Class, library: Library) -> bool:
    """Whether anything of a person was there."""
    has_counts = connection.execute(select(ClassRow.counts).where(ClassRow.id == klass.id)).scalar() is not None
    if not has_counts:
        _keep_counts(connection, klass, library)
    # Attempts before seats, as whoever keeps events takes them, and in their order.
    of_class = select(PracticeAttempt.id).where(PracticeAttempt.class_id == klass.id)
    connection.execute(of_class.order_by(PracticeAttempt.id).with_for_update(key_share=True)).all()
    connection.execute(
        # Her attempt is her own; that it was in this class is nobody's business any more.
        update(PracticeAttempt.__table__)
        .where(PracticeAttempt.class_id == klass.id)
        .values(class_id=None, seat=None, wrong_taps=None)
    )
    gone = 0
    with wiping(connection):
        for table in (ClassAnswer, ClassSeat, ClassHands, ClassHelper, ClassProjector):  # answers refer to seats
            gone += connection.execute(delete(table.__table__).where(table.__table__.c.class_id == klass.id)).rowcount
    return gone > 0
