"""The daily jobs: closes abandoned classes, deletes expired personal data, and publishes the figures."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from lms.content.catalog import Catalog
from lms.learning.classroom.report.data_retention import RetentionResult, apply_retention
from lms.learning.movement_statistics.figure_releases import release_figures
from lms.live.background_task import BackgroundTask

log = logging.getLogger(__name__)

FIRST_RUN_SECONDS = 60  # after the start; phones that reconnect after a restart come first
INTERVAL_SECONDS = 24 * 3600


class DailyJobs(BackgroundTask):
    """Runs the jobs in a thread. Every server process has one; row locks make sure that the work is done once."""

    def __init__(
        self,
        engine: Engine,
        catalog: Catalog,
        *,
        retention: timedelta,
        first_run_after: float = FIRST_RUN_SECONDS,
        interval: float = INTERVAL_SECONDS,
    ) -> None:
        super().__init__("housekeeping")
        self._engine, self._catalog, self._keep = engine, catalog, retention
        self._first, self._every = first_run_after, interval

    async def _run(self) -> None:
        pause = self._first
        while not await self._is_stopped_within(pause):
            await asyncio.to_thread(self._run_jobs)
            pause = self._every

    def _run_jobs(self) -> None:
        """Apply retention, then publish the figures, which count closed classes only."""
        try:
            result = apply_retention(self._engine, self._catalog.library, keep=self._keep, now=datetime.now(UTC))
        except Exception:
            log.exception("housekeeping failed; the next run is tomorrow")
            return
        if result != RetentionResult(0, 0, 0):
            counts = {"closed": result.closed, "counted": result.counted, "anonymized": result.anonymized}
            log.info("classes were closed, counted or emptied of persons", extra=counts)
        self._release_figures()

    def _release_figures(self) -> None:
        try:
            result, is_new = release_figures(self._engine, now=datetime.now(UTC))
        except Exception:
            log.exception("figures were not released; the next try is tomorrow")
            return
        if result.classes or result.left_out or result.learners:
            counts = {"classes": result.classes, "left_out": result.left_out, "learners": result.learners}
            log.info("figures were counted", extra=counts | {"released": is_new})
