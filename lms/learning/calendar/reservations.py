"""Seats that phones hold in planned classes: counted, numbered, taken back, and deleted after the class."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from lms.learning.calendar.class_plan import MAX_MINUTES, MAX_SEATS
from lms.learning.calendar.planned_classes import find_planned_class
from lms.learning.errors import PlannedClassCancelled, PlannedClassFull, PlannedClassOver
from lms.learning.store.locks import upsert_and_lock_learner
from lms.learning.store.models import PlannedClassRow, ReservationRow

_LONGEST_CLASS = timedelta(minutes=MAX_MINUTES)
_MOST_CANDIDATES = 5  # the first may have ended already; nobody holds seats in so many classes at once
KEPT_AFTER = timedelta(days=7)  # after the start of the class; then who meant to come is nobody's business


def reserve_seat(session: Session, planned_class_id: str, learner_id: str, *, now: datetime) -> int:
    """Hold the lowest free number for this phone; one that holds a seat already keeps its number.

    Raises:
        NotFound: no planned class has this id.
        PlannedClassCancelled: it was cancelled.
        PlannedClassOver: it has ended, by the clock or because its class was closed.
        PlannedClassFull: all seats are held.
        LearnerForgotten: the learner asked to be forgotten.
    """
    connection = session.connection()
    upsert_and_lock_learner(connection, learner_id, now=now)
    planned = find_planned_class(session, planned_class_id, lock=True)
    held = find_reservation(session, planned_class_id, learner_id)
    if held is not None:
        return held
    if planned.is_cancelled:
        raise PlannedClassCancelled(planned_class_id)
    if planned.is_done or planned.is_over(now):
        raise PlannedClassOver(planned_class_id)
    taken = set(
        connection.scalars(select(ReservationRow.number).where(ReservationRow.planned_class_id == planned_class_id))
    )
    most = planned.plan.seats or MAX_SEATS
    number = next((number for number in range(1, most + 1) if number not in taken), None)
    if number is None:
        raise PlannedClassFull(planned_class_id)
    row = {"planned_class_id": planned_class_id, "number": number, "learner_id": learner_id, "reserved_at": now}
    connection.execute(insert(ReservationRow.__table__), row)
    return number


def withdraw_reservation(session: Session, planned_class_id: str, learner_id: str, *, now: datetime) -> bool:
    """Give the seat back; False if this phone held none."""
    connection = session.connection()
    held = (ReservationRow.planned_class_id == planned_class_id) & (ReservationRow.learner_id == learner_id)
    if find_reservation(session, planned_class_id, learner_id) is None:
        return False
    upsert_and_lock_learner(connection, learner_id, now=now)  # the learner's pages show the seat
    return bool(connection.execute(delete(ReservationRow).where(held)).rowcount)


def find_reservation(session: Session, planned_class_id: str, learner_id: str | None) -> int | None:
    """The number of the seat that this phone holds, or None."""
    if learner_id is None:
        return None
    held = (ReservationRow.planned_class_id == planned_class_id) & (ReservationRow.learner_id == learner_id)
    return session.connection().scalar(select(ReservationRow.number).where(held))


def find_reserved_classes(session: Session, learner_id: str | None, planned_ids: Collection[str]) -> dict[str, int]:
    """Which of these planned classes this phone holds a seat in, with its number."""
    if learner_id is None or not planned_ids:
        return {}
    rows = session.connection().execute(
        select(ReservationRow.planned_class_id, ReservationRow.number).where(
            ReservationRow.learner_id == learner_id, ReservationRow.planned_class_id.in_(planned_ids)
        )
    )
    return {row.planned_class_id: row.number for row in rows}


def holds_seats(session: Session, learner_id: str) -> bool:
    """Whether this phone holds a seat in any class, also in one of the last days."""
    held = select(ReservationRow.number).where(ReservationRow.learner_id == learner_id)
    return session.connection().scalar(held.limit(1)) is not None


def find_next_reservation(session: Session, learner_id: str, *, now: datetime) -> tuple[str, int] | None:
    """The id of the planned class that begins next of those in which this phone holds a seat, with its number.

    One that was cancelled is among them: who holds a seat must hear of it.
    """
    rows = session.connection().execute(
        select(
            ReservationRow.planned_class_id, ReservationRow.number, PlannedClassRow.starts_at, PlannedClassRow.minutes
        )
        .join(PlannedClassRow, PlannedClassRow.id == ReservationRow.planned_class_id)
        .where(ReservationRow.learner_id == learner_id, PlannedClassRow.starts_at > now - _LONGEST_CLASS)
        .order_by(PlannedClassRow.starts_at)
        .limit(_MOST_CANDIDATES)
    )
    ends = ((row, row.starts_at + timedelta(minutes=row.minutes)) for row in rows.all())
    return next(((row.planned_class_id, row.number) for row, end in ends if end > now), None)


def delete_old_reservations(session: Session, *, now: datetime) -> int:
    """Delete the reservations of classes that began more than a week ago; returns how many."""
    old = select(PlannedClassRow.id).where(PlannedClassRow.starts_at < now - KEPT_AFTER)
    statement = delete(ReservationRow).where(ReservationRow.planned_class_id.in_(old))
    return session.connection().execute(statement).rowcount
