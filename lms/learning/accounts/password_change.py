"""Set the password of a signed-in account, given its current password or a recent sign-in by slip, and offer a first.

Each step runs in its own transaction: argon2 is slow, and no lock may be held meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from lms.learning import wards
from lms.learning.accounts import audit_log, passwords, sign_in_throttle
from lms.learning.accounts.account import Account
from lms.learning.accounts.account_store import LAPTOP_ACCOUNT_ID
from lms.learning.accounts.sign_ins import CurrentSignIn, end_other_sign_ins
from lms.learning.errors import WrongNameOrPassword
from lms.learning.store.database import write_sessions
from lms.learning.store.models import AccountRow

SLIP_REPLACES_PASSWORD_FOR = timedelta(minutes=15)  # after a sign-in by slip, no current password is asked for


def set_password(
    engine: Engine, signed_in: CurrentSignIn, password: str, *, current_password: str, now: datetime
) -> None:
    """Set a password. A changed one signs out the other browsers of the account, a first one does not.

    ``current_password`` is ignored if the account has none yet, or signed in by slip within the last 15 minutes.

    Raises:
        WrongNameOrPassword: ``current_password`` is wrong.
        TooManySignInTries: the current password was tried too often.
        WeakPassword: ``password`` is too easy to guess.
        ServiceBusy: too many passwords are being hashed.
    """
    account = signed_in.account
    ward_name = wards.ward_label(account.ward) if account.ward else ""
    with passwords.hash_queue():
        if account.has_password and not is_recent_slip_sign_in(signed_in, now=now):
            _check_current_password(engine, account, current_password, now)
        names = (account.name, account.login, ward_name, ward_name.partition(" ")[2])
        password_hash = passwords.hash_password(password, names=names)
    with write_sessions(engine).begin() as session:
        session.execute(update(AccountRow).where(AccountRow.id == account.id).values(password_hash=password_hash))
        audit_log.record_for_account(session, account, "password_set", account, now=now)
        if account.has_password:  # somebody may know the old one
            end_other_sign_ins(session, account, current_token=signed_in.token, now=now)


def should_offer_password(account: Account) -> bool:
    """Whether to offer a first password: until it is set or declined, and not on a laptop that prints slips itself."""
    return not (account.has_password or account.password_declined or account.id == LAPTOP_ACCOUNT_ID)


def dismiss_password_offer(session: Session, account: Account, *, now: datetime) -> None:
    """Stop offering a password to this account, on all its devices."""
    session.execute(update(AccountRow).where(AccountRow.id == account.id).values(password_declined_at=now))


def is_recent_slip_sign_in(signed_in: CurrentSignIn, *, now: datetime) -> bool:
    """Whether this browser signed in by slip within the last 15 minutes."""
    return signed_in.method == "slip" and signed_in.started_at > now - SLIP_REPLACES_PASSWORD_FOR


def _check_current_password(engine: Engine, account: Account, current_password: str, now: datetime) -> None:
    key = f"present:{account.id}"
    with write_sessions(engine).begin() as session:
        sign_in_throttle.count_sign_in_try(session, key, now=now)
        stored_hash = session.scalar(select(AccountRow.password_hash).where(AccountRow.id == account.id))
    if not passwords.verify_password(current_password, stored_hash):
        raise WrongNameOrPassword
    with write_sessions(engine).begin() as session:
        sign_in_throttle.clear_sign_in_tries(session, key)
