"""A pause for pages: none is begun while a facilitator's command, or the step that it makes, is on its way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MAX_STEP_SECONDS = 0.5  # the longest pause of pages for a step
MAX_COMMAND_SECONDS = 0.05  # and for a command; with a longer one, pages of a busy city would come to a standstill


class PagePause:
    """Lets no page begin while a command of a facilitator runs, and from the poll that finds a step until its push."""

    def __init__(self, max_command_seconds: float = MAX_COMMAND_SECONDS) -> None:
        self._max_command_seconds = max_command_seconds
        self._lock = threading.Lock()
        self._pauses = 0  # steps and commands on their way
        self._paused_until = 0.0  # at the latest, on the monotonic clock
        self._resumed = threading.Event()
        self._resumed.set()

    @property
    def seconds_left(self) -> float:
        """At most so many seconds until pages may begin; 0 if they may now."""
        return 0.0 if self._resumed.is_set() else max(0.0, self._paused_until - time.monotonic())

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
    def during_command(self) -> Iterator[None]:
        """Let no page begin while a command runs in the block."""
        self.pause(self._max_command_seconds)
        try:
            yield
        finally:
            self.resume()

    def wait(self) -> None:
        """Wait until a page may begin."""
        if seconds := self.seconds_left:
            self._resumed.wait(seconds)
