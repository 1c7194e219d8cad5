"""Whether a store has people, also one of an older release or without tables."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, func, inspect, make_url, select
from sqlalchemy.exc import DBAPIError, OperationalError

from lms.learning.startup_errors import DatabaseUnreachable, MigrationFailed
from lms.learning.store.database import make_engine
from lms.learning.store.migrate import describe_connection_failure, first_line
from lms.learning.store.models import AccountRow, Learner


def count_people(connection: Connection) -> int:
    """Learners and accounts."""
    found = inspect(connection)
    return sum(
        connection.scalar(select(func.count()).select_from(table)) or 0
        for table in (Learner.__table__, AccountRow.__table__)
        if found.has_table(table.name)
    )


def has_people(database_url: str) -> bool:
    """Whether there are people in the database. It makes no file where there is none.

    Raises:
        DatabaseUnreachable: the database does not answer.
        MigrationFailed: the file is no database.
    """
    if not is_store_created(database_url):
        return False
    engine = make_engine(database_url)
    try:
        with engine.connect() as connection:
            return count_people(connection) > 0
    except OperationalError as error:
        raise DatabaseUnreachable(describe_connection_failure(engine, error)) from error
    except DBAPIError as error:
        raise MigrationFailed(first_line(error)) from error
    finally:
        engine.dispose()


def is_store_created(database_url: str) -> bool:
    """False for an SQLite file that is not there: connecting would make it."""
    url = make_url(database_url)
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).is_file())
