"""Figures that were counted by hand: entered with who and when, taken back, and added up for a period."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session, aliased

from lms import vietnam_time
from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidTarget, NotFound
from lms.learning.learners.learner_store import clean_line
from lms.learning.org_units.unit_store import ensure_place_unit, find_unit
from lms.learning.store.models import AccountRow, HandCountedFigureRow
from lms.learning.targets.indicators import all_indicators
from lms.learning.targets.periods import Period
from lms.learning.targets.target_admin import find_target_form_problems

MAX_NOTE_LENGTH = 120
OLDEST = timedelta(days=800)  # a day before it is a mistyped year
_MAX_DIGITS_IN_NOTE = 7  # more are a telephone number


@dataclass(frozen=True, slots=True)
class HandCountedFigure:
    """``withdrawn_by``: the name of who took it back, or "" while it counts."""

    id: str
    unit_id: str
    ward: str
    indicator: str
    day: date
    number: int
    note: str
    entered_by: str
    entered_at: datetime
    withdrawn_by: str

    @property
    def counts(self) -> bool:
        return not self.withdrawn_by


def enter_hand_counted_figure(
    session: Session,
    *,
    unit_id: str,
    indicator: str,
    day: date | None,
    number: int | None,
    note: str,
    by: Account,
    now: datetime,
) -> HandCountedFigure:
    """Enter a number of one day. The same again, as after a double tap, is entered once.

    Raises:
        InvalidTarget: with a problem for each wrong field.
        NotAllowed: the account may not do this in the ward of the unit.
    """
    cleaned, today = clean_line(note), vietnam_time.to_vietnam_time(now).date()
    try:
        unit = find_unit(session, unit_id)
    except NotFound:
        unit = None
    problems = find_target_form_problems(unit, unit_id, indicator, number)
    if day is None:
        problems["day"] = "missing"
    elif day > today:
        problems["day"] = "future"
    elif day < today - OLDEST:
        problems["day"] = "past"
    if len(cleaned) > MAX_NOTE_LENGTH:
        problems["note"] = "too_long"
    elif sum(letter.isdigit() for letter in cleaned) > _MAX_DIGITS_IN_NOTE:
        problems["note"] = "number"
    if problems or unit is None or day is None or number is None:
        raise InvalidTarget(problems)
    permissions.require_permission(by, "manage_targets", PermissionTarget(unit.ward))
    ensure_place_unit(session, unit.ward, now=now)  # its lock lets the second tap wait for the first
    for same in find_hand_counted_figures(session, ward=unit.ward, first=day, last=day):
        if same.counts and (same.unit_id, same.indicator, same.number, same.note) == (
            unit_id, indicator, number, cleaned,
        ):  # fmt: skip
            return same
    figure_id = secrets.token_hex(8)
    session.connection().execute(
        insert(HandCountedFigureRow.__table__).values(
            id=figure_id,
            unit_id=unit_id,
            ward=unit.ward,
            indicator=indicator,
            day=day,
            number=number,
            note=cleaned,
            entered_by=by.id,
            entered_at=now,
            withdrawn_by=None,
            withdrawn_at=None,
        )
    )
    figure = find_hand_counted_figure(session, figure_id)
    _record(session, by, "hand_figure_entered", figure, now)
    return figure


def withdraw_hand_counted_figure(session: Session, figure_id: str, *, by: Account, now: datetime) -> HandCountedFigure:
    """Let a figure count no more; it stays in the list with who took it back.

    Raises:
        NotFound: there is none.
        NotAllowed: as ``enter_hand_counted_figure``.
    """
    before = find_hand_counted_figure(session, figure_id)
    permissions.require_permission(by, "manage_targets", PermissionTarget(before.ward))
    if before.counts:
        session.connection().execute(
            update(HandCountedFigureRow.__table__)
            .where(HandCountedFigureRow.id == figure_id, HandCountedFigureRow.withdrawn_at.is_(None))
            .values(withdrawn_by=by.id, withdrawn_at=now)
        )
        _record(session, by, "hand_figure_withdrawn", before, now)
    return find_hand_counted_figure(session, figure_id)


def find_hand_counted_figure(session: Session, figure_id: str) -> HandCountedFigure:
    """The figure with this id.

    Raises:
        NotFound: there is none.
    """
    found = _find(session, HandCountedFigureRow.id == figure_id)
    if not found:
        raise NotFound(figure_id)
    return found[0]


def find_hand_counted_figures(session: Session, *, ward: str, first: date, last: date) -> list[HandCountedFigure]:
    """The figures of the ward's units ("" is the city) of these days, also those taken back; newest day first."""
    return _find(
        session,
        HandCountedFigureRow.ward == ward,
        HandCountedFigureRow.day.between(first, last),
    )


def add_up_hand_counted_figures(session: Session, *, ward: str, period: Period) -> Counter[tuple[str, str]]:
    """What counts in a period, by unit and indicator; each unit without those below it."""
    rows = session.connection().execute(
        select(HandCountedFigureRow.unit_id, HandCountedFigureRow.indicator, func.sum(HandCountedFigureRow.number))
        .where(
            HandCountedFigureRow.ward == ward,
            HandCountedFigureRow.day.between(period.first, period.last),
            HandCountedFigureRow.withdrawn_at.is_(None),
        )
        .group_by(HandCountedFigureRow.unit_id, HandCountedFigureRow.indicator)
    )
    return Counter({(unit_id, indicator): int(total) for unit_id, indicator, total in rows})


def _find(session: Session, *conditions: object) -> list[HandCountedFigure]:
    entered, withdrawn = aliased(AccountRow), aliased(AccountRow)
    rows = session.connection().execute(
        select(*HandCountedFigureRow.__table__.c, entered.name.label("by_name"), withdrawn.name.label("withdrawn_name"))
        .select_from(HandCountedFigureRow)
        .join(entered, entered.id == HandCountedFigureRow.entered_by)
        .outerjoin(withdrawn, withdrawn.id == HandCountedFigureRow.withdrawn_by)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(HandCountedFigureRow.day.desc(), HandCountedFigureRow.entered_at.desc())
    )
    return [
        HandCountedFigure(
            row.id,
            row.unit_id,
            row.ward,
            row.indicator,
            row.day,
            row.number,
            row.note,
            row.by_name,
            row.entered_at,
            row.withdrawn_name or "",
        )
        for row in rows
    ]


def _record(session: Session, by: Account, action: str, figure: HandCountedFigure, now: datetime) -> None:
    details = {"name": all_indicators()[figure.indicator].name, "number": figure.number, "day": figure.day.isoformat()}
    audit_log.record(session, by, action, target_id=figure.id, ward=figure.ward, now=now, details=details)
