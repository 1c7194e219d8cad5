"""One-use sign-in slips: a square to scan or a code to type, good for seven days.

The square holds 138 random bits, of which the database has only the digest. The code's first four characters find the
slip; its other eight are computed from that digest and the secret key, so they lie nowhere. Guesses are counted for
each slip.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.learning.accounts import account_store, audit_log, throttle
from lms.learning.accounts.account import Account
from lms.learning.errors import SlipRefused
from lms.learning.learning_codes import ALPHABET, LENGTH, as_typed
from lms.learning.store.models import AccountRow, SlipRow

LIFETIME = timedelta(days=7)
_SELECTOR = 4  # characters
# Letters and digits alone: whatever makes a link of a printed address leaves a sign at its end out.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ"
_TOKEN_LENGTH = 24  # 138 bits


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed, and known only now. ``code``: "7K2 M9P 4XC 031"."""

    account: Account
    token: str
    code: str
    expires_at: datetime


def issue_slip(session: Session, account_id: str, *, by: Account | None, secret: str, now: datetime) -> Slip:
    """A new slip for the account; those it had and did not use open nothing from now on.

    Raises:
        NotFound: there is no such account for ``by``.
        SlipRefused: the account is disabled.
    """
    session.execute(select(AccountRow.id).where(AccountRow.id == account_id).with_for_update())
    if by is None:
        account = account_store.get_account(session, account_id)
    else:
        account = account_store.managed_account(session, by, account_id)
    if account.disabled:
        raise SlipRefused("disabled")
    session.execute(delete(SlipRow).where((SlipRow.account_id == account_id) & SlipRow.used_at.is_(None)))
    session.execute(delete(SlipRow).where(SlipRow.expires_at < now - LIFETIME))
    token = "".join(secrets.choice(_LETTERS) for _ in range(_TOKEN_LENGTH))
    digest = digest_of(token)
    selector = _keep(session, digest, account_id, by, now)
    audit_log.note(
        session, by, "slip_issued", about=account_id, ward=account.ward, now=now, said={"name": account.name}
    )
    code = selector + _rest_of_code(digest, secret)
    spaced = " ".join(code[start : start + 3] for start in range(0, LENGTH, 3))
    return Slip(account, token, spaced, now + LIFETIME)


def slip_holder(session: Session, token: str, *, now: datetime) -> Account:
    """Whom the slip lets in. Asking uses nothing up: whatever shows previews of links asks, too.

    Raises:
        SlipRefused: it lets nobody in.
    """
    row = session.get(SlipRow, digest_of(token))
    if row is None:
        raise SlipRefused("unknown")
    if row.used_at is not None:
        raise SlipRefused("used")
    if row.expires_at <= now:
        raise SlipRefused("expired")
    account = account_store.get_account(session, row.account_id)
    if account.disabled:
        raise SlipRefused("disabled")
    return account


def use_slip(session: Session, token: str, *, now: datetime) -> Account:
    """Use it up. Of two who come with one slip at once, one is let in.

    Raises:
        SlipRefused: it lets nobody in.
    """
    return _use(session, digest_of(token), now)


def count_code(session: Session, typed: str, *, now: datetime) -> None:
    """Count one try at the slip that this code begins like. To be committed before ``use_code`` looks at it.

    Raises:
        TooManyTries: this slip's code was tried too often; its square still works.
    """
    if code := as_typed(typed):
        throttle.count_try(session, _key(code), now=now)


def use_code(session: Session, typed: str, *, secret: str, now: datetime) -> Account:
    """The same with the code from the slip, however it is typed.

    Raises:
        SlipRefused: it lets nobody in.
    """
    code = as_typed(typed)
    digest = code and session.scalar(select(SlipRow.token_digest).where(SlipRow.selector == code[:_SELECTOR]))
    if not digest or not hmac.compare_digest(code[_SELECTOR:], _rest_of_code(digest, secret)):
        raise SlipRefused("unknown")
    account = _use(session, digest, now)
    throttle.clear(session, _key(code))
    return account


def waiting(session: Session, account_ids: Sequence[str], *, now: datetime) -> dict[str, datetime]:
    """Until when each of them has a slip that was not used."""
    rows = session.execute(
        select(SlipRow.account_id, func.max(SlipRow.expires_at))
        .where(SlipRow.account_id.in_(account_ids), SlipRow.used_at.is_(None), SlipRow.expires_at > now)
        .group_by(SlipRow.account_id)
    )
    return {account_id: until for account_id, until in rows}  # noqa: C416  (rows are no pairs to a type checker)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _use(session: Session, digest: str, now: datetime) -> Account:
    row = session.get(SlipRow, digest)
    if row is None:
        raise SlipRefused("unknown")
    # The account first, as everybody who changes one holds it: nobody waits in a ring.
    session.execute(select(AccountRow.id).where(AccountRow.id == row.account_id).with_for_update())
    # The condition is the lock: whoever comes second finds the slip used, whatever it read before.
    used = session.execute(
        update(SlipRow)
        .where(SlipRow.token_digest == digest, SlipRow.used_at.is_(None), SlipRow.expires_at > now)
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if not used.rowcount:
        row = session.get(SlipRow, digest, populate_existing=True)
        raise SlipRefused("unknown" if row is None else "used" if row.used_at else "expired")
    account = account_store.get_account(session, row.account_id)
    if account.disabled:
        raise SlipRefused("disabled")
    return account


def _keep(session: Session, digest: str, account_id: str, by: Account | None, now: datetime) -> str:
    while True:
        selector = "".join(secrets.choice(ALPHABET) for _ in range(_SELECTOR))
        try:
            with session.begin_nested():
                session.execute(
                    insert(SlipRow).values(
                        token_digest=digest,
                        account_id=account_id,
                        selector=selector,
                        issued_by=by.id if by else None,
                        issued_at=now,
                        expires_at=now + LIFETIME,
                    )
                )
            return selector
        except IntegrityError:  # one of 234,256 that is in use: draw again
            continue


def _rest_of_code(digest: str, secret: str) -> str:
    mixed = hmac.digest(secret.encode("utf-8"), f"slip-code:{digest}".encode("ascii"), hashlib.sha256)
    number, letters = int.from_bytes(mixed), []
    for _ in range(LENGTH - _SELECTOR):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(letters)


def _key(code: str) -> str:
    return f"slip:{code[:_SELECTOR]}"
