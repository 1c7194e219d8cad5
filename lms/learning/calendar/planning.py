"""Writes of organisers: plan a class or a series, move, cancel and restore it, and open it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.calendar.class_plan import ClassPlan, start_of, validate_plan
from lms.learning.calendar.planned_classes import (
    PlannedClass,
    find_duplicate_plans,
    find_planned_class,
    find_series,
)
from lms.learning.errors import (
    InvalidPlannedClass,
    NotAllowed,
    NotFound,
    PlannedClassCancelled,
    PlannedClassChanged,
    PlannedClassOver,
)
from lms.learning.learners.learner_store import clean_line
from lms.learning.org_units.unit_store import find_unit
from lms.learning.store.models import AccountRow, ClassSessionRow, PlannedClassRow

MAX_WEEKS = 26
MAX_NOTE_LENGTH = 120
WEEK = timedelta(days=7)


def plan_class(
    session: Session, plan: ClassPlan, *, ward: str, library: Library, by: Account, now: datetime, weeks: int = 1
) -> list[PlannedClass]:
    """Announce a class, or with ``weeks`` a series at the same hour of as many weeks. All or none is saved.

    The same again, as after a double tap, plans nothing twice: the classes that are there are returned.

    Raises:
        NotAllowed: the account may not plan classes in this ward.
        InvalidPlannedClass: with a problem for each wrong field; "weeks" is one.
    """
    permissions.require_permission(by, "plan_class", PermissionTarget(ward))
    problems = {} if 1 <= weeks <= MAX_WEEKS else {"weeks": "range"}
    try:
        first = validate_plan(plan, library=library, now=now)
        _require_unit(session, first, ward)
    except InvalidPlannedClass as error:
        raise InvalidPlannedClass(error.problems | problems) from None
    if problems:
        raise InvalidPlannedClass(problems)
    plans = [replace(first, starts_at=start_of(first) + week * WEEK) for week in range(weeks)]
    # The lock lets the second tap wait for the first.
    session.connection().execute(select(AccountRow.id).where(AccountRow.id == by.id).with_for_update())
    if len(same := find_duplicate_plans(session, plans, ward=ward)) == len(plans):
        return same
    series_id = secrets.token_hex(8) if weeks > 1 else None
    rows: list[dict[str, Any]] = [
        each.as_values()
        | {
            "id": secrets.token_hex(8), "ward": ward, "series_id": series_id, "moved_from": None, "previous_venue": "",
            "change_note": "", "planned_by": by.id, "version": 1, "changed_at": now,
        }
        for each in plans
    ]  # fmt: skip
    session.connection().execute(insert(PlannedClassRow.__table__), rows)
    planned = [find_planned_class(session, row["id"]) for row in rows]
    for each in planned:
        _record(session, by, "plan_added", each, now)
    return planned


def change_plan(
    session: Session,
    planned_class_id: str,
    plan: ClassPlan,
    *,
    version: int,
    note: str,
    library: Library,
    by: Account,
    now: datetime,
) -> PlannedClass:
    """Save a changed plan. Another start or venue is a move: the class's page shows the old one and the ``note``.

    ``version``: of the plan that was changed. What is saved already, as after a double tap, is no conflict.

    Raises:
        NotFound: no planned class has this id.
        NotAllowed: the account may not plan classes in its ward.
        PlannedClassOver: the class was held, or its time has passed.
        PlannedClassChanged: somebody changed it meanwhile.
        InvalidPlannedClass: with a problem for each wrong field; "note" is one.
    """
    before = _lock(session, planned_class_id, by, now)
    checked, reason = validate_plan(plan, library=library, now=now), _validate_note(note)
    if (checked, reason) == (before.plan, before.change_note):
        return before
    _require_version(before, version)
    if checked.unit_id != before.plan.unit_id:
        _require_unit(session, checked, before.ward)
    values = checked.as_values() | {"change_note": reason}
    if checked.starts_at != before.starts_at:
        values["moved_from"] = None if checked.starts_at == before.moved_from else before.starts_at
    if checked.venue != before.plan.venue:
        values["previous_venue"] = "" if checked.venue == before.previous_venue else before.plan.venue
    return _save(session, before, by, "plan_changed", now, **values)


def cancel_plan(
    session: Session, planned_class_id: str, *, version: int, note: str, by: Account, now: datetime, rest: bool = False
) -> list[PlannedClass]:
    """Cancel a class; with ``rest`` also those of its series that come after it. Cancelled ones stay as they are.

    Raises:
        NotFound, NotAllowed, PlannedClassOver, PlannedClassChanged, InvalidPlannedClass: as ``change_plan``.
    """
    first = _lock(session, planned_class_id, by, now)
    reason = _validate_note(note)
    if not first.is_cancelled:
        _require_version(first, version)
    series = find_series(session, first.series_id, begin=first.starts_at) if rest and first.series_id else [first]
    to_cancel = [each for each in series if not each.is_cancelled and not each.is_held]
    return [_save(session, each, by, "plan_cancelled", now, cancelled_at=now, change_note=reason) for each in to_cancel]


def restore_plan(session: Session, planned_class_id: str, *, version: int, by: Account, now: datetime) -> PlannedClass:
    """Take a cancellation back.

    Raises:
        NotFound, NotAllowed, PlannedClassOver, PlannedClassChanged: as ``change_plan``.
    """
    before = _lock(session, planned_class_id, by, now)
    if not before.is_cancelled:
        return before
    _require_version(before, version)
    return _save(session, before, by, "plan_restored", now, cancelled_at=None, change_note="")


def link_opened_class(session: Session, planned_class_id: str, class_id: str, *, now: datetime) -> None:
    """Let the plan show the class that was opened from it. The caller has checked that the account may open it.

    Raises:
        NotFound: no planned class has this id.
        NotAllowed: the class is a rehearsal, which is deleted after a day, or of another ward.
        PlannedClassCancelled: it was cancelled.
        PlannedClassChanged: another class was opened from it meanwhile.
    """
    before = find_planned_class(session, planned_class_id, lock=True)
    if before.is_cancelled:
        raise PlannedClassCancelled(planned_class_id)
    if before.is_held and before.class_id != class_id:
        raise PlannedClassChanged(planned_class_id)
    opened = session.get_one(ClassSessionRow, class_id)
    if opened.is_rehearsal or opened.ward != before.ward:
        raise NotAllowed("open_class")
    _update(session, before, class_id=class_id, changed_at=now)


def _lock(session: Session, planned_class_id: str, by: Account, now: datetime) -> PlannedClass:
    before = find_planned_class(session, planned_class_id, lock=True)
    permissions.require_permission(by, "plan_class", PermissionTarget(before.ward))
    if before.is_held or before.is_over(now):
        raise PlannedClassOver(planned_class_id)
    return before


def _require_unit(session: Session, plan: ClassPlan, ward: str) -> None:
    """Check that who holds the class is an open unit of its ward, or an organisation of the city."""
    if plan.unit_id is None:
        return
    try:
        unit = find_unit(session, plan.unit_id)
    except NotFound:
        raise InvalidPlannedClass({"unit_id": "unknown"}) from None
    if unit.is_closed or not unit.is_listed or unit.ward not in (ward, CITY):
        raise InvalidPlannedClass({"unit_id": "unknown"})


def _require_version(before: PlannedClass, version: int) -> None:
    if before.version != version:
        raise PlannedClassChanged(before.id)


def _validate_note(note: str) -> str:
    text = clean_line(note)
    if len(text) > MAX_NOTE_LENGTH:
        raise InvalidPlannedClass({"note": "too_long"})
    return text


def _save(
    session: Session, before: PlannedClass, by: Account, action: str, now: datetime, **values: object
) -> PlannedClass:
    _update(session, before, **values, version=before.version + 1, changed_at=now)
    after = find_planned_class(session, before.id)
    _record(session, by, action, after, now)
    return after


def _update(session: Session, planned: PlannedClass, **values: object) -> None:
    table = PlannedClassRow.__table__
    session.connection().execute(update(table).where(table.c.id == planned.id).values(values))


def _record(session: Session, by: Account, action: str, planned: PlannedClass, now: datetime) -> None:
    details = {"name": planned.plan.venue, "starts_at": planned.starts_at.isoformat()}
    audit_log.record(session, by, action, target_id=planned.id, ward=planned.ward, now=now, details=details)
