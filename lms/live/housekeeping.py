"""The site's own housekeeping, once after its start and then every day."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from lms.content.catalog import Shelf
from lms.learning.classroom.report.retention import Tidied, tidy

log = logging.getLogger(__name__)

FIRST = 60  # seconds after the start: phones that come back after a restart go first
EVERY = 24 * 3600  # seconds


class Tidying:
    """Runs in a thread beside the event loop. Every worker has one; the store sees to it that none works twice."""

    def __init__(
        self, engine: Engine, shelf: Shelf, *, keep: timedelta, first: float = FIRST, every: float = EVERY
    ) -> None:
        self._engine, self._shelf, self._keep = engine, shelf, keep
        self._first, self._every = first, every
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(), name="tidying")

    async def stop(self) -> None:
        """What is being tidied is finished first."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        pause = self._first
        while not await self._is_stopped_within(pause):
            await asyncio.to_thread(self._tidy)
            pause = self._every

    async def _is_stopped_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    def _tidy(self) -> None:
        try:
            done = tidy(self._engine, self._shelf.library, keep=self._keep, now=datetime.now(UTC))
        except Exception:
            log.exception("tidying failed; it is tried again tomorrow")
            return
        if done != Tidied(0, 0, 0):
            log.info("classes: %d closed, %d counted, %d emptied of persons", done.closed, done.counted, done.emptied)
