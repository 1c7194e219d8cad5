"""A big store: backup and restore, by the commands that an operator types.

``python -m bench growth`` takes a million learners on PostgreSQL and 100,000 on SQLite, for an hour;
``growth:20000`` takes so many on both. Rows are those of ``tests.generated_store``: 31 for each learner.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from bench.figures import Figure, without_bar
from bench.sites import COURSES, ROOT, clean_environment
from lms.learning.store.database import make_engine
from lms.learning.store.migrate import upgrade
from tests.generated_store import StoreSize, fill_store
from tests.postgres import running_postgres

LEARNERS = {"SQLite": 100_000, "PostgreSQL": 1_000_000}
SECRET = "the same for all commands of this bench"


def measure(learners: int | None = None) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        name = "SQLite"
        urls = [f"sqlite:///{Path(folder) / database}.sqlite3" for database in ("filled", "restored")]
        yield from _figures(name, learners or LEARNERS[name], Path(folder), *urls)
    with tempfile.TemporaryDirectory() as folder, running_postgres(durable=True) as server, _databases(server) as urls:
        name = "PostgreSQL"
        yield from _figures(name, learners or LEARNERS[name], Path(folder), *urls)


@dataclass(frozen=True, slots=True)
class Command:
    """How long a command took, and the most memory that it had."""

    seconds: float
    bytes_of_memory: int


def _figures(store: str, learners: int, folder: Path, url: str, restored_url: str) -> Iterator[Figure]:
    name = f"{store}, {learners:,} learners:"
    begun = time.monotonic()
    rows, size = _fill(url, learners)
    note = f"{rows:,} rows; filled in {time.monotonic() - begun:,.0f} s"
    yield without_bar(f"{name} size of the store", size / 1e6, "MB", note)

    file = folder / "store.bak"
    for what, command in (
        ("backup", lambda: _run(folder, url, "backup", str(file))),
        ("restore", lambda: _run(folder, restored_url, "restore", str(file))),
    ):
        done = command()
        note = (
            f"{rows / done.seconds:,.0f} rows a second; file {file.stat().st_size / 1e6:,.0f} MB;"
            f" memory {done.bytes_of_memory / 1e6:,.0f} MB"
        )
        yield without_bar(f"{name} {what}", done.seconds, "s", note)


def _fill(url: str, learners: int) -> tuple[int, int]:
    """Make and fill the tables; (rows, bytes)."""
    engine = make_engine(url)
    upgrade(engine)
    with engine.begin() as connection:
        rows = sum(fill_store(connection, StoreSize(learners)).values())
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
    else:
        size = Path(str(make_url(url).database)).stat().st_size
    engine.dispose()
    return rows, int(size or 0)


def _run(folder: Path, url: str, *words: str) -> Command:
    settings = {"LMS_DATA_DIR": str(folder / "data"), "LMS_COURSES": str(COURSES), "LMS_SECRET_KEY": SECRET}
    environment = clean_environment(LMS_DATABASE_URL=url, **settings)
    begun = time.monotonic()
    command = [sys.executable, "-m", "lms", *words]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    printed = process.stdout.read().decode() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"lms {' '.join(words)}: {process.returncode}\n{printed}")
    return Command(time.monotonic() - begun, usage.ru_maxrss * 1024)


@contextmanager
def _databases(server: str) -> Iterator[list[str]]:
    """Two new databases: one to be filled, one for the restore."""
    names = [f"lms_bench_{uuid.uuid4().hex}" for _ in range(2)]
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield [make_url(server).set(database=name).render_as_string(hide_password=False) for name in names]
        finally:
            for name in names:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    engine.dispose()
