"""Publish the figures once a day, so that nothing about fewer than five people can be computed from them.

ADR 42 says why this holds: what is published of a ward and an indicator is the largest multiple of five that its count
of the year has reached. Sums are made of published values, but for the number of the city's classes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lms import vietnam_time
from lms.learning.figures.counting import CountingResult, count_everything, figure_day
from lms.learning.figures.indicators import PUBLIC_CITY_INDICATORS, PUBLIC_UNIT_INDICATORS, Indicator
from lms.learning.figures.screen_times import least_of_longer_half
from lms.learning.store.database import write_sessions
from lms.learning.store.models import (
    ClassSessionRow,
    CountedClass,
    DailyFigure,
    FigureRelease,
    HandFigureRow,
    ReleasedFigure,
    ReleasedHandFigure,
    ReleasedUnitFigure,
    ScreenFigure,
    ScreenTime,
    TargetRow,
    UnitFigure,
    UnitRow,
)
from lms.learning.store.raw_query import RawQuery
from lms.learning.store.upsert import Upsert
from lms.learning.units.unit_store import CITY_UNIT_ID

STEP = 5  # no count below it is told, and no difference between two
LISTED_LESSONS, LISTED_SCREENS = 3, 8
MIN_LISTED = 2 * STEP  # people in classes of a lesson, phones at a screen
MIN_LISTED_SECONDS = 15  # at a screen; less is no time to stand there


@dataclass(frozen=True, slots=True)
class PractisedLesson:
    """A lesson that many people of a ward practised in class."""

    course: str
    lesson: str


@dataclass(frozen=True, slots=True)
class HardScreen:
    """A screen at which mistakes were made on ``phones`` phones, in classes of the whole city."""

    course: str
    lesson: str
    title: str
    phones: int


@dataclass(frozen=True, slots=True)
class SlowScreen:
    """A screen at which more than half of ``phones`` phones stood ``seconds`` or more, in classes of the whole city."""

    course: str
    lesson: str
    screen: str
    seconds: int
    phones: int


@dataclass(frozen=True, slots=True)
class TargetTotal:
    """What wards have signed off for an indicator and the year: how many wards, and the sum of their numbers.

    ``city``: what the city itself has signed off, None if nothing.
    """

    indicator: str  # a key of data/indicators.csv
    origin: str  # of TargetRow
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
    hard_screens: tuple[HardScreen, ...]
    slow_screens: tuple[SlowScreen, ...]
    unit_values: Mapping[tuple[str, Indicator], int]
    organisation_values: Mapping[tuple[str, Indicator], int]
    hand_values: Mapping[tuple[str, str], int]
    signed_totals: tuple[TargetTotal, ...]
    signed_wards: frozenset[str]

    def value(self, ward: str, indicator: Indicator) -> int:
        return self.values.get((ward, indicator), 0)

    def unit_value(self, unit_id: str, indicator: Indicator) -> int:
        """Of classes that the unit planned; one of ``PUBLIC_UNIT_INDICATORS``."""
        return self.unit_values.get((unit_id, indicator), 0)

    def organisation_value(self, organisation: str, indicator: Indicator) -> int:
        """Of all units of an organisation of data/organisations.csv; one of ``PUBLIC_UNIT_INDICATORS``."""
        return self.organisation_values.get((organisation, indicator), 0)

    def hand_value(self, ward: str, indicator: str) -> int:
        """What a ward and its units counted by hand of an indicator of data/indicators.csv."""
        return self.hand_values.get((ward, indicator), 0)

    def total(self, indicator: Indicator) -> int:
        """What the city has: counted for itself, or the sum of the published values, which tells nothing else."""
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
    result = count_everything(engine, now=now)
    with write_sessions(engine).begin() as session:
        return result, _publish(session.connection(), now)


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
        {
            ward: tuple(PractisedLesson(course, lesson) for course, lesson in lessons)
            for ward, lessons in lists.get("practised", {}).items()
        },
        tuple(HardScreen(*screen) for screen in lists.get("hard_screens", ())),
        tuple(SlowScreen(*screen) for screen in lists.get("slow_screens", ())),
        _known(_read_values(connection, year, ReleasedUnitFigure.unit_id, ReleasedUnitFigure.indicator)),
        _known({(of, indicator): value for of, indicator, value in lists.get("organisations", ())}),
        _read_values(connection, year, ReleasedHandFigure.ward, ReleasedHandFigure.indicator),
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


class ReleaseDayReader:
    """Reads the day of the latest release for each request of a cached page."""

    def __init__(self, engine: Engine) -> None:
        self._query = RawQuery(engine, select(func.max(FigureRelease.released_on)))

    def get(self) -> date | None:
        """The day; None before the first release."""
        [(day,)] = self._query.read()
        return date.fromisoformat(day) if isinstance(day, str) else day  # SQLite has no dates


def round_down(count: int) -> int:
    """What is published of a count."""
    return count // STEP * STEP


def _publish(connection: Connection, now: datetime) -> bool:
    today = vietnam_time.to_vietnam_time(now).date()
    years = sorted({today.year, figure_day(date(today.year - 1, 12, 31), now).year})
    lists = {
        "practised": _practised_lessons(connection, today.year),
        "hard_screens": _hard_screens(connection, today),
        "slow_screens": _slow_screens(connection, today.year),
        "organisations": _organisations(connection, today.year),
        "city": _city(connection, today.year),
        **_signed_targets(connection, today.year),
    }
    row = {"released_on": today, "released_at": now, "lists": lists}
    if _BEGIN_RELEASE.execute(connection, row).first() is None:
        return False  # another process has, or did it this morning
    for year in years:
        _set_values(
            connection,
            _SET_VALUES,
            year,
            select(DailyFigure.ward, DailyFigure.indicator, func.sum(DailyFigure.count).label("total"))
            .where(DailyFigure.day.between(*_days(year)))
            .group_by(DailyFigure.ward, DailyFigure.indicator),
        )
        _set_values(
            connection,
            _SET_UNIT_VALUES,
            year,
            select(UnitFigure.unit_id, UnitFigure.indicator, func.sum(UnitFigure.count).label("total"))
            .where(UnitFigure.day.between(*_days(year)), UnitFigure.indicator.in_(PUBLIC_UNIT_INDICATORS))
            .group_by(UnitFigure.unit_id, UnitFigure.indicator),
        )
        # Those that were taken back are 0, so that what was published of them falls.
        counts = case((HandFigureRow.withdrawn_at.is_(None), HandFigureRow.number), else_=0)
        _set_values(
            connection,
            _SET_HAND_VALUES,
            year,
            select(HandFigureRow.ward, HandFigureRow.indicator, func.sum(counts).label("total"))
            .where(HandFigureRow.day.between(*_days(year)))
            .group_by(HandFigureRow.ward, HandFigureRow.indicator),
        )
    return True


def _days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _set_values(connection: Connection, statement: Upsert, year: int, totals: Select[*tuple[Any, ...]]) -> None:
    rows = [dict(row) for row in connection.execute(totals).mappings()]
    if rows:
        statement.execute(
            connection, [row | {"year": year, "value": round_down(int(row.pop("total")))} for row in rows]
        )


def _city(connection: Connection, year: int) -> dict[str, int]:
    totals = connection.execute(
        select(DailyFigure.indicator, func.sum(DailyFigure.count))
        .where(DailyFigure.day.between(*_days(year)), DailyFigure.indicator.in_(PUBLIC_CITY_INDICATORS))
        .group_by(DailyFigure.indicator)
    )
    return {indicator: round_down(int(total)) for indicator, total in totals}


def _organisations(connection: Connection, year: int) -> list[list[Any]]:
    totals = connection.execute(
        select(UnitRow.organisation, UnitFigure.indicator, func.sum(UnitFigure.count))
        .join(UnitRow, UnitRow.id == UnitFigure.unit_id)
        .where(
            UnitFigure.day.between(*_days(year)),
            UnitFigure.indicator.in_(PUBLIC_UNIT_INDICATORS),
            UnitRow.organisation != "",
        )
        .group_by(UnitRow.organisation, UnitFigure.indicator)
    )
    return [[organisation, indicator, round_down(int(total))] for organisation, indicator, total in totals]


def _signed_targets(connection: Connection, year: int) -> dict[str, list[Any]]:
    """The public numbers of wards for the year, added up, those of the city, and which wards have any."""
    rows = connection.execute(
        select(TargetRow.unit_id, TargetRow.indicator, TargetRow.origin, TargetRow.signed_number).where(
            or_(TargetRow.unit_id == TargetRow.ward, TargetRow.unit_id == CITY_UNIT_ID),  # not of their units
            TargetRow.period == str(year),
            TargetRow.signed_number.is_not(None),
        )
    ).all()
    of_wards: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    of_city: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.indicator, row.origin)
        if row.unit_id == CITY_UNIT_ID:
            of_city[key] = row.signed_number
        else:
            of_wards[key].append(row.signed_number)
    return {
        "signed_totals": [
            [*key, sum(of_wards[key]), len(of_wards[key]), of_city.get(key)]
            for key in sorted(of_wards.keys() | of_city.keys())
        ],
        "signed_wards": sorted({row.unit_id for row in rows} - {CITY_UNIT_ID}),
    }


def _practised_lessons(connection: Connection, year: int) -> dict[str, list[list[str]]]:
    """By ward the lessons that most people were taught in counted classes, most first; no numbers."""
    people = func.sum(CountedClass.attendances).label("people")
    rows = connection.execute(
        select(CountedClass.ward, ClassSessionRow.course, ClassSessionRow.lesson, people)
        .join(ClassSessionRow, ClassSessionRow.id == CountedClass.class_id)
        .where(CountedClass.held_on.between(*_days(year)), CountedClass.left_out == "")
        .group_by(CountedClass.ward, ClassSessionRow.course, ClassSessionRow.lesson)
        .having(func.sum(CountedClass.attendances) >= MIN_LISTED)
    )
    found: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for ward, course, lesson, count in rows:
        found[ward].append((-round_down(int(count)), course, lesson))
    return {
        ward: [[course, lesson] for _, course, lesson in sorted(lessons)[:LISTED_LESSONS]]
        for ward, lessons in found.items()
    }


def _hard_screens(connection: Connection, today: date) -> list[list[Any]]:
    rows = connection.execute(
        select(ScreenFigure.course, ScreenFigure.lesson, ScreenFigure.title, ScreenFigure.phones)
        .where(ScreenFigure.year == today.year, ScreenFigure.phones >= MIN_LISTED)
        # By what is published of the counts: the order tells nothing else.
        .order_by((ScreenFigure.phones // STEP).desc(), ScreenFigure.course, ScreenFigure.lesson, ScreenFigure.screen)
        .limit(LISTED_SCREENS)
    )
    return [[row.course, row.lesson, row.title, round_down(row.phones)] for row in rows]


def _slow_screens(connection: Connection, year: int) -> list[list[Any]]:
    """The screens at which people stood longest. Every bucket is rounded first: what is listed tells nothing else."""
    rows = connection.execute(
        select(ScreenTime.course, ScreenTime.lesson, ScreenTime.screen, ScreenTime.seconds, ScreenTime.phones).where(
            ScreenTime.year == year
        )
    )
    by_screen: defaultdict[tuple[str, str, str], dict[int, int]] = defaultdict(dict)
    for course, lesson, screen, seconds, phones in rows:
        by_screen[course, lesson, screen][seconds] = round_down(phones)
    found = [
        SlowScreen(*screen, least_of_longer_half(phones), sum(phones.values()))
        for screen, phones in by_screen.items()
        if sum(phones.values()) >= MIN_LISTED
    ]
    found.sort(key=lambda each: (-each.seconds, -each.phones, each.course, each.lesson, each.screen))
    return [list(astuple(each)) for each in found if each.seconds >= MIN_LISTED_SECONDS][:LISTED_SCREENS]


_BEGIN_RELEASE = Upsert(FigureRelease, returning=[FigureRelease.released_on])
_SET_VALUES = Upsert(ReleasedFigure, update=lambda new: {"value": new.value})
_SET_UNIT_VALUES = Upsert(ReleasedUnitFigure, update=lambda new: {"value": new.value})
_SET_HAND_VALUES = Upsert(ReleasedHandFigure, update=lambda new: {"value": new.value})
