"""Publish the figures once a day, so that nothing about fewer than five people can be computed from them.

ADR 42 says why this holds: what is published of a ward and an indicator is the largest multiple of five that its count
of the year has reached. Sums are made of published values alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.learning.figures.counting import CountingResult, count_everything, figure_day
from lms.learning.figures.indicators import Indicator
from lms.learning.store.database import write_sessions
from lms.learning.store.models import (
    ClassSessionRow,
    CountedClass,
    DailyFigure,
    FigureRelease,
    ReleasedFigure,
    ScreenFigure,
)
from lms.learning.store.upsert import Upsert

STEP = 5  # no count below it is told, and no difference between two
LISTED_LESSONS, LISTED_SCREENS = 3, 8
MIN_LISTED = 2 * STEP  # people in classes of a lesson, phones at a screen


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
class Release:
    """What everybody may read: the counts of ``year`` by ward ("": no ward is known) and indicator.

    A value is "at least", at most four less than the count; 0 stands for less than five.
    """

    released_on: date
    released_at: datetime
    year: int
    values: Mapping[tuple[str, Indicator], int]
    practised: Mapping[str, tuple[PractisedLesson, ...]]
    hard_screens: tuple[HardScreen, ...]

    def value(self, ward: str, indicator: Indicator) -> int:
        return self.values.get((ward, indicator), 0)

    def total(self, indicator: Indicator) -> int:
        """The sum of the published values, which therefore tells nothing that they do not."""
        return sum(value for (_, of), value in self.values.items() if of == indicator)


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
    year = row.released_on.year
    figures = connection.execute(
        select(ReleasedFigure.ward, ReleasedFigure.indicator, ReleasedFigure.value).where(ReleasedFigure.year == year)
    )
    known = set(Indicator)
    return Release(
        row.released_on,
        row.released_at,
        year,
        {(ward, Indicator(name)): value for ward, name, value in figures if name in known and value},
        {
            ward: tuple(PractisedLesson(course, lesson) for course, lesson in lessons)
            for ward, lessons in row.lists.get("practised", {}).items()
        },
        tuple(HardScreen(*screen) for screen in row.lists.get("hard_screens", ())),
    )


def latest_release_day(session: Session) -> date | None:
    """The day of the latest release."""
    newest = select(FigureRelease.released_on).order_by(FigureRelease.released_on.desc()).limit(1)
    return session.connection().scalar(newest)


def round_down(count: int) -> int:
    """What is published of a count."""
    return count // STEP * STEP


def _publish(connection: Connection, now: datetime) -> bool:
    today = vietnam_time.to_vietnam_time(now).date()
    years = sorted({today.year, figure_day(date(today.year - 1, 12, 31), now).year})
    lists = {"practised": _practised_lessons(connection, today.year), "hard_screens": _hard_screens(connection, today)}
    row = {"released_on": today, "released_at": now, "lists": lists}
    if _BEGIN_RELEASE.execute(connection, row).first() is None:
        return False  # another process has, or did it this morning
    for year in years:
        counts = connection.execute(
            select(DailyFigure.ward, DailyFigure.indicator, func.sum(DailyFigure.count).label("total"))
            .where(DailyFigure.day.between(date(year, 1, 1), date(year, 12, 31)))
            .group_by(DailyFigure.ward, DailyFigure.indicator)
        )
        rows = [
            {"year": year, "ward": row.ward, "indicator": row.indicator, "value": round_down(row.total)}
            for row in counts
        ]
        if rows:
            _SET_VALUES.execute(connection, rows)
    return True


def _practised_lessons(connection: Connection, year: int) -> dict[str, list[list[str]]]:
    """By ward the lessons that most people were taught in counted classes, most first; no numbers."""
    people = func.sum(CountedClass.attendances).label("people")
    rows = connection.execute(
        select(CountedClass.ward, ClassSessionRow.course, ClassSessionRow.lesson, people)
        .join(ClassSessionRow, ClassSessionRow.id == CountedClass.class_id)
        .where(CountedClass.held_on.between(date(year, 1, 1), date(year, 12, 31)), CountedClass.left_out == "")
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


_BEGIN_RELEASE = Upsert(FigureRelease, returning=[FigureRelease.released_on])
_SET_VALUES = Upsert(ReleasedFigure, update=lambda new: {"value": new.value})
