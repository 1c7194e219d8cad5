"""Create, copy and empty test databases: SQLite files, and databases on a PostgreSQL server."""

from __future__ import annotations

import atexit
import functools
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from lms.learning.store.database import make_engine
from lms.learning.store.migrate import upgrade
from lms.learning.store.models import Base

TIMEOUT_SECONDS = 120  # nothing here waits longer for a server that does not answer
SEQUENCES = "SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public'"
KEPT_CONNECTIONS = "lms-tests-kept"  # the application name of connections that outlive a test if they are idle
DISCONNECT_OTHERS = f"""
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND NOT (application_name = '{KEPT_CONNECTIONS}' AND state = 'idle')
"""


def migrate_database(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()


@functools.cache
def migrated_sqlite_file() -> Path:
    """A migrated database without rows, made once in this process. It is copied and never written to."""
    folder = Path(tempfile.mkdtemp(prefix="lms-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "lms.sqlite3"
    migrate_database(f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # everything into the one file that is copied
    connection.close()
    return file


def do_not_sync(connection: sqlite3.Connection, _: object) -> None:
    """For the event "connect" of an engine on SQLite: its commits do not wait for the disk, as those of the temporary
    PostgreSQL do not. Thousands of them would take as long as the tests themselves.

    Tests that run a site in a process of its own do wait.
    """
    connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def new_database(server: str, *, template: str | None = None) -> Iterator[str]:
    """The URL of a new database, a copy of ``template`` (a URL) if given. It is dropped afterwards."""
    name = f"lms_test_{uuid.uuid4().hex}"
    _create_database(server, name, template)
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def replace_database(server: str, url: str, *, template: str) -> None:
    """Make the database of ``url`` anew, as a copy of ``template``, the URL of another one of the server."""
    name = str(make_url(url).database)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")
    _create_database(server, name, template)


@contextmanager
def emptying(url: str) -> Iterator[Callable[[], None]]:
    """Yield a function that resets a migrated database: delete all rows, restart all sequences, close all other
    connections but idle ones of ``KEPT_CONNECTIONS``.

    Half of all tests need a call. A function of the server plans its statements once, and setval, unlike ALTER
    SEQUENCE, writes no new file: together a tenth of the time of plain statements.
    """
    with _connection(url) as connection:
        statements = [
            *(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)),
            *(f"PERFORM setval('{name}', 1, false)" for name in connection.scalars(text(SEQUENCES))),
        ]
        body = "".join(f"{statement}; " for statement in statements)
        # In a schema of this session, so that tests do not find it in theirs.
        connection.exec_driver_sql(
            f"CREATE FUNCTION pg_temp.empty_all() RETURNS void LANGUAGE plpgsql AS $$BEGIN {body} END$$"
        )

        def empty() -> None:
            connection.execute(text(DISCONNECT_OTHERS))
            connection.exec_driver_sql("SELECT pg_temp.empty_all()")

        yield empty


def _create_database(server: str, name: str, template: str | None) -> None:
    with _connection(server) as connection:
        version = connection.dialect.server_version_info or (0,)
        copied = f" TEMPLATE {make_url(template).database}" if template else ""
        # The files as they are, instead of page by page through the log: half of the work.
        how = " STRATEGY FILE_COPY" if version >= (15,) else ""
        connection.execute(text(f"CREATE DATABASE {name}{copied}{how}"))


def _administer(server: str, statement: str) -> None:
    with _connection(server) as connection:
        connection.execute(text(statement))


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    bounds = {"connect_timeout": TIMEOUT_SECONDS, "options": f"-c statement_timeout={TIMEOUT_SECONDS}s"}
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args=bounds)
    with engine.connect() as connection:
        yield connection
