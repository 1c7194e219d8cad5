"""How far a target is: what was counted by the site, and beside it what was counted by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.learning.accounts.permissions import CITY
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.movement_statistics.unit_figures import find_unit_figures
from lms.learning.movement_statistics.ward_figures import find_figures
from lms.learning.org_units.unit_store import CITY_UNIT_ID, place_unit_id
from lms.learning.targets.hand_counted_figures import add_up_hand_counted_figures
from lms.learning.targets.indicators import all_indicators
from lms.learning.targets.periods import Period


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """``by_site`` None: the site does not count this for the unit."""

    by_site: int | None
    by_hand: int

    @property
    def total(self) -> int:
        return (self.by_site or 0) + self.by_hand


class TargetProgressReader:
    """What the units of a ward have reached in a period. A ward has what its units entered, too."""

    def __init__(self, session: Session, *, ward: str, period: Period) -> None:
        self._place = place_unit_id(ward)
        self._by_hand = add_up_hand_counted_figures(session, ward=ward, period=period)
        self._by_hand_in_place = Counter[str]()
        for (_, indicator), number in self._by_hand.items():
            self._by_hand_in_place[indicator] += number
        self._by_site = {
            unit_id: _reached_by_site(figures)
            for unit_id, figures in find_unit_figures(session, ward=ward, begin=period.first, end=period.last).items()
        }
        if ward != CITY:
            figures = find_figures(session, ward, begin=period.first, end=period.last)
            self._by_site[self._place] = _reached_by_site(figures)

    def of(self, unit_id: str, indicator: str) -> TargetProgress:
        """What one unit has reached."""
        by_hand = self._by_hand_in_place[indicator] if unit_id == self._place else self._by_hand[unit_id, indicator]
        known = all_indicators().get(indicator)
        if unit_id == CITY_UNIT_ID or known is None or not known.is_counted_by_site:
            return TargetProgress(None, by_hand)
        return TargetProgress(self._by_site.get(unit_id, {}).get(indicator, 0), by_hand)


def _reached_by_site(figures: Mapping[Indicator, int]) -> dict[str, int]:
    """By key of the targets' indicators: who came is two figures there, with a phone and without."""
    reached = {indicator.value: count for indicator, count in figures.items() if indicator != Indicator.WITHOUT_PHONE}
    reached[Indicator.ATTENDANCES] += figures[Indicator.WITHOUT_PHONE]
    return reached
