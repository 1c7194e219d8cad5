"""From the writer's thread to the event loop: many answers for one waking of the loop."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any


class Mailbox:
    """Where the writer puts what coroutines wait for.

    ``asyncio.wrap_future`` wakes the loop once for each; a batch of the writer finishes a hundred at once, and every
    waking is a system call for which the writer's thread lets go of the interpreter and queues up for it again.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._done: deque[tuple[asyncio.Future[Any], Any, Exception | None]] = deque()
        self._woken = False

    def letter(self) -> Letter:
        """A receiver for one piece of the writer's work."""
        return Letter(self, self._loop.create_future())

    def post(self, waiter: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
        self._done.append((waiter, result, error))
        if not self._woken:
            self._woken = True
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._woken = False  # before looking: what is posted from here on wakes the loop again
        while self._done:
            waiter, result, error = self._done.popleft()
            if waiter.done():
                continue
            if error is None:
                waiter.set_result(result)
            else:
                waiter.set_exception(error)


class Letter:
    """A tenth of what a ``concurrent.futures.Future`` costs. ``await letter.waiter`` gives the result.

    Who stops waiting does not stop the work: what the writer has begun, it keeps.
    """

    __slots__ = ("_mailbox", "waiter")

    def __init__(self, mailbox: Mailbox, waiter: asyncio.Future[Any]) -> None:
        self._mailbox = mailbox
        self.waiter = waiter

    def set_running_or_notify_cancel(self) -> bool:
        return True

    def set_result(self, result: Any) -> None:
        self._mailbox.post(self.waiter, result, None)

    def set_exception(self, exception: Exception) -> None:
        self._mailbox.post(self.waiter, None, exception)
