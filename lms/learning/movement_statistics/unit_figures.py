"""The exact figures of units for their organisers: what classes that a unit planned were counted for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.org_units.unit_merge_history import find_units_at, read_unit_history
from lms.learning.store.models import OrgUnitRow, UnitFigure


def find_unit_figures(
    session: Session, *, ward: str, begin: date, end: date, at: datetime | None = None
) -> dict[str, dict[Indicator, int]]:
    """By id the units of a ward ("" is the city) that have a count in these days, each without those below it.

    ``begin``, ``end``: both included. ``at``: the units that the ward had at that moment, None for those of today; a
    unit has what was counted of those that had become part of it.
    """
    history = read_unit_history(session)
    if not history.moves:
        return _add_up(session, OrgUnitRow.ward == ward, begin, end)
    ids = [unit.id for unit in find_units_at(session, ward, history, at=at)]
    found: dict[str, dict[Indicator, int]] = {}
    for unit_id, figures in _add_up(session, OrgUnitRow.id.in_(ids), begin, end).items():
        of_unit = found.setdefault(history.current(unit_id, at=at), dict.fromkeys(Indicator, 0))
        for indicator, count in figures.items():
            of_unit[indicator] += count
    return found


def _add_up(session: Session, which: ColumnElement[bool], begin: date, end: date) -> dict[str, dict[Indicator, int]]:
    rows = session.connection().execute(
        select(UnitFigure.unit_id, UnitFigure.indicator, func.sum(UnitFigure.count))
        .join(OrgUnitRow, OrgUnitRow.id == UnitFigure.unit_id)
        .where(which, UnitFigure.day.between(begin, end))
        .group_by(UnitFigure.unit_id, UnitFigure.indicator)
    )
    found: dict[str, dict[Indicator, int]] = {}
    for unit_id, indicator, count in rows:
        found.setdefault(unit_id, dict.fromkeys(Indicator, 0))[Indicator(indicator)] = int(count)
    return found
