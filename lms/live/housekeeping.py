"""The daily retention job: closes abandoned classes and deletes expired personal data."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from lms.content.catalog import Catalog
from lms.learning.classroom.report.retention import RetentionResult, apply_retention

log = logging.getLogger(__name__)

FIRST_RUN_SECONDS = 60  # after the start; phones that reconnect after a restart come first
INTERVAL_SECONDS = 24 * 3600


class Housekeeping:
    """Runs the job in a thread. Every server process has one; row locks make sure that the work is done once."""

    def __init__(
        self,
        engine: Engine,
        catalog: Catalog,
        *,
        retention: timedelta,
        first_run_after: float = FIRST_RUN_SECONDS,
        interval: float = INTERVAL_SECONDS,
    ) -> None:
        self._engine, self._catalog, self._keep = engine, catalog, retention
        self._first, self._every = first_run_after, interval
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(), name="housekeeping")

    async def stop(self) -> None:
        """Wait for a run in progress, then stop."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        pause = self._first
        while not await self._is_stopped_within(pause):
            await asyncio.to_thread(self._apply_retention)
            pause = self._every

    async def _is_stopped_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    def _apply_retention(self) -> None:
        try:
            result = apply_retention(self._engine, self._catalog.library, keep=self._keep, now=datetime.now(UTC))
        except Exception:
            log.exception("housekeeping failed; the next run is tomorrow")
            return
        if result != RetentionResult(0, 0, 0):
            counts = {"closed": result.closed, "counted": result.counted, "anonymized": result.anonymized}
            log.info("classes were closed, counted or emptied of persons", extra=counts)
