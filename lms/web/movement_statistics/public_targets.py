"""What units have signed off, and how far they are by what is published, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from lms.learning.accounts.permissions import CITY
from lms.learning.ledger.entries import find_public_targets
from lms.learning.ledger.indicators import TargetIndicator, all_indicators
from lms.learning.ledger.periods import Period, periods_of_year
from lms.learning.movement_statistics.figure_releases import Release, TargetTotal
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.org_units import unit_store
from lms.learning.org_units.unit_store import OrgUnit
from lms.learning.store.models import LedgerEntry
from lms.learning.wards import Ward
from lms.web.database import session
from lms.web.language import translate, translate_markup, translate_number
from lms.web.ledger.wording import indicator_meaning, indicator_name
from lms.web.movement_statistics.wording import published_number_in_words
from lms.web.page_formats import day_in_words, grouped
from lms.web.period_words import period_within_words
from lms.web.ward_words import ward_label


@dataclass(frozen=True, slots=True)
class SignedNumber:
    """``text``: "Đăng ký 60". ``signed``: who signed it and when; a unit, never a person."""

    text: str
    signed: Markup


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
    place = unit_store.find_unit(session(), ward.code)
    below = unit_store.find_units(session(), ward=ward.code, include_closed=True)
    units = {unit.id: unit for unit in (place, *below)}
    by_target: dict[tuple[str, str, str], list[LedgerEntry]] = {}
    for target in targets:
        by_target.setdefault((target.unit_id, target.period, target.indicator), []).append(target)
    order = {key: number for number, key in enumerate((*units, *periods, *all_indicators()))}
    return [
        _view(found, units, periods[found[0].period], release)
        for key, found in sorted(by_target.items(), key=lambda item: [order.get(part, len(order)) for part in item[0]])
    ]


def city_target_views(release: Release) -> list[CityTargetView]:
    """What the city and its wards have signed off for the year of the release."""
    by_indicator: dict[str, list[TargetTotal]] = {}
    for total in release.signed_totals:
        by_indicator.setdefault(total.indicator, []).append(total)
    return [
        CityTargetView(
            title=_capitalized(indicator_name(key)),
            lines=tuple(line for total in by_indicator[key] for line in _city_lines(total)),
            reached=_reached(_value_of_city(release, indicator), release.hand_total(key)),
        )
        for key, indicator in all_indicators().items()
        if key in by_indicator
    ]


def _view(
    targets: list[LedgerEntry],
    units: dict[str, OrgUnit],
    period: Period,
    release: Release | None,
) -> PublicTargetView:
    unit = units[targets[0].unit_id]
    indicator = all_indicators().get(targets[0].indicator)
    name = _capitalized(indicator_name(targets[0].indicator))
    reached = ""
    if release and indicator and period.key == str(release.year):
        reached = _reached_in_year(release, unit, indicator)
    return PublicTargetView(
        unit_id=unit.id,
        unit=unit_store.unit_label(unit, units),
        title=f"{name}, {period_within_words(period)}",
        what=indicator_meaning(targets[0].indicator),
        numbers=tuple(_signed(target, unit) for target in sorted(targets, key=_registered_first)),
        reached=reached,
    )


def _registered_first(target: LedgerEntry) -> bool:
    return target.kind == "given"


def _signed(target: LedgerEntry, unit: OrgUnit) -> SignedNumber:
    # What is given is signed by the unit above; a ward signs for its units.
    signs = CITY if target.kind == "given" and unit.kind == "ward" else unit.ward
    by = escape(translate("Thành phố")) if signs == CITY else ward_label(signs)
    text = translate("Được giao {}") if target.kind == "given" else translate("Đăng ký {}")
    signed = translate_markup("{} ký ngày {}").format(by, day_in_words(target.at))
    return SignedNumber(text.format(grouped(target.number or 0)), signed)


def _reached_in_year(release: Release, unit: OrgUnit, indicator: TargetIndicator) -> str:
    if unit.kind != "ward":  # nothing is published of the units of a ward
        return ""
    by_site = _value_of_ward(release, unit.ward, indicator.key) if indicator.is_counted_by_site else None
    return _reached(by_site, release.hand_value(unit.ward, indicator.key))


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
        return translate("Đã có {}, ghi tay").format(published_number_in_words(by_hand))
    if by_hand:
        return translate("Đã có {}, thêm {} ghi tay").format(
            published_number_in_words(by_site), published_number_in_words(by_hand)
        )
    return translate("Đã có {}").format(published_number_in_words(by_site))


def _city_lines(total: TargetTotal) -> list[str]:
    is_given, lines = total.origin == "given", list[str]()
    if total.wards:
        of_wards = (
            translate_number("{} nơi được giao {}", "{} nơi được giao {}", total.wards)
            if is_given
            else translate_number("{} nơi đăng ký {}", "{} nơi đăng ký {}", total.wards)
        )
        lines.append(of_wards.format(grouped(total.wards), grouped(total.number)))
    if total.city is not None:
        of_city = translate("Thành phố được giao {}") if is_given else translate("Thành phố đăng ký {}")
        lines.append(of_city.format(grouped(total.city)))
    return lines


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
