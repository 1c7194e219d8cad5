"""From the writer's thread to the event loop: many answers for one waking of the loop."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import Future
from typing import Any


class Mailbox:
    """Lets coroutines wait for the writer's futures.

    ``asyncio.wrap_future`` wakes the loop once for each; a batch of the writer finishes a hundred at once, and every
    waking is a system call for which the writer's thread lets go of the interpreter and queues up for it again.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._done: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._woken = False

    async def wait(self, future: Future[Any]) -> Any:
        """The future's result. Who stops waiting does not stop the work: what the writer has begun, it keeps."""
        waiter = self._loop.create_future()
        future.add_done_callback(lambda done: self._post(waiter, done))
        return await waiter

    def _post(self, waiter: asyncio.Future[Any], done: Future[Any]) -> None:
        self._done.append((waiter, done))
        if not self._woken:
            self._woken = True
            self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._woken = False  # before looking: what is posted from here on wakes the loop again
        while self._done:
            waiter, done = self._done.popleft()
            if waiter.done():
                continue
            error = done.exception()
            if error is None:
                waiter.set_result(done.result())
            else:
                waiter.set_exception(error)
