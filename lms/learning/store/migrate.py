"""Migrate a database to the current revision, safely, and once when several processes start together."""

from __future__ import annotations

import importlib
import logging
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, literal, select, table, text
from sqlalchemy.exc import DBAPIError, OperationalError

from lms.learning.startup_errors import (
    DatabaseUnreachable,
    MigrationFailed,
    MigrationTablesBusy,
    SchemaOutdated,
    UnknownRevision,
)
from lms.learning.store.database import READ_ONLY_OPTION
from lms.learning.store.db_errors import is_lock_timeout

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parents[2] / "migrations"
_ADVISORY_LOCK = 0x6C6D735F  # "lms_"; any number that no other program uses
# On PostgreSQL, everybody queues behind a migration that waits for a table: it waits shortly, and tries again.
TABLE_LOCK_SECONDS = 0.4
BUSY_TABLE_SECONDS = 120.0
_RETRY_SECONDS = 1.0
_LOCK_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class SchemaUpgrade:
    """What ``upgrade`` did: the revisions before (None: no tables) and after, and SQLite's copy of before.

    ``steps``: each migration, as "0009 class_lessons". ``longest``: seconds of the longest transaction on PostgreSQL,
    for which somebody may have waited.
    """

    before: str | None
    after: str
    copy: Path | None = None
    steps: tuple[str, ...] = ()
    longest: float | None = None


def prepare_schema(engine: Engine) -> SchemaUpgrade | None:
    """Make sure that the database has this release's tables: SQLite is upgraded, PostgreSQL only checked.

    In the city a worker of a newer release must not change tables below the workers of the one before; that is for
    ``lms db upgrade``. A laptop has one program and nobody who would call it.

    Raises:
        DatabaseUnreachable: the database does not answer.
        MigrationFailed: a migration failed, or the database was made by another version of the program.
        SchemaOutdated: PostgreSQL has an older revision, or no tables.
    """
    if engine.dialect.name == "sqlite":
        return upgrade(engine)
    try:
        with engine.connect() as connection:
            if _pending_revisions(connection, "head"):
                raise SchemaOutdated(find_revision(connection), latest_revision())
    except OperationalError as error:
        raise DatabaseUnreachable(describe_connection_failure(engine, error)) from error
    return None


def upgrade(engine: Engine, to: str = "head") -> SchemaUpgrade | None:
    """Create or migrate the tables, up to revision ``to``. Does nothing, and returns None, if the database is there.

    On SQLite, a database that holds rows is first copied to a file beside it, ``lms.sqlite3.before-0101``. When a
    migration fails, it is rolled back: on SQLite with those before it, on PostgreSQL alone.

    Raises:
        DatabaseUnreachable: the database does not answer.
        MigrationFailed: a migration failed, or would leave rows with broken foreign keys.
        MigrationTablesBusy: on PostgreSQL, somebody used a table that a migration changes for two minutes.
    """
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                return _upgrade_sqlite(connection, to)
            return _upgrade_postgresql(connection, to)
    except OperationalError as error:
        raise DatabaseUnreachable(describe_connection_failure(engine, error)) from error
    except DBAPIError as error:
        raise MigrationFailed(first_line(error)) from error


def _upgrade_sqlite(connection: Connection, to: str) -> SchemaUpgrade | None:
    driver: Any = connection.connection.driver_connection
    # Alembic rebuilds tables: dropping the old one must not cascade. The pragma has no effect inside a transaction.
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():  # IMMEDIATE: a second process waits here, and then finds nothing to do
            pending = _pending_revisions(connection, to)
            if not pending:
                return None
            before = find_revision(connection)
            copy = _copy_database(connection, before=pending[-1]) if _has_rows(connection) else None
            run_migrations(connection, to)
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise MigrationFailed(f"{len(broken)} rows would refer to nothing, the first in {broken[0][0]}")
        return SchemaUpgrade(before, pending[-1], copy, tuple(_names(pending)))
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _upgrade_postgresql(connection: Connection, to: str) -> SchemaUpgrade | None:
    """Each migration in a transaction of its own, so that workers which serve meanwhile wait for one at most."""
    with connection.begin():
        if not _pending_revisions(connection, to):
            return None
    importlib.import_module("alembic.command")  # takes a second, for which nobody has to wait
    before, steps, longest = "", list[str](), 0.0
    deadline = time.monotonic() + BUSY_TABLE_SECONDS
    with _upgrade_lock(connection):
        while True:
            with connection.begin():
                current, pending = find_revision(connection), _pending_revisions(connection, to)
            if not pending:
                break
            before = before if steps else current
            now = pending if current is None else pending[:1]  # nobody reads tables that are not there yet
            begun = time.monotonic()
            try:
                with connection.begin():
                    connection.execute(text(f"SET LOCAL lock_timeout = {round(TABLE_LOCK_SECONDS * 1000)}"))
                    run_migrations(connection, now[-1])
            except MigrationFailed as error:
                if not is_lock_timeout(error.__cause__):
                    raise
                if time.monotonic() > deadline:
                    raise MigrationTablesBusy(str(error)) from error
                log.info("a table is in use, the migration is tried again")
                time.sleep(_RETRY_SECONDS)
                continue
            longest = max(longest, time.monotonic() - begun)
            steps += _names(now)
    return SchemaUpgrade(before, steps[-1].split()[0], steps=tuple(steps), longest=longest) if steps else None


