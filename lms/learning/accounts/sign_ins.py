"""Sign-ins: one per browser, by slip or password, ended by signing out, idleness, age or the loss of a right.

The cookie holds a random token, the database its digest. A cookie without a row is not signed in.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.learning.accounts import account_store, audit_log, passwords, sign_in_slips, sign_in_throttle
from lms.learning.accounts.account import Account, account_from_row
from lms.learning.accounts.sign_in_slips import RedeemedSlip, token_digest
from lms.learning.errors import WrongNameOrPassword
from lms.learning.store.database import write_sessions
from lms.learning.store.models import AccountRole, AccountRow, SignIn
from lms.signing import SecretKeys

# A facilitator with a weekly class stays signed in until the next one; managing accounts needs a fresher sign-in.
IDLE_LIMIT, MAX_AGE = timedelta(days=14), timedelta(days=60)
MANAGER_IDLE_LIMIT, MANAGER_MAX_AGE = timedelta(days=1), timedelta(days=14)
MANAGER_ROLES = frozenset({"organiser", "administrator"})
MAX_BROWSERS = 10  # per account; the least recently seen is signed out
SEEN_INTERVAL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CurrentSignIn:
    """The account that is signed in in the browser of a request."""

    account: Account
    token: str
    method: str  # "slip", "password" or "handoff"
    started_at: datetime
    is_seen_update_due: bool  # ``record_seen`` has not been called for an hour


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser in which an account is signed in. ``is_current``: the one that sent the request."""

    key: str
    method: str
    started_at: datetime
    seen_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser in which this account was signed in before. ``browser_id`` is random."""

    account_id: str
    browser_id: str


def sign_in_with_password(
    engine: Engine, typed_name: str, password: str, *, known_browser: KnownBrowser | None = None, now: datetime
) -> str:
    """Sign in by name and password and return the new token.

    Each step runs in its own transaction: argon2 is slow, and no lock may be held meanwhile. Tries are counted by
    name, whether the account exists or not; in a ``known_browser`` of the account they are counted for that browser,
    so that guesses elsewhere do not lock its owner out.

    Raises:
        WrongNameOrPassword: no enabled account has this name and password.
        TooManySignInTries: this name was tried too often.
        ServiceBusy: too many passwords are being hashed.
    """
    with passwords.hash_queue():
        return _sign_in_with_password(engine, account_store.login_from_name(typed_name), password, known_browser, now)


def sign_in_with_code(engine: Engine, typed: str, *, secret: SecretKeys, now: datetime) -> str:
    """Sign in by the code typed from a slip and return the new token.

    Raises:
        InvalidSignInSlip: no valid slip has this code.
        TooManySignInTries: the code of this slip was tried too often.
    """
    with write_sessions(engine).begin() as session:
        sign_in_slips.count_code_try(session, typed, now=now)
    with write_sessions(engine).begin() as session:
        return _start_with_slip(session, sign_in_slips.redeem_code(session, typed, secret=secret, now=now), now)


def sign_in_with_slip(engine: Engine, token: str, *, now: datetime) -> str:
    """Sign in by the token in a slip's QR code and return the new sign-in's token.

    Raises:
        InvalidSignInSlip: no valid slip has this token.
    """
    with write_sessions(engine).begin() as session:
        return _start_with_slip(session, sign_in_slips.redeem_slip(session, token, now=now), now)


def start_sign_in(
    session: Session, account: Account, method: str, now: datetime, *, begun_at: datetime | None = None
) -> str:
    """Start a sign-in of the account in one more browser, without asking for anything, and return its token.

    ``method``: what was shown for it, "password", "slip" or "handoff". ``begun_at``: when the sign-in that this one
    continues began; None if it continues none.
    """
    token = secrets.token_urlsafe(32)
    session.execute(
        insert(SignIn).values(
            token_digest=token_digest(token),
            account_id=account.id,
            session_version=account.session_version,
            by=method,
            begun_at=begun_at or now,
            seen_at=now,
        )
    )
    session.execute(update(AccountRow).where(AccountRow.id == account.id).values(signed_in_at=now))
    digests = session.scalars(
        select(SignIn.token_digest)
        .where(SignIn.account_id == account.id)
        .order_by(SignIn.seen_at.desc(), SignIn.begun_at.desc())
    ).all()
    if len(digests) > MAX_BROWSERS:
        session.execute(delete(SignIn).where(SignIn.token_digest.in_(digests[MAX_BROWSERS:])))
    audit_log.record_for_account(session, account, "signed_in", account, now=now, details={"by": method})
    session.flush()
    sign_in_throttle.delete_expired(session, now=now)
    return token


def find_sign_in(session: Session, token: str, *, now: datetime) -> CurrentSignIn | None:
    """Return the sign-in of a token, or None if it has ended for any reason."""
    rows = session.connection().execute(_SIGN_IN, {"token_digest": token_digest(token)}).all()
    if not rows:
        return None
    first = rows[0]
    account = account_from_row(first, frozenset(row.role for row in rows if row.role))
    idle, longest = sign_in_lifetimes(account)
    if first.seen_at < now - idle or first.begun_at < now - longest:
        return None
    return CurrentSignIn(
        account, token, first.by, first.begun_at, is_seen_update_due=first.seen_at < now - SEEN_INTERVAL
    )


def sign_in_lifetimes(account: Account) -> tuple[timedelta, timedelta]:
    """Return how long a sign-in of this account may be idle, and how long it may last at all."""
    is_manager = bool(account.roles & MANAGER_ROLES)
    return (MANAGER_IDLE_LIMIT, MANAGER_MAX_AGE) if is_manager else (IDLE_LIMIT, MAX_AGE)


def record_sign_in_use(engine: Engine, token: str, *, now: datetime) -> None:
    """Restart the idle time of a sign-in."""
    with write_sessions(engine).begin() as session:
        session.execute(update(SignIn).where(SignIn.token_digest == token_digest(token)).values(seen_at=now))


def sign_out(session: Session, token: str) -> None:
    """End one sign-in; its token becomes invalid."""
    session.execute(delete(SignIn).where(SignIn.token_digest == token_digest(token)))


def list_browsers(session: Session, account: Account, *, current_token: str) -> list[Browser]:
    """Return the browsers of an account: the current one first, then the most recently seen."""
    rows = session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account.id, SignIn.session_version == account.session_version)
        .order_by(SignIn.seen_at.desc())
    )
    current_digest = token_digest(current_token)
    browsers = [
        Browser(row.token_digest[:12], row.by, row.begun_at, row.seen_at, row.token_digest == current_digest)
        for row in rows
    ]
    return sorted(browsers, key=lambda browser: not browser.is_current)


def end_other_sign_ins(session: Session, account: Account, *, current_token: str, now: datetime) -> None:
    """End every other sign-in of the account, and its open streams; the current one goes on."""
    session.execute(
        delete(SignIn).where(SignIn.account_id == account.id, SignIn.token_digest != token_digest(current_token))
    )
    version = session.scalar(
        update(AccountRow)
        .where(AccountRow.id == account.id)
        .values(session_version=AccountRow.session_version + 1)
        .returning(AccountRow.session_version)
    )
    session.execute(
        update(SignIn).where(SignIn.token_digest == token_digest(current_token)).values(session_version=version)
    )
    audit_log.record_for_account(session, account, "signed_out_everywhere", account, now=now)


def _sign_in_with_password(engine: Engine, login: str, password: str, known: KnownBrowser | None, now: datetime) -> str:
    with write_sessions(engine).begin() as session:
        row = session.execute(
            select(AccountRow.id, AccountRow.password_hash).where(
                AccountRow.login == login, AccountRow.disabled_at.is_(None)
            )
        ).first()
        if row and known and known.account_id == row.id:
            key = f"known:{known.browser_id}"
        else:
            key = "name:" + hashlib.sha256(login.encode()).hexdigest()[:5]  # a million names at most can be counted
        sign_in_throttle.count_sign_in_try(session, key, now=now)
    if not passwords.verify_password(password, row.password_hash if row else None) or row is None:
        with write_sessions(engine).begin() as session:
            _record_if_blocked(session, key, row.id if row else None, now)
        raise WrongNameOrPassword
    with write_sessions(engine).begin() as session:
        account = account_store.get_account(session, row.id)
        current_hash = session.scalar(select(AccountRow.password_hash).where(AccountRow.id == row.id))
        if account.disabled or current_hash != row.password_hash:  # changed meanwhile
            raise WrongNameOrPassword
        sign_in_throttle.clear_sign_in_tries(session, key)
        return start_sign_in(session, account, "password", now)


def _start_with_slip(session: Session, slip: RedeemedSlip, now: datetime) -> str:
    """Start a sign-in. After a handoff it lasts no longer than the sign-in that it continues."""
    if slip.handed_from is None:
        return start_sign_in(session, slip.account, "slip", now)
    begun_at = session.scalar(select(SignIn.begun_at).where(SignIn.token_digest == slip.handed_from))
    return start_sign_in(session, slip.account, "handoff", now, begun_at=begun_at)


def _record_if_blocked(session: Session, key: str, account_id: str | None, now: datetime) -> None:
    """Write to the audit log, once, that somebody is guessing the password of an account."""
    if account_id is None or not sign_in_throttle.is_blocked(session, key):
        return
    account = account_store.get_account(session, account_id)
    audit_log.record_for_account(session, None, "sign_in_blocked", account, now=now)


_SIGN_IN = (
    select(AccountRow.__table__, SignIn.by, SignIn.begun_at, SignIn.seen_at, AccountRole.role)
    .join(SignIn, SignIn.account_id == AccountRow.id)
    .outerjoin(AccountRole, AccountRole.account_id == AccountRow.id)
    .where(
        SignIn.token_digest == bindparam("token_digest"),
        SignIn.session_version == AccountRow.session_version,
        AccountRow.disabled_at.is_(None),
    )
)
