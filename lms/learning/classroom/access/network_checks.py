"""Check a hall's network before a class: phones open a page and report how long a round trip takes.

A check lasts two hours and is then deleted with its phones. A phone is a random word for this check; nothing else is
stored about it, and no learner is created.
"""

from __future__ import annotations

import re
import secrets
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from lms.learning.errors import NotFound, RateLimited
from lms.learning.store.models import AccountRow, ClassSessionRow, NetworkCheckPhone, NetworkCheckRow
from lms.learning.store.upsert import Upsert

NETWORK_CHECK_LIFETIME = timedelta(hours=2)
PHONE_LIFETIME = timedelta(minutes=3)  # a phone that reported nothing for longer is not counted
MAX_PHONES = 400  # of a check, as of a class
MAX_DELAY = 60_000  # milliseconds
CODE_LENGTH = 4
# Milliseconds of a round trip. Below the first a page feels immediate; above the second people tap twice.
GOOD_DELAY, ACCEPTABLE_DELAY = 400, 1500
_CODE_ATTEMPTS = 50
_PHONE = re.compile(r"[0-9a-f]{16}")

Verdict = Literal["none", "good", "slow", "bad"]


@dataclass(frozen=True, slots=True)
class NetworkCheck:
    code: str  # four digits
    started_at: datetime


@dataclass(frozen=True, slots=True)
class NetworkCheckResult:
    """The phones that reported in the last minutes. Delays in milliseconds, None when no phone runs scripts."""

    phones: int
    without_script: int  # of them: counted, but they cannot measure
    median: int | None
    percentile_90: int | None
    verdict: Verdict


def start_network_check(session: Session, *, account_id: str, now: datetime) -> NetworkCheck:
    """The account's network check: the one that still runs, or a new one."""
    connection = session.connection()
    # Lock the account's row, so that the second of two simultaneous taps finds the check of the first.
    connection.execute(select(AccountRow.id).where(AccountRow.id == account_id).with_for_update(key_share=True))
    running = find_running_network_check(session, account_id=account_id, now=now)
    if running is not None:
        return running
    connection.execute(delete(NetworkCheckRow).where(NetworkCheckRow.account_id == account_id))
    delete_expired_network_checks(session, now=now)
    for _ in range(_CODE_ATTEMPTS):
        code = f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}"
        row = {"code": code, "account_id": account_id, "started_at": now}
        if _INSERT_CHECK.execute(connection, row).scalar() is not None:
            return NetworkCheck(code, now)
    raise RuntimeError("no free code for a network check")


def find_running_network_check(session: Session, *, account_id: str, now: datetime) -> NetworkCheck | None:
    """The network check of this account that still runs, or None."""
    statement = select(NetworkCheckRow.code, NetworkCheckRow.started_at).where(
        NetworkCheckRow.account_id == account_id, NetworkCheckRow.started_at > now - NETWORK_CHECK_LIFETIME
    )
    row = session.connection().execute(statement).first()
    return NetworkCheck(row.code, row.started_at) if row else None


def find_network_check(session: Session, code: str, *, now: datetime) -> NetworkCheck:
    """The network check with this code.

    Raises:
        NotFound: none with this code runs, or no longer.
    """
    statement = select(NetworkCheckRow.code, NetworkCheckRow.started_at).where(
        NetworkCheckRow.code == code, NetworkCheckRow.started_at > now - NETWORK_CHECK_LIFETIME
    )
    row = session.connection().execute(statement).first()
    if row is None:
        raise NotFound(code[:10])
    return NetworkCheck(row.code, row.started_at)


def find_class_code_after_check(session: Session, code: str) -> str | None:
    """The code of the class that the account of this check has opened since; None while there is none.

    The phones of the check stand in the hall already. A rehearsal is not for them.
    """
    statement = (
        select(ClassSessionRow.code)
        .join(NetworkCheckRow, NetworkCheckRow.account_id == ClassSessionRow.opened_by)
        .where(
            NetworkCheckRow.code == code,
            ClassSessionRow.opened_at >= NetworkCheckRow.started_at,
            ClassSessionRow.closed_at.is_(None),
            ClassSessionRow.is_rehearsal.is_(False),
        )
        .order_by(ClassSessionRow.opened_at.desc())
    )
    return session.connection().scalars(statement).first()


def record_phone_delay(session: Session, code: str, phone: str | None, *, delay: int | None, now: datetime) -> str:
    """Record a phone that has the page open, with its last delay. Called through the writer.

    ``phone``: its word, None for a new phone. ``delay``: in milliseconds, None without a script. Returns the word.

    Raises:
        NotFound: as ``find_network_check``.
        RateLimited: the check has 400 phones.
    """
    find_network_check(session, code, now=now)
    if phone is None or not _PHONE.fullmatch(phone):
        phone = secrets.token_hex(8)
    values: dict[str, Any] = {"seen_at": now}
    if delay is not None:
        values["delay"] = min(max(delay, 0), MAX_DELAY)
    connection = session.connection()
    updated = connection.execute(
        update(NetworkCheckPhone.__table__)
        .where(NetworkCheckPhone.code == code, NetworkCheckPhone.phone == phone)
        .values(values)
    )
    if not updated.rowcount:
        count = select(func.count()).select_from(NetworkCheckPhone).where(NetworkCheckPhone.code == code)
        if connection.execute(count).scalar_one() >= MAX_PHONES:
            raise RateLimited(code)
        connection.execute(insert(NetworkCheckPhone.__table__), {"code": code, "phone": phone, "delay": None} | values)
    return phone


def find_network_check_result(session: Session, code: str, *, now: datetime) -> NetworkCheckResult:
    """The result from the phones that reported in the last minutes."""
    delays = select(NetworkCheckPhone.delay).where(
        NetworkCheckPhone.code == code, NetworkCheckPhone.seen_at > now - PHONE_LIFETIME
    )
    return summarize_delays(session.connection().scalars(delays).all())


def summarize_delays(delays: Sequence[int | None]) -> NetworkCheckResult:
    """The result from one delay per phone, None for a phone without a script."""
    measured = sorted(delay for delay in delays if delay is not None)
    without_script = len(delays) - len(measured)
    if not measured:
        return NetworkCheckResult(len(delays), without_script, None, None, "none")
    median = round(statistics.median(measured))
    percentile_90 = measured[min(len(measured) - 1, len(measured) * 9 // 10)]
    verdict: Verdict = "slow" if median <= ACCEPTABLE_DELAY else "bad"
    if median <= GOOD_DELAY and percentile_90 <= ACCEPTABLE_DELAY:
        verdict = "good"
    return NetworkCheckResult(len(delays), without_script, median, percentile_90, verdict)


def delete_expired_network_checks(session: Session, *, now: datetime) -> None:
    """Delete checks older than two hours; the database deletes their phones with them."""
    expired = NetworkCheckRow.started_at <= now - NETWORK_CHECK_LIFETIME
    session.connection().execute(delete(NetworkCheckRow).where(expired))


_INSERT_CHECK = Upsert(NetworkCheckRow, returning=[NetworkCheckRow.code])
