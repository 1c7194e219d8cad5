"""Migrate a database to the current revision, safely, and once when several processes start together."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, MetaData, inspect, literal, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from lms.learning.errors import DatabaseUnreachable, MigrationFailed, SchemaOutdated
from lms.learning.store.database import READ_ONLY_OPTION

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parents[2] / "migrations"
_ADVISORY_LOCK = 0x6C6D735F  # "lms_"; any number that no other program uses


@dataclass(frozen=True, slots=True)
class SchemaUpgrade:
    """What ``upgrade`` did: the revisions before (None: no tables) and after, and SQLite's copy of before."""

    before: str | None
    after: str
    copy: Path | None = None


def prepare_schema(engine: Engine) -> SchemaUpgrade | None:
    """Make sure that the database has this release's tables: SQLite is upgraded, PostgreSQL only checked.

    In the city a worker of a newer release must not change tables below the workers of the one before; that is for
    ``lms db upgrade``. A laptop has one program and nobody who would call it.

    Raises:
        DatabaseUnreachable: the database does not answer.
        MigrationFailed: a migration failed, or the database was made by a newer version of the program.
        SchemaOutdated: PostgreSQL has an older revision, or no tables.
    """
    if engine.dialect.name == "sqlite":
        return upgrade(engine)
    try:
        with engine.connect() as connection:
            if _target_revision(connection, "head") is not None:
                raise SchemaOutdated(find_revision(connection), latest_revision())
    except OperationalError as error:
        raise DatabaseUnreachable(address_and_reason(engine, error)) from error
    return None


def upgrade(engine: Engine, to: str = "head") -> SchemaUpgrade | None:
    """Create or migrate the tables, up to revision ``to``. Does nothing, and returns None, if the database is there.

    On SQLite, a database that holds rows is first copied to a file beside it, ``lms.sqlite3.before-0002``. When a
    migration fails, everything is rolled back.

    Raises:
        DatabaseUnreachable: the database does not answer.
        MigrationFailed: a migration failed, or would leave rows with broken foreign keys.
    """
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                return _upgrade_sqlite(connection, to)
            return _upgrade_postgresql(connection, to)
    except OperationalError as error:
        raise DatabaseUnreachable(address_and_reason(engine, error)) from error
    except DBAPIError as error:
        raise MigrationFailed(first_line(error)) from error


def _upgrade_sqlite(connection: Connection, to: str) -> SchemaUpgrade | None:
    driver: Any = connection.connection.driver_connection
    # Alembic rebuilds tables: dropping the old one must not cascade. The pragma has no effect inside a transaction.
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():  # IMMEDIATE: a second process waits here, and then finds nothing to do
            target = _target_revision(connection, to)
            if target is None:
                return None
            before = find_revision(connection)
            copy = _copy_database(connection, before=target) if _has_rows(connection) else None
            run_migrations(connection, to)
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise MigrationFailed(f"{len(broken)} rows would refer to nothing, the first in {broken[0][0]}")
        return SchemaUpgrade(before, target, copy)
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _upgrade_postgresql(connection: Connection, to: str) -> SchemaUpgrade | None:
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        target = _target_revision(connection, to)
        if target is None:
            return None
        before = find_revision(connection)
        run_migrations(connection, to)
    return SchemaUpgrade(before, target)


def _target_revision(connection: Connection, to: str) -> str | None:
    """The revision to migrate to; None when the database has it already.

    Raises:
        MigrationFailed: the database was made by a newer version of the program.
    """
    current = find_revision(connection)
    if to == "head" and current == latest_revision():
        return None  # nearly every start: saves importing Alembic
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config(connection))
    target = str(script.as_revision_number(to))  # one string, because there are no branches
    known = [revision.revision for revision in script.walk_revisions()]
    if current is not None and current not in known:
        raise MigrationFailed(f"the database is at revision {current}, which this version of the program does not know")
    if current is not None and known.index(current) <= known.index(target):
        return None
    return target


def latest_revision() -> str:
    """The latest revision, from the file names: ``rev_0001_first_tables.py``."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("rev_*.py")).split("_")[1]


def find_revision(connection: Connection) -> str | None:
    """The revision of the database's tables; None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def _has_rows(connection: Connection) -> bool:
    metadata = MetaData()
    metadata.reflect(connection)
    return any(
        connection.execute(select(literal(1)).select_from(table).limit(1)).first()
        for name, table in sorted(metadata.tables.items())
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
    log.info("copied the database to %s before migrating", copy)
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


def address_and_reason(engine: Engine, error: DBAPIError) -> str:
    return f"{engine.url.render_as_string(hide_password=True)}: {first_line(error)}"


def first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]
