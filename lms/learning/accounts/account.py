"""The account of a facilitator, helper, author, organiser or administrator, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from lms.learning.accounts.permissions import PermissionTarget


@dataclass(frozen=True, slots=True)
class Account:
    """A snapshot of one account and its roles. ``login`` is the name to type when signing in with a password."""

    id: str
    name: str
    login: str
    roles: frozenset[str]
    ward: str  # a code of wards.csv; "" is the whole city
    session_version: int
    has_password: bool
    signed_in_at: datetime | None
    disabled: bool
    password_declined: bool  # the offer of a password was dismissed
    forgotten: bool  # nothing of the person is left; the row stays for what refers to it

    @property
    def permission_subject(self) -> PermissionTarget:
        """This account as the target of a permission check."""
        return PermissionTarget(self.ward, self.roles)


def account_from_row(row: Row[*tuple[Any, ...]], roles: frozenset[str]) -> Account:
    """Build an account from a row of ``accounts``, which may be joined with other tables."""
    return Account(
        id=row.id,
        name=row.name,
        login=row.login,
        roles=roles,
        ward=row.ward,
        session_version=row.session_version,
        has_password=row.password_hash is not None,
        signed_in_at=row.signed_in_at,
        disabled=row.disabled_at is not None,
        password_declined=row.password_declined_at is not None,
        forgotten=row.forgotten_at is not None,
    )
