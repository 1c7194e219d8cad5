"""Coroutines that wait for something to become known."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable


class Waiting:
    """``what`` is anything that tells one thing from another. Belongs to one event loop."""

    def __init__(self) -> None:
        self._waiters: dict[Hashable, set[asyncio.Future[None]]] = {}

    async def wait_for(self, what: Hashable) -> None:
        """
        Raises:
            Exception: the one that ``answer`` was given.
        """
        waiter = asyncio.get_running_loop().create_future()
        waiting = self._waiters.setdefault(what, set())
        waiting.add(waiter)
        try:
            await waiter
        finally:  # while the store is away a hall asks again and again, and nobody is ever answered
            waiting.discard(waiter)
            if not waiting and self._waiters.get(what) is waiting:
                del self._waiters[what]

    def answer(self, what: Hashable, error: Exception | None = None) -> None:
        """Let all go on who wait for it, or fail."""
        for waiter in self._waiters.pop(what, ()):
            if waiter.done():  # its patience was over
                continue
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)
