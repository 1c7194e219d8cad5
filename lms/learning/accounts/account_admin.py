"""Changing what an account may do: roles, ward, and the whole of it, with effect at once wherever it is signed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_store import checked, get_account, managed_account
from lms.learning.accounts.permissions import Subject
from lms.learning.errors import LastAdministrator, NotYourself
from lms.learning.store.models import AccountRole, AccountRow, SignIn, SlipRow


def change_account(
    session: Session,
    account_id: str,
    *,
    name: str,
    roles: Collection[str],
    ward: str,
    by: Account | None,
    now: datetime,
) -> Account:
    """Give it this name, these roles and this ward. What is taken away ends at once, wherever she is signed in.

    Raises:
        NotFound: there is no such account for ``by``.
        NotAllowed: ``by`` may not give these roles there.
        InvalidAccount: as ``add_account``.
        NotYourself: she would take the right to manage away from herself.
        LastAdministrator: nobody would be left who may do everything.
    """
    name, kept = checked(name, roles, ward)
    _hold(session, account_id)
    before = _looked_after(session, by, account_id)
    if by is not None:
        permissions.require(by, "manage_accounts", Subject(ward, before.roles | kept))
        if by.id == account_id and not permissions.may(_Changed(kept, ward), "manage_accounts", before.subject):
            raise NotYourself
    if "administrator" not in kept:
        _check_not_last(session, before)
    if (before.name, before.roles, before.ward) == (name, kept, ward):
        return before
    loses = bool(before.roles - kept) or before.ward != ward
    session.execute(
        update(AccountRow)
        .where(AccountRow.id == account_id)
        .values(name=name, ward=ward, session_version=AccountRow.session_version + int(loses))
    )
    session.execute(delete(AccountRole).where(AccountRole.account_id == account_id))
    session.execute(insert(AccountRole), [{"account_id": account_id, "role": role} for role in sorted(kept)])
    said = {
        "name": name,
        "roles": sorted(kept),
        "ward": ward,
        "before": {"name": before.name, "roles": sorted(before.roles), "ward": before.ward},
    }
    for place in {before.ward, ward}:
        audit_log.note(session, by, "account_changed", about=account_id, ward=place, now=now, said=said)
    return get_account(session, account_id)


def disable(session: Session, account_id: str, *, by: Account | None, now: datetime) -> Account:
    """Take every right away at once: she is out wherever she was in, and her slips open nothing.

    Raises:
        NotFound: there is no such account for ``by``.
        NotYourself: ``by`` is the account.
        LastAdministrator: nobody would be left who may do everything.
    """
    _hold(session, account_id)
    before = _looked_after(session, by, account_id)
    if by is not None and by.id == account_id:
        raise NotYourself
    if before.disabled:
        return before
    _check_not_last(session, before)
    session.execute(
        update(AccountRow)
        .where(AccountRow.id == account_id)
        .values(disabled_at=now, session_version=AccountRow.session_version + 1)
    )
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
    session.execute(delete(SlipRow).where(SlipRow.account_id == account_id, SlipRow.used_at.is_(None)))
    audit_log.note(
        session, by, "account_disabled", about=account_id, ward=before.ward, now=now, said={"name": before.name}
    )
    return get_account(session, account_id)


def enable(session: Session, account_id: str, *, by: Account | None, now: datetime) -> Account:
    """Let her in again; she needs a slip, or her password if she had one.

    Raises:
        NotFound: there is no such account for ``by``.
    """
    _hold(session, account_id)
    before = _looked_after(session, by, account_id)
    if before.disabled:
        session.execute(update(AccountRow).where(AccountRow.id == account_id).values(disabled_at=None))
        audit_log.note(
            session, by, "account_enabled", about=account_id, ward=before.ward, now=now, said={"name": before.name}
        )
    return get_account(session, account_id)


def sign_out_everywhere(session: Session, account_id: str, *, by: Account, now: datetime) -> None:
    """End every browser where she is signed in; herself, or whoever looks after her, may.

    Raises:
        NotFound: there is no such account for ``by``.
    """
    _hold(session, account_id)
    account = get_account(session, account_id) if by.id == account_id else _looked_after(session, by, account_id)
    session.execute(
        update(AccountRow).where(AccountRow.id == account_id).values(session_version=AccountRow.session_version + 1)
    )
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))
    audit_log.note(
        session, by, "signed_out_everywhere", about=account_id, ward=account.ward, now=now,
        said={"name": account.name},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Changed:
    roles: frozenset[str]
    ward: str


def _looked_after(session: Session, by: Account | None, account_id: str) -> Account:
    return get_account(session, account_id) if by is None else managed_account(session, by, account_id)


def _hold(session: Session, account_id: str) -> None:
    """Hold this account and all administrators: two who would each take the other's right away come one after the
    other, and the second sees what the first has done. In the order of their ids, so that nobody waits in a ring.
    """
    held = select(AccountRow.id).where((AccountRow.id == account_id) | AccountRow.id.in_(_administrators()))
    session.execute(held.order_by(AccountRow.id).with_for_update())


def _check_not_last(session: Session, account: Account) -> None:
    if "administrator" not in account.roles or account.disabled:
        return
    others = session.scalars(_administrators().where(AccountRow.id != account.id)).all()
    if not others:
        raise LastAdministrator


def _administrators() -> Select[tuple[str]]:
    return (
        select(AccountRow.id)
        .join(AccountRole, AccountRole.account_id == AccountRow.id)
        .where(AccountRole.role == "administrator", AccountRow.disabled_at.is_(None))
    )
