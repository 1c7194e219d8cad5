"""Publish the figures once a day, so that nothing about fewer than five people can be computed from them.

ADR 42 says why this holds: what is published of a ward and an indicator is the largest multiple of five that its count
of the year has reached. Sums are made of published values, but for the number of the city's classes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lms import vietnam_time
from lms.learning.movement_statistics.counting import CountingResult, count_all_due_figures, figure_day
from lms.learning.movement_statistics.indicators import PUBLIC_CITY_INDICATORS, PUBLIC_UNIT_INDICATORS, Indicator
from lms.learning.movement_statistics.published_lists import (
    PractisedLesson,
    list_practised_lessons,
    read_practised_lessons,
)
from lms.learning.movement_statistics.published_values import (
    SET_VALUES,
    days_of_year,
    round_published_count,
)
from lms.learning.org_units.unit_store import CITY_UNIT_ID
from lms.learning.store.database import write_sessions
from lms.learning.store.models import (
    DailyFigure,
    FigureRelease,
    LedgerEntry,
    OrgUnitRow,
    ReleasedFigure,
    ReleasedHandCountedFigure,
    UnitFigure,
)
from lms.learning.store.raw_query import RawQuery
from lms.learning.store.upsert import Upsert


@dataclass(frozen=True, slots=True)
class TargetTotal:
    """What wards have signed off for an indicator and the year: how many wards, and the sum of their numbers.

    ``city``: what the city itself has signed off, None if nothing.
    """

    indicator: str  # a key of data/indicators.csv
    origin: str  # "registered" or "given"
    number: int
    wards: int
    city: int | None


@dataclass(frozen=True, slots=True)
class Release:
    """What everybody may read: the counts of ``year`` by ward ("": no ward is known) and indicator.

    A value is "at least", at most four less than the count; 0 stands for less than five.
    ``city_values``: what is counted in the whole city before it is rounded, of ``PUBLIC_CITY_INDICATORS`` alone.
    ``signed_wards``: the codes of the wards that have signed off a target of the year.
    """

    released_on: date
    released_at: datetime
    year: int
    values: Mapping[tuple[str, Indicator], int]
    city_values: Mapping[Indicator, int]
    practised: Mapping[str, tuple[PractisedLesson, ...]]
    organisation_values: Mapping[tuple[str, Indicator], int]
    hand_values: Mapping[tuple[str, str], int]
    signed_totals: tuple[TargetTotal, ...]
    signed_wards: frozenset[str]

    def value(self, ward: str, indicator: Indicator) -> int:
        return self.values.get((ward, indicator), 0)

    def organisation_value(self, organisation: str, indicator: Indicator) -> int:
        """Of all units of an organisation of data/organisations.csv; one of ``PUBLIC_UNIT_INDICATORS``."""
        return self.organisation_values.get((organisation, indicator), 0)

    def hand_value(self, ward: str, indicator: str) -> int:
        """What a ward and its units counted by hand of an indicator of data/indicators.csv."""
        return self.hand_values.get((ward, indicator), 0)

    def total(self, indicator: Indicator) -> int:
        """What the city has: counted for itself, or the sum of the published values, which reveals nothing else."""
        if indicator in self.city_values:
            return self.city_values[indicator]
        return sum(value for (_, of), value in self.values.items() if of == indicator)

    def hand_total(self, indicator: str) -> int:
        """The sum of the published values."""
        return sum(value for (_, of), value in self.hand_values.items() if of == indicator)

    @property
    def is_empty(self) -> bool:
        """Whether every value is below five."""
        return not (self.values or self.hand_values)


def release_figures(engine: Engine, *, now: datetime) -> tuple[CountingResult, bool]:
    """Count what is due, then publish, if nothing was published today. Returns also whether it was."""
    result = count_all_due_figures(engine, now=now)
    with write_sessions(engine).begin() as session:
        return result, _publish(session, now)


def find_release(session: Session) -> Release | None:
    """The latest release; None before the first."""
    connection = session.connection()
    row = connection.execute(
        select(FigureRelease.released_on, FigureRelease.released_at, FigureRelease.lists)
        .order_by(FigureRelease.released_on.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    year, lists = row.released_on.year, row.lists
    return Release(
        row.released_on,
        row.released_at,
        year,
        _known(_read_values(connection, year, ReleasedFigure.ward, ReleasedFigure.indicator)),
        {Indicator(name): value for name, value in lists.get("city", {}).items() if name in set(Indicator)},
        read_practised_lessons(lists.get("practised", {})),
        _known({(of, indicator): value for of, indicator, value in lists.get("organisations", ())}),
        _read_values(connection, year, ReleasedHandCountedFigure.ward, ReleasedHandCountedFigure.indicator),
        tuple(TargetTotal(*total) for total in lists.get("signed_totals", ())),
        frozenset(lists.get("signed_wards", ())),
    )


def _read_values(
    connection: Connection, year: int, of: InstrumentedAttribute[str], indicator: InstrumentedAttribute[str]
) -> dict[tuple[str, str], int]:
    model: Any = of.class_
    rows = connection.execute(select(of, indicator, model.value).where(model.year == year, model.value > 0))
    return {(key, name): value for key, name, value in rows}


def _known(values: Mapping[tuple[str, str], int]) -> dict[tuple[str, Indicator], int]:
    """Without the indicators of a later program, which may have published beside this one."""
    known = set(Indicator)
    return {(of, Indicator(name)): value for (of, name), value in values.items() if name in known}


_LATEST_DAY = select(func.max(FigureRelease.released_on))


class ReleaseDayReader:
    """Reads the day of the latest release for each request of a cached page."""

    def __init__(self, engine: Engine) -> None:
        self._query = RawQuery(engine, _LATEST_DAY)

    def get(self) -> date | None:
        """The day; None before the first release."""
        [(day,)] = self._query.read()
        return date.fromisoformat(day) if isinstance(day, str) else day  # SQLite has no dates


def open_years(now: datetime) -> list[int]:
    """The years that still take figures: this one, and in its first days the last one."""
    today = vietnam_time.to_vietnam_time(now).date()
    return sorted({today.year, figure_day(date(today.year - 1, 12, 31), now).year})


def _publish(session: Session, now: datetime) -> bool:
    connection = session.connection()
    today = vietnam_time.to_vietnam_time(now).date()
    lists = {
        "practised": list_practised_lessons(connection, today.year),
        "organisations": _organisations(connection, today.year),
        "city": _city(connection, today.year),
        **_signed_targets(connection, today.year),
    }
    row = {"released_on": today, "released_at": now, "lists": lists}
    if _BEGIN_RELEASE.execute(connection, row).first() is None:
        return False  # another process has, or did it this morning
    for year in open_years(now):
        _set_values(
            connection,
            ReleasedFigure,
            year,
            select(DailyFigure.ward, DailyFigure.indicator, func.sum(DailyFigure.count).label("total"))
            .where(DailyFigure.day.between(*days_of_year(year)))
            .group_by(DailyFigure.ward, DailyFigure.indicator),
        )
        # Those that were taken back are 0, so that what was published of them falls.
        counted = (
            LedgerEntry.kind == "counted",
            LedgerEntry.period.in_(f"{year}-{month:02}" for month in range(1, 13)),
        )
        _set_values(
            connection,
            ReleasedHandCountedFigure,
            year,
            select(
                LedgerEntry.ward, LedgerEntry.indicator, func.sum(func.coalesce(LedgerEntry.number, 0)).label("total")
            )
            .where(LedgerEntry.id.in_(LedgerEntry.latest_ids(*counted)))
            .group_by(LedgerEntry.ward, LedgerEntry.indicator),
        )
    return True


def _set_values(connection: Connection, model: Any, year: int, totals: Select[*tuple[Any, ...]]) -> None:
    """Publish the totals by ward."""
    rows = [
        {"year": year, "ward": ward, "indicator": indicator, "value": round_published_count(int(total))}
        for ward, indicator, total in connection.execute(totals)
    ]
    if rows:
        SET_VALUES[model].execute(connection, rows)


def _city(connection: Connection, year: int) -> dict[str, int]:
    totals = connection.execute(
        select(DailyFigure.indicator, func.sum(DailyFigure.count))
        .where(DailyFigure.day.between(*days_of_year(year)), DailyFigure.indicator.in_(PUBLIC_CITY_INDICATORS))
        .group_by(DailyFigure.indicator)
    )
    return {indicator: round_published_count(int(total)) for indicator, total in totals}


def _organisations(connection: Connection, year: int) -> list[list[Any]]:
    totals = connection.execute(
        select(OrgUnitRow.organisation, UnitFigure.indicator, func.sum(UnitFigure.count))
        .join(OrgUnitRow, OrgUnitRow.id == UnitFigure.unit_id)
        .where(
            UnitFigure.day.between(*days_of_year(year)),
            UnitFigure.indicator.in_(PUBLIC_UNIT_INDICATORS),
            OrgUnitRow.organisation != "",
        )
        .group_by(OrgUnitRow.organisation, UnitFigure.indicator)
    )
    return [[organisation, indicator, round_published_count(int(total))] for organisation, indicator, total in totals]


def _signed_targets(connection: Connection, year: int) -> dict[str, list[Any]]:
    """The public numbers of wards for the year, added up, those of the city, and which wards have any."""
    rows = connection.execute(
        select(LedgerEntry.unit_id, LedgerEntry.indicator, LedgerEntry.kind, LedgerEntry.number)
        .join(OrgUnitRow, OrgUnitRow.id == LedgerEntry.unit_id)
        .where(
            LedgerEntry.id.in_(LedgerEntry.latest_ids(LedgerEntry.period == str(year), LedgerEntry.is_signed)),
            LedgerEntry.number.is_not(None),
            # Not of their units; a merged ward keeps its target beside the other.
            OrgUnitRow.kind.in_(("city", "ward")),
        )
    ).all()
    of_wards: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    of_city: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.indicator, row.kind)
        if row.unit_id == CITY_UNIT_ID:
            of_city[key] = row.number
        else:
            of_wards[key].append(row.number)
    return {
        "signed_totals": [
            [*key, sum(of_wards[key]), len(of_wards[key]), of_city.get(key)]
            for key in sorted(of_wards.keys() | of_city.keys())
        ],
        "signed_wards": sorted({row.unit_id for row in rows} - {CITY_UNIT_ID}),
    }


_BEGIN_RELEASE = Upsert(FigureRelease, returning=[FigureRelease.released_on])
