"""Notices that another version of the courses has taken the place of their folder, as ``lms courses pull`` does it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from lms.content.folders import folder_identity
from lms.live.background_task import BackgroundTask

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5


class CourseUpdateWatcher(BackgroundTask):
    """Calls ``reload`` in a thread whenever the folder links to another one than that with ``identity``.

    A folder that is no link is read again on a signal only: what is copied into place by hand would be read halfway.
    Calls ``keep`` at the start and after each reload: it keeps a copy of what is published.

    Looking costs one ``stat``. A signal would have to know every worker; this works across containers as well.
    """

    def __init__(
        self,
        folder: Path,
        identity: tuple[int, int] | None,
        *,
        reload: Callable[[], None],
        keep: Callable[[], None],
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        super().__init__("course updates")
        self._folder, self._identity = folder, identity
        self._reload, self._keep = reload, keep
        self._poll_seconds = poll_seconds

    async def reload(self) -> None:
        """Reload now, for example because of a signal."""
        try:
            await asyncio.to_thread(self._reload)
            await asyncio.to_thread(self._keep)
        except Exception:
            log.exception("reloading the courses failed; the courses stay as they were")

    async def _run(self) -> None:
        try:
            await asyncio.to_thread(self._keep)
        except Exception:
            log.exception("no copy of the courses was kept")
        while not await self._is_stopped_within(self._poll_seconds):
            identity = await asyncio.to_thread(self._linked_identity)
            if identity not in (None, self._identity):
                self._identity = identity
                await self.reload()

    def _linked_identity(self) -> tuple[int, int] | None:
        try:
            return folder_identity(self._folder) if self._folder.is_symlink() else None
        except OSError:  # a network drive that is away, for example: looked at again soon
            return None
