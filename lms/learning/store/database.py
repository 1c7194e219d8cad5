"""The engine and its sessions: how a transaction begins on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

LOCK_TIMEOUT_SECONDS = 10
_LOCK_POLL_MILLISECONDS = 2  # between two tries to take SQLite's write lock
# A server that was switched off, or a network that loses packets, refuses nothing: without these a new connection waits
# for two minutes and an open one for a quarter of an hour, and so do all threads. Both together end before nginx gives
# up (proxy_read_timeout), so that the page that says what is wrong is seen. A slow statement is not meant: the server's
# machine acknowledges all the same.
_SILENCE_LIMITS = MappingProxyType(
    {
        "connect_timeout": 5,  # seconds, as the following
        "keepalives_idle": 5,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "tcp_user_timeout": 14_000,  # milliseconds
    }
)
# A connection to PostgreSQL that was idle for longer is pinged before it is used: the server may have been restarted.
# ``pool_pre_ping`` would ping before each transaction: one more than the six round trips of a batch of practice events.
_PING_AFTER_IDLE_SECONDS = 1.0
# Names of execution options.
READ_ONLY_OPTION = "lms_read_only"
_SKIP_QUEUE = "lms_skip_queue"
_QUEUE = "lms_write_lock_queue"


class WriteLockQueue:
    """A fair queue of this process's transactions for SQLite's write lock: one polls, the others wait behind it.

    SQLite lets every connection poll by itself, at growing intervals, and the last holder of the lock gets it again: a
    writer that commits batch after batch would starve the others for seconds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()  # of the one that polls
        self._changed = threading.Condition()
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many transactions wait for the write lock, without those that skip the queue."""
        return self._waiting

    def yield_to_waiting(self, seconds: float) -> bool:
        """Wait until all that are waiting have had the write lock, at most so long; False if none was waiting."""
        if not self._waiting:
            return False
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, seconds)
        return True

    def begin_immediate(self, driver: sqlite3.Connection, *, skip_queue: bool) -> None:
        """Begin a transaction that holds the write lock. ``skip_queue``: poll at once, beside the queue.

        Raises:
            sqlite3.OperationalError: the lock was not free within ten seconds.
        """
        deadline = time.monotonic() + LOCK_TIMEOUT_SECONDS
        if skip_queue:
            _poll_write_lock(driver, deadline)
            return
        with self._counted_as_waiting():
            if not self._lock.acquire(timeout=LOCK_TIMEOUT_SECONDS):
                raise sqlite3.OperationalError("database is locked: too many transactions are waiting")
            try:
                _poll_write_lock(driver, deadline)
            finally:
                self._lock.release()

    @contextmanager
    def _counted_as_waiting(self) -> Generator[None]:
        with self._changed:
            self._waiting += 1
        try:
            yield
        finally:
            with self._changed:
                self._waiting -= 1
                self._changed.notify_all()


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql://…`` (by psycopg).

    Its transactions may write: on SQLite they take the write lock when they begin. ``read_sessions`` are read-only.
    """
    address = make_url(url)
    options = {"hide_parameters": True} | options  # error texts are logged, and must not hold what learners wrote
    if address.get_backend_name() == "sqlite":
        options.setdefault("connect_args", {"timeout": LOCK_TIMEOUT_SECONDS})
        engine = create_engine(url, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        engine.update_execution_options(**{_QUEUE: WriteLockQueue()})
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if address.drivername in ("postgres", "postgresql"):  # as hosting companies write it
        address = address.set(drivername="postgresql+psycopg")
    limits = {name: value for name, value in _SILENCE_LIMITS.items() if name not in address.query}
    defaults = {"pool_size": 10, "max_overflow": 30, "connect_args": limits}
    engine = create_engine(address, **defaults | options)
    _ping_idle_connections(engine)
    return engine


@dataclass(frozen=True, slots=True)
class Sessions:
    """Makes sessions of an engine. Making one of these costs nothing; a ``sessionmaker`` defines a class each time."""

    engine: Engine
    autoflush: bool = True

    def __call__(self) -> Session:
        """A new session, to be closed by the caller. Its objects do not expire at a commit."""
        return Session(self.engine, expire_on_commit=False, autoflush=self.autoflush)

    @contextmanager
    def begin(self) -> Generator[Session]:
        """A new session that is committed at the end of the block, or rolled back by an exception, and closed."""
        with self() as session, session.begin():
            yield session


def write_sessions(engine: Engine) -> Sessions:
    """Sessions that may write. The caller commits; objects do not expire at a commit."""
    return Sessions(engine)


def write_lock_queue(engine: Engine) -> WriteLockQueue | None:
    """The engine's queue on SQLite. On PostgreSQL there is none: transactions wait for rows."""
    return engine.get_execution_options().get(_QUEUE)


def yielding_writer_sessions(engine: Engine) -> tuple[Sessions, Callable[[float], bool]]:
    """Sessions for a writer that commits all the time and yields to others: (sessions, ``yield_to_waiting``)."""
    lock_queue = write_lock_queue(engine)
    if lock_queue is None:
        return write_sessions(engine), lambda _seconds: False
    return write_sessions(engine.execution_options(**{_SKIP_QUEUE: True})), lock_queue.yield_to_waiting


def read_sessions(engine: Engine) -> Sessions:
    """Read-only sessions. They wait for no writer, and the database refuses their writes."""
    return Sessions(engine.execution_options(**_read_only_options(engine)), autoflush=False)


def set_read_only(session: Session) -> None:
    """Make a session read-only until its next commit or rollback. Its transaction must not have begun."""
    session.connection(execution_options=_read_only_options(session.get_bind()))


def checkpoint_wal(engine: Engine) -> None:
    """Move SQLite's write-ahead log, which holds deleted rows, into the database file and truncate it.

    Tries for half a second, so that it does not block others; otherwise SQLite does it later by itself.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 500")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.execute(f"PRAGMA busy_timeout = {LOCK_TIMEOUT_SECONDS * 1000}")
    finally:
        connection.close()


def checkpoint_after_commit(session: Session) -> None:
    """Call ``checkpoint_wal`` when the session commits: until then SQLite's log holds what the session deleted."""

    def checkpoint(committed: Session) -> None:
        checkpoint_wal(committed.get_bind().engine)

    event.listen(session, "after_commit", checkpoint, once=True)


@contextmanager
def secure_delete(connection: Connection) -> Generator[None]:
    """Let SQLite overwrite what is deleted in this block, also in pages that become free."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    yield
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = FAST")


def _read_only_options(bind: Engine | Connection) -> dict[str, bool]:
    return {READ_ONLY_OPTION: True} if bind.dialect.name == "sqlite" else {"postgresql_readonly": True}


def _ping_idle_connections(engine: Engine) -> None:
    """Ping a connection that was idle before it is used again; if that fails, all idle connections are replaced."""
    idle_since = "lms_idle_since"

    def note_time(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[idle_since] = time.monotonic()

    def ping(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        now = time.monotonic()
        if now - entry.info.get(idle_since, now) < _PING_AFTER_IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            if engine.dialect.is_disconnect(error, connection, None):
                raise InvalidatePoolError from error
            raise

    event.listen(engine, "checkin", note_time)
    event.listen(engine, "checkout", ping)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions by itself, but not before SAVEPOINT and never IMMEDIATE: switch that off.
    connection.isolation_level = None
    _set_wal_mode(connection)
    connection.execute("PRAGMA synchronous = FULL")  # learners are told "saved": a power cut must not undo it
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = FAST")  # overwrite deleted rows in their page


def _set_wal_mode(connection: sqlite3.Connection) -> None:
    """Set WAL, with retries: several processes may start at once, and SQLite's own timeout does not cover this."""
    deadline = time.monotonic() + LOCK_TIMEOUT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _poll_write_lock(driver: sqlite3.Connection, deadline: float) -> None:
    driver.execute(f"PRAGMA busy_timeout = {_LOCK_POLL_MILLISECONDS}")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
    finally:
        driver.execute(f"PRAGMA busy_timeout = {LOCK_TIMEOUT_SECONDS * 1000}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and then writes fails at once with "database is locked" when another one wrote
    # meanwhile, whatever the timeout. So a transaction that may write takes the lock before it reads.
    options = connection.get_execution_options()
    read_only = options.get(READ_ONLY_OPTION, False)
    driver: Any = connection.connection.driver_connection
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
    try:
        driver.execute("PRAGMA query_only = ON" if read_only else "PRAGMA query_only = OFF")
        if read_only:
            driver.execute(begin)
        else:
            options[_QUEUE].begin_immediate(driver, skip_queue=options.get(_SKIP_QUEUE, False))
    except sqlite3.OperationalError as error:  # as SQLAlchemy raises it, so that callers recognise and retry it
        raise OperationalError(begin, None, error) from error
