"""Being signed in: by a slip or a password, in one browser, until it is ended, idle too long, or a right is taken away.

The cookie holds a random token, the database its digest; nothing is believed that is not there.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.orm import Session

from lms.learning.accounts import account_store, audit_log, passwords, sign_in_slips, throttle
from lms.learning.accounts.account import Account, account_from
from lms.learning.errors import WrongSignIn
from lms.learning.store.database import writing
from lms.learning.store.models import AccountRole, AccountRow, SignIn

# Whoever holds a class each week is still in for the next one; whoever manages people sits at it for a day.
IDLE, LONGEST = timedelta(days=14), timedelta(days=60)
IDLE_OF_MANAGERS, LONGEST_OF_MANAGERS = timedelta(days=1), timedelta(days=14)
MANAGERS = frozenset({"organiser", "administrator"})
MOST = 10  # browsers of one account; the one that was not seen longest is out
SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An account in one browser. ``due``: it is time to note that it was seen."""

    account: Account
    token: str
    by: str  # "slip" or "password"
    begun_at: datetime
    due: bool


@dataclass(frozen=True, slots=True)
class Browser:
    """One place where somebody is signed in. ``key`` names it in a form; ``here``: the one that asks."""

    key: str
    by: str
    begun_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser in which this account was signed in before. ``word`` is its own, random."""

    account_id: str
    word: str


def sign_in_with_password(
    engine: Engine, typed_name: str, password: str, *, known: KnownBrowser | None = None, now: datetime
) -> str:
    """The token of a new sign-in. Its transactions are its own: argon2 takes its time and must hold no lock.

    Raises:
        WrongSignIn: they do not belong together.
        TooManyTries: this name was tried too often, known or not; from a ``known`` browser of hers, there.
        Busy: too many are trying.
    """
    with passwords.waiting_room():
        return _sign_in_with_password(engine, account_store.login_of(typed_name), password, known, now)


def sign_in_with_code(engine: Engine, typed: str, *, secret: str, now: datetime) -> str:
    """The same with the code typed from a slip.

    Raises:
        SlipRefused: it lets nobody in.
        TooManyTries: that slip's code was tried too often.
    """
    with writing(engine).begin() as session:
        sign_in_slips.count_code(session, typed, now=now)
    with writing(engine).begin() as session:
        account = sign_in_slips.use_code(session, typed, secret=secret, now=now)
        return _begin(session, account, "slip", now)


def sign_in_with_slip(engine: Engine, token: str, *, now: datetime) -> str:
    """The same with what the slip's square holds.

    Raises:
        SlipRefused: it lets nobody in.
    """
    with writing(engine).begin() as session:
        return _begin(session, sign_in_slips.use_slip(session, token, now=now), "slip", now)


def find_sign_in(session: Session, token: str, *, now: datetime) -> SignedIn | None:
    """Who is signed in with this token; None when it is over, for whatever reason."""
    rows = session.execute(
        select(AccountRow.__table__, SignIn.by, SignIn.begun_at, SignIn.seen_at, AccountRole.role)
        .join(SignIn, SignIn.account_id == AccountRow.id)
        .outerjoin(AccountRole, AccountRole.account_id == AccountRow.id)
        .where(
            SignIn.token_digest == _digest(token),
            SignIn.session_version == AccountRow.session_version,
            AccountRow.disabled_at.is_(None),
        )
    ).all()
    if not rows:
        return None
    first = rows[0]
    account = account_from(first, frozenset(row.role for row in rows if row.role))
    idle, longest = limits(account)
    if first.seen_at < now - idle or first.begun_at < now - longest:
        return None
    return SignedIn(account, token, first.by, first.begun_at, due=first.seen_at < now - SEEN_EVERY)


def limits(account: Account) -> tuple[timedelta, timedelta]:
    """How long this account may be idle, and how long it may be signed in at all."""
    manages = bool(account.roles & MANAGERS)
    return (IDLE_OF_MANAGERS, LONGEST_OF_MANAGERS) if manages else (IDLE, LONGEST)


def note_seen(engine: Engine, token: str, *, now: datetime) -> None:
    """She is still there: the time of idleness begins anew."""
    with writing(engine).begin() as session:
        session.execute(update(SignIn).where(SignIn.token_digest == _digest(token)).values(seen_at=now))


def sign_out(session: Session, token: str) -> None:
    """End it; the same token opens nothing from now on."""
    session.execute(delete(SignIn).where(SignIn.token_digest == _digest(token)))


def browsers(session: Session, account: Account, *, here: str) -> list[Browser]:
    """Where she is signed in, this browser first, then the ones seen last."""
    rows = session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account.id, SignIn.session_version == account.session_version)
        .order_by(SignIn.seen_at.desc())
    )
    mine = _digest(here)
    found = [Browser(r.token_digest[:12], r.by, r.begun_at, r.seen_at, r.token_digest == mine) for r in rows]
    return sorted(found, key=lambda one: not one.here)


def end_others(session: Session, account: Account, *, here: str, now: datetime) -> None:
    """End every other browser of hers, and what it holds open; this one goes on."""
    session.execute(delete(SignIn).where(SignIn.account_id == account.id, SignIn.token_digest != _digest(here)))
    version = session.scalar(
        update(AccountRow)
        .where(AccountRow.id == account.id)
        .values(session_version=AccountRow.session_version + 1)
        .returning(AccountRow.session_version)
    )
    session.execute(update(SignIn).where(SignIn.token_digest == _digest(here)).values(session_version=version))
    audit_log.note(
        session, account, "signed_out_everywhere", about=account.id, ward=account.ward, now=now,
        said={"name": account.name},
    )  # fmt: skip


def _sign_in_with_password(engine: Engine, login: str, password: str, known: KnownBrowser | None, now: datetime) -> str:
    with writing(engine).begin() as session:
        row = session.execute(
            select(AccountRow.id, AccountRow.password_hash).where(
                AccountRow.login == login, AccountRow.disabled_at.is_(None)
            )
        ).first()
        if row and known and known.account_id == row.id:
            key = f"known:{known.word}"
        else:
            key = "name:" + hashlib.sha256(login.encode()).hexdigest()[:5]  # a million names at most can be counted
        throttle.count_try(session, key, now=now)
    if not passwords.is_password(password, row.password_hash if row else None) or row is None:
        with writing(engine).begin() as session:
            _note_if_blocked(session, key, row.id if row else None, now)
        raise WrongSignIn
    with writing(engine).begin() as session:
        account = account_store.get_account(session, row.id)
        still = session.scalar(select(AccountRow.password_hash).where(AccountRow.id == row.id))
        if account.disabled or still != row.password_hash:  # changed meanwhile
            raise WrongSignIn
        throttle.clear(session, key)
        return _begin(session, account, "password", now)


def _begin(session: Session, account: Account, by: str, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.execute(
        insert(SignIn).values(
            token_digest=_digest(token),
            account_id=account.id,
            session_version=account.session_version,
            by=by,
            begun_at=now,
            seen_at=now,
        )
    )
    session.execute(update(AccountRow).where(AccountRow.id == account.id).values(signed_in_at=now))
    kept = session.scalars(
        select(SignIn.token_digest)
        .where(SignIn.account_id == account.id)
        .order_by(SignIn.seen_at.desc(), SignIn.begun_at.desc())
    ).all()
    if len(kept) > MOST:
        session.execute(delete(SignIn).where(SignIn.token_digest.in_(kept[MOST:])))
    said = {"name": account.name, "by": by}
    audit_log.note(session, account, "signed_in", about=account.id, ward=account.ward, now=now, said=said)
    session.flush()
    throttle.sweep(session, now=now)
    return token


def _note_if_blocked(session: Session, key: str, account_id: str | None, now: datetime) -> None:
    """Tell the organiser once that somebody guesses at an account of hers."""
    if account_id is None or not throttle.is_spent(session, key):
        return
    account = account_store.get_account(session, account_id)
    said = {"name": account.name}
    audit_log.note(session, None, "sign_in_blocked", about=account.id, ward=account.ward, now=now, said=said)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
