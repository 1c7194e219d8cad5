"""What a report of a unit is about, and what was counted of it in some days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.learning.accounts.account_store import LAPTOP_ACCOUNT_ID
from lms.learning.accounts.permissions import CITY
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.movement_statistics.unit_figures import find_unit_figures
from lms.learning.org_units.unit_store import OrgUnit
from lms.learning.store.models import (
    AuditLogRow,
    ClassFacilitator,
    CountedClass,
    DailyFigure,
    LedgerEntry,
    OrgUnitRow,
    UnitFigure,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included, and how they were known: at ``closing``, or None for as they are now."""

    first: date
    last: date
    closing: datetime | None
    closing_day: date
    months: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReportScope:
    """A ward, or the ids of a unit and of its chapters. Neither is the whole city."""

    wards: tuple[str, ...] = ()
    unit_ids: tuple[str, ...] = ()

    @property
    def is_city(self) -> bool:
        return not (self.wards or self.unit_ids)


@dataclass(frozen=True, slots=True)
class LeftOutClasses:
    """How many classes were left out for one reason, and how many people were there."""

    reason: str
    classes: int
    people: int


@dataclass(frozen=True, slots=True)
class ForgottenWard:
    """A ward whose classes, units, targets and entries were deleted: of it the counts of the site are left."""

    ward: str
    at: datetime


def find_scope(session: Session, unit: OrgUnit) -> ReportScope:
    """The scope of a unit, without those below it. An organisation of the city has what its chapters in wards have."""
    if unit.kind == "city":
        return ReportScope()
    if unit.kind == "ward":
        return ReportScope(wards=(unit.ward,))
    ids = {unit.id}
    if unit.kind == "organisation" and unit.ward == CITY and unit.organisation:
        ids.update(
            session.connection().scalars(select(OrgUnitRow.id).where(OrgUnitRow.organisation == unit.organisation))
        )
    return ReportScope(unit_ids=tuple(sorted(ids)))


def count_by_site(
    session: Session, scope: ReportScope, span: Span, parts: Mapping[str, Mapping[str, int]]
) -> dict[str, int]:
    """What the site counted, by indicator, and "facilitators": accounts that steered the counted classes.

    ``parts``: as ``count_by_subunit``; those of the city are all that was counted, which is not read twice.
    """
    figure: Any = UnitFigure if scope.unit_ids else DailyFigure
    of_scope = UnitFigure.unit_id.in_(scope.unit_ids) if scope.unit_ids else DailyFigure.ward.in_(scope.wards)
    found = Counter[str]()
    if scope.is_city:
        for counts in parts.values():
            found.update(counts)
    else:
        rows = session.connection().execute(
            select(figure.indicator, func.sum(figure.count).label("total"))
            .where(figure.day.between(span.first, span.last), of_scope)
            .group_by(figure.indicator)
        )
        found.update({row.indicator: int(row.total) for row in rows})
    counted = {indicator.value: found[indicator] for indicator in Indicator}
    return counted | _count_facilitators(session, scope, span)


def count_by_subunit(session: Session, unit: OrgUnit, span: Span) -> dict[str, dict[str, int]]:
    """What the site counted by ward of the city, or by id of the units in a ward; of other units nothing."""
    if unit.kind == "ward":
        found = find_unit_figures(session, ward=unit.ward, begin=span.first, end=span.last)
        return {unit_id: {str(indicator): count for indicator, count in one.items()} for unit_id, one in found.items()}
    parts: dict[str, dict[str, int]] = {}
    if unit.kind == "city":
        rows = session.connection().execute(
            select(DailyFigure.ward, DailyFigure.indicator, func.sum(DailyFigure.count).label("total"))
            .where(DailyFigure.day.between(span.first, span.last))
            .group_by(DailyFigure.ward, DailyFigure.indicator)
        )
        for row in rows:
            of_ward = parts.setdefault(row.ward, {})
            of_ward[row.indicator] = of_ward.get(row.indicator, 0) + int(row.total)
    return parts


def count_learners_until(session: Session, scope: ReportScope, last: date) -> int | None:
    """How many learners were ever counted until a day; None if nobody knows it of such a unit."""
    if scope.unit_ids:
        return None
    total = session.connection().scalar(
        select(func.sum(DailyFigure.count)).where(
            DailyFigure.day <= last, DailyFigure.indicator == Indicator.LEARNERS, _of_place(scope)
        )
    )
    return int(total or 0)


