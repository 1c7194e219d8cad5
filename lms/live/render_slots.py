"""Slots for rendering pages: one or two at a time, and none while a facilitator's command or its step is on its way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# All threads share one interpreter lock. With more pages at a time each takes more processor time, and the event loop
# queues behind all of them after each of its system calls (docs/adr/0016).
MAX_CONCURRENT_PAGES = 2
MAX_CONCURRENT_PAGES_ON_SQLITE = 1  # its queries take processor time of this process, too
# A page that has waited this long begins without a slot: the pages that hold them wait for the disk or the database.
SLOT_TIMEOUT_SECONDS = 0.1
MAX_STEP_SECONDS = 0.5  # the longest pause of pages for a step
MAX_COMMAND_SECONDS = 0.05  # and for a command; with a longer one, pages of a busy city would come to a standstill


class RenderSlots:
    """Limits how many pages are rendered at a time.

    Paused while a command of a facilitator runs, and from the moment the poller finds that a class has gone on until
    the hub has pushed that.
    """

    def __init__(
        self,
        slot_timeout_seconds: float = SLOT_TIMEOUT_SECONDS,
        command_seconds: float = MAX_COMMAND_SECONDS,
        concurrent_pages: int = MAX_CONCURRENT_PAGES,
    ) -> None:
        self._slot_timeout_seconds = slot_timeout_seconds
        self._command_seconds = command_seconds
        self._lock = threading.Lock()
        self._pauses = 0  # steps and commands on their way
        self._paused_until = 0.0  # at the latest, on the monotonic clock
        self._resumed = threading.Event()
        self._resumed.set()
        self._slots = threading.Semaphore(concurrent_pages)

    @property
    def is_paused(self) -> bool:
        return not self._resumed.is_set()

    def pause(self, seconds: float = MAX_STEP_SECONDS) -> None:
        """Let no page begin until ``resume``, at most for ``seconds``."""
        with self._lock:
            self._pauses += 1
            self._paused_until = max(self._paused_until, time.monotonic() + seconds)
            self._resumed.clear()

    def resume(self) -> None:
        """End one ``pause``; pages begin again when all have ended."""
        with self._lock:
            self._pauses -= 1
            if not self._pauses:
                self._paused_until = 0.0
                self._resumed.set()

    @contextmanager
    def paused_for_command(self) -> Iterator[None]:
        """Let no page begin while a command runs in the block."""
        self.pause(self._command_seconds)
        try:
            yield
        finally:
            self.resume()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait until a page may begin, and hold its slot for the block."""
        self._resumed.wait(max(0.0, self._paused_until - time.monotonic()))
        has_slot = self._slots.acquire(timeout=self._slot_timeout_seconds)
        try:
            yield
        finally:
            if has_slot:
                self._slots.release()
