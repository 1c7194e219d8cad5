"""The exact figures of units for their organisers: what classes that a unit planned were counted for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lms.learning.figures.indicators import Indicator
from lms.learning.store.models import UnitFigure, UnitRow


def find_unit_figures(session: Session, *, ward: str, begin: date, end: date) -> dict[str, dict[Indicator, int]]:
    """By id the units of a ward ("" is the city) that have a count in these days, each without those below it.

    ``begin``, ``end``: both included.
    """
    return _add_up(session, UnitFigure.unit_id, UnitRow.ward == ward, begin, end)


def find_organisation_figures(
    session: Session, organisation: str, *, begin: date, end: date
) -> dict[str, dict[Indicator, int]]:
    """By ward ("" is the city) what an organisation of data/organisations.csv was counted for in these days."""
    return _add_up(session, UnitRow.ward, UnitRow.organisation == organisation, begin, end)


def _add_up(
    session: Session, key: InstrumentedAttribute[str], which: ColumnElement[bool], begin: date, end: date
) -> dict[str, dict[Indicator, int]]:
    rows = session.connection().execute(
        select(key, UnitFigure.indicator, func.sum(UnitFigure.count))
        .join(UnitRow, UnitRow.id == UnitFigure.unit_id)
        .where(which, UnitFigure.day.between(begin, end))
        .group_by(key, UnitFigure.indicator)
    )
    found: dict[str, dict[Indicator, int]] = {}
    for of, indicator, count in rows:
        found.setdefault(of, dict.fromkeys(Indicator, 0))[Indicator(indicator)] = int(count)
    return found
