"""One-use sign-in slips: a QR code to scan or a code to type. One that an organiser prints is valid for seven days.

A handoff is a slip of ten minutes that a signed-in browser shows for another device of the same person. It continues
that browser's sign-in: it ends with it, and lasts no longer. A start slip signs in the browser that ``lms serve --lan``
opens.

The QR code holds a token of 138 random bits; the database stores only its digest. The first four characters of the
typed code select the slip; the other eight are derived from the digest and the secret key and stored nowhere. Tries
are counted per slip.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.learning.accounts import account_store, audit_log, sign_in_throttle
from lms.learning.accounts.account import Account
from lms.learning.errors import InvalidSignInSlip
from lms.learning.learning_codes import ALPHABET, LENGTH, normalize_code
from lms.learning.store.models import AccountRow, SignIn, SlipRow
from lms.signing import SecretKeys, all_secret_keys

LIFETIME = timedelta(days=7)
HANDOFF_LIFETIME = timedelta(minutes=10)
_SELECTOR_LENGTH = 4  # characters
# Only letters and digits: chat programs that turn a URL into a link cut punctuation off at its end.
_URL_SAFE_CHARACTERS = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ"
_TOKEN_LENGTH = 24  # 138 bits


@dataclass(frozen=True, slots=True)
class Slip:
    """A new slip with its secrets, which exist only until it is printed. ``code``: "7K2 M9P 4XC 031"."""

    account: Account
    token: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RedeemedSlip:
    """A slip that was just used. ``handed_from``: the digest of the sign-in that a handoff continues."""

    account: Account
    handed_from: str | None


def issue_slip(session: Session, account_id: str, *, by: Account | None, secret: str, now: datetime) -> Slip:
    """Create a slip for the account; its earlier unused slips become invalid.

    Raises:
        NotFound: the account does not exist, or ``by`` does not manage it.
        InvalidSignInSlip: the account is disabled.
    """
    session.execute(select(AccountRow.id).where(AccountRow.id == account_id).with_for_update())
    if by is None:
        account = account_store.get_account(session, account_id)
    else:
        account = account_store.get_managed_account(session, by, account_id)
    if account.disabled:
        raise InvalidSignInSlip("disabled")
    _delete_unused(session, account_id, SlipRow.kind == "printed")
    slip = _create_slip(session, account, secret=secret, now=now, lifetime=LIFETIME, issued_by=by.id if by else None)
    audit_log.record_for_account(session, by, "slip_issued", account, now=now)
    return slip


def issue_device_handoff(
    session: Session, account: Account, *, sign_in_token: str, class_id: str | None, secret: str, now: datetime
) -> Slip:
    """Create a handoff, which signs ``account`` in on another device and opens the desk of a class there.

    ``sign_in_token`` belongs to the sign-in that asks for it. Its earlier unused handoffs become invalid.
    """
    handed_from = token_digest(sign_in_token)
    _delete_unused(session, account.id, SlipRow.handed_from == handed_from)
    slip = _create_slip(
        session,
        account,
        secret=secret,
        now=now,
        lifetime=HANDOFF_LIFETIME,
        issued_by=account.id,
        kind="handoff",
        handed_from=handed_from,
        class_id=class_id,
    )
    audit_log.record_for_account(session, account, "handoff_issued", account, now=now)
    return slip


def issue_local_sign_in(session: Session, account: Account, *, secret: str, now: datetime) -> Slip:
    """Create a slip for the browser that the command line opens. The printed slip stays valid."""
    _delete_unused(session, account.id, SlipRow.kind == "start")
    return _create_slip(session, account, secret=secret, now=now, lifetime=HANDOFF_LIFETIME, kind="start")


def find_slip_holder(session: Session, token: str, *, now: datetime) -> Account:
    """Return the account of a valid slip without using it: chat programs fetch links for a preview.

    Raises:
        InvalidSignInSlip: no valid slip has this token.
    """
    row = session.get(SlipRow, token_digest(token))
    if row is None:
        raise InvalidSignInSlip("unknown")
    _check_unused(row, now)
    return _get_holder(session, row)


def find_slip_kind(session: Session, token: str) -> str:
    """Return the kind of a slip, used or not: "printed", "handoff" or "start"; "" if there is none."""
    return session.scalar(select(SlipRow.kind).where(SlipRow.token_digest == token_digest(token))) or ""


def find_class_to_open(session: Session, *, token: str = "", code: str = "") -> str | None:
    """Return the class whose desk a handoff opens, by its token or by its code as it was typed."""
    selected = (
        SlipRow.token_digest == token_digest(token)
        if token
        else SlipRow.selector == normalize_code(code)[:_SELECTOR_LENGTH]
    )
    return session.scalar(select(SlipRow.class_id).where(selected))


def redeem_slip(session: Session, token: str, *, now: datetime) -> RedeemedSlip:
    """Use a slip by its token. Of two concurrent requests with one slip, one succeeds.

    Raises:
        InvalidSignInSlip: no valid slip has this token.
    """
    return _redeem(session, token_digest(token), now)


def count_code_try(session: Session, typed: str, *, now: datetime) -> None:
    """Count one try at the slip that the code selects. Commit it before calling ``redeem_code``.

    Raises:
        TooManySignInTries: the code of this slip was tried too often; its QR code still works.
    """
    if code := normalize_code(typed):
        sign_in_throttle.count_sign_in_try(session, _throttle_key(code), now=now)


def redeem_code(session: Session, typed: str, *, secret: SecretKeys, now: datetime) -> RedeemedSlip:
    """Use a slip by its code. Case, spaces and hyphens in ``typed`` do not matter.

    Raises:
        InvalidSignInSlip: no valid slip has this code.
    """
    code = normalize_code(typed)
    digest = code and session.scalar(select(SlipRow.token_digest).where(SlipRow.selector == code[:_SELECTOR_LENGTH]))
    if not digest or not any(
        hmac.compare_digest(code[_SELECTOR_LENGTH:], _code_suffix(digest, key)) for key in all_secret_keys(secret)
    ):
        raise InvalidSignInSlip("unknown")
    redeemed = _redeem(session, digest, now)
    sign_in_throttle.clear_sign_in_tries(session, _throttle_key(code))
    return redeemed


def unused_slip_expiry(session: Session, account_ids: Sequence[str], *, now: datetime) -> dict[str, datetime]:
    """Return the expiry of the unused printed slip by account id; accounts without one are left out."""
    rows = session.execute(
        select(SlipRow.account_id, func.max(SlipRow.expires_at))
        .where(
            SlipRow.account_id.in_(account_ids),
            SlipRow.kind == "printed",
            SlipRow.used_at.is_(None),
            SlipRow.expires_at > now,
        )
        .group_by(SlipRow.account_id)
    )
    return dict(rows.all())


def token_digest(token: str) -> str:
    """The SHA-256 of a slip's or sign-in's token, in hex, as the database stores it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _redeem(session: Session, digest: str, now: datetime) -> RedeemedSlip:
    row = session.get(SlipRow, digest)
    if row is None:
        raise InvalidSignInSlip("unknown")
    # Lock the account before the slip, in the order of account_admin, against deadlocks.
    session.execute(select(AccountRow.id).where(AccountRow.id == row.account_id).with_for_update())
    # The WHERE clause decides a race: the second request updates no row, whatever it read before.
    redeemed = session.scalar(
        update(SlipRow)
        .where(SlipRow.token_digest == digest, SlipRow.used_at.is_(None), SlipRow.expires_at > now)
        .values(used_at=now)
        .returning(SlipRow.token_digest)
        .execution_options(synchronize_session=False)
    )
    if redeemed is None:
        row = session.get(SlipRow, digest, populate_existing=True)
        if row is not None:
            _check_unused(row, now)
        raise InvalidSignInSlip("unknown")
    return RedeemedSlip(_get_holder(session, row), row.handed_from)


