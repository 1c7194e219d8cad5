"""Trying a hall's network before people come: phones open a page, and tell how long an answer took there and back.

A trial lasts two hours and then goes with its phones. A phone is a word drawn for this trial; nothing else is kept of
it, and no learner is made.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.learning.errors import NotFound, TooOften
from lms.learning.store.models import AccountRow, TrialPhone, TrialRow

LASTS = timedelta(hours=2)
PRESENT = timedelta(minutes=3)  # a phone that was not heard of for longer is no longer counted
MOST_PHONES = 400  # of a trial, as of a class
LONGEST_DELAY = 60_000  # milliseconds
CODE_LENGTH = 4
_TRIES = 50
_PHONE = re.compile(r"[0-9a-f]{16}")
# Milliseconds there and back within which a page feels alive; above the second one people tap twice.
QUICK, BEARABLE = 400, 1500


@dataclass(frozen=True, slots=True)
class Trial:
    code: str  # four digits
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Measured:
    """Of the phones heard of in the last minutes. Delays in milliseconds, None when no phone runs scripts.

    ``slow``: nine of ten phones were at least as quick as this. ``verdict``: "none", "good", "slow" or "bad".
    """

    phones: int
    silent: int  # of them without a script: counted, not measured
    middle: int | None
    slow: int | None
    verdict: str


def begin_trial(session: Session, *, account_id: str, now: datetime) -> Trial:
    """This account's trial: the one that still lasts, or a new one."""
    connection = session.connection()
    # Her row is held, so that of two taps at once the second one finds the trial of the first.
    connection.execute(select(AccountRow.id).where(AccountRow.id == account_id).with_for_update(key_share=True))
    lasting = find_trial_of(session, account_id=account_id, now=now)
    if lasting is not None:
        return lasting
    connection.execute(delete(TrialRow.__table__).where(TrialRow.account_id == account_id))
    forget_trials(session, now=now)
    for _ in range(_TRIES):
        code = f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}"
        row = {"code": code, "account_id": account_id, "begun_at": now}
        if connection.execute(_BEGIN[connection.dialect.name], row).scalar() is not None:
            return Trial(code, now)
    raise RuntimeError("no free code for a trial")


def find_trial_of(session: Session, *, account_id: str, now: datetime) -> Trial | None:
    """The trial that this account has begun and that still lasts, or None."""
    hers = (TrialRow.account_id == account_id, TrialRow.begun_at > now - LASTS)
    row = session.connection().execute(select(TrialRow.code, TrialRow.begun_at).where(*hers)).first()
    return Trial(row.code, row.begun_at) if row else None


def find_trial(session: Session, code: str, *, now: datetime) -> Trial:
    """
    Raises:
        NotFound: nobody tries a network under this code, or not any more.
    """
    return _trial(session.connection(), code, now)


def hear_phone(session: Session, code: str, phone: str | None, *, delay: int | None, now: datetime) -> str:
    """Count a phone that opened the page, and what it measured last; its word, a new one for a new phone.

    ``delay`` in milliseconds; None where no script runs. Made for the writer.

    Raises:
        NotFound: as ``find_trial``.
        TooOften: the trial has 400 phones.
    """
    connection = session.connection()
    _trial(connection, code, now)
    if phone is None or not _PHONE.fullmatch(phone):
        phone = secrets.token_hex(8)
    values = {"seen_at": now}
    if delay is not None:
        values["delay"] = min(max(delay, 0), LONGEST_DELAY)
    known = connection.execute(
        TrialPhone.__table__.update().where(TrialPhone.code == code, TrialPhone.phone == phone).values(values)
    )
    if not known.rowcount:
        phones = select(func.count()).select_from(TrialPhone).where(TrialPhone.code == code)
        if connection.execute(phones).scalar_one() >= MOST_PHONES:
            raise TooOften(code)
        connection.execute(insert(TrialPhone.__table__), {"code": code, "phone": phone, "delay": None} | values)
    return phone


def measured(session: Session, code: str, *, now: datetime) -> Measured:
    """What the phones of the last minutes found."""
    present = (TrialPhone.code == code, TrialPhone.seen_at > now - PRESENT)
    return judged(session.connection().scalars(select(TrialPhone.delay).where(*present)).all())


def judged(delays: Sequence[int | None]) -> Measured:
    """PURE: one delay a phone, None for one that was only counted."""
    told = sorted(delay for delay in delays if delay is not None)
    silent = len(delays) - len(told)
    if not told:
        return Measured(len(delays), silent, None, None, "none")
    slow = told[min(len(told) - 1, len(told) * 9 // 10)]
    middle = round(median(told))
    good = middle <= QUICK and slow <= BEARABLE
    verdict = "good" if good else "slow" if middle <= BEARABLE else "bad"
    return Measured(len(delays), silent, middle, slow, verdict)


def forget_trials(session: Session, *, now: datetime) -> None:
    """Trials that are over go, and their phones with them."""
    session.connection().execute(delete(TrialRow.__table__).where(TrialRow.begun_at <= now - LASTS))


def _trial(connection: Connection, code: str, now: datetime) -> Trial:
    lasting = (TrialRow.code == code, TrialRow.begun_at > now - LASTS)
    row = connection.execute(select(TrialRow.code, TrialRow.begun_at).where(*lasting)).first()
    if row is None:
        raise NotFound(code[:10])
    return Trial(row.code, row.begun_at)


_BEGIN = {
    "sqlite": sqlite.insert(TrialRow.__table__).on_conflict_do_nothing().returning(TrialRow.code),
    "postgresql": postgresql.insert(TrialRow.__table__).on_conflict_do_nothing().returning(TrialRow.code),
}