@contextmanager
def _upgrade_lock(connection: Connection) -> Generator[None]:
    """Let one program at a time upgrade. The others ask again; a lock timeout would end a statement that waits."""
    while not _call(connection, "pg_try_advisory_lock"):
        time.sleep(_LOCK_POLL_SECONDS)
    try:
        yield
    finally:
        _call(connection, "pg_advisory_unlock")


def _call(connection: Connection, function: str) -> bool:
    with connection.begin():
        return bool(connection.scalar(text(f"SELECT {function}(:lock)"), {"lock": _ADVISORY_LOCK}))


def pending_migrations(engine: Engine) -> tuple[str | None, list[str]]:
    """The revision of the database (None: no tables), and the names of the migrations that ``upgrade`` would run.

    Raises:
        DatabaseUnreachable: the database does not answer.
        UnknownRevision: the database was made by a newer version of the program, or before release 1.0.
    """
    try:
        with engine.connect() as connection:
            return find_revision(connection), _names(_pending_revisions(connection, "head"))
    except OperationalError as error:
        raise DatabaseUnreachable(describe_connection_failure(engine, error)) from error


def _names(revisions: list[str]) -> list[str]:
    """The revisions with their names, as "0009 class_lessons"."""
    files = {path.stem.split("_")[1]: path.stem for path in (MIGRATIONS / "versions").glob("rev_*.py")}
    return [files[revision].removeprefix("rev_").replace("_", " ", 1) for revision in revisions]


def _pending_revisions(connection: Connection, to: str) -> list[str]:
    """The revisions that the database does not have yet, up to ``to``, in their order.

    Raises:
        UnknownRevision: the database was made by a newer version of the program, or before release 1.0.
    """
    current = find_revision(connection)
    known = sorted(known_revisions())  # one follows the other, because there are no branches
    if current is not None and current not in known:
        raise UnknownRevision(current)
    after = known.index(latest_revision() if to == "head" else to) + 1
    return known[known.index(current) + 1 if current else 0 : after]


def latest_revision() -> str:
    """The latest revision, from the file names: ``rev_0100_tables.py``."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("rev_*.py")).split("_")[1]


def find_revision(connection: Connection) -> str | None:
    """The revision of the database's tables; None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def _has_rows(connection: Connection) -> bool:
    return any(
        connection.execute(select(literal(1)).select_from(table(name)).limit(1)).first()
        for name in inspect(connection).get_table_names()
        if name != "alembic_version"
    )


def _copy_database(connection: Connection, *, before: str) -> Path | None:
    """Copy the database file, through a second connection: VACUUM cannot run inside our transaction."""
    path = connection.engine.url.database
    if not path or path == ":memory:":
        return None
    copy = Path(f"{path}.before-{before}")
    copy.unlink(missing_ok=True)  # left by an earlier migration that failed
    with connection.engine.connect().execution_options(**{READ_ONLY_OPTION: True}) as reader:
        driver: Any = reader.connection.driver_connection
        driver.execute("VACUUM INTO ?", (str(copy),))
    log.info("copied the database before migrating", extra={"file": str(copy)})
    return copy


def known_revisions() -> set[str]:
    return {path.name.split("_")[1] for path in (MIGRATIONS / "versions").glob("rev_*.py")}


def run_migrations(connection: Connection, to: str) -> None:
    """Run them in the transaction of the caller.

    Raises:
        MigrationFailed: one failed.
    """
    from alembic import command

    try:
        command.upgrade(_config(connection), to)
    except Exception as error:  # any error of a migration; the caller's transaction rolls back
        raise MigrationFailed(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}") from error


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def describe_connection_failure(engine: Engine, error: DBAPIError) -> str:
    return f"{engine.url.render_as_string(hide_password=True)}: {first_line(error)}"


def first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]
