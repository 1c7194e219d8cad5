"""Read what a list of a ward's classes depends on, as cheaply as the database allows: a cached page stays current."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Engine, bindparam, func, select

from lms.learning.store.models import ClassSessionRow, PlannedClassRow, ReservationRow, TargetRow, UnitRow
from lms.learning.store.raw_query import RawQuery

_PLAN = PlannedClassRow.__table__.c
_RESERVED = (
    select(func.count())
    .select_from(ReservationRow)
    .where(ReservationRow.planned_class_id == _PLAN.id)
    .correlate(PlannedClassRow.__table__)
    .scalar_subquery()
)
# Versions only grow, and nothing else of these rows is shown: one of them has changed if and only if the sum has.
_TARGETS, _UNITS = (
    select(func.coalesce(func.sum(model.version), 0) + func.count())
    .where(model.ward == bindparam("ward"))
    .scalar_subquery()
    for model in (TargetRow, UnitRow)
)
_STATEMENT = (
    select(
        _PLAN.starts_at,
        _PLAN.minutes,
        _PLAN.id,
        _PLAN.version,
        _PLAN.class_id,
        ClassSessionRow.closed_at,
        (func.coalesce(_PLAN.seats, 1_000_000) <= _RESERVED).label("is_full"),
        _TARGETS.label("targets_version"),
        _UNITS.label("units_version"),
    )
    .outerjoin_from(PlannedClassRow.__table__, ClassSessionRow, ClassSessionRow.id == _PLAN.class_id)
    .where(
        _PLAN.ward == bindparam("ward"), _PLAN.starts_at >= bindparam("begin"), _PLAN.starts_at < bindparam("end")
    )
    .order_by(_PLAN.starts_at, _PLAN.id)
)  # fmt: skip


class ClassState(NamedTuple):
    """What can change of a planned class, and of what a ward's page shows beside it.

    Some values are as the database gives them: SQLite's truth is 0 or 1.
    """

    id: str
    version: int
    class_id: str | None
    class_closed_at: Any
    is_full: bool | int
    targets_version: int  # of the ward, as the next
    units_version: int
    is_over: bool


class CalendarStateReader:
    """Reads the states of classes for each request of a cached page."""

    def __init__(self, engine: Engine) -> None:
        self._query = RawQuery(engine, _STATEMENT)
        instant: Any = PlannedClassRow.__table__.c.starts_at.type.dialect_impl(engine.dialect)
        self._to_database: Callable[[datetime], Any] = instant.bind_processor(engine.dialect) or _same
        self._from_database: Callable[[Any], datetime] = instant.result_processor(engine.dialect, None) or _same

    def get(self, ward: str, *, begin: datetime, end: datetime, now: datetime) -> tuple[ClassState, ...]:
        """The states of the ward's classes that start from ``begin`` until before ``end``, by their start.

        They are the same as before if nothing has changed that a list of these classes shows.
        """
        given = {"ward": ward, "begin": self._to_database(begin), "end": self._to_database(end)}
        return tuple(
            ClassState(*row[2:], is_over=self._from_database(row[0]) + timedelta(minutes=row[1]) <= now)
            for row in self._query.read(given)
        )


def _same(value: Any) -> Any:
    return value
