"""The report of a unit for a month, quarter or year: the numbers that page, sheet and file have in common.

A period closes when its last month takes no more figures. From then on its report has what was known at the closing:
counts only ever grow until that day, entries and targets have their moments. What a ward deleted afterwards is missing,
and ``forgotten`` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.learning import wards
from lms.learning.accounts.permissions import CITY
from lms.learning.ledger.entries import TARGET_KINDS, closing_day, find_latest, find_notes
from lms.learning.ledger.indicators import all_indicators
from lms.learning.ledger.periods import Period, previous_period
from lms.learning.ledger.report_scope import (
    ForgottenWard,
    LeftOutClasses,
    Span,
    count_by_hand,
    count_by_site,
    count_by_subunit,
    count_entered_late,
    count_learners_until,
    find_forgotten_wards,
    find_scope,
    sum_left_out,
)
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.org_units.unit_store import OrgUnit, find_units, unit_label
from lms.learning.store.models import LedgerEntry
from lms.message_catalog import mark_for_translation

# A line of what the site counts: an indicator, the accounts that steered classes, or all learners so far.
SITE_LINES = (
    Indicator.CLASSES.value,
    "facilitators",
    Indicator.ATTENDANCES.value,
    Indicator.WITHOUT_PHONE.value,
    Indicator.LEARNERS.value,
    "learners_so_far",
    Indicator.UNDERSTOOD.value,
    Indicator.COULD_DO.value,
    Indicator.USED.value,
)
PART_LINES = (Indicator.CLASSES.value, Indicator.ATTENDANCES.value, Indicator.LEARNERS.value)
ReportState = Literal["running", "ended", "closed"]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One number of the period, and the same of the period before."""

    key: str
    now: int
    before: int

    @property
    def difference(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A ward of the city, or a unit of the ward, and its lines: those of ``PART_LINES``."""

    name: str
    lines: Sequence[ReportLine]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target of the period, and how far it is. ``signed``: the number that is public, None if none is."""

    indicator: str
    kind: str
    number: int
    signed: int | None
    by_site: int | None
    by_hand: int

    @property
    def reached(self) -> int:
        return (self.by_site or 0) + self.by_hand


@dataclass(frozen=True, slots=True)
class PeriodReport:
    """``known_on``: the last day that it knows of. ``closes_on``: the day from which on nothing changes any more."""

    unit: OrgUnit
    period: Period
    previous: Period
    known_on: date
    closes_on: date
    state: ReportState
    counted: Sequence[ReportLine]
    entered: Sequence[ReportLine]
    targets: Sequence[TargetLine]
    parts: Sequence[ReportPart]
    left_out: Sequence[LeftOutClasses]
    repeated: int
    entered_late: int
    forgotten: Sequence[ForgottenWard]
    notes: Mapping[str, LedgerEntry]

    @property
    def is_closed(self) -> bool:
        return self.state == "closed"


def build_report(session: Session, unit: OrgUnit, period: Period, *, now: datetime) -> PeriodReport:
    """The report of a unit; of a closed period as it was when that closed."""
    today = vietnam_time.to_vietnam_time(now).date()
    previous = previous_period(period)
    span, span_before = _span(period, today), _span(previous, today)
    scope = find_scope(session, unit)
    parts, parts_before = count_by_subunit(session, unit, span), count_by_subunit(session, unit, span_before)
    counted = count_by_site(session, scope, span, parts)
    counted_before = count_by_site(session, scope, span_before, parts_before)
    so_far = count_learners_until(session, scope, previous.last)
    if so_far is not None:  # the period begins on the day after
        counted_before["learners_so_far"] = so_far
        counted["learners_so_far"] = so_far + counted[Indicator.LEARNERS]
    entered, entered_before = count_by_hand(session, scope, span), count_by_hand(session, scope, span_before)
    left_out, repeated = sum_left_out(session, scope, span)
    known = all_indicators()
    return PeriodReport(
        unit=unit,
        period=period,
        previous=previous,
        known_on=min(today, span.closing_day - timedelta(days=1)),
        closes_on=span.closing_day,
        state="closed" if span.closing else "ended" if today > period.last else "running",
        counted=[ReportLine(key, counted[key], counted_before[key]) for key in SITE_LINES if key in counted],
        entered=[
            ReportLine(key, entered.get(key, 0), entered_before.get(key, 0))
            for key in (*known, *sorted({*entered, *entered_before} - {*known}))
            if key in entered or key in entered_before
        ],
        targets=_find_targets(session, unit, period, span, counted, entered),
        parts=_name_parts(session, unit, parts, parts_before),
        left_out=left_out,
        repeated=repeated,
        entered_late=count_entered_late(session, scope, span),
        forgotten=find_forgotten_wards(session, scope, span),
        notes=find_notes(session, unit.id, period.key),
    )


def _span(period: Period, today: date) -> Span:
    closes_on = closing_day(period)
    closing = datetime.combine(closes_on, time(), vietnam_time.VIETNAM) if today >= closes_on else None
    return Span(period.first, period.last, closing, closes_on, period.month_keys)


def _name_parts(
    session: Session,
    unit: OrgUnit,
    now: Mapping[str, Mapping[str, int]],
    before: Mapping[str, Mapping[str, int]],
) -> list[ReportPart]:
    """Those that have a number in either period: wards and units in the order of their names, no ward at the end."""
    if unit.kind == "city":
        known = [ward.code for ward in wards.all_wards()]
        names = {code: wards.ward_label(code) for code in (*known, *sorted({*now, *before} - {*known, CITY}))}
        names[CITY] = mark_for_translation("Lớp của thành phố, người chưa rõ phường")
    else:
        units = find_units(session, ward=unit.ward, include_closed=True)
        by_id = {one.id: one for one in units}
        names = {one.id: unit_label(one, by_id) for one in units}
    return [
        ReportPart(
            name,
            [ReportLine(line, now.get(key, {}).get(line, 0), before.get(key, {}).get(line, 0)) for line in PART_LINES],
        )
        for key, name in names.items()
        if key in now or key in before
    ]


def _find_targets(
    session: Session, unit: OrgUnit, period: Period, span: Span, counted: dict[str, int], entered: dict[str, int]
) -> list[TargetLine]:
    """The unit's targets for the period; once it is closed, as the ledger had them at the closing."""
    known = [LedgerEntry.period == period.key, LedgerEntry.unit_id == unit.id, LedgerEntry.kind.in_(TARGET_KINDS)]
    if span.closing:
        known.append(LedgerEntry.at < span.closing)
    signed = {
        (entry.kind, entry.indicator): entry.number for entry in find_latest(session, *known, LedgerEntry.is_signed)
    }
    # People who came to a class are two numbers of the site, with a phone and without.
    by_site = counted | {Indicator.ATTENDANCES.value: counted[Indicator.ATTENDANCES] + counted[Indicator.WITHOUT_PHONE]}
    place = list(all_indicators())
    lines = [
        TargetLine(
            entry.indicator,
            entry.kind,
            entry.number,
            signed.get((entry.kind, entry.indicator)),
            by_site.get(entry.indicator),
            entered.get(entry.indicator, 0),
        )
        for entry in find_latest(session, *known)
        if entry.number is not None
    ]
    return sorted(
        lines,
        key=lambda line: (
            place.index(line.indicator) if line.indicator in place else len(place),
            line.kind,
        ),
    )
