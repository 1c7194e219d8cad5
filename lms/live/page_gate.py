"""When a thread may begin a page: two at a time, and none while a step of a class is on its way to the phones."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# All threads share one interpreter lock. With more pages at a time each takes more processor time, and the event loop
# queues behind all of them after each of its system calls (docs/adr/0016).
PAGES_AT_A_TIME = 2
SLOW_SECONDS = 0.1  # a page waits for its turn so long: who is before it waits for the disk or the database
MAX_STEP_SECONDS = 0.5  # and so long for steps, of which one may follow the other


class PageGate:
    """Closed from the moment the poller finds that a class has gone on until the hub has pushed that."""

    def __init__(self, slow_seconds: float = SLOW_SECONDS) -> None:
        self._slow_seconds = slow_seconds
        self._lock = threading.Lock()
        self._steps = 0  # on their way
        self._is_open = threading.Event()
        self._is_open.set()
        self._turns = threading.Semaphore(PAGES_AT_A_TIME)

    @property
    def is_open(self) -> bool:
        return self._is_open.is_set()

    def close(self) -> None:
        with self._lock:
            self._steps += 1
            self._is_open.clear()

    def open(self) -> None:
        """Once for each ``close``."""
        with self._lock:
            self._steps -= 1
            if not self._steps:
                self._is_open.set()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until a page may be begun, and hold its turn for the block."""
        self._is_open.wait(MAX_STEP_SECONDS)
        has_turn = self._turns.acquire(timeout=self._slow_seconds)
        try:
            yield
        finally:
            if has_turn:
                self._turns.release()
