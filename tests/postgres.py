"""A PostgreSQL server for the tests: the one of LMS_TEST_POSTGRES_URL, or a temporary one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="lms-postgres-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, SERVER_USER)
        as_user = ["runuser", "-u", SERVER_USER, "--"]
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses= -c fsync={'on' if durable else 'off'} -c max_connections=200"
    try:
        _run([*as_user, str(programs / "initdb"), "-D", str(data), "-U", "lms", "-A", "trust", "-E", "UTF8", "-N"])
        start = ["-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "-t", str(TIMEOUT_SECONDS), "start"]
        _run([*as_user, str(programs / "pg_ctl"), *start])
        try:
            yield f"postgresql+psycopg://lms@/postgres?host={folder}"
        finally:
            _run(
                [
                    *as_user,
                    str(programs / "pg_ctl"),
                    "-D",
                    str(data),
                    "-m",
                    "immediate",
                    "-w",
                    "-t",
                    str(TIMEOUT_SECONDS),
                    "stop",
                ]
            )
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
