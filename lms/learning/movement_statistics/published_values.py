"""The tables of what is published: how they are set, and to which step they are rounded."""

from __future__ import annotations

from datetime import date
from typing import Any

from lms.learning.store.models import ReleasedFigure, ReleasedHandCountedFigure
from lms.learning.store.upsert import Upsert

STEP = 5  # no count below it is published, and no smaller difference between two
SET_VALUES: dict[Any, Upsert] = {
    model: Upsert(model, update=lambda new: {"value": new.value})
    for model in (ReleasedFigure, ReleasedHandCountedFigure)
}


def round_published_count(count: int) -> int:
    """What is published of a count."""
    return count // STEP * STEP


def days_of_year(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)
