"""Tell temporary database errors, which are worth a retry, from the others."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

# SQLSTATE codes of PostgreSQL.
_SERIALIZATION_FAILURE, _DEADLOCK, _LOCK_NOT_AVAILABLE = "40001", "40P01", "55P03"


def is_retryable(error: object) -> bool:
    """Whether the same work may succeed in a moment: a deadlock, a lock timeout or a lost connection.

    After a lost connection it is unknown whether the transaction was committed: retry only what may run twice.
    """
    if not isinstance(error, DBAPIError):
        return False
    was_locked = _sqlstate(error) == _LOCK_NOT_AVAILABLE or "database is locked" in str(error.orig)
    return is_deadlock(error) or was_locked or error.connection_invalidated


def is_deadlock(error: object) -> bool:
    """Whether PostgreSQL aborted the transaction for a deadlock or a serialization failure: nothing was written."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in (_SERIALIZATION_FAILURE, _DEADLOCK)


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
