"""A PostgreSQL for the test run: the one that LMS_TEST_POSTGRES_URL names, or one of our own that leaves with us."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER_USER = "postgres"  # whom root becomes: PostgreSQL refuses to run as root
PATIENCE = "300"  # seconds for a start or a stop, beside whatever else the machine does
WHAT_TO_INSTALL = (
    "PostgreSQL is missing: install it (Debian: apt-get install postgresql), "
    "or let LMS_TEST_POSTGRES_URL=postgresql+psycopg://… name a running one that may create databases"
)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[str]:
    """Yields the URL of a database on a server where databases may be made and dropped.

    One of our own waits for the disk at a commit only when ``durable``: figures need it, tests do not.

    Raises:
        RuntimeError: there is none, and none can be started.
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
        start = ["-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "-t", PATIENCE, "start"]
        _run([*as_user, str(programs / "pg_ctl"), *start])
        try:
            yield f"postgresql+psycopg://lms@/postgres?host={folder}"
        finally:
            _run([*as_user, str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "-t", PATIENCE, "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder with initdb and pg_ctl; Debian keeps them off the PATH, one folder a version."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not versions:
        raise RuntimeError(WHAT_TO_INSTALL)
    return versions[-1].parent


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
