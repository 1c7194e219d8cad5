"""A PostgreSQL server for the tests: the one of LMS_TEST_POSTGRES_URL, or a temporary one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Of a server whose data nobody needs after a crash of the machine: less is written to its log.
FORGETFUL = " -c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0"
SERVER_USER = "postgres"  # used when the tests run as root, which PostgreSQL refuses to run as
TIMEOUT_SECONDS = 120  # for a start or a stop on a busy machine
MISSING = (
    "PostgreSQL is missing: install it (Debian: apt-get install postgresql), "
    "or let LMS_TEST_POSTGRES_URL=postgresql+psycopg://… name a running one that may create databases"
)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[str]:
    """Yield the URL of a database on a server where databases can be created and dropped.

    ``durable``: whether commits of a temporary server wait for the disk; benchmarks need it, tests do not.

    Raises:
        RuntimeError: PostgreSQL is not installed, or does not start.
    """
    if given := os.environ.get("LMS_TEST_POSTGRES_URL"):
        yield given
        return
    with own_postgres(durable=durable) as server:
        yield server.url


class PostgresServer:
    """A temporary server that a test may stop and start again."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.url = f"postgresql+psycopg://lms@/postgres?host={folder}"
        self._folder, self._programs = folder, _programs()
        self._options = f"-k {folder} -c listen_addresses= -c max_connections=200{'' if durable else FORGETFUL}"
        self._run("initdb", "-U", "lms", "-A", "trust", "-E", "UTF8", "-N")

    def start(self) -> None:
        self._run("pg_ctl", "-l", f"{self._folder}/log", "-o", self._options, "-w", "-t", str(TIMEOUT_SECONDS), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "-w", "-t", str(TIMEOUT_SECONDS), "stop")

    def read_log(self) -> str:
        return (self._folder / "log").read_text("utf-8")

    def _run(self, program: str, *options: str) -> None:
        as_user = ["runuser", "-u", SERVER_USER, "--"] if os.geteuid() == 0 else []
        _run([*as_user, str(self._programs / program), "-D", f"{self._folder}/data", *options])


@contextmanager
def own_postgres(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A running temporary server, whatever LMS_TEST_POSTGRES_URL names.

    Raises:
        RuntimeError: PostgreSQL is not installed, or does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="lms-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, SERVER_USER)
    try:
        server = PostgresServer(folder, durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder with initdb and pg_ctl; Debian has one for each version, outside the PATH."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not versions:
        raise RuntimeError(MISSING)
    return versions[-1].parent


def _run(command: list[str]) -> None:
    limit = 2 * TIMEOUT_SECONDS  # pg_ctl has one of its own, and says more
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=limit, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
