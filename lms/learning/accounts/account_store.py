"""Add and find accounts. ``account_admin`` changes and disables them."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Collection
from datetime import datetime
from itertools import chain, count

from sqlalchemy import ColumnElement, and_, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.accounts import audit_log, permissions
from lms.learning.accounts.account import Account, account_from_row
from lms.learning.accounts.permissions import CITY, ROLES, PermissionTarget
from lms.learning.errors import InvalidAccount, InvalidName, NotFound
from lms.learning.learners.learner_store import clean_name
from lms.learning.store.models import AccountRole, AccountRow

LAPTOP_ACCOUNT_ID = "0" * 31 + "1"  # fixed, so that concurrent starts cannot create two
LAPTOP_ACCOUNT_NAME = "Người đứng lớp"


def add_account(
    session: Session, *, name: str, roles: Collection[str], ward: str, by: Account | None, now: datetime
) -> Account:
    """Create an account. ``by`` None is the command line, which may do everything.

    Raises:
        NotAllowed: ``by`` may not give these roles in this ward.
        InvalidAccount: the name, a role or the ward is not valid; see ``validate_account``.
    """
    name, valid_roles = validate_account(name, roles, ward)
    if by is not None:
        permissions.require_permission(by, "manage_accounts", PermissionTarget(ward, valid_roles))
    account_id = _insert_account(session, secrets.token_hex(16), name, valid_roles, ward, now)
    details = {"name": name, "roles": sorted(valid_roles)}
    audit_log.record(session, by, "account_added", target_id=account_id, ward=ward, now=now, details=details)
    return get_account(session, account_id)


def get_or_create_laptop_account(session: Session, *, now: datetime) -> Account | None:
    """Return the default facilitator of a classroom laptop, creating it if the database has no account.

    None if other accounts exist without it, or if it was disabled.
    """
    account = find_account(session, LAPTOP_ACCOUNT_ID)
    if account is None and not has_accounts(session):
        roles = frozenset({"facilitator"})
        try:
            with session.begin_nested():
                _insert_account(session, LAPTOP_ACCOUNT_ID, LAPTOP_ACCOUNT_NAME, roles, CITY, now)
                details = {"name": LAPTOP_ACCOUNT_NAME, "roles": sorted(roles)}
                audit_log.record(
                    session, None, "account_added", target_id=LAPTOP_ACCOUNT_ID, ward=CITY, now=now, details=details
                )
        except IntegrityError:  # another process created it first
            pass
    account = account or find_account(session, LAPTOP_ACCOUNT_ID)
    return None if account is None or account.disabled else account


def has_accounts(session: Session) -> bool:
    """Whether any account exists, disabled or not."""
    return bool(session.scalar(select(func.count()).select_from(AccountRow)))


def find_account(session: Session, account_id: str) -> Account | None:
    """Return the account, disabled or not, or None."""
    return next(iter(_select_accounts(session, AccountRow.id == account_id)), None)


def get_account(session: Session, account_id: str) -> Account:
    """Return the account, disabled or not.

    Raises:
        NotFound: there is no account with this id.
    """
    account = find_account(session, account_id)
    if account is None:
        raise NotFound(account_id)
    return account


def find_by_login(session: Session, typed: str) -> Account | None:
    """Return the account with this login, or None. Case, accents and spaces in ``typed`` do not matter."""
    return next(iter(_select_accounts(session, AccountRow.login == login_from_name(typed))), None)


def all_accounts(session: Session) -> list[Account]:
    """Return all accounts except forgotten ones, sorted by login."""
    return sorted(_select_accounts(session, AccountRow.forgotten_at.is_(None)), key=lambda account: account.login)


def get_managed_account(session: Session, by: Account, account_id: str) -> Account:
    """Return an account that ``by`` may manage.

    Raises:
        NotFound: the account does not exist or was forgotten, or ``by`` may not manage it.
    """
    account = get_account(session, account_id)
    if account.forgotten or not permissions.is_permitted(by, "manage_accounts", account.permission_subject):
        raise NotFound(account_id)
    return account


def accounts_of_ward(session: Session, ward: str) -> list[Account]:
    """Return the accounts of one ward ("" is the city), without forgotten ones: enabled by login, then disabled."""
    accounts = _select_accounts(session, and_(AccountRow.ward == ward, AccountRow.forgotten_at.is_(None)))
    return sorted(accounts, key=lambda account: (account.disabled, account.login))


def count_by_ward(session: Session) -> dict[str, int]:
    """Return the number of enabled accounts by ward; wards without any are left out."""
    rows = session.execute(
        select(AccountRow.ward, func.count()).where(AccountRow.disabled_at.is_(None)).group_by(AccountRow.ward)
    )
    return dict(rows.all())


def login_from_name(text: str) -> str:
    """Reduce a name to the letters and digits of a login: "Nguyễn Văn  Minh" gives "nguyenvanminh"."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", letters)[:70]


def validate_account(name: str, roles: Collection[str], ward: str) -> tuple[str, frozenset[str]]:
    """Return the cleaned name and the set of roles.

    Raises:
        InvalidAccount: ``why`` is "name", "roles", "ward", or "city" for an administrator of a single ward.
    """
    try:
        cleaned = clean_name(name)
    except InvalidName as error:
        raise InvalidAccount("name") from error
    if not cleaned:
        raise InvalidAccount("name")
    if not roles or set(roles) - set(ROLES):
        raise InvalidAccount("roles")
    if "administrator" in roles and ward != CITY:
        raise InvalidAccount("city")
    if ward != CITY:
        try:
            wards.get_ward(ward)
        except KeyError as error:
            raise InvalidAccount("ward") from error
    return cleaned, frozenset(roles)


def _insert_account(
    session: Session, account_id: str, name: str, roles: frozenset[str], ward: str, now: datetime
) -> str:
    """Insert an account with the first free login, retrying if a concurrent insert takes it, and return its id."""
    base = login_from_name(name)[:60] or "taikhoan"
    while True:
        taken = set(session.scalars(select(AccountRow.login).where(AccountRow.login.startswith(base, autoescape=True))))
        candidates = chain([base], (f"{base}{number}" for number in count(2)))
        login = next(candidate for candidate in candidates if candidate not in taken)
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


def _select_accounts(session: Session, condition: ColumnElement[bool]) -> list[Account]:
    rows = session.execute(
        select(AccountRow.__table__, AccountRole.role)
        .outerjoin(AccountRole, AccountRole.account_id == AccountRow.id)
        .where(condition)
    ).all()
    roles: dict[str, set[str]] = {}
    for row in rows:
        roles.setdefault(row.id, set()).update({row.role} - {None})
    return [account_from_row(row, frozenset(roles[row.id])) for row in {row.id: row for row in rows}.values()]
