"""Reads of the calendar: one planned class, and those of some days."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from lms.learning.calendar.class_plan import ClassPlan, start_of
from lms.learning.errors import NotFound
from lms.learning.store.models import ClassSessionRow, OrgUnitRow, PlannedClassRow, ReservationRow

OPENING_WINDOW = timedelta(hours=12)  # around its start, in which a class can be opened from its plan


@dataclass(frozen=True, slots=True)
class PlannedClass:
    """A class in the calendar. ``reserved``: how many seats are held. ``unit_name``: of who holds it, or ""."""

    id: str
    ward: str
    plan: ClassPlan
    starts_at: datetime
    ends_at: datetime
    series_id: str | None
    moved_from: datetime | None  # the time before the last move
    previous_venue: str  # "" if the venue did not change
    is_cancelled: bool
    change_note: str
    class_id: str | None  # of the class that was opened from it
    class_closed_at: datetime | None  # None also while that class is open
    version: int
    changed_at: datetime
    reserved: int
    unit_name: str

    @property
    def is_held(self) -> bool:
        """Whether a class was opened from it. One that was closed before its hour was a try, and does not count."""
        return self.class_id is not None and not self._was_tried

    @property
    def is_done(self) -> bool:
        """Whether the class that was opened from it was closed."""
        return self.is_held and self.class_closed_at is not None

    @property
    def _was_tried(self) -> bool:
        return self.class_closed_at is not None and self.class_closed_at < self.starts_at

    @property
    def is_full(self) -> bool:
        """Whether no seat is left to reserve; people without a reservation may still find one."""
        return self.plan.seats is not None and self.reserved >= self.plan.seats

    def is_over(self, now: datetime) -> bool:
        """Whether its time has passed."""
        return self.ends_at <= now


def find_planned_class(session: Session, planned_class_id: str, *, lock: bool = False) -> PlannedClass:
    """The planned class with this id; with ``lock`` its row is locked until the end of the transaction.

    Raises:
        NotFound: there is none.
    """
    connection = session.connection()
    if lock:
        connection.execute(select(PlannedClassRow.id).where(PlannedClassRow.id == planned_class_id).with_for_update())
    row = connection.execute(_PLANNED_CLASSES.where(PlannedClassRow.id == planned_class_id)).first()
    if row is None:
        raise NotFound(planned_class_id)
    return _from_row(row)


def find_planned_classes(
    session: Session, *, begin: datetime, end: datetime, wards: Collection[str] | None, limit: int | None = None
) -> list[PlannedClass]:
    """Planned classes that start from ``begin`` until before ``end``, also cancelled ones, by their start.

    ``wards``: only theirs; None stands for all.
    """
    conditions = [PlannedClassRow.starts_at >= begin, PlannedClassRow.starts_at < end]
    if wards is not None:
        conditions.append(PlannedClassRow.ward.in_(wards))
    statement = _PLANNED_CLASSES.where(*conditions).order_by(PlannedClassRow.starts_at, PlannedClassRow.id).limit(limit)
    return [_from_row(row) for row in session.connection().execute(statement)]


def find_latest_planned_class(session: Session, *, ward: str) -> PlannedClass | None:
    """The class of the ward that starts last."""
    statement = _PLANNED_CLASSES.where(PlannedClassRow.ward == ward).order_by(
        PlannedClassRow.starts_at.desc(), PlannedClassRow.id.desc()
    )
    row = session.connection().execute(statement.limit(1)).first()
    return _from_row(row) if row else None


def find_series(session: Session, series_id: str, *, begin: datetime) -> list[PlannedClass]:
    """The classes of a series that start from ``begin`` on, by their start."""
    statement = _PLANNED_CLASSES.where(PlannedClassRow.series_id == series_id, PlannedClassRow.starts_at >= begin)
    rows = session.connection().execute(statement.order_by(PlannedClassRow.starts_at, PlannedClassRow.id))
    return [_from_row(row) for row in rows]


def find_duplicate_plans(session: Session, plans: Sequence[ClassPlan], *, ward: str) -> list[PlannedClass]:
    """Classes that are announced already for these lessons, times and venues, not cancelled, by their start."""
    wanted = {(plan.course, plan.lesson, plan.venue, start_of(plan)) for plan in plans}
    starts = [start_of(plan) for plan in plans]
    rows = session.connection().execute(
        _PLANNED_CLASSES.where(
            PlannedClassRow.ward == ward,
            PlannedClassRow.starts_at.in_(starts),
            PlannedClassRow.cancelled_at.is_(None),
        ).order_by(PlannedClassRow.starts_at, PlannedClassRow.id)
    )
    same: dict[tuple[str, str, str, datetime], PlannedClass] = {}
    for planned in map(_from_row, rows):
        key = planned.plan.course, planned.plan.lesson, planned.plan.venue, planned.starts_at
        if key in wanted:
            same.setdefault(key, planned)
    return list(same.values())


def find_classes_to_open(session: Session, *, wards: Collection[str] | None, now: datetime) -> list[PlannedClass]:
    """What a facilitator of these wards can open now: not cancelled, not opened yet, not over, and of today.

    ``wards``: None stands for all.
    """
    found = find_planned_classes(session, begin=now - OPENING_WINDOW, end=now + OPENING_WINDOW, wards=wards)
    return [planned for planned in found if not (planned.is_cancelled or planned.is_held or planned.is_over(now))]


def _planned_classes() -> Select[*tuple[Any, ...]]:
    reserved = (
        select(func.count())
        .where(ReservationRow.planned_class_id == PlannedClassRow.id)
        .correlate(PlannedClassRow)
        .scalar_subquery()
    )
    # A scalar subquery as well: a join would let PostgreSQL read all units for a list of the city's classes.
    unit_name = (
        select(OrgUnitRow.name)
        .where(OrgUnitRow.id == PlannedClassRow.unit_id)
        .correlate(PlannedClassRow)
        .scalar_subquery()
    )
    table = PlannedClassRow.__table__
    return select(
        *table.c,
        reserved.label("reserved"),
        unit_name.label("unit_name"),
        ClassSessionRow.closed_at.label("class_closed_at"),
    ).outerjoin_from(table, ClassSessionRow, ClassSessionRow.id == PlannedClassRow.class_id)


def _from_row(row: Row[Any]) -> PlannedClass:
    plan = ClassPlan(**{name: getattr(row, name) for name in ClassPlan.__dataclass_fields__})
    return PlannedClass(
        id=row.id,
        ward=row.ward,
        plan=plan,
        starts_at=row.starts_at,
        ends_at=row.starts_at + timedelta(minutes=row.minutes),
        series_id=row.series_id,
        moved_from=row.moved_from,
        previous_venue=row.previous_venue,
        is_cancelled=row.cancelled_at is not None,
        change_note=row.change_note,
        class_id=row.class_id,
        class_closed_at=row.class_closed_at,
        version=row.version,
        changed_at=row.changed_at,
        reserved=row.reserved,
        unit_name=row.unit_name or "",
    )


_PLANNED_CLASSES = _planned_classes()
