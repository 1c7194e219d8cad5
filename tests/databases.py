"""Databases on a PostgreSQL server that tests make, empty and drop."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from lms.learning.store.models import Base

NUMBERS = "SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public'"
EVERYBODY_ELSE_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@contextmanager
def new_database(server: str, *, template: str | None = None) -> Iterator[str]:
    """The URL of a database that is dropped afterwards; a copy of the one that the URL ``template`` names."""
    name = f"lms_test_{uuid.uuid4().hex}"
    copied = f" TEMPLATE {make_url(template).database}" if template else ""
    _administer(server, f"CREATE DATABASE {name}{copied}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def empty(url: str) -> None:
    """Leave a migrated database as its migrations did: no rows, every number from its start, nobody connected.

    A tenth of what a new copy costs, which half of the suite's tests would wait for.
    """
    with _connection(url) as connection:
        connection.execute(text(EVERYBODY_ELSE_OUT))
        numbers = connection.scalars(text(NUMBERS)).all()
        statements = [
            *(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)),
            *(f"ALTER SEQUENCE {number} RESTART" for number in numbers),
        ]
        connection.exec_driver_sql("; ".join(statements))


def _administer(server: str, statement: str) -> None:
    with _connection(server) as connection:
        connection.execute(text(statement))


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    with create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        yield connection
