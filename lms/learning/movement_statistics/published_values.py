"""The tables of what is published: set, added up when a ward or unit becomes part of another one, dropped."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, select

from lms.learning.store.models import ReleasedFigure, ReleasedHandCountedFigure, ReleasedUnitFigure
from lms.learning.store.upsert import Upsert

STEP = 5  # no count below it is published, and no smaller difference between two
_RELEASED: tuple[Any, ...] = (ReleasedFigure, ReleasedUnitFigure, ReleasedHandCountedFigure)
SET_VALUES = {model: Upsert(model, update=lambda new: {"value": new.value}) for model in _RELEASED}
_ADD_VALUES = {
    model: Upsert(model, update=lambda new, table=model.__table__: {"value": table.c.value + new.value})
    for model in _RELEASED
}


def round_published_count(count: int) -> int:
    """What is published of a count."""
    return count // STEP * STEP


def days_of_year(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def move_published_values(connection: Connection, model: Any, former: str, successor: str, *, years: list[int]) -> None:
    """Add what is published of a former ward or unit to what is published of its successor: a sum of public numbers.

    ``model``: ``ReleasedFigure``, ``ReleasedUnitFigure`` or ``ReleasedHandCountedFigure``.
    """
    of = _key(model)
    rows: Any = connection.execute(
        select(model.year, model.indicator, model.value).where(of == former, model.year.in_(years))
    )
    values = [{"year": row.year, of.key: successor, "indicator": row.indicator, "value": row.value} for row in rows]
    if values:
        _ADD_VALUES[model].execute(connection, values)
    drop_published_values(connection, model, [former], years=years)


def drop_published_values(connection: Connection, model: Any, former: list[str], *, years: list[int]) -> None:
    """Publish nothing of former wards or units for these years any more."""
    connection.execute(delete(model).where(_key(model).in_(former), model.year.in_(years)))


def _key(model: Any) -> Any:
    return model.unit_id if model is ReleasedUnitFigure else model.ward