def count_by_hand(session: Session, scope: ReportScope, span: Span) -> dict[str, int]:
    """What was counted by hand, by indicator: what stood in the ledger at the closing."""
    counted = [*_counted_in(scope, span)]
    if span.closing:
        counted.append(LedgerEntry.at < span.closing)
    rows = session.connection().execute(
        select(LedgerEntry.indicator, func.sum(LedgerEntry.number).label("total"))
        .where(LedgerEntry.id.in_(LedgerEntry.latest_ids(*counted)), LedgerEntry.number.is_not(None))
        .group_by(LedgerEntry.indicator)
    )
    return {row.indicator: int(row.total) for row in rows}


def count_entered_late(session: Session, scope: ReportScope, span: Span) -> int:
    """How many figures of these months were entered, corrected or taken back after the closing: none is counted."""
    if span.closing is None:
        return 0
    late = (*_counted_in(scope, span), LedgerEntry.at >= span.closing)
    return session.connection().scalar(select(func.count()).select_from(LedgerEntry).where(*late)) or 0


def find_forgotten_wards(session: Session, scope: ReportScope, span: Span) -> list[ForgottenWard]:
    """The wards of a scope that were forgotten since the period began, each with the latest time."""
    if scope.unit_ids:  # a unit is deleted with its ward
        return []
    rows = session.connection().execute(
        select(AuditLogRow.target_id, func.max(AuditLogRow.at).label("at"))
        .where(
            AuditLogRow.ward == CITY,
            AuditLogRow.action == "ward_forgotten",
            AuditLogRow.at >= datetime.combine(span.first, time(), vietnam_time.VIETNAM),
            true() if scope.is_city else AuditLogRow.target_id.in_(scope.wards),
        )
        .group_by(AuditLogRow.target_id)
        .order_by("at")
    )
    return [ForgottenWard(row.target_id, row.at) for row in rows]


def sum_left_out(session: Session, scope: ReportScope, span: Span) -> tuple[list[LeftOutClasses], int]:
    """The classes that were not counted, by reason, and how many people were left out of those that were."""
    people = CountedClass.attendances + CountedClass.repeated + CountedClass.without_phone
    rows = session.connection().execute(
        _of_classes(
            select(
                CountedClass.left_out,
                func.count().label("classes"),
                func.sum(people).label("people"),
                func.sum(CountedClass.repeated).label("repeated"),
            ),
            scope,
            span,
        ).group_by(CountedClass.left_out)
    )
    left_out, repeated = list[LeftOutClasses](), 0
    for row in rows:
        if row.left_out:
            left_out.append(LeftOutClasses(row.left_out, row.classes, int(row.people)))
        else:
            repeated = int(row.repeated)
    return sorted(left_out, key=lambda one: one.reason), repeated


def _count_facilitators(session: Session, scope: ReportScope, span: Span) -> dict[str, int]:
    accounts = _of_classes(select(func.count(ClassFacilitator.account_id.distinct())), scope, span)
    counted = accounts.join(ClassFacilitator, ClassFacilitator.class_id == CountedClass.class_id).where(
        CountedClass.left_out == "", ClassFacilitator.account_id != LAPTOP_ACCOUNT_ID
    )
    return {"facilitators": session.connection().scalar(counted) or 0}


def _of_classes(sums: Any, scope: ReportScope, span: Span) -> Any:
    """Over the classes of a scope that were looked at before the closing."""
    chosen = sums.select_from(CountedClass).where(CountedClass.held_on.between(span.first, span.last))
    if span.closing:
        chosen = chosen.where(CountedClass.counted_on < span.closing_day)
    if scope.unit_ids:
        return chosen.where(CountedClass.unit_id.in_(scope.unit_ids))
    return chosen if scope.is_city else chosen.where(CountedClass.ward.in_(scope.wards))


def _of_place(scope: ReportScope) -> ColumnElement[bool]:
    return true() if scope.is_city else DailyFigure.ward.in_(scope.wards)


def _counted_in(scope: ReportScope, span: Span) -> Iterator[ColumnElement[bool]]:
    yield LedgerEntry.kind == "counted"
    yield LedgerEntry.period.in_(span.months)
    if scope.unit_ids:
        yield LedgerEntry.unit_id.in_(scope.unit_ids)
    elif not scope.is_city:
        yield LedgerEntry.ward.in_(scope.wards)
