"""What units have signed off, and how far they are by what is published, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lms.learning.accounts.permissions import CITY
from lms.learning.figures.indicators import PUBLIC_UNIT_INDICATORS, Indicator
from lms.learning.figures.releases import Release, TargetTotal
from lms.learning.targets.indicators import TargetIndicator, all_indicators
from lms.learning.targets.periods import Period, periods_of_year
from lms.learning.targets.target_store import PublicTarget, find_public_targets
from lms.learning.units import unit_store
from lms.learning.units.unit_moves import UnitHistory, find_places, read_unit_history
from lms.learning.units.unit_store import Unit
from lms.learning.wards import Ward, ward_label
from lms.vietnam_time import day_in_words
from lms.web.database import session
from lms.web.movement.wording import at_least
from lms.web.vietnamese_formats import grouped

_UNIT_INDICATORS = frozenset(map(str, PUBLIC_UNIT_INDICATORS))


@dataclass(frozen=True, slots=True)
class SignedNumber:
    """``text``: "Đăng ký 60". ``signed``: who signed it and when; a unit, never a person."""

    text: str
    signed: str


@dataclass(frozen=True, slots=True)
class PublicTargetView:
    """What a unit wants to reach of an indicator in a period. ``reached``: "" where it is not published."""

    unit_id: str
    unit: str
    title: str
    what: str
    numbers: tuple[SignedNumber, ...]
    reached: str


@dataclass(frozen=True, slots=True)
class CityTargetView:
    """What the city and its wards together want to reach of an indicator in the year."""

    title: str
    lines: tuple[str, ...]
    reached: str


def public_target_views(ward: Ward, release: Release | None, *, today: date) -> list[PublicTargetView]:
    """What the ward and its units have signed off for periods that are not over, the ward's own first."""
    periods = {period.key: period for period in periods_of_year(today.year) if period.last >= today}
    targets = find_public_targets(session(), ward=ward.code, periods=periods)
    if not targets:
        return []
    places, history = find_places(session(), ward.code), read_unit_history(session())
    below = unit_store.find_units(session(), ward=ward.code, include_closed=True)
    units = {unit.id: unit for unit in (*places, *below)}
    by_target: dict[tuple[str, str, str], list[PublicTarget]] = {}
    for target in targets:
        by_target.setdefault((target.unit_id, target.period, target.indicator), []).append(target)
    order = {key: number for number, key in enumerate((*units, *periods, *all_indicators()))}
    return [
        _view(found, units, history, periods[found[0].period], release)
        for key, found in sorted(by_target.items(), key=lambda item: [order.get(part, len(order)) for part in item[0]])
    ]


def city_target_views(release: Release) -> list[CityTargetView]:
    """What the city and its wards have signed off for the year of the release."""
    by_indicator: dict[str, list[TargetTotal]] = {}
    for total in release.signed_totals:
        by_indicator.setdefault(total.indicator, []).append(total)
    return [
        CityTargetView(
            title=f"{indicator.name[:1].upper()}{indicator.name[1:]}",
            lines=tuple(line for total in by_indicator[key] for line in _city_lines(total)),
            reached=_reached(_value_of_city(release, indicator), release.hand_total(key)),
        )
        for key, indicator in all_indicators().items()
        if key in by_indicator
    ]


def _view(
    targets: list[PublicTarget], units: dict[str, Unit], history: UnitHistory, period: Period, release: Release | None
) -> PublicTargetView:
    unit = units[targets[0].unit_id]
    indicator = all_indicators().get(targets[0].indicator)
    name = indicator.name if indicator else targets[0].indicator
    reached = ""
    if release and indicator and period.key == str(release.year):
        reached = _reached_in_year(release, units[history.current(unit.id)], indicator)
    return PublicTargetView(
        unit_id=unit.id,
        unit=unit_store.label(unit, units),
        title=f"{name[:1].upper()}{name[1:]}, {period.name[:1].lower()}{period.name[1:]}",
        what=indicator.what if indicator else "",
        numbers=tuple(_signed(target, unit) for target in sorted(targets, key=_registered_first)),
        reached=reached,
    )


def _registered_first(target: PublicTarget) -> bool:
    return target.origin == "given"


def _signed(target: PublicTarget, unit: Unit) -> SignedNumber:
    # What is given is signed by the unit above; a ward signs for its units.
    signs = CITY if target.origin == "given" and unit.kind == "ward" else unit.ward
    by = "Thành phố" if signs == CITY else ward_label(signs)
    verb = "Được giao" if target.origin == "given" else "Đăng ký"
    return SignedNumber(f"{verb} {grouped(target.number)}", f"{by} ký ngày {day_in_words(target.signed_at)}")


def _reached_in_year(release: Release, unit: Unit, indicator: TargetIndicator) -> str:
    if unit.kind == "ward":
        by_site = _value_of_ward(release, unit.ward, indicator.key) if indicator.is_counted_by_site else None
        return _reached(by_site, release.hand_value(unit.ward, indicator.key))
    if indicator.key in _UNIT_INDICATORS:
        return _reached(release.unit_value(unit.id, Indicator(indicator.key)), 0)
    return ""


def _value_of_ward(release: Release, ward: str, indicator: str) -> int:
    """Who came is two figures, with a phone and without."""
    value = release.value(ward, Indicator(indicator))
    return value + (release.value(ward, Indicator.WITHOUT_PHONE) if indicator == Indicator.ATTENDANCES else 0)


def _value_of_city(release: Release, indicator: TargetIndicator) -> int | None:
    if not indicator.is_counted_by_site:
        return None
    value = release.total(Indicator(indicator.key))
    return value + (release.total(Indicator.WITHOUT_PHONE) if indicator.key == Indicator.ATTENDANCES else 0)


def _reached(by_site: int | None, by_hand: int) -> str:
    if by_site is None:
        return f"Đã có {at_least(by_hand)}, ghi tay"
    return f"Đã có {at_least(by_site)}" + (f", thêm {at_least(by_hand)} ghi tay" if by_hand else "")


def _city_lines(total: TargetTotal) -> list[str]:
    verb = "được giao" if total.origin == "given" else "đăng ký"
    lines = [f"{grouped(total.wards)} nơi {verb} {grouped(total.number)}"] if total.wards else []
    return lines + ([f"Thành phố {verb} {grouped(total.city)}"] if total.city is not None else [])
