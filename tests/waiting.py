"""Who waits for whose rows on PostgreSQL: for tests that make two meet on purpose."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from sqlalchemy import Engine, text

PATIENCE = 120  # seconds
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def until_waiting(engine: Engine, count: int = 1) -> None:
    """Come back once so many transactions wait for another one; each goes on waiting."""
    gives_up_at = time.monotonic() + PATIENCE
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(_WAITING) < count:
            assert time.monotonic() < gives_up_at, "nobody waits"
            time.sleep(0.01)


def meanwhile(work: Callable[[], Any]) -> Future[Any]:
    """Begin this in a thread of its own."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