def _check_unused(row: SlipRow, now: datetime) -> None:
    prefix = "" if row.kind == "printed" else f"{row.kind}_"
    if row.used_at is not None:
        raise InvalidSignInSlip(f"{prefix}used")
    if row.expires_at <= now:
        raise InvalidSignInSlip(f"{prefix}expired")


def _get_holder(session: Session, row: SlipRow) -> Account:
    """Return the account of a slip, if it may sign in."""
    account = account_store.get_account(session, row.account_id)
    if account.disabled:
        raise InvalidSignInSlip("disabled")
    if row.kind == "handoff" and not session.scalar(
        select(SignIn.token_digest).where(
            SignIn.token_digest == row.handed_from, SignIn.session_version == account.session_version
        )
    ):
        raise InvalidSignInSlip("handoff_ended")
    return account


def _delete_unused(session: Session, account_id: str, condition: ColumnElement[bool]) -> None:
    session.execute(delete(SlipRow).where(SlipRow.account_id == account_id, SlipRow.used_at.is_(None), condition))


def _create_slip(
    session: Session, account: Account, *, secret: str, now: datetime, lifetime: timedelta, **values: str | None
) -> Slip:
    """Insert a slip with a new token, and delete all that expired long ago."""
    session.execute(delete(SlipRow).where(SlipRow.expires_at < now - LIFETIME))
    token = "".join(secrets.choice(_URL_SAFE_CHARACTERS) for _ in range(_TOKEN_LENGTH))
    digest = token_digest(token)
    selector = _insert_slip(
        session, token_digest=digest, account_id=account.id, issued_at=now, expires_at=now + lifetime, **values
    )
    code = selector + _code_suffix(digest, secret)
    grouped_code = " ".join(code[start : start + 3] for start in range(0, LENGTH, 3))
    return Slip(account, token, grouped_code, now + lifetime)


def _insert_slip(session: Session, **values: Any) -> str:
    while True:
        selector = "".join(secrets.choice(ALPHABET) for _ in range(_SELECTOR_LENGTH))
        try:
            with session.begin_nested():
                session.execute(insert(SlipRow).values(selector=selector, **values))
            return selector
        except IntegrityError:  # the selector, one of 234,256, is in use: draw again
            continue


def _code_suffix(digest: str, secret: str) -> str:
    mac = hmac.digest(secret.encode("utf-8"), f"slip-code:{digest}".encode("ascii"), hashlib.sha256)
    number, characters = int.from_bytes(mac), ""
    for _ in range(LENGTH - _SELECTOR_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        characters += ALPHABET[digit]
    return characters


def _throttle_key(code: str) -> str:
    return f"slip:{code[:_SELECTOR_LENGTH]}"
