"""A big store: upgrade beside its users, backup, and restore, by the commands that an operator types.

``python -m bench growth`` takes a million learners on PostgreSQL and 100,000 on SQLite, for an hour;
``growth:20000`` takes so many on both. Rows are those of ``tests.generated_store``: 31 for each learner.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from bench.figures import Figure, at_most, without_bar
from bench.sites import COURSES, ROOT, clean_environment
from lms.learning.store.database import READ_ONLY_OPTION, make_engine
from lms.learning.store.migrate import latest_revision, upgrade
from tests.generated_store import StoreSize, fill_store
from tests.postgres import running_postgres

LEARNERS = {"SQLite": 100_000, "PostgreSQL": 1_000_000}
BEFORE = "0008"  # the revision that is upgraded: of the last release whose tables differ
LOCK_BAR = 1000.0  # milliseconds
SECRET = "the same for all commands of this bench"
# What phones, walls and desks do all the time, by the tables that migrations change.
READS = (
    "SELECT id, version FROM classes WHERE closed_at IS NULL",
    "SELECT number, version FROM class_seats WHERE class_id = (SELECT min(id) FROM classes)",
    "SELECT count(*) FROM marks WHERE learner_id = (SELECT min(id) FROM learners)",
    "SELECT account_id FROM sign_ins WHERE token_digest = (SELECT min(token_digest) FROM sign_ins)",
)
WRITES = (
    "UPDATE learners SET version = version + 1 WHERE id = (SELECT min(id) FROM learners)",
    "UPDATE classes SET version = version + 1 WHERE id = (SELECT min(id) FROM classes)",
    "UPDATE class_seats SET version = version + 1 WHERE class_id = (SELECT min(id) FROM classes)",
    "UPDATE practice_attempts SET score = score WHERE id = (SELECT min(id) FROM practice_attempts)",
)


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


@dataclass
class Waits:
    """What other connections do during an upgrade; ``longest`` of each kind in milliseconds."""

    longest: dict[str, float] = field(default_factory=lambda: {"read": 0.0, "write": 0.0})
    count: int = 0


def _figures(store: str, learners: int, folder: Path, url: str, restored_url: str) -> Iterator[Figure]:
    name = f"{store}, {learners:,} learners:"
    begun = time.monotonic()
    rows, size = _fill(url, learners)
    note = f"{rows:,} rows; filled in {time.monotonic() - begun:,.0f} s"
    yield without_bar(f"{name} size of the store", size / 1e6, "MB", note)

    engine = make_engine(url)
    with _other_connections(engine) as waits:
        upgraded = _run(folder, url, "db", "upgrade")
    engine.dispose()
    note = f"{BEFORE} to {latest_revision()} in {upgraded.seconds:.1f} s; {waits.count:,} statements beside it"
    yield at_most(f"{name} longest wait of a reader during an upgrade", waits.longest["read"], LOCK_BAR, "ms", note)
    if store == "SQLite":  # which one program on one machine upgrades before it serves
        yield without_bar(f"{name} longest wait of a writer during an upgrade", waits.longest["write"], "ms")
    else:
        yield at_most(f"{name} longest wait of a writer during an upgrade", waits.longest["write"], LOCK_BAR, "ms")

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
    """Make and fill the tables of the release before; (rows, bytes)."""
    engine = make_engine(url)
    upgrade(engine, BEFORE)
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
def _other_connections(engine: Engine) -> Iterator[Waits]:
    """A reader and a writer, each on its own connection, until the end of the block."""
    waits, ended = Waits(), threading.Event()
    reading = {READ_ONLY_OPTION: True} if engine.dialect.name == "sqlite" else {}
    threads = [
        threading.Thread(target=_repeat, args=(engine.connect().execution_options(**options), kind, waits, ended))
        for kind, options in (("read", reading), ("write", {}))
    ]
    for thread in threads:
        thread.start()
    try:
        yield waits
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _repeat(connection: Connection, kind: str, waits: Waits, ended: threading.Event) -> None:
    with connection:
        while not ended.wait(0.002):
            for statement in READS if kind == "read" else WRITES:
                begun = time.monotonic()
                with suppress(OperationalError), connection.begin():  # a writer of SQLite gives up after ten seconds
                    connection.execute(text(statement))
                waits.longest[kind] = max(waits.longest[kind], 1000 * (time.monotonic() - begun))
                waits.count += 1


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
