"""The password of somebody who is signed in: given anew, to whoever knows the present one or came by a slip just now.

Its transactions are its own, as those of ``sign_ins``: a password is looked at for long, and no lock is held meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, select, update

from lms.learning import wards
from lms.learning.accounts import audit_log, passwords, throttle
from lms.learning.accounts.account import Account
from lms.learning.accounts.sign_ins import SignedIn, end_others
from lms.learning.errors import WrongSignIn
from lms.learning.store.database import writing
from lms.learning.store.models import AccountRow

FRESH = timedelta(minutes=15)  # signed in so lately that a slip stands for the present password


def set_password(engine: Engine, signed_in: SignedIn, password: str, *, present: str, now: datetime) -> None:
    """Give her this password; the other browsers are out.

    ``present`` is the one she has. Who came in with a slip a moment ago has forgotten it, and needs none.

    Raises:
        WrongSignIn: ``present`` is not it.
        TooManyTries: it was tried too often.
        WeakPassword: ``password`` cannot be taken.
        Busy: too many passwords are being looked at.
    """
    account = signed_in.account
    place = wards.place_name(account.ward) if account.ward else ""
    with passwords.waiting_room():
        if account.has_password and not is_fresh(signed_in, now=now):
            _check_present(engine, account, present, now)
        hashed = passwords.hash_password(password, names=(account.name, account.login, place, place.partition(" ")[2]))
    with writing(engine).begin() as session:
        session.execute(update(AccountRow).where(AccountRow.id == account.id).values(password_hash=hashed))
        said = {"name": account.name}
        audit_log.note(session, account, "password_set", about=account.id, ward=account.ward, now=now, said=said)
        end_others(session, account, here=signed_in.token, now=now)


def is_fresh(signed_in: SignedIn, *, now: datetime) -> bool:
    """Whether she came in by a slip so lately that it stands for the present password."""
    return signed_in.by == "slip" and signed_in.begun_at > now - FRESH


def _check_present(engine: Engine, account: Account, present: str, now: datetime) -> None:
    key = f"present:{account.id}"
    with writing(engine).begin() as session:
        throttle.count_try(session, key, now=now)
        kept = session.scalar(select(AccountRow.password_hash).where(AccountRow.id == account.id))
    if not passwords.is_password(present, kept):
        raise WrongSignIn
    with writing(engine).begin() as session:
        throttle.clear(session, key)
