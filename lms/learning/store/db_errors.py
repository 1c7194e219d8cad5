"""Tell temporary database errors, which are worth a retry, from the others."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# SQLSTATE codes of PostgreSQL.
_SERIALIZATION_FAILURE, _DEADLOCK, _LOCK_NOT_AVAILABLE = "40001", "40P01", "55P03"
_DISK_FULL = "53100"
_UNREACHABLE_CLASSES = ("08", "53", "57P")  # connection lost or refused, too many connections, server going down
_SQLITE_UNREACHABLE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOTADB)


def is_retryable(error: object) -> bool:
    """Whether the same work may succeed in a moment: a deadlock, a lock timeout or a lost connection.

    After a lost connection it is unknown whether the transaction was committed: retry only what may run twice.
    """
    if not isinstance(error, DBAPIError):
        return False
    was_locked = is_lock_timeout(error) or "database is locked" in str(error.orig)
    return is_deadlock(error) or was_locked or error.connection_invalidated


def is_unreachable(error: object) -> bool:
    """Whether the database is away, or does not let itself be read or written; the request is innocent."""
    if isinstance(error, PoolTimeout):  # all connections wait for a server that does not answer
        return True
    if not isinstance(error, DBAPIError) or is_disk_full(error):
        return False
    if error.connection_invalidated:
        return True
    if state := _sqlstate(error):
        return state.startswith(_UNREACHABLE_CLASSES)
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_code(error) in _SQLITE_UNREACHABLE
    # psycopg could not connect.
    is_about_connection = isinstance(error, OperationalError | InterfaceError)
    return is_about_connection and type(error.orig).__module__.startswith("psycopg")


def is_disk_full(error: object) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    return _sqlstate(error) == _DISK_FULL or _sqlite_code(error) == sqlite3.SQLITE_FULL


def is_deadlock(error: object) -> bool:
    """Whether PostgreSQL aborted the transaction for a deadlock or a serialization failure: nothing was written."""
    return isinstance(error, DBAPIError) and _sqlstate(error) in (_SERIALIZATION_FAILURE, _DEADLOCK)


def is_lock_timeout(error: object) -> bool:
    """Whether PostgreSQL gave up waiting for a lock (``lock_timeout``)."""
    return isinstance(error, DBAPIError) and _sqlstate(error) == _LOCK_NOT_AVAILABLE


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _sqlite_code(error: DBAPIError) -> int | None:
    """SQLite's primary result code."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
