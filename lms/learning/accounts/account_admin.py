"""Change, disable and enable accounts. A right that is taken away ends at once in every browser."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_store import get_account, get_managed_account, validate_account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.errors import CannotDisableOwnAccount, LastAdministrator
from lms.learning.store.models import AccountRole, AccountRow, OrgUnitMember, OrgUnitRow, SignIn, SlipRow


def update_account(
    session: Session,
    account_id: str,
    *,
    name: str,
    roles: Collection[str],
    ward: str,
    by: Account | None,
    now: datetime,
) -> Account:
    """Set the name, roles and ward of an account, and sign it out everywhere if it loses a role or changes ward.

    In another ward it belongs no more to units of the former one.

    ``by`` None is the command line, which may do everything.

    Raises:
        NotFound: the account does not exist, or ``by`` does not manage it.
        NotAllowed: ``by`` may not give these roles in this ward.
        InvalidAccount: the name, a role or the ward is not valid; see ``validate_account``.
        CannotDisableOwnAccount: ``by`` would lose the right to manage this account, its own.
        LastAdministrator: no enabled administrator would be left.
    """
    name, new_roles = validate_account(name, roles, ward)
    lock_with_administrators(session, account_id)
    before = _get_account_to_manage(session, by, account_id)
    if by is not None:
        permissions.require_permission(by, "manage_accounts", PermissionTarget(ward, before.roles | new_roles))
        if by.id == account_id and not permissions.is_permitted(
            _RolesAndWard(new_roles, ward), "manage_accounts", before.permission_subject
        ):
            raise CannotDisableOwnAccount
    if "administrator" not in new_roles:
        require_other_administrator(session, before)
    if (before.name, before.roles, before.ward) == (name, new_roles, ward):
        return before
    loses_rights = bool(before.roles - new_roles) or before.ward != ward
    session.execute(
        update(AccountRow)
        .where(AccountRow.id == account_id)
        .values(name=name, ward=ward, session_version=AccountRow.session_version + int(loses_rights))
    )
    session.execute(delete(AccountRole).where(AccountRole.account_id == account_id))
    session.execute(insert(AccountRole), [{"account_id": account_id, "role": role} for role in sorted(new_roles)])
    if ward not in (before.ward, CITY):
        elsewhere = select(OrgUnitRow.id).where(
            OrgUnitRow.ward.not_in((ward, CITY)), OrgUnitRow.id == OrgUnitMember.unit_id
        )
        session.execute(delete(OrgUnitMember).where(OrgUnitMember.account_id == account_id, elsewhere.exists()))
    details = {
        "name": name,
        "roles": sorted(new_roles),
        "ward": ward,
        "before": {"name": before.name, "roles": sorted(before.roles), "ward": before.ward},
    }
    for affected_ward in {before.ward, ward}:
        audit_log.record(
            session, by, "account_changed", target_id=account_id, ward=affected_ward, now=now, details=details
        )
    return get_account(session, account_id)


def disable_account(session: Session, account_id: str, *, by: Account | None, now: datetime) -> Account:
    """Disable an account: end all its sign-ins and delete its unused slips.

    Raises:
        NotFound: the account does not exist, or ``by`` does not manage it.
        CannotDisableOwnAccount: ``by`` is the account.
        LastAdministrator: no enabled administrator would be left.
    """
    lock_with_administrators(session, account_id)
    before = _get_account_to_manage(session, by, account_id)
    if by is not None and by.id == account_id:
        raise CannotDisableOwnAccount
    if before.disabled:
        return before
    require_other_administrator(session, before)
    session.execute(
        update(AccountRow)
        .where(AccountRow.id == account_id)
        .values(disabled_at=now, session_version=AccountRow.session_version + 1)
    )
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
    session.execute(delete(SlipRow).where(SlipRow.account_id == account_id, SlipRow.used_at.is_(None)))
    audit_log.record_for_account(session, by, "account_disabled", before, now=now)
    return get_account(session, account_id)


def enable_account(session: Session, account_id: str, *, by: Account | None, now: datetime) -> Account:
    """Enable a disabled account. Signing in again takes a new slip, or the password if it had one.

    Raises:
        NotFound: the account does not exist, or ``by`` does not manage it.
    """
    lock_with_administrators(session, account_id)
    before = _get_account_to_manage(session, by, account_id)
    if before.disabled:
        session.execute(update(AccountRow).where(AccountRow.id == account_id).values(disabled_at=None))
        audit_log.record_for_account(session, by, "account_enabled", before, now=now)
    return get_account(session, account_id)


def sign_out_everywhere(session: Session, account_id: str, *, by: Account, now: datetime) -> None:
    """End every sign-in of an account. ``by`` is the account itself or one that manages it.

    Raises:
        NotFound: the account does not exist, or ``by`` does not manage it.
    """
    lock_with_administrators(session, account_id)
    account = (
        get_account(session, account_id) if by.id == account_id else _get_account_to_manage(session, by, account_id)
    )
    session.execute(
        update(AccountRow).where(AccountRow.id == account_id).values(session_version=AccountRow.session_version + 1)
    )
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
    audit_log.record_for_account(session, by, "signed_out_everywhere", account, now=now)


@dataclass(frozen=True, slots=True)
class _RolesAndWard:
    """The roles and ward that an account would have after a change, for a permission check."""

    roles: frozenset[str]
    ward: str


def _get_account_to_manage(session: Session, by: Account | None, account_id: str) -> Account:
    return get_account(session, account_id) if by is None else get_managed_account(session, by, account_id)


def lock_with_administrators(session: Session, account_id: str) -> None:
    """Lock this account and all administrators, ordered by id against deadlocks.

    Two administrators who disable each other at the same time are serialized, so one of them stays.
    """
    rows = select(AccountRow.id).where((AccountRow.id == account_id) | AccountRow.id.in_(_administrator_ids()))
    session.execute(rows.order_by(AccountRow.id).with_for_update())


def require_other_administrator(session: Session, account: Account) -> None:
    """Check that the site keeps an administrator without this account.

    Raises:
        LastAdministrator: it is the last one.
    """
    if "administrator" not in account.roles or account.disabled:
        return
    others = session.scalars(_administrator_ids().where(AccountRow.id != account.id)).all()
    if not others:
        raise LastAdministrator


def _administrator_ids() -> Select[str]:
    return (
        select(AccountRow.id)
        .join(AccountRole, AccountRole.account_id == AccountRow.id)
        .where(AccountRole.role == "administrator", AccountRow.disabled_at.is_(None))
    )
