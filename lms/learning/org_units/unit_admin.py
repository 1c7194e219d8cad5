"""Writes of organisers: add, rename, close and reopen units, and say who belongs to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_admin import lock_with_administrators
from lms.learning.accounts.account_store import get_managed_account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.errors import InvalidOrgUnit, InvalidOrgUnitList, NotAllowed, NotFound, OrgUnitChanged, OrgUnitClosed
from lms.learning.learners.learner_store import clean_line
from lms.learning.org_units.names import find_organisation
from lms.learning.org_units.unit_list import CheckedList, ListLine, check_list, find_name_problem, spelling
from lms.learning.org_units.unit_store import (
    OrgUnit,
    ensure_place_unit,
    find_unit,
    find_units,
    find_units_of_account,
    insert_units,
)
from lms.learning.store.models import OrgUnitMember, OrgUnitRow

_NAMES_IN_LOG = 5


def add_units(
    session: Session,
    lines: Sequence[ListLine],
    *,
    ward: str,
    by: Account,
    now: datetime,
    confirms_similar: bool = False,
) -> CheckedList:
    """Add the units of a list to the ward, all or none; lines that are there already are left out.

    ``confirms_similar``: units whose name differs from another by marks, case or spaces only are others.

    Raises:
        NotAllowed: the account may not manage the units of this ward.
        InvalidOrgUnitList: lines are wrong, or similar and not confirmed; nothing was added.
    """
    permissions.require_permission(by, "manage_units", PermissionTarget(ward))
    ensure_place_unit(session, ward, now=now)
    checked = check_list(lines, ward=ward, known=find_units(session, ward=ward, include_closed=True))
    if checked.wrong or (checked.similar and not confirms_similar):
        raise InvalidOrgUnitList(checked.wrong, checked.similar)
    insert_units(session, checked.units, now=now)
    if checked.units:
        names = [unit.name for unit in checked.units]
        more = f", và {len(names) - _NAMES_IN_LOG} đơn vị nữa" if len(names) > _NAMES_IN_LOG else ""
        details = {"name": ", ".join(names[:_NAMES_IN_LOG]) + more}
        audit_log.record(session, by, "units_added", target_id="", ward=ward, now=now, details=details)
    return checked


def rename_unit(session: Session, unit_id: str, name: str, *, version: int, by: Account, now: datetime) -> OrgUnit:
    """Give a unit another name. What is saved already, as after a double tap, is no conflict.

    Raises:
        NotFound: there is no such unit in a list.
        NotAllowed: the account may not manage the units of its ward.
        OrgUnitChanged: somebody changed it meanwhile.
        InvalidOrgUnit: the name is wrong, or another one of the ward has it.
    """
    before = _lock(session, unit_id, by, now)
    cleaned = clean_line(name)
    if cleaned == before.name:
        return before
    _require_version(before, version)
    if why := find_name_problem(cleaned):
        raise InvalidOrgUnit(why)
    for other in find_units(session, ward=before.ward, include_closed=True):
        is_beside = (other.kind, other.parent_id) == (before.kind, before.parent_id) and other.id != unit_id
        if is_beside and spelling(other.name) == spelling(cleaned):
            raise InvalidOrgUnit("exists")
    organisation = find_organisation(cleaned) if before.kind == "organisation" else None
    values = {"name": cleaned, "organisation": organisation.key if organisation else before.organisation}
    return _save(session, before, by, "unit_renamed", now, **values)


def close_unit(session: Session, unit_id: str, *, version: int, by: Account, now: datetime) -> OrgUnit:
    """Close a unit and what is below it: it is not offered any more, and what names it stays.

    Raises:
        NotFound, NotAllowed, OrgUnitChanged: as ``rename_unit``.
    """
    before = _lock(session, unit_id, by, now)
    if before.is_closed:
        return before
    _require_version(before, version)
    for below in find_units(session, ward=before.ward):
        if below.parent_id == unit_id:
            _save(session, below, by, "unit_closed", now, closed_at=now)
    return _save(session, before, by, "unit_closed", now, closed_at=now)


def reopen_unit(session: Session, unit_id: str, *, version: int, by: Account, now: datetime) -> OrgUnit:
    """Take a closing back.

    Raises:
        NotFound, NotAllowed, OrgUnitChanged: as ``rename_unit``.
        OrgUnitClosed: the neighbourhood of this digital team is closed.
    """
    before = _lock(session, unit_id, by, now)
    if not before.is_closed:
        return before
    _require_version(before, version)
    if before.parent_id and find_unit(session, before.parent_id).is_closed:
        raise OrgUnitClosed(before.parent_id)
    return _save(session, before, by, "unit_reopened", now, closed_at=None)


def set_units_of_account(
    session: Session, account_id: str, unit_ids: Collection[str], *, by: Account, now: datetime
) -> None:
    """Let the account belong to exactly these units, of those that ``by`` manages; its others stay.

    Raises:
        NotFound: the account or a unit does not exist, or ``by`` does not manage the account.
        NotAllowed: ``by`` does not manage a unit, or it is of another ward than the account.
        OrgUnitClosed: a unit is closed.
    """
    lock_with_administrators(session, account_id)
    account = get_managed_account(session, by, account_id)
    before = find_units_of_account(session, account_id)
    of_account = {unit.id for unit in before}
    wanted = [find_unit(session, unit_id) for unit_id in sorted(set(unit_ids))]
    for unit in wanted:
        permissions.require_permission(by, "manage_units", PermissionTarget(unit.ward))
        if not unit.is_listed:
            raise NotFound(unit.id)
        if not may_belong(account, unit):
            raise NotAllowed("manage_units")
        if unit.is_closed and unit.id not in of_account:
            raise OrgUnitClosed(unit.id)
    wanted_ids = {unit.id for unit in wanted}
    managed = {unit.id for unit in before if permissions.is_permitted(by, "manage_units", PermissionTarget(unit.ward))}
    connection = session.connection()
    if ended := managed - wanted_ids:
        connection.execute(
            delete(OrgUnitMember).where(
                OrgUnitMember.account_id == account_id, OrgUnitMember.unit_id.in_(sorted(ended))
            )
        )
    if begun := sorted(wanted_ids - of_account):
        rows = [{"account_id": account_id, "unit_id": unit_id, "since": now} for unit_id in begun]
        connection.execute(insert(OrgUnitMember.__table__), rows)
    if ended or begun:
        audit_log.record_for_account(session, by, "units_of_account_set", account, now=now)


def may_belong(account: Account, unit: OrgUnit) -> bool:
    """Whether an account can belong to a unit: one of its ward or of the city; an account of the city to any."""
    return account.ward == CITY or unit.ward in (CITY, account.ward)


def _lock(session: Session, unit_id: str, by: Account, now: datetime) -> OrgUnit:
    unit = find_unit(session, unit_id)
    permissions.require_permission(by, "manage_units", PermissionTarget(unit.ward))
    if not unit.is_listed:
        raise NotFound(unit_id)
    ensure_place_unit(session, unit.ward, now=now)
    session.connection().execute(select(OrgUnitRow.id).where(OrgUnitRow.id == unit_id).with_for_update())
    return find_unit(session, unit_id)


def _require_version(before: OrgUnit, version: int) -> None:
    if before.version != version:
        raise OrgUnitChanged(before.id)


def _save(session: Session, before: OrgUnit, by: Account, action: str, now: datetime, **values: object) -> OrgUnit:
    changed = values | {"version": before.version + 1, "changed_at": now}
    session.connection().execute(update(OrgUnitRow.__table__).where(OrgUnitRow.id == before.id).values(changed))
    after = find_unit(session, before.id)
    details = {"name": after.name, "before": {"name": before.name}}
    audit_log.record(session, by, action, target_id=after.id, ward=after.ward, now=now, details=details)
    return after
