"""Rate limiting of sign-in tries, per account or slip and never per IP address.

The count is in the database, which all workers share. A try is counted before it is verified, so that concurrent
guesses get no extra tries.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.orm import Session

from lms.learning.errors import TooManySignInTries
from lms.learning.store.models import FailedTries
from lms.learning.store.upsert import Upsert

MAX_TRIES = 10  # failed tries in a row
BLOCK_TIME = timedelta(minutes=15)  # after the last counted try; then the count starts again


def count_sign_in_try(session: Session, key: str, *, now: datetime) -> None:
    """Count one try. Call ``clear`` after a successful one.

    Raises:
        TooManySignInTries: tries are rejected until ``error.until``, right or wrong.
    """
    is_expired = FailedTries.last_at < now - BLOCK_TIME
    # Tries while blocked are not counted: an attacker cannot extend the block.
    count_once = Upsert(
        FailedTries,
        update=lambda new: {"count": case((is_expired, 1), else_=FailedTries.count + 1), "last_at": new.last_at},
        where=is_expired | (FailedTries.count < MAX_TRIES),
        returning=[FailedTries.count],
    )
    if count_once.execute(session.connection(), {"key": key, "count": 1, "last_at": now}).scalar() is None:
        last_at = session.scalar(select(FailedTries.last_at).where(FailedTries.key == key))
        raise TooManySignInTries((last_at or now) + BLOCK_TIME)


def is_blocked(session: Session, key: str) -> bool:
    """Whether the next try would be rejected."""
    return (session.scalar(select(FailedTries.count).where(FailedTries.key == key)) or 0) >= MAX_TRIES


def clear_sign_in_tries(session: Session, key: str) -> None:
    """Reset the count after a successful try."""
    session.execute(delete(FailedTries).where(FailedTries.key == key))


def delete_expired(session: Session, *, now: datetime) -> None:
    """Delete counts that have expired."""
    session.execute(delete(FailedTries).where(FailedTries.last_at < now - BLOCK_TIME))
