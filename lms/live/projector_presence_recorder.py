"""Records which projectors are open in this process, so that the desk knows of them whichever worker serves it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from sqlalchemy import Engine

from lms.learning.classroom.access.projector_presence import ProjectorPresence
from lms.learning.classroom.access.projectors import record_projectors_seen
from lms.learning.store.database import write_sessions
from lms.live.background_task import BackgroundTask

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 2.0  # see access/projectors.py on how long one counts as connected


class ProjectorPresenceRecorder(BackgroundTask):
    """``connected_projector_ids``: those with an open stream. Those of ``presence`` polled, or loaded their page."""

    def __init__(
        self,
        engine: Engine,
        presence: ProjectorPresence,
        connected_projector_ids: Callable[[], Collection[str]],
        *,
        interval: float = INTERVAL_SECONDS,
    ) -> None:
        super().__init__("projectors")
        self._engine, self._presence, self._connected_projector_ids = engine, presence, connected_projector_ids
        self._interval = interval

    async def _run(self) -> None:
        while not await self._is_stopped_within(self._interval):
            projector_ids = self._presence.pop_seen().union(self._connected_projector_ids())
            if projector_ids:
                await asyncio.to_thread(self._record, projector_ids)

    def _record(self, projector_ids: Collection[str]) -> None:
        try:
            with write_sessions(self._engine).begin() as session:
                record_projectors_seen(session, projector_ids, now=datetime.now(UTC))
        except Exception:
            log.exception("open projectors were not recorded; retrying")
