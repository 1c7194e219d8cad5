"""One SQLite database for test after test: emptied in between, instead of copied anew."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import cast

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from lms.learning.store import database
from lms.learning.store.models import Base
from tests.databases import do_not_sync

TABLES = tuple(table.name for table in Base.metadata.sorted_tables)
_WHICH_HAVE_ROWS = f"SELECT {', '.join(f'EXISTS (SELECT 1 FROM {table})' for table in TABLES)}"


class ReusedSqliteFile:
    """A migrated database without rows, and its engine, whose connections stay open from test to test.

    A new copy, its connections and the statements that each of them compiles anew take as long as a small test. The
    next test gets one all the same if the last one left more than rows behind: an open transaction, another table or
    revision, or another file in its place.
    """

    def __init__(self, folder: Path, template: Path) -> None:
        self._template, self._file = template, folder / "lms.sqlite3"
        self._inode: int | None = None  # of the copy that is in use
        self._versions = _versions_of(template)
        self.engine = database.make_engine(f"sqlite:///{self._file}")
        event.listen(self.engine, "connect", do_not_sync)

    def prepare(self) -> None:
        """Have a database without rows."""
        if self._inode is None:
            shutil.copy(self._template, self._file)
            self._inode = self._file.stat().st_ino

    def reset(self) -> None:
        """Delete what a test wrote."""
        if self._could_empty():
            return
        self._inode = None
        self.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)

    def _could_empty(self) -> bool:
        try:
            if cast(QueuePool, self.engine.pool).checkedout() or self._file.stat().st_ino != self._inode:
                return False
            connection = self.engine.raw_connection()
            try:
                return self._delete_rows(cast(sqlite3.Connection, connection.driver_connection))
            finally:
                connection.close()
        except (OSError, sqlite3.Error, SQLAlchemyError):
            return False

    def _delete_rows(self, connection: sqlite3.Connection) -> bool:
        if _versions(connection) != self._versions:
            return False
        has_rows = connection.execute(_WHICH_HAVE_ROWS).fetchone()
        for setting in ("busy_timeout = 0", "query_only = OFF", "foreign_keys = OFF"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN IMMEDIATE")
        for table, filled in zip(TABLES, has_rows, strict=True):
            if filled:
                connection.execute(f"DELETE FROM {table}")
        connection.execute("COMMIT")
        # The log has what was deleted, and grows from test to test.
        is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {database.LOCK_TIMEOUT_SECONDS * 1000}")
        return not is_busy


def _versions_of(file: Path) -> tuple[object, ...]:
    with closing(sqlite3.connect(file)) as connection:
        return _versions(connection)


def _versions(connection: sqlite3.Connection) -> tuple[object, ...]:
    """What any change of the tables, or of the revision that they are said to have, changes."""
    return (
        connection.execute("PRAGMA schema_version").fetchone(),
        connection.execute("SELECT version_num FROM alembic_version").fetchall(),
    )
