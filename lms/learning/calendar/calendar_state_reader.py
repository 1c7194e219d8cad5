"""Read what pages of planned classes depend on, as cheaply as the database allows: a cached page stays current."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import BindParameter, Engine, ScalarSelect, and_, bindparam, func, literal, select

from lms.learning.calendar.class_plan import MAX_MINUTES
from lms.learning.store.models import ClassSessionRow, LedgerEntry, OrgUnitRow, PlannedClassRow, ReservationRow
from lms.learning.store.raw_query import RawQuery
from lms.learning.store.transaction_counter import TransactionCounter
from lms.lru_cache import LruCache

SHARED_FOR = timedelta(seconds=1.5)  # so old may a state be that another process has changed
_MAX_STATES = 2000
_LONGEST = timedelta(minutes=MAX_MINUTES)
# What states depend on. The rows of live classes change all the time, but when they close matters here alone.
_CHANGES = (
    r"(INSERT INTO|UPDATE|DELETE FROM) (planned_classes|reservations|ledger_entries|units)\b"
    r"|UPDATE classes SET .*closed_at="
)
_PLAN = PlannedClassRow.__table__.c
_RESERVED = (
    select(func.count())
    .select_from(ReservationRow)
    .where(ReservationRow.planned_class_id == _PLAN.id)
    .correlate(PlannedClassRow.__table__)
    .scalar_subquery()
)


def _version_of(model: Any, version: Any, ward: Any) -> ScalarSelect[Any]:
    # Versions only grow, and nothing else of these rows is shown: one of them has changed if and only if the sum has.
    versions = select(func.coalesce(func.sum(version), 0) + func.count()).where(model.ward == ward)
    return versions.correlate(PlannedClassRow.__table__).scalar_subquery()


_OF_CLASS = (
    _PLAN.starts_at,
    _PLAN.minutes,
    _PLAN.id,
    _PLAN.ward,
    _PLAN.version,
    _PLAN.class_id,
    ClassSessionRow.closed_at,
)
_IS_FULL = (func.coalesce(_PLAN.seats, 1_000_000) <= _RESERVED).label("is_full")
_LISTED = select(*_OF_CLASS, _IS_FULL).outerjoin_from(
    PlannedClassRow.__table__, ClassSessionRow, ClassSessionRow.id == _PLAN.class_id
)
_IN_TIME = (_PLAN.starts_at >= bindparam("begin"), _PLAN.starts_at < bindparam("end"))
_WARD: BindParameter[str] = bindparam("ward")
_OF_WARD = _LISTED.where(_PLAN.ward == _WARD, *_IN_TIME).order_by(_PLAN.starts_at, _PLAN.id)
_ALWAYS = select(literal(1).label("one")).subquery()  # a row also for a ward without classes
_OF_PAGE = (
    select(
        _version_of(LedgerEntry, LedgerEntry.id, _WARD).label("ledger_version"),
        _version_of(OrgUnitRow, OrgUnitRow.version, _WARD).label("units_version"),
        *_OF_CLASS,
        _IS_FULL,
    )
    .select_from(
        _ALWAYS.outerjoin(PlannedClassRow.__table__, and_(_PLAN.ward == _WARD, *_IN_TIME)).outerjoin(
            ClassSessionRow, ClassSessionRow.id == _PLAN.class_id
        )
    )
    .order_by(_PLAN.starts_at, _PLAN.id)
)
_OF_CITY = _LISTED.where(*_IN_TIME).order_by(_PLAN.starts_at, _PLAN.id).limit(bindparam("limit"))
_ONE = (
    select(
        *_OF_CLASS,
        _RESERVED.label("reserved"),
        _version_of(OrgUnitRow, OrgUnitRow.version, _PLAN.ward).label("units_version"),
    )
    .outerjoin_from(PlannedClassRow.__table__, ClassSessionRow, ClassSessionRow.id == _PLAN.class_id)
    .where(_PLAN.id == bindparam("id"))
)


class PlannedClassState(NamedTuple):
    """What can change of a planned class.

    Some values are as the database gives them: SQLite's truth is 0 or 1.
    """

    id: str
    ward: str
    version: int
    class_id: str | None
    class_closed_at: Any
    seats: tuple[Any, ...]  # whether it is full; of one class alone how many are held, and the version of the units
    is_over: bool


States = tuple[PlannedClassState, ...]
Found = TypeVar("Found")


class CalendarStateReader:
    """Reads the states of classes for each request of a cached page.

    States are the same as before if nothing has changed that the page shows. Requests within ``SHARED_FOR`` share them,
    unless this process has changed the calendar meanwhile.
    """

    def __init__(self, engine: Engine) -> None:
        self._of_ward, self._of_page, self._of_city, self._one = (
            RawQuery(engine, query) for query in (_OF_WARD, _OF_PAGE, _OF_CITY, _ONE)
        )
        self._changes = TransactionCounter(engine, _CHANGES)
        self._recent: LruCache[Hashable, tuple[int, datetime, Any]] = LruCache(_MAX_STATES)
        instant: Any = PlannedClassRow.__table__.c.starts_at.type.dialect_impl(engine.dialect)
        self._to_database: Callable[[datetime], Any] = instant.bind_processor(engine.dialect) or _same
        self._from_database: Callable[[Any], datetime] = instant.result_processor(engine.dialect, None) or _same

    def ward_states(self, ward: str, *, now: datetime, ahead: timedelta) -> States:
        """Of the ward's classes that may not be over, and that begin within ``ahead``, by their start."""
        return self._shared(("ward", ward, ahead), now, lambda: self._read_ward(ward, now, ahead))

    def ward_page_state(
        self, ward: str, *, now: datetime, ahead: timedelta, shared: bool = True
    ) -> tuple[States, Hashable]:
        """The states of the ward's classes, and the version of what its page shows beside them: targets and units.

        ``shared``: False reads all as it is at this moment.
        """

        def read() -> tuple[States, Hashable]:
            rows = self._of_page.read({"ward": ward} | self._between(now - _LONGEST, now + ahead))
            return self._states([row[2:] for row in rows if row[2] is not None], now), tuple(rows[0][:2])

        return self._shared(("page", ward, ahead), now, read) if shared else read()

    def city_states(self, *, now: datetime, ahead: timedelta, limit: int) -> States:
        """Of the city's classes that have begun and are not over, and of the next ``limit`` that begin."""
        return self._shared(("city", ahead, limit), now, lambda: self._read_city(now, ahead, limit))

    def class_states(self, planned_class_id: str, *, now: datetime) -> States:
        """Of one class; empty if there is none with this id."""
        given = {"id": planned_class_id}
        return self._shared(("class", planned_class_id), now, lambda: self._states(self._one.read(given), now))

    def _read_ward(self, ward: str, now: datetime, ahead: timedelta) -> States:
        given = {"ward": ward} | self._between(now - _LONGEST, now + ahead)
        return self._states(self._of_ward.read(given), now)

    def _read_city(self, now: datetime, ahead: timedelta, limit: int) -> States:
        begun = self._of_city.read(self._between(now - _LONGEST, now) | {"limit": _MAX_STATES})
        to_come = self._of_city.read(self._between(now, now + ahead) | {"limit": limit})
        return tuple(state for state in self._states((*begun, *to_come), now) if not state.is_over)

    def _between(self, begin: datetime, end: datetime) -> dict[str, Any]:
        return {"begin": self._to_database(begin), "end": self._to_database(end)}

    def _states(self, rows: Any, now: datetime) -> States:
        return tuple(self._state(row, now) for row in rows)

    def _state(self, row: Any, now: datetime) -> PlannedClassState:
        starts_at, minutes, planned_id, ward, version, class_id, closed_at, *seats = row
        is_over = self._from_database(starts_at) + timedelta(minutes=minutes) <= now
        return PlannedClassState(planned_id, ward, version, class_id, closed_at, tuple(seats), is_over)

    def _shared(self, key: Hashable, now: datetime, read: Callable[[], Found]) -> Found:
        count = self._changes.count  # before reading: a change meanwhile makes these states old
        recent = self._recent.get(key)
        if recent and recent[0] == count and abs(now - recent[1]) < SHARED_FOR:
            return recent[2]
        found = read()
        self._recent.put(key, (count, now, found))
        return found


def _same(value: Any) -> Any:
    return value
