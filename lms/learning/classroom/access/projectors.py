"""Projectors: browsers that show a class and may do nothing. One says four digits, and the desk types them.

Of what a projector's cookie holds only a digest is kept, so nobody can become one by reading the database.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.session.class_codes import PAIRING_LENGTH, new_pairing, read_digits
from lms.learning.classroom.session.queries import read_class
from lms.learning.errors import Busy, ClassClosed, NotFound, UnknownPairing
from lms.learning.store.models import ClassProjector

PAIRING_WAITS = timedelta(minutes=10)  # how long four digits are good for
FORGOTTEN = timedelta(days=2)  # after which a projector that shows nothing is thrown away
# Of all that wait, in all halls. Whoever begins to wait thousands of times pushes the longest waiting out, so that
# there are always digits to draw, and four mistyped ones seldom belong to a stranger.
MOST_WAITING = 2000
_TRIES = 200


@dataclass(frozen=True, slots=True)
class Projector:
    """``class_id`` None: it waits for a class and shows ``pairing_code``, which is None once it has run out."""

    id: str
    class_id: str | None
    pairing_code: str | None


def new_projector(session: Session, *, now: datetime) -> tuple[Projector, str]:
    """A projector that waits for a class, and the secret that its cookie holds.

    Raises:
        Busy: nearly all four digits are taken.
    """
    connection = session.connection()
    _tidy(connection, now)
    secret = secrets.token_urlsafe(24)
    values = {"id": secrets.token_hex(16), "digest": _digest(secret), "created_at": now, "class_id": None}
    values["pairing_until"] = now + PAIRING_WAITS
    for _ in range(_TRIES):
        values["pairing_code"] = new_pairing()
        if connection.execute(_TAKE[connection.dialect.name], values).scalar() is not None:
            return Projector(values["id"], None, values["pairing_code"]), secret
    raise Busy


def find_projector(session: Session, secret: str, *, now: datetime) -> Projector | None:
    """The projector whose cookie this is; None when nobody knows it."""
    row = (
        session.connection()
        .execute(select(ClassProjector.__table__).where(ClassProjector.digest == _digest(secret)))
        .first()
    )
    if row is None:
        return None
    waiting = row.pairing_until is not None and row.pairing_until > now
    return Projector(row.id, row.class_id, row.pairing_code if waiting else None)


def wait_again(session: Session, projector_id: str, *, now: datetime) -> Projector:
    """New four digits for a projector whose digits ran out, whose class is over, or that shall show another.

    Raises:
        NotFound: there is no such projector.
        Busy: nearly all four digits are taken.
    """
    connection = session.connection()
    _tidy(connection, now, but=projector_id)
    for _ in range(_TRIES):
        code = new_pairing()
        try:
            with connection.begin_nested():  # another projector may draw the same digits at this moment
                done = connection.execute(
                    update(ClassProjector.__table__)
                    .where(ClassProjector.id == projector_id)
                    .values(class_id=None, pairing_code=code, pairing_until=now + PAIRING_WAITS)
                )
        except IntegrityError:
            continue
        if not done.rowcount:
            raise NotFound(projector_id)
        return Projector(projector_id, None, code)
    raise Busy


def pair(session: Session, class_id: str, digits: str, *, account_id: str, now: datetime) -> Projector:
    """Let the projector that shows these digits show this class. The digits are used up.

    Raises:
        NotFound, NotAllowed, ClassClosed.
        UnknownPairing: no projector shows them now.
    """
    connection = session.connection()
    _require_open(connection, class_id, account_id)
    code = read_digits(digits, PAIRING_LENGTH)
    paired = connection.execute(
        update(ClassProjector.__table__)
        .where(ClassProjector.pairing_code == code, ClassProjector.pairing_until > now)
        .values(class_id=class_id, pairing_code=None, pairing_until=None)
        .returning(ClassProjector.id)
    ).scalar()
    if paired is None:
        raise UnknownPairing(digits[:40])
    return Projector(paired, class_id, None)


def paired_here(session: Session, class_id: str, *, account_id: str, now: datetime) -> tuple[Projector, str]:
    """A projector of this class at once, for the facilitator's own laptop; and the secret that its cookie holds.

    Raises:
        NotFound, NotAllowed, ClassClosed.
    """
    connection = session.connection()
    _require_open(connection, class_id, account_id)
    secret = secrets.token_urlsafe(24)
    values = {"id": secrets.token_hex(16), "digest": _digest(secret), "created_at": now, "class_id": class_id}
    connection.execute(insert(ClassProjector.__table__), values)
    return Projector(values["id"], class_id, None), secret


def projectors(session: Session, class_id: str) -> tuple[Projector, ...]:
    """All that show this class."""
    rows = session.connection().execute(
        select(ClassProjector.id)
        .where(ClassProjector.class_id == class_id)
        .order_by(ClassProjector.created_at, ClassProjector.id)
    )
    return tuple(Projector(row.id, class_id, None) for row in rows)


def unpair(session: Session, class_id: str, projector_id: str, *, account_id: str) -> None:
    """Take the class off a projector.

    Raises:
        NotAllowed: the account does not steer this class.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    connection.execute(
        update(ClassProjector.__table__)
        .where(ClassProjector.id == projector_id, ClassProjector.class_id == class_id)
        .values(class_id=None)
    )


def _require_open(connection: Connection, class_id: str, account_id: str) -> None:
    require_facilitator(connection, class_id, account_id)
    if read_class(connection, class_id).closed:
        raise ClassClosed(class_id)


def _tidy(connection: Connection, now: datetime, but: str = "") -> None:
    """Digits that have run out may be drawn again, and what has shown nothing for long is gone."""
    table = ClassProjector.__table__
    connection.execute(update(table).where(ClassProjector.pairing_until <= now).values(pairing_code=None))
    idle = (ClassProjector.class_id.is_(None), ClassProjector.pairing_code.is_(None))
    old = ClassProjector.created_at < now - FORGOTTEN
    connection.execute(delete(table).where(*idle, old, ClassProjector.id != but))
    waiting = (ClassProjector.class_id.is_(None), ClassProjector.id != but)
    over = connection.execute(select(func.count()).select_from(table).where(*waiting)).scalar_one() - MOST_WAITING + 1
    if over > 0:
        longest = select(ClassProjector.id).where(*waiting).order_by(ClassProjector.pairing_until.nulls_first())
        connection.execute(delete(table).where(ClassProjector.id.in_(longest.limit(over))))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


_TAKE = {
    "sqlite": sqlite.insert(ClassProjector.__table__).on_conflict_do_nothing().returning(ClassProjector.id),
    "postgresql": postgresql.insert(ClassProjector.__table__).on_conflict_do_nothing().returning(ClassProjector.id),
}
