"""One account: what the store holds about the person, and forgetting, with counts of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_admin import lock_with_administrators, require_other_administrator
from lms.learning.accounts.account_store import LAPTOP_ACCOUNT_ID, get_account
from lms.learning.accounts.forgetting import Transactions, erase_names, revoke_duties
from lms.learning.accounts.name_occurrences import find_name_occurrences
from lms.learning.classroom.lifecycle.command_handler import close_class_sessions
from lms.learning.errors import CannotForgetLaptopAccount, OnlyFacilitatorOfOpenClass
from lms.learning.personal_data.row_count import count_rows
from lms.learning.store.models import (
    AccountRole,
    AccountRow,
    AuditLogRow,
    ClassFacilitator,
    ClassSessionRow,
    FileRevision,
    NetworkCheckRow,
    OrgUnitMember,
    SignIn,
    SlipRow,
)


@dataclass(frozen=True, slots=True)
class AccountData:
    """What there is about an account: counts by title, of what forgetting removes and of what stays without a name."""

    removed: Mapping[str, int]
    stays: Mapping[str, int]


def count_account_data(session: Session, account: Account) -> AccountData:
    """What forgetting this account would remove, and what would stay."""
    traces = find_name_occurrences(session, account)

    count = partial(count_rows, session)

    removed = {
        "họ tên và tên để gõ": 1,
        "mật khẩu": count(AccountRow, AccountRow.id == account.id, AccountRow.password_hash.is_not(None)),
        "việc được giao": count(AccountRole, AccountRole.account_id == account.id),
        "máy đang vào": count(SignIn, SignIn.account_id == account.id),
        "phiếu vào và mã chuyển máy": count(SlipRow, SlipRow.account_id == account.id),
        "đơn vị thuộc về": count(OrgUnitMember, OrgUnitMember.account_id == account.id),
        "lần thử mạng": count(NetworkCheckRow, NetworkCheckRow.account_id == account.id),
        "tên trong nhật ký": len(traces.log_entries),
        "tên ở việc đã chứng kiến": len(traces.ticks),
        "tên ở dấu dùng liền": len(traces.marks),
        "tên ở chỗ ngồi đang tới giúp": len(traces.seats),
        "tên trong lời dặn và nơi học của lớp": len(traces.classes),
        "tên trong sổ của đơn vị": len(traces.ledger),
        "tên ở bản lưu của khóa học": len(traces.revisions) + len(traces.reviews),
    }
    stays = {
        "lớp đã đứng, với số đếm": count(ClassFacilitator, ClassFacilitator.account_id == account.id),
        "dòng nhật ký": count(
            AuditLogRow, (AuditLogRow.account_id == account.id) | (AuditLogRow.target_id == account.id)
        ),
        "bản lưu của khóa học": count(FileRevision, FileRevision.author_id == account.id),
        "việc và dấu của bà con": len(traces.ticks) + len(traces.marks),
    }
    return AccountData(removed, stays)


def require_forgettable(session: Session, account: Account, *, closes_classes: bool) -> None:
    """Check that nobody and no class would be left alone.

    Raises:
        CannotForgetLaptopAccount: it is a laptop's, and no person's.
        LastAdministrator: no enabled administrator would be left.
        OnlyFacilitatorOfOpenClass: nobody else steers an open class of it, without ``closes_classes``.
    """
    if account.id == LAPTOP_ACCOUNT_ID:
        raise CannotForgetLaptopAccount(account.id)
    require_other_administrator(session, account)
    held = _open_classes_held_alone(session, account.id)
    if held and not closes_classes:
        raise OnlyFacilitatorOfOpenClass(held)


def forget_account(
    transactions: Transactions,
    account_id: str,
    *,
    closes_classes: bool,
    library: Library,
    personal_for: timedelta,
    now: datetime,
) -> None:
    """Forget the person: duties and sign-ins first, then the name, wherever it occurs. Called again, it continues.

    ``closes_classes``: close the open classes that nobody else steers; their personal rows stay for ``personal_for``.

    Raises:
        NotFound: there is no such account.
        CannotForgetLaptopAccount, LastAdministrator, OnlyFacilitatorOfOpenClass: as ``require_forgettable``;
            nothing has changed.
    """

    def end(session: Session) -> None:
        lock_with_administrators(session, account_id)
        account = get_account(session, account_id)
        require_forgettable(session, account, closes_classes=closes_classes)
        class_ids = _open_classes_held_alone(session, account_id)
        revoke_duties(session, account, now=now)
        close_class_sessions(session, list(class_ids), library=library, now=now, personal_for=personal_for)

    transactions.write(end)
    erase_names(transactions, account_id, now=now)


def _open_classes_held_alone(session: Session, account_id: str) -> dict[str, str]:
    """The codes, by id, of open classes that no other enabled account steers. Rehearsals end by themselves."""
    other = (
        select(ClassFacilitator.account_id)
        .join(AccountRow, AccountRow.id == ClassFacilitator.account_id)
        .where(
            ClassFacilitator.class_id == ClassSessionRow.id,
            ClassFacilitator.account_id != account_id,
            AccountRow.disabled_at.is_(None),
        )
    )
    open_classes = (
        select(ClassSessionRow.id, ClassSessionRow.code)
        .join(ClassFacilitator, ClassFacilitator.class_id == ClassSessionRow.id)
        .where(
            ClassFacilitator.account_id == account_id,
            ClassSessionRow.closed_at.is_(None),
            ClassSessionRow.is_rehearsal.is_(False),
            ~other.exists(),
        )
        .order_by(ClassSessionRow.id)
    )
    return {row.id: row.code for row in session.connection().execute(open_classes)}
