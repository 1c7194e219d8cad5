"""Accounts of people with duties: adding and finding them. What is taken away is in ``changes``."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, insert, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account, account_from
from lms.learning.accounts.permissions import CITY, ROLES, Subject
from lms.learning.errors import InvalidAccount, InvalidName, NotFound
from lms.learning.learners.learner_store import clean_name
from lms.learning.store.models import AccountRole, AccountRow

HALL_ID = "0" * 31 + "1"  # of the laptop's own facilitator; a second one cannot be made
HALL_NAME = "Người đứng lớp"


def add_account(
    session: Session, *, name: str, roles: Collection[str], ward: str, by: Account | None, now: datetime
) -> Account:
    """Make one. ``by`` None is the command line: whoever sits at the machine owns the database.

    Raises:
        NotAllowed: ``by`` may not give these roles there.
        InvalidAccount: no name, no such role or ward, or an administrator of a single ward.
    """
    name, kept = checked(name, roles, ward)
    if by is not None:
        permissions.require(by, "manage_accounts", Subject(ward, kept))
    account_id = _insert(session, secrets.token_hex(16), name, kept, ward, now)
    said = {"name": name, "roles": sorted(kept)}
    audit_log.note(session, by, "account_added", about=account_id, ward=ward, now=now, said=said)
    return get_account(session, account_id)


def hall_account(session: Session, *, now: datetime) -> Account | None:
    """The laptop's own facilitator, made once, on a machine that has no account at all.

    None when this machine's people have accounts of their own, or when it was disabled.
    """
    found = find_account(session, HALL_ID)
    if found is None and not has_anybody(session):
        roles = frozenset({"facilitator"})
        try:
            with session.begin_nested():
                _insert(session, HALL_ID, HALL_NAME, roles, CITY, now)
                said = {"name": HALL_NAME, "roles": sorted(roles)}
                audit_log.note(session, None, "account_added", about=HALL_ID, ward=CITY, now=now, said=said)
        except IntegrityError:
            pass
    found = found or find_account(session, HALL_ID)  # another start of the program may have been first
    return None if found is None or found.disabled else found


def has_anybody(session: Session) -> bool:
    """Whether there is any account, disabled or not."""
    return bool(session.scalar(select(func.count()).select_from(AccountRow)))


def find_account(session: Session, account_id: str) -> Account | None:
    """The account, disabled or not; None when there is none."""
    return next(iter(_accounts(session, AccountRow.id == account_id)), None)


def get_account(session: Session, account_id: str) -> Account:
    """
    Raises:
        NotFound: there is none.
    """
    found = find_account(session, account_id)
    if found is None:
        raise NotFound(account_id)
    return found


def by_login(session: Session, typed: str) -> Account | None:
    """The account that signs in with this name, however it is typed."""
    return next(iter(_accounts(session, AccountRow.login == login_of(typed))), None)


def everybody(session: Session) -> list[Account]:
    """Every account there is, by name."""
    return sorted(_accounts(session, true()), key=lambda one: one.login)


def managed_account(session: Session, by: Account, account_id: str) -> Account:
    """The account, for somebody who may change it; one that she may not is not found either.

    Raises:
        NotFound: there is none, or it is not hers to look after.
    """
    found = get_account(session, account_id)
    if not permissions.may(by, "manage_accounts", found.subject):
        raise NotFound(account_id)
    return found


def people_of(session: Session, ward: str) -> list[Account]:
    """The accounts of one ward, "" those of the city: those who are in, by name, then those who are disabled."""
    return sorted(_accounts(session, AccountRow.ward == ward), key=lambda one: (one.disabled, one.login))


def counts(session: Session) -> dict[str, int]:
    """How many accounts each ward has that are not disabled; wards without any are left out."""
    rows = session.execute(
        select(AccountRow.ward, func.count()).where(AccountRow.disabled_at.is_(None)).group_by(AccountRow.ward)
    )
    return {ward: people for ward, people in rows}  # noqa: C416  (rows are no pairs to a type checker)


def login_of(text: str) -> str:
    """A name as it is compared when somebody signs in: "Nguyễn Văn  Minh" and "nguyenvanminh" are one."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", letters)[:70]


def checked(name: str, roles: Collection[str], ward: str) -> tuple[str, frozenset[str]]:
    """The name as it is kept, and the roles.

    Raises:
        InvalidAccount: "name", "roles", "city" (an administrator of a single ward) or "ward" says what is amiss.
    """
    try:
        cleaned = clean_name(name)
    except InvalidName as error:
        raise InvalidAccount("name") from error
    kept = frozenset(roles)
    if not cleaned:
        raise InvalidAccount("name")
    if not kept or kept - set(ROLES):
        raise InvalidAccount("roles")
    if "administrator" in kept and ward != CITY:
        raise InvalidAccount("city")
    if ward != CITY:
        try:
            wards.ward(ward)
        except KeyError as error:
            raise InvalidAccount("ward") from error
    return cleaned, kept


def _insert(session: Session, account_id: str, name: str, roles: frozenset[str], ward: str, now: datetime) -> str:
    """The account with the first login that is free. Two of one name who come at once: the key says who is second."""
    base = login_of(name)[:60] or "taikhoan"
    while True:
        taken = set(session.scalars(select(AccountRow.login).where(AccountRow.login.startswith(base, autoescape=True))))
        login = next(one for one in (base, *(f"{base}{number}" for number in range(2, 10_000))) if one not in taken)
        try:
            with session.begin_nested():
                session.execute(
                    insert(AccountRow).values(
                        id=account_id, name=name, login=login, ward=ward, session_version=1, created_at=now
                    )
                )
            break
        except IntegrityError:
            if find_account(session, account_id) is not None:
                raise
    session.execute(insert(AccountRole), [{"account_id": account_id, "role": role} for role in sorted(roles)])
    return account_id


def _accounts(session: Session, condition: object) -> list[Account]:
    rows = session.execute(
        select(AccountRow.__table__, AccountRole.role)
        .outerjoin(AccountRole, AccountRole.account_id == AccountRow.id)
        .where(condition)
    ).all()
    roles: dict[str, set[str]] = {}
    for row in rows:
        roles.setdefault(row.id, set()).update({row.role} - {None})
    return [account_from(row, frozenset(roles[row.id])) for row in {row.id: row for row in rows}.values()]
