"""Fill tables of PostgreSQL without their foreign keys and indexes, which are made once at the end, not row by row."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from lms.learning.backup.errors import InvalidBackup

_FOREIGN_KEYS = text(
    "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),"
    " format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
    " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname"
)
# Those of primary keys and unique constraints stay: foreign keys need them, and rows come in the order of the keys.
_INDEXES = text(
    "SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)"
    " FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
    " WHERE relnamespace = current_schema()::regnamespace AND relname <> 'alembic_version'"
    " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))"
    " ORDER BY relname"
)


@contextmanager
def bulk_load(connection: Connection) -> Generator[None]:
    """Drop foreign keys and indexes, and make the same again after the block; all in the caller's transaction.

    Raises:
        InvalidBackup: rows refer to nothing, or are there twice.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    foreign_keys, indexes = (connection.execute(which).all() for which in (_FOREIGN_KEYS, _INDEXES))
    for drop, _ in [*foreign_keys, *indexes]:
        connection.execute(text(drop))
    yield
    connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
    connection.execute(text("ANALYZE"))  # so that the checks of foreign keys are planned for the rows that are there
    try:
        for _, create in [*indexes, *foreign_keys]:
            connection.exec_driver_sql(create)
    except IntegrityError as error:
        raise InvalidBackup(f"rows do not fit together: {str(error.orig).partition(chr(10))[0]}") from error
