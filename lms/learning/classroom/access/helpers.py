"""Helpers who came by a QR code, without an account: they see who needs help in this class, and no other.

The code is for those who stand here now: it leads somewhere for ten minutes, and only the one that was drawn last. A
photograph of it is worth nothing afterwards. Who came by it is bound to her cookie, of which only a digest is kept, so
nobody can become one of them by reading the database.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.session.queries import read_class
from lms.learning.errors import ClassClosed, ClassFull, NotFound
from lms.learning.learners.learner_store import clean_name
from lms.learning.store.models import ClassHelper, ClassRow

MOST_HELPERS = 40  # of a class
INVITED_FOR = timedelta(minutes=10)  # from the moment a code is drawn


@dataclass(frozen=True, slots=True)
class Helper:
    id: str
    class_id: str
    name: str  # text
    joined_at: datetime
    revoked: bool


def invite_helpers(session: Session, class_id: str, *, account_id: str, now: datetime) -> str:
    """A new token for the helpers' QR code, good for ten minutes. The one before opens nothing; who came by it stays.

    Raises:
        NotFound, NotAllowed, ClassClosed.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    if read_class(connection, class_id).closed:
        raise ClassClosed(class_id)
    until = int((now + INVITED_FOR).timestamp())
    token = f"{secrets.token_urlsafe(18)}.{until:x}"  # the digest is of all of it: nobody gives herself more time
    connection.execute(update(ClassRow.__table__).where(ClassRow.id == class_id).values(helper_digest=_digest(token)))
    return token


def invited_to(session: Session, token: str, *, now: datetime) -> str | None:
    """The id of the open class that a helpers' QR code leads to; None when it leads nowhere any more."""
    if now >= _until(token):
        return None
    return (
        session.connection()
        .execute(select(ClassRow.id).where(ClassRow.helper_digest == _digest(token), ClassRow.closed_at.is_(None)))
        .scalar()
    )


def join_as_helper(session: Session, *, token: str, name: str, now: datetime) -> tuple[Helper, str]:
    """A helper, and the secret that her cookie holds.

    Raises:
        NotFound: the QR code leads nowhere any more.
        ClassFull: the class has 40 helpers.
        InvalidName: more than 60 characters.
    """
    connection = session.connection()
    class_id = invited_to(session, token, now=now)
    if class_id is None:
        raise NotFound("helper")
    there = (ClassHelper.class_id == class_id, ClassHelper.revoked_at.is_(None))
    if connection.execute(select(func.count()).select_from(ClassHelper).where(*there)).scalar_one() >= MOST_HELPERS:
        raise ClassFull(class_id)
    secret = secrets.token_urlsafe(24)
    values = {
        "id": secrets.token_hex(16),
        "class_id": class_id,
        "name": clean_name(name) or "Người phụ lớp",
        "digest": _digest(secret),
        "joined_at": now,
    }
    connection.execute(insert(ClassHelper.__table__), values)
    return Helper(values["id"], class_id, values["name"], now, revoked=False), secret


def find_helper(session: Session, secret: str) -> Helper | None:
    """The helper whose cookie this is, while she may help; None else. The class may be closed."""
    found = _helpers(session.connection(), ClassHelper.digest == _digest(secret), ClassHelper.revoked_at.is_(None))
    return found[0] if found else None


def helpers(session: Session, class_id: str) -> tuple[Helper, ...]:
    """All who came by the QR code, those sent away among them."""
    return _helpers(session.connection(), ClassHelper.class_id == class_id)


def send_away(session: Session, class_id: str, helper_id: str, *, account_id: str, now: datetime) -> None:
    """Take a helper's right to see this class, and the code that is out, by which she would be back. Twice is once.

    Raises:
        NotAllowed: the account does not steer this class.
        NotFound: the class has no such helper.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    hers = (ClassHelper.id == helper_id, ClassHelper.class_id == class_id)
    done = connection.execute(
        update(ClassHelper.__table__).where(*hers).values(revoked_at=func.coalesce(ClassHelper.revoked_at, now))
    )
    if not done.rowcount:
        raise NotFound(helper_id)
    connection.execute(update(ClassRow.__table__).where(ClassRow.id == class_id).values(helper_digest=None))


def _helpers(connection: Connection, *which: object) -> tuple[Helper, ...]:
    rows = connection.execute(
        select(ClassHelper.__table__).where(*which).order_by(ClassHelper.joined_at, ClassHelper.id)
    )
    return tuple(Helper(row.id, row.class_id, row.name, row.joined_at, row.revoked_at is not None) for row in rows)


def _until(token: str) -> datetime:
    """How long a token says that it is good; what is none was never good."""
    until = token[:100].rpartition(".")[2]
    try:
        return datetime.fromtimestamp(int(until, 16), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
