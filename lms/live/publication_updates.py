"""Notices what was published in the workshop, by whichever worker, and has the courses reloaded with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from lms import vietnam_time
from lms.content.files_digest import course_files_digest
from lms.course_delivery.published_courses import PublishedCourses
from lms.learning.store.database import read_sessions, write_sessions
from lms.learning.workshop.courses import wards_of_courses
from lms.learning.workshop.folder_changes import has_folder_changes, import_folder_changes
from lms.learning.workshop.folder_files import has_sound_folder
from lms.learning.workshop.published_revisions import (
    PublishedRevisions,
    read_contents_by_digest,
    read_publication_versions,
    read_published_revisions,
)
from lms.live.background_task import BackgroundTask

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5


class PublicationWatcher(BackgroundTask):
    """Calls ``reload`` in a thread whenever something else is published; the catalog asks ``find_folder``.

    ``base``: the courses folder. Looking costs one query of a small table, empty where nothing was published.
    """

    def __init__(
        self,
        engine: Engine,
        base: Path,
        data_folder: Path,
        *,
        reload: Callable[[], None],
        poll_seconds: float = POLL_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__("publications")
        self._sessions, self._write_sessions = read_sessions(engine), write_sessions(engine)
        self._taken: dict[str, str] = {}  # by course: the digest of the folder whose changes were kept
        self._courses = PublishedCourses(base, data_folder)
        self._base = base
        self._reload, self._poll_seconds, self._now = reload, poll_seconds, now
        self._published = PublishedRevisions({}, {}, {})
        self._folder: Path | None = None  # that was found last

    def find_folder(self) -> Path:
        """The folder with the courses that are published now. While the database is away: that of before."""
        self.import_folder_changes()
        try:
            with self._sessions() as session:
                if not read_publication_versions(session) and not self._courses.courses.exists():
                    self._published, self._folder = PublishedRevisions({}, {}, {}), self._base
                    return self._base
            with self._courses.locked(), self._sessions() as session:
                published = read_published_revisions(session)
                folder = self._courses.update(
                    published.digests, published.hidden, lambda digests: read_contents_by_digest(session, digests)
                )
                self._published, self._folder = published, folder
        except Exception:
            log.exception("cannot read what was published; the courses stay as they were")
            if self._folder is None:
                self._folder = self._courses.courses if self._courses.courses.exists() else self._base
        return self._folder

    def import_folder_changes(self) -> None:
        """Let what changed in the courses folder become revisions, of courses that the workshop knows."""
        try:
            with self._sessions() as session:
                courses = wards_of_courses(session)
            for course in courses:
                self._take_changes_of(course)
        except Exception:
            log.exception("cannot keep what changed in the courses folder; the next reload tries again")

    def _take_changes_of(self, course: str) -> None:
        digest = course_files_digest(self._base / course)
        if self._taken.get(course) == digest or not (self._base / course).is_dir():
            return
        with self._sessions() as session:
            if not has_folder_changes(session, course, folder=self._base):
                self._taken[course] = digest
                return
        if not has_sound_folder(self._base / course, today=vietnam_time.today()):
            return  # errors: the checker reports them, and the next reload looks again
        with self._write_sessions.begin() as session:
            taken = import_folder_changes(session, course, folder=self._base, now=self._now())
        self._taken[course] = digest
        if taken:
            log.info("changes of the courses folder were kept", extra={"course": course, "files": len(taken)})

    def catch_up(self) -> None:
        """Take in what was published before this worker started."""
        if self._read_versions() != self._published.versions or self._courses.courses.exists():
            self._reload()

    def _read_versions(self) -> Mapping[str, int]:
        try:
            with self._sessions() as session:
                return read_publication_versions(session)
        except Exception:
            log.exception("cannot read what was published; retrying")
            return self._published.versions

    def _update(self) -> None:
        if self._read_versions() != self._published.versions:
            self._reload()

    async def _run(self) -> None:
        await asyncio.to_thread(self.import_folder_changes)
        while not await self._is_stopped_within(self._poll_seconds):
            try:
                await asyncio.to_thread(self._update)
            except Exception:
                log.exception("reloading the courses failed; the courses stay as they were")
