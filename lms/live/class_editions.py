"""Keeps the editions of lessons that classes began with, while another one is published, and lets them go after."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from lms import vietnam_time
from lms.content.catalog import Catalog
from lms.content.model import EditionKey
from lms.learning.classroom.session.needed_editions import find_needed_editions
from lms.learning.store.database import read_sessions
from lms.learning.workshop.former_editions import read_former_editions
from lms.live.background_task import BackgroundTask

log = logging.getLogger(__name__)

POLL_SECONDS = 30.0


class ClassEditions(BackgroundTask):
    """Compares what the catalog keeps with what the classes of the database need.

    A reload keeps the editions that it replaces, so this finds editions for a worker that started after a publication,
    and drops those that no class needed at two looks in a row: another worker may open a class with one a moment after
    this one has replaced it.
    """

    def __init__(
        self,
        engine: Engine,
        catalog: Catalog,
        folder: Path,
        *,
        poll_seconds: float = POLL_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__("class editions")
        self._sessions, self._catalog, self._folder = read_sessions(engine), catalog, folder
        self._poll_seconds, self._now = poll_seconds, now
        self._unneeded = set[EditionKey]()  # at the last look
        self._not_found = set[EditionKey]()  # in what was published

    def update(self) -> None:
        """Look once. If the database is away, everything stays as it is until the next look."""
        try:
            self._update()
        except Exception:
            log.exception("cannot find the lessons of classes as they began; trying again")

    def _update(self) -> None:
        if self._catalog.authoring:
            return
        with self._sessions() as session:
            needed = find_needed_editions(session, now=self._now())
            library = self._catalog.library
            self._not_found &= needed.keys()
            missing = {
                key: moment
                for key, moment in needed.items()
                if key not in library.former and key not in self._not_found and not library.has_published_edition(key)
            }
            found = read_former_editions(session, missing, folder=self._folder, today=vietnam_time.today())
        self._not_found |= missing.keys() - found.keys()
        unneeded = library.former.keys() - needed.keys()
        dropped = unneeded & self._unneeded
        self._unneeded = unneeded - dropped
        if found or dropped:
            self._catalog.change_former_editions(found, dropped)
            log.info("editions of lessons for classes", extra={"found": len(found), "dropped": len(dropped)})

    async def _run(self) -> None:
        while not await self._is_stopped_within(self._poll_seconds):
            await asyncio.to_thread(self.update)
