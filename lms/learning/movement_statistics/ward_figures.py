"""The exact figures of a ward for its organiser, and what was left out of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.store.models import ClassSessionRow, CountedClass, DailyFigure

MAX_LISTED = 100  # classes with something left out


@dataclass(frozen=True, slots=True)
class LeftOutClass:
    """A class of which something was not counted: all of it for ``reason``, or ``repeated`` people if that is ""."""

    code: str
    course: str
    lesson: str
    opened_at: datetime
    reason: str
    people: int
    repeated: int


def find_figures(session: Session, ward: str, *, begin: date, end: date) -> dict[Indicator, int]:
    """The exact counts of a ward for the days from ``begin`` to ``end``, both included."""
    rows = session.connection().execute(
        select(DailyFigure.indicator, func.sum(DailyFigure.count).label("total"))
        .where(DailyFigure.day.between(begin, end), DailyFigure.ward == ward)
        .group_by(DailyFigure.indicator)
    )
    found = {row.indicator: row.total for row in rows}
    return {indicator: found.get(indicator, 0) for indicator in Indicator}


def find_left_out(session: Session, ward: str, *, begin: date, end: date) -> list[LeftOutClass]:
    """Classes of a ward that were held in these days and not counted, or not wholly; the latest first."""
    rows = session.connection().execute(
        select(
            ClassSessionRow.code,
            ClassSessionRow.course,
            ClassSessionRow.lesson,
            ClassSessionRow.opened_at,
            CountedClass.left_out,
            CountedClass.attendances,
            CountedClass.repeated,
        )
        .join(ClassSessionRow, ClassSessionRow.id == CountedClass.class_id)
        .where(
            CountedClass.ward == ward,
            CountedClass.held_on.between(begin, end),
            (CountedClass.left_out != "") | (CountedClass.repeated > 0),
        )
        .order_by(CountedClass.held_on.desc(), ClassSessionRow.opened_at.desc())
        .limit(MAX_LISTED)
    )
    return [
        LeftOutClass(
            row.code, row.course, row.lesson, row.opened_at, row.left_out, row.attendances + row.repeated, row.repeated
        )
        for row in rows
    ]
