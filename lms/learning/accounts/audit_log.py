"""The journal: who with duties changed what, and when. No learner stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.learning.accounts.account import Account
from lms.learning.store.models import AccountRow, JournalRow

# What may be noted; lms/web/accounts/labels.py has the sentence for each.
DEEDS = frozenset(
    {
        "account_added", "account_changed", "account_disabled", "account_enabled", "slip_issued", "signed_in",
        "sign_in_blocked", "signed_out_everywhere", "password_set",
        "class_opened", "class_closed", "class_reopened", "class_taken_over", "helper_removed",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """``who``: the account's name, "" for the command line. ``said``: plain words of that moment."""

    id: int
    at: datetime
    who: str
    deed: str
    about: str
    ward: str
    said: dict[str, Any]


def note(
    session: Session, by: Account | None, deed: str, *, about: str, ward: str, now: datetime, said: dict[str, Any]
) -> None:
    """Write it down, in the same transaction as the deed itself.

    Raises:
        ValueError: nobody has given this deed its sentence.
    """
    if deed not in DEEDS:
        raise ValueError(deed)
    session.add(JournalRow(at=now, account_id=by.id if by else None, deed=deed, about=about, ward=ward, said=said))


def read(session: Session, *, ward: str, before: int | None = None, limit: int = 50) -> list[Entry]:
    """The newest first; ``ward`` "" reads of all wards. ``before``: an entry's id, to go on from."""
    chosen = select(JournalRow, AccountRow.name).outerjoin(AccountRow, AccountRow.id == JournalRow.account_id)
    if ward:
        chosen = chosen.where(JournalRow.ward == ward)
    if before is not None:
        chosen = chosen.where(JournalRow.id < before)
    rows = session.execute(chosen.order_by(JournalRow.id.desc()).limit(limit))
    return [Entry(row.id, row.at, who or "", row.deed, row.about, row.ward, row.said) for row, who in rows]
