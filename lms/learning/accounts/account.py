"""An account as a value: somebody with duties, as of one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.learning.accounts.permissions import Subject


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with duties, as of one moment. ``login``: what she types as her name to sign in with a password."""

    id: str
    name: str
    login: str
    roles: frozenset[str]
    ward: str  # a code of wards.csv; "" is the whole city
    session_version: int
    has_password: bool
    signed_in_at: datetime | None
    disabled: bool

    @property
    def subject(self) -> Subject:
        """What somebody acts upon who changes this account."""
        return Subject(self.ward, self.roles)


def account_from(row: object, roles: frozenset[str]) -> Account:
    """The account from a row of ``accounts``, or a joined one."""
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
    )
