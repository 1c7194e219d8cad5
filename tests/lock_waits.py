"""For tests that provoke a lock conflict on PostgreSQL: run one side in a thread, wait until it is blocked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sqlalchemy import Engine, text

T = TypeVar("T")

TIMEOUT_SECONDS = 120
_COUNT_BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def wait_until_blocked(engine: Engine, count: int = 1) -> None:
    """Return once ``count`` transactions of this database wait for a lock."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(_COUNT_BLOCKED) < count:
            assert time.monotonic() < deadline, "no transaction waits for a lock"
            time.sleep(0.01)


def run_in_thread(function: Callable[[], T]) -> Future[T]:
    """Start ``function`` in a new daemon thread."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(function())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
