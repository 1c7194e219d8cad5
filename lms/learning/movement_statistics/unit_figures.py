"""The exact figures of units for their organisers: what classes that a unit planned were counted for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.store.models import OrgUnitRow, UnitFigure


def find_unit_figures(session: Session, *, ward: str, begin: date, end: date) -> dict[str, dict[Indicator, int]]:
    """By id the units of a ward ("" is the city) that have a count in these days, each without those below it.

    ``begin``, ``end``: both included.
    """
    rows = session.connection().execute(
        select(UnitFigure.unit_id, UnitFigure.indicator, func.sum(UnitFigure.count))
        .join(OrgUnitRow, OrgUnitRow.id == UnitFigure.unit_id)
        .where(OrgUnitRow.ward == ward, UnitFigure.day.between(begin, end))
        .group_by(UnitFigure.unit_id, UnitFigure.indicator)
    )
    found: dict[str, dict[Indicator, int]] = {}
    for unit_id, indicator, count in rows:
        found.setdefault(unit_id, dict.fromkeys(Indicator, 0))[Indicator(indicator)] = int(count)
    return found
