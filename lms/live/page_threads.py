"""The threads that render pages: one or two at a time, and more only while these are stuck."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

# All threads share one interpreter lock. With more pages at a time each takes more processor time, and the event loop
# queues behind all of them after each of its system calls (docs/adr/0016).
CONCURRENT_PAGES = 2
CONCURRENT_PAGES_ON_SQLITE = 1  # its queries take processor time of this process, too
# Threads that begin no page for so long are stuck: their pages wait for the disk or the database.
STUCK_SECONDS = 0.1


class PageThreads:
    """Renders pages in the order of their requests, on ``concurrent_pages`` threads.

    While these are stuck, pages that wait are begun on ``spare_threads``.

    A thread takes the next page when it has finished one. More threads that wait for their turn would make each page
    cost a fifth more, since every page would wake another one.
    """

    def __init__(self, *, concurrent_pages: int, spare_threads: int, stuck_seconds: float = STUCK_SECONDS) -> None:
        self._stuck_seconds = stuck_seconds
        self._threads = ThreadPoolExecutor(concurrent_pages, thread_name_prefix="page")
        self._spare_threads = ThreadPoolExecutor(spare_threads, thread_name_prefix="spare-page")
        self._spare_thread_count = spare_threads
        self._on_spare_threads: list[Future[None]] = []
        self._waiting: deque[Callable[[], object]] = deque()
        self._last_begun = 0.0  # on the monotonic clock
        self._check: asyncio.TimerHandle | None = None

    def submit(self, fn: Callable[..., object], /, *args: object) -> None:
        """Call ``fn(*args)`` on one of the threads. To be called in the event loop."""
        self._waiting.append(partial(fn, *args))
        self._threads.submit(self._run_next)
        if self._check is None:
            self._check_later(self._stuck_seconds)

    def _run_next(self) -> None:
        try:
            run = self._waiting.popleft()
        except IndexError:  # another thread has run the page that this call was submitted for
            return
        self._last_begun = time.monotonic()
        run()

    def _check_later(self, seconds: float) -> None:
        self._check = asyncio.get_running_loop().call_later(seconds, self._use_spare_threads_if_stuck)

    def _use_spare_threads_if_stuck(self) -> None:
        self._check = None
        if not self._waiting:
            return
        idle_seconds = time.monotonic() - self._last_begun
        if idle_seconds < self._stuck_seconds:
            self._check_later(self._stuck_seconds - idle_seconds)
        else:
            self._on_spare_threads = [call for call in self._on_spare_threads if not call.done()]
            for _ in range(min(len(self._waiting), self._spare_thread_count - len(self._on_spare_threads))):
                self._on_spare_threads.append(self._spare_threads.submit(self._run_next))
            self._check_later(self._stuck_seconds)
