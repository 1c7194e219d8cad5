"""The targets of a ward in words, with what its units have reached."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lms.learning.org_units import unit_store
from lms.learning.org_units.unit_store import OrgUnit
from lms.learning.targets.periods import Period, parse_period
from lms.learning.targets.target_progress import TargetProgress, TargetProgressReader
from lms.learning.targets.target_store import Target
from lms.web.database import session
from lms.web.language import translate
from lms.web.page_formats import grouped
from lms.web.period_words import period_in_words
from lms.web.targets.wording import ORIGIN_NAMES, indicator_meaning, indicator_name, reached_in_words


@dataclass(frozen=True, slots=True)
class UnitOption:
    """An option of the select of units."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target in words. ``warning``: more is reached already than it asks for, or ""."""

    id: str
    unit: str
    indicator: str
    what: str
    period: str
    origin: str
    number: str
    public: str
    reached: str
    warning: str
    version: int


class WardTargets:
    """The units of a ward, and what they have reached, read once for a page."""

    def __init__(self, ward: str) -> None:
        self.ward = ward
        self._reached: dict[str, TargetProgressReader] = {}

    @cached_property
    def units(self) -> dict[str, OrgUnit]:
        """The ward itself first."""
        below = unit_store.find_units(session(), ward=self.ward, include_closed=True)
        place = unit_store.find_unit(session(), unit_store.place_unit_id(self.ward))
        return {unit.id: unit for unit in (place, *below)}

    def unit_options(self, chosen: str = "") -> list[UnitOption]:
        """The open units; a closed one only while it is chosen."""
        return [
            UnitOption(unit.id, unit_store.unit_label(unit, self.units))
            for unit in self.units.values()
            if not unit.is_closed or unit.id == chosen
        ]

    def reached(self, unit_id: str, indicator: str, period: Period) -> TargetProgress:
        if period.key not in self._reached:
            self._reached[period.key] = TargetProgressReader(session(), ward=self.ward, period=period)
        return self._reached[period.key].of(unit_id, indicator)

    def view(self, target: Target) -> TargetView:
        """The target in words; of an indicator or period that is no longer known, by its key."""
        unit = self.units[target.unit_id]
        period = parse_period(target.period)
        reached = self.reached(target.unit_id, target.indicator, period) if period else TargetProgress(None, 0)
        warning = ""
        if target.number is not None and reached.total > target.number:
            sentence = translate("Đã có {}, nhiều hơn chỉ tiêu {}. Xem lại số nhé.")
            warning = sentence.format(grouped(reached.total), grouped(target.number))
        return TargetView(
            id=target.id,
            unit=unit_store.unit_label(unit, self.units),
            indicator=indicator_name(target.indicator),
            what=indicator_meaning(target.indicator),
            period=period_in_words(period) if period else target.period,
            origin=translate(ORIGIN_NAMES[target.origin]),
            number=translate("đã bỏ") if target.number is None else grouped(target.number),
            public=_public_in_words(target),
            reached=reached_in_words(reached),
            warning=warning,
            version=target.version,
        )


def _public_in_words(target: Target) -> str:
    if target.is_signed:
        return translate("Đã ký, công khai") if target.number is not None else translate("Không công khai")
    if target.signed_number is None:
        return translate("Chưa ký, chưa công khai")
    return translate("Vừa sửa, chưa ký; công khai vẫn là {}").format(grouped(target.signed_number))
