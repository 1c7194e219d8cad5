"""A task of the event loop that works now and then until the server stops."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress


class BackgroundTask(ABC):
    """Subclasses work in ``_run``, which ends once ``_is_stopped_within`` says so."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """Wait for the work in progress, then stop."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    @abstractmethod
    async def _run(self) -> None: ...

    async def _is_stopped_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
