"""Slowing down whoever guesses: by the account or the slip that is guessed at, never by an address alone.

The count lies in the database, so that all workers share it. A try is counted before it is looked at: guesses that
come together get no turn more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.learning.errors import TooManyTries
from lms.learning.store.models import WrongTries

MOST = 10  # wrong tries in a row
PAUSE = timedelta(minutes=15)  # then one waits; a count that old begins anew


def count_try(session: Session, key: str, *, now: datetime) -> None:
    """Note one try; ``clear`` it when it was right.

    Raises:
        TooManyTries: it does not count before ``error.until``, right or wrong.
    """
    insert = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert
    table = WrongTries.__table__
    new = insert(table).values(key=key, count=1, last_at=now)
    old = table.c.last_at < now - PAUSE
    # Whoever goes on trying meanwhile does not make it longer for the one who knows it.
    counted = new.on_conflict_do_update(
        index_elements=[table.c.key],
        set_={"count": case((old, 1), else_=table.c.count + 1), "last_at": new.excluded.last_at},
        where=old | (table.c.count < MOST),
    ).returning(table.c.count)
    if session.execute(counted).scalar() is None:
        since = session.scalar(select(WrongTries.last_at).where(WrongTries.key == key))
        raise TooManyTries((since or now) + PAUSE)


def is_spent(session: Session, key: str) -> bool:
    """Whether the next try has to wait."""
    return (session.scalar(select(WrongTries.count).where(WrongTries.key == key)) or 0) >= MOST


def clear(session: Session, key: str) -> None:
    """Count anew: somebody with this key got in."""
    session.execute(delete(WrongTries).where(WrongTries.key == key))


def sweep(session: Session, *, now: datetime) -> None:
    """Drop what no longer counts."""
    session.execute(delete(WrongTries).where(WrongTries.last_at < now - PAUSE))
