"""The tables of what is published: set, added up when a ward or unit becomes part of another one, dropped."""

from __future__ import annotations

from datetime import date
from typing import Any

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


def _key(model: Any) -> Any:
    return model.unit_id if model is ReleasedUnitFigure else model.ward
