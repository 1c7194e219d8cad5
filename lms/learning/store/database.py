"""The engine and its sessions: how a transaction begins on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from lms.learning.store.models import Base

__all__ = ["Base", "empty_log", "make_engine", "only_read", "reading", "writing", "writing_ahead"]

BUSY_SECONDS = 10
_READS = "lms_reads"
_AHEAD = "lms_ahead"
_LINE = "lms_line"
_LOOK_MILLISECONDS = 2  # between two looks whether SQLite's write lock is free


class Line:
    """Where transactions of one process wait for SQLite's write lock, one looking for it, the others behind.

    SQLite itself lets each look for the lock by itself, more and more rarely, and whoever just had it gets it again:
    a writer that commits batch after batch would keep everybody else out for seconds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @property
    def waits(self) -> bool:
        """Whether somebody stands here."""
        return self._lock.locked()

    def begin(self, driver: sqlite3.Connection, *, ahead: bool) -> None:
        """Begin to write. ``ahead``: look for the lock without standing in line.

        Raises:
            sqlite3.OperationalError: nobody gave it up for ten seconds.
        """
        gives_up_at = time.monotonic() + BUSY_SECONDS
        if ahead:
            _take_lock(driver, gives_up_at)
            return
        if not self._lock.acquire(timeout=BUSY_SECONDS):
            raise sqlite3.OperationalError("database is locked: the line is too long")
        try:
            _take_lock(driver, gives_up_at)
        finally:
            self._lock.release()


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql://…``, which means psycopg.

    Its transactions are for writing: on SQLite they take the write lock at once. Use ``reading(engine)`` to only read.
    """
    address = make_url(url)
    options = {"hide_parameters": True} | options  # an error's text goes to the log, and what people wrote must not
    if address.get_backend_name() == "sqlite":
        options.setdefault("connect_args", {"timeout": BUSY_SECONDS})
        engine = create_engine(url, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        engine.update_execution_options(**{_LINE: Line()})
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if address.drivername in ("postgres", "postgresql"):  # as hosting companies write it
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, **{"pool_pre_ping": True, "pool_size": 10, "max_overflow": 30} | options)


def writing(engine: Engine) -> sessionmaker[Session]:
    """Sessions that may write. Only the caller commits; nothing expires at a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def writing_ahead(engine: Engine) -> tuple[sessionmaker[Session], Callable[[], bool]]:
    """``writing`` for who writes all the time and makes way for the others: (sessions, whether somebody waits)."""
    line: Line | None = engine.get_execution_options().get(_LINE)
    if line is None:
        return writing(engine), lambda: False
    return writing(engine.execution_options(**{_AHEAD: True})), lambda: line.waits


def reading(engine: Engine) -> sessionmaker[Session]:
    """Sessions that only read: they wait for no writer, and a write in one is refused."""
    return sessionmaker(engine.execution_options(**_read_options(engine)), expire_on_commit=False, autoflush=False)


def only_read(session: Session) -> None:
    """Let a session that has not begun yet only read, until it next commits or rolls back."""
    session.connection(execution_options=_read_options(session.get_bind()))


def empty_log(engine: Engine) -> None:
    """SQLite's write-ahead log, which holds what rows said before: into the file with it, and nothing left.

    Who reads or writes at this moment is not disturbed for long; then it stays until SQLite does this by itself.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.execute("PRAGMA busy_timeout = 500")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    finally:
        connection.close()


def _read_options(engine: Engine | Connection) -> dict[str, bool]:
    return {_READS: True} if engine.dialect.name == "sqlite" else {"postgresql_readonly": True}


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions on its own, but not before SAVEPOINT and never IMMEDIATE: it must stay out.
    connection.isolation_level = None
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")  # "kept" is said to people; a power cut must not unsay it
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = FAST")  # what a row held before is not left lying about in its page


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Set WAL. Several starts at once may each want to make the change, and for that one SQLite does not wait."""
    gives_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > gives_up_at:
                raise
            time.sleep(0.01)


def _take_lock(driver: sqlite3.Connection, gives_up_at: float) -> None:
    driver.execute(f"PRAGMA busy_timeout = {_LOOK_MILLISECONDS}")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > gives_up_at:
                    raise
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and then writes fails at once with "database is locked" when another wrote
    # meanwhile, whatever the timeout. So whoever may write takes the lock before reading.
    options = connection.get_execution_options()
    reads = options.get(_READS, False)
    driver: Any = connection.connection.driver_connection
    begin = "BEGIN" if reads else "BEGIN IMMEDIATE"
    try:
        driver.execute("PRAGMA query_only = ON" if reads else "PRAGMA query_only = OFF")
        if reads:
            driver.execute(begin)
        else:
            options[_LINE].begin(driver, ahead=options.get(_AHEAD, False))
    except sqlite3.OperationalError as error:  # as SQLAlchemy would have told it, for whoever tries again
        raise OperationalError(begin, None, error) from error
