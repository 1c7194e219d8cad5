"""How far a target is: what was counted by the site, and beside it what was counted by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.learning.accounts.permissions import CITY
from lms.learning.figures.indicators import Indicator
from lms.learning.figures.ward_figures import find_figures
from lms.learning.store.models import PlannedClassRow
from lms.learning.targets.hand_figures import add_up_hand_figures
from lms.learning.targets.periods import Period
from lms.learning.units.unit_store import place_unit_id


@dataclass(frozen=True, slots=True)
class Reached:
    """``by_site`` None: the site does not count this for the unit."""

    by_site: int | None
    by_hand: int

    @property
    def total(self) -> int:
        return (self.by_site or 0) + self.by_hand


class ReachedFigures:
    """What the units of a ward have reached in a period. A ward has what its units entered, too."""

    def __init__(self, session: Session, *, ward: str, period: Period) -> None:
        self._place = place_unit_id(ward)
        self._by_hand = add_up_hand_figures(session, ward=ward, period=period)
        self._by_hand_in_place = Counter[str]()
        for (_, indicator), number in self._by_hand.items():
            self._by_hand_in_place[indicator] += number
        self._of_place = {} if ward == CITY else _count_in_ward(session, ward, period)
        self._classes = _count_planned_classes(session, ward, period)

    def of(self, unit_id: str, indicator: str) -> Reached:
        """What one unit has reached."""
        if unit_id == self._place:
            return Reached(self._of_place.get(indicator), self._by_hand_in_place[indicator])
        by_site = self._classes[unit_id] if indicator == "classes" else None
        return Reached(by_site, self._by_hand[unit_id, indicator])


def _count_in_ward(session: Session, ward: str, period: Period) -> dict[str, int]:
    """The figures of the ward, as its page of figures has them; "came" there is two: with a phone, and without."""
    figures = find_figures(session, ward, begin=period.first, end=period.last)
    without_phone = figures.pop(Indicator.WITHOUT_PHONE)
    figures[Indicator.ATTENDANCES] += without_phone
    return {indicator.value: count for indicator, count in figures.items()}


def _count_planned_classes(session: Session, ward: str, period: Period) -> Counter[str]:
    """By unit, the planned classes that it held: a class was opened from them."""
    begin, end = _moments(period)
    held: Any = (
        select(PlannedClassRow.unit_id, func.count())
        .where(
            PlannedClassRow.ward == ward,
            PlannedClassRow.starts_at >= begin,
            PlannedClassRow.starts_at < end,
            PlannedClassRow.class_id.is_not(None),
            PlannedClassRow.unit_id.is_not(None),
        )
        .group_by(PlannedClassRow.unit_id)
    )
    rows: Any = session.connection().execute(held)
    return Counter(dict(rows.all()))


def _moments(period: Period) -> tuple[datetime, datetime]:
    """When the first day begins in Vietnam, and when the last one ends."""
    begin = datetime.combine(period.first, time(), vietnam_time.VIETNAM)
    return begin, datetime.combine(period.last + timedelta(days=1), time(), vietnam_time.VIETNAM)
