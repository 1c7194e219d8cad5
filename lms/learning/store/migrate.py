"""Bringing a database to the present revision, safely and only once when several processes start together."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, MetaData, inspect, literal, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from lms.learning.errors import DatabaseUnreachable, MigrationFailed

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parents[2] / "migrations"
_PG_LOCK = 0x6C6D735F  # any number that is ours alone: "lms_"


def upgrade(engine: Engine, to: str = "head") -> None:
    """Create or migrate the tables, up to revision ``to``. Does nothing to a database that is there already.

    On SQLite a copy of a database with something to lose is left beside it, as ``lms.sqlite3.before-0002``. When a
    step fails, nothing has changed.

    Raises:
        DatabaseUnreachable: it does not answer.
        MigrationFailed: a step failed, or rows would have lost what they refer to.
    """
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                _on_sqlite(connection, to)
            else:
                _on_postgresql(connection, to)
    except OperationalError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise DatabaseUnreachable(f"{where}: {_first_line(error)}") from error
    except DBAPIError as error:
        raise MigrationFailed(_first_line(error)) from error


def _on_sqlite(connection: Connection, to: str) -> None:
    driver = connection.connection.driver_connection
    # A table that is rebuilt must not take its children along. The pragma has no effect inside a transaction.
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():  # IMMEDIATE: whoever comes second waits here, and then finds nothing to do
            target = _target(connection, to)
            if target is None:
                return
            if _has_something_to_lose(connection):
                _copy(connection, before=target)
            _run(connection, to)
            astray = connection.execute(text("PRAGMA foreign_key_check")).all()
            if astray:
                raise MigrationFailed(f"{len(astray)} rows would refer to nothing, the first in {astray[0][0]}")
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _on_postgresql(connection: Connection, to: str) -> None:
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _PG_LOCK})
        if _target(connection, to) is not None:
            _run(connection, to)


def _target(connection: Connection, to: str) -> str | None:
    """The revision to go to; None when the database is there.

    Raises:
        MigrationFailed: the database was made by a newer program.
    """
    present = _present(connection)
    if to == "head" and present == newest():
        return None  # as at nearly every start, which then need not wait for Alembic
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config(connection))
    target = script.as_revision_number(to)
    known = [revision.revision for revision in script.walk_revisions()]
    if present is not None and present not in known:
        raise MigrationFailed(f"the database is at revision {present}, which this version of the program does not know")
    if present is not None and known.index(present) <= known.index(target):
        return None
    return target


def newest() -> str:
    """The last revision, by the names of the files: ``rev_0001_first_tables.py``."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("rev_*.py")).split("_")[1]


def _present(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def _has_something_to_lose(connection: Connection) -> bool:
    tables = MetaData()
    tables.reflect(connection)
    return any(
        connection.execute(select(literal(1)).select_from(table).limit(1)).first()
        for name, table in sorted(tables.tables.items())
        if name != "alembic_version"
    )


def _copy(connection: Connection, *, before: str) -> None:
    """Leave a copy beside the database, through a second connection: ours is inside the transaction."""
    path = connection.engine.url.database
    if not path or path == ":memory:":
        return
    copy = Path(f"{path}.before-{before}")
    copy.unlink(missing_ok=True)  # of a migration that failed before
    with connection.engine.connect().execution_options(lms_reads=True) as other:
        other.connection.driver_connection.execute("VACUUM INTO ?", (str(copy),))
    log.info("kept a copy of the database as %s", copy)


def _run(connection: Connection, to: str) -> None:
    from alembic import command

    try:
        command.upgrade(_config(connection), to)
    except Exception as error:  # whatever a step stumbles over: the caller's transaction takes it all back
        raise MigrationFailed(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}") from error


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]
