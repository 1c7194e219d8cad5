"""The audit log: which account changed what, and when. It holds nothing about learners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from lms.learning.accounts.account import Account
from lms.learning.store.models import AccountRow, AuditLogRow

# lms/web/accounts/audit_log.py has a sentence for each.
AUDITED_ACTIONS = frozenset(
    {
        "account_added", "account_changed", "account_disabled", "account_enabled", "account_forgotten",
        "ward_forgotten", "ward_merged", "ward_renamed", "slip_issued", "handoff_issued",
        "signed_in", "sign_in_blocked", "signed_out_everywhere", "password_set",
        "class_opened", "class_closed", "class_reopened", "class_taken_over", "class_exported", "class_handed_in",
        "helper_removed",
        "units_added", "unit_renamed", "unit_closed", "unit_reopened", "units_of_account_set",
        "files_published", "lesson_hidden", "lesson_shown",
        "translation_hidden", "translation_shown",
        "ledger_written", "ledger_signed", "ledger_erased",
        "plan_added", "plan_changed", "plan_cancelled", "plan_restored",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log. ``actor_name`` is "" for the command line.

    ``details`` holds names and roles as they were at that time.
    """

    id: int
    at: datetime
    actor_name: str
    action: str
    target_id: str
    ward: str
    details: dict[str, Any]


def record(
    session: Session,
    by: Account | None,
    action: str,
    *,
    target_id: str,
    ward: str,
    now: datetime,
    details: dict[str, Any],
) -> None:
    """Add an entry in the transaction of the change itself. ``by`` None is the command line.

    ``ward`` decides whose organisers can read it.

    Raises:
        ValueError: ``action`` is not in ``AUDITED_ACTIONS``.
    """
    if action not in AUDITED_ACTIONS:
        raise ValueError(action)
    session.add(
        AuditLogRow(
            at=now,
            account_id=by.id if by else None,
            action=action,
            target_id=target_id,
            ward=ward,
            details=details,
        )
    )


def record_for_account(
    session: Session,
    by: Account | None,
    action: str,
    account: Account,
    *,
    now: datetime,
    details: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Add an entry about an account; its name is added to the details."""
    all_details = {"name": account.name, **details}
    record(session, by, action, target_id=account.id, ward=account.ward, now=now, details=all_details)


def erase_helper_names(connection: Connection, class_id: str, ward: str) -> None:
    """Let the entries of a class say that helpers were removed, and no longer who."""
    removed = (AuditLogRow.ward == ward, AuditLogRow.target_id == class_id, AuditLogRow.action == "helper_removed")
    connection.execute(update(AuditLogRow.__table__).where(*removed).values({AuditLogRow.details: {}}))


def read_entries(session: Session, *, ward: str, before: int | None = None, limit: int = 50) -> list[AuditEntry]:
    """Return entries, newest first; ``ward`` "" reads all wards.

    ``before`` is the id of the last entry of the previous page.
    """
    query = select(AuditLogRow, AccountRow.name).outerjoin(AccountRow, AccountRow.id == AuditLogRow.account_id)
    if ward:
        query = query.where(AuditLogRow.ward == ward)
    if before is not None:
        query = query.where(AuditLogRow.id < before)
    rows = session.execute(query.order_by(AuditLogRow.id.desc()).limit(limit))
    return [
        AuditEntry(row.id, row.at, who or "", row.action, row.target_id, row.ward, row.details) for row, who in rows
    ]
