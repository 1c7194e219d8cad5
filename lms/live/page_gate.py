"""When a thread may begin a page: two at a time, and none while a facilitator's command or its step is on its way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# All threads share one interpreter lock. With more pages at a time each takes more processor time, and the event loop
# queues behind all of them after each of its system calls (docs/adr/0016).
PAGES_AT_A_TIME = 2
SLOW_SECONDS = 0.1  # a page waits for its turn so long: who is before it waits for the disk or the database
MAX_STEP_SECONDS = 0.5  # that a step holds pages back
MAX_COMMAND_SECONDS = 0.05  # that a command does; longer, and pages of a busy city would come to a standstill


class PageGate:
    """Closed while a command of a facilitator runs, and from the moment the poller finds that a class has gone on until
    the hub has pushed that.
    """

    def __init__(self, slow_seconds: float = SLOW_SECONDS, command_seconds: float = MAX_COMMAND_SECONDS) -> None:
        self._slow_seconds = slow_seconds
        self._command_seconds = command_seconds
        self._lock = threading.Lock()
        self._closings = 0  # steps and commands on their way
        self._closed_until = 0.0  # at the latest, on the monotonic clock
        self._is_open = threading.Event()
        self._is_open.set()
        self._turns = threading.Semaphore(PAGES_AT_A_TIME)

    @property
    def is_open(self) -> bool:
        return self._is_open.is_set()

    def close(self, seconds: float = MAX_STEP_SECONDS) -> None:
        """Hold pages back until ``open``, at most for ``seconds``."""
        with self._lock:
            self._closings += 1
            self._closed_until = max(self._closed_until, time.monotonic() + seconds)
            self._is_open.clear()

    def open(self) -> None:
        """Once for each ``close``."""
        with self._lock:
            self._closings -= 1
            if not self._closings:
                self._closed_until = 0.0
                self._is_open.set()

    @contextmanager
    def command(self) -> Iterator[None]:
        """Hold pages back while a command runs in the block."""
        self.close(self._command_seconds)
        try:
            yield
        finally:
            self.open()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until a page may be begun, and hold its turn for the block."""
        self._is_open.wait(max(0.0, self._closed_until - time.monotonic()))
        has_turn = self._turns.acquire(timeout=self._slow_seconds)
        try:
            yield
        finally:
            if has_turn:
                self._turns.release()
