"""Whether an error says that the store, not the work, stood in the way, and only for now."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

# PostgreSQL's: serialization failure, deadlock.
_ENDED_FOR_ANOTHER = frozenset({"40001", "40P01"})
_LOCKED = "55P03"


def is_retryable(error: object) -> bool:
    """Whether the same work may succeed in a moment. Of a connection that broke nobody knows whether it is kept."""
    if not isinstance(error, DBAPIError):
        return False
    was_locked = _state(error) == _LOCKED or "database is locked" in str(error.orig)
    return is_deadlock(error) or was_locked or error.connection_invalidated


def is_deadlock(error: object) -> bool:
    """Whether PostgreSQL has ended this transaction for another's sake: nothing is kept, doing it again is right."""
    return isinstance(error, DBAPIError) and _state(error) in _ENDED_FOR_ANOTHER


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
