"""Empty databases for benchmarks."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from lms.learning.store.database import make_engine
from lms.learning.store.migrate import upgrade
from tests.postgres import running_postgres


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """Make a database for the block, and yield its URL."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'lms.sqlite3'}"
        return
    with running_postgres(durable=True) as server_url:
        name = f"lms_bench_{uuid.uuid4().hex}"
        _execute(server_url, f"CREATE DATABASE {name}")
        try:
            url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
            engine = make_engine(url)
            upgrade(engine)  # lms serve does not change PostgreSQL's tables
            engine.dispose()
            yield url
        finally:
            _execute(server_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _execute(server_url: str, statement: str) -> None:
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
