"""Writes of organisers: register or give a target, change it, withdraw it, sign it off."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidTarget, NotFound, TargetAlreadyExists, TargetChanged
from lms.learning.org_units.unit_store import OrgUnit, ensure_place_unit, find_unit
from lms.learning.store.models import TargetChange, TargetRow
from lms.learning.targets.indicators import all_indicators
from lms.learning.targets.periods import parse_period
from lms.learning.targets.target_store import Origin, Target, find_same_target, find_target

MAX_NUMBER = 20_000_000  # more than twice the people of the city


def may_set_target(account: Account, unit: OrgUnit, origin: Origin, above: OrgUnit | None) -> bool:
    """Whether the account may set a target of this origin. What is given comes from the ward of the unit above."""
    ward = unit.ward if origin == "registered" or above is None else above.ward
    return permissions.is_permitted(account, "manage_targets", PermissionTarget(ward)) and not (
        origin == "given" and above is None
    )


def add_target(
    session: Session,
    *,
    unit_id: str,
    indicator: str,
    period: str,
    origin: Origin,
    number: int | None,
    by: Account,
    now: datetime,
) -> Target:
    """Register a target for a unit, or give it one. The same again, as after a double tap, is no second one.

    Raises:
        InvalidTarget: with a problem for each wrong field.
        NotAllowed: the account may not set targets in this ward, or not give any to this unit.
        TargetAlreadyExists: the unit has another number for it, which can be changed.
    """
    unit = _find_open_unit(session, unit_id)
    problems = find_target_form_problems(unit, unit_id, indicator, number)
    if parse_period(period) is None:
        problems["period"] = "unknown" if period else "missing"
    if origin not in ("registered", "given"):
        problems["origin"] = "unknown"
    if problems or unit is None:
        raise InvalidTarget(problems)
    _require_right(session, by, unit, origin)
    ensure_place_unit(session, unit.ward, now=now)  # its lock lets the second tap wait for the first
    same = find_same_target(session, unit_id=unit_id, period=period, indicator=indicator, origin=origin)
    if same is not None:
        if same.number == number:
            return same
        raise TargetAlreadyExists(same.id)
    target_id = secrets.token_hex(8)
    session.connection().execute(
        insert(TargetRow.__table__).values(
            id=target_id,
            unit_id=unit_id,
            ward=unit.ward,
            indicator=indicator,
            period=period,
            origin=origin,
            number=number,
            signed_number=None,
            signed_at=None,
            version=1,
            changed_at=now,
        )
    )
    _add_change(session, target_id, 1, by, now, before=None, after=number)
    return _record(session, target_id, by, "target_set", now)


def find_target_form_problems(unit: OrgUnit | None, unit_id: str, indicator: str, number: int | None) -> dict[str, str]:
    """What is wrong with the fields that a target and a figure counted by hand both have, by field.

    ``unit``: what was found for ``unit_id``, or None.
    """
    problems: dict[str, str] = {}
    if unit is None:
        problems["unit_id"] = "unknown" if unit_id else "missing"
    if indicator not in all_indicators():
        problems["indicator"] = "unknown" if indicator else "missing"
    if number is None or not 1 <= number <= MAX_NUMBER:
        problems["number"] = "range"
    return problems


def change_target(
    session: Session, target_id: str, number: int | None, *, version: int, by: Account, now: datetime
) -> Target:
    """Set another number; None withdraws the target. The public number stays until the next signature.

    Raises:
        NotFound: there is no such target.
        NotAllowed: as ``add_target``.
        TargetChanged: somebody changed it meanwhile.
        InvalidTarget: the number is out of range.
    """
    before = _lock(session, target_id, by)
    if number is not None and not 1 <= number <= MAX_NUMBER:
        raise InvalidTarget({"number": "range"})
    if number == before.number:
        return before
    _require_version(before, version)
    _update(session, before, now, number=number)
    _add_change(session, target_id, before.version + 1, by, now, before=before.number, after=number)
    return _record(session, target_id, by, "target_set", now)


def sign_target(session: Session, target_id: str, *, version: int, by: Account, now: datetime) -> Target:
    """Sign the number off as it is, so that it is public; a withdrawn one is public no more.

    ``version``: of the target that was read: nobody signs a number that they have not seen.

    Raises:
        NotFound, NotAllowed, TargetChanged: as ``change_target``.
    """
    before = _lock(session, target_id, by)
    if before.is_signed:
        return before
    _require_version(before, version)
    _update(session, before, now, signed_number=before.number, signed_at=now)
    _add_change(
        session, target_id, before.version + 1, by, now, before=before.signed_number, after=before.number, signs=True
    )
    return _record(session, target_id, by, "target_signed", now)


def _find_open_unit(session: Session, unit_id: str) -> OrgUnit | None:
    try:
        unit = find_unit(session, unit_id)
    except NotFound:
        return None
    return None if unit.is_closed else unit


def _require_right(session: Session, by: Account, unit: OrgUnit, origin: Origin) -> None:
    permissions.require_permission(by, "manage_targets", PermissionTarget(unit.ward))
    if origin == "given":
        # The city is the one above a ward; nothing is above the city.
        above = find_unit(session, unit.parent_id) if unit.parent_id else None
        if above is None:
            raise InvalidTarget({"origin": "nobody_above"})
        permissions.require_permission(by, "manage_targets", PermissionTarget(above.ward))


def _lock(session: Session, target_id: str, by: Account) -> Target:
    before = find_target(session, target_id, lock=True)
    _require_right(session, by, find_unit(session, before.unit_id), before.origin)
    return before


def _require_version(before: Target, version: int) -> None:
    if before.version != version:
        raise TargetChanged(before.id)


def _update(session: Session, before: Target, now: datetime, **values: object) -> None:
    changed = values | {"version": before.version + 1, "changed_at": now}
    session.connection().execute(update(TargetRow.__table__).where(TargetRow.id == before.id).values(changed))


def _add_change(
    session: Session,
    target_id: str,
    version: int,
    by: Account,
    now: datetime,
    *,
    before: int | None,
    after: int | None,
    signs: bool = False,
) -> None:
    session.connection().execute(
        insert(TargetChange.__table__).values(
            target_id=target_id,
            version=version,
            at=now,
            account_id=by.id,
            is_signature=signs,
            number_before=before,
            number_after=after,
        )
    )


def _record(session: Session, target_id: str, by: Account, action: str, now: datetime) -> Target:
    target = find_target(session, target_id)
    unit = find_unit(session, target.unit_id)
    details = {"name": unit.name, "indicator": target.indicator, "period": target.period, "number": target.number}
    audit_log.record(session, by, action, target_id=target_id, ward=target.ward, now=now, details=details)
    return target
