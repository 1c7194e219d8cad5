"""A copy of each course as it was last published, so that a start with a faulty course has something to show.

last-good-courses/vneid/                   the files of the course
last-good-courses/vneid/.files-digest      their digest: a copy that does not match it is no copy
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from pathlib import Path

from lms.content.course_reader import read_course_result
from lms.content.files_digest import course_files_digest, list_course_files
from lms.content.model import Course, Library
from lms.course_delivery.durable_files import try_swap_paths
from lms.course_delivery.file_lock import try_lock

FOLDER_NAME = "last-good-courses"  # in the data folder
_DIGEST_FILE = ".files-digest"
_DRAFT = ".draft-"

log = logging.getLogger(__name__)


class LastGoodCourses:
    """The copies in one folder. All workers of a host share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, slug: str, today: date) -> Course | None:
        """The course from its copy, or None: there is none, or it is damaged, or this release finds errors in it."""
        copy = self._folder / slug
        digest = _recorded_digest(copy)
        if not digest or course_files_digest(copy) != digest:
            return None
        return read_course_result(copy, today=today).course

    def keep(self, library: Library, names: Collection[str]) -> None:
        """Bring the copies to what is published.

        ``names`` are those of the course folders: copies of other courses are deleted. Nothing waits for it: if the
        disk does not take it, that is logged, and the copies of before stay. While another worker does it, this one
        does nothing.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with try_lock(self._folder / ".lock") as is_held:
                if is_held:
                    self._keep_all(library, names)
        except OSError as error:
            log.warning("no copy of the courses can be kept in %s: %s", self._folder, error)

    def _keep_all(self, library: Library, names: Collection[str]) -> None:
        for path in self._folder.iterdir():
            is_gone = bool(names) and path.name not in names  # without names the courses folder could not be read
            if path.is_dir() and (path.name.startswith(_DRAFT) or is_gone):
                shutil.rmtree(path, ignore_errors=True)
        for course in library:
            if _recorded_digest(self._folder / course.slug) != course.files_digest:
                self._keep(course)

    def _keep(self, course: Course) -> None:
        draft = self._folder / f"{_DRAFT}{secrets.token_hex(4)}"
        try:
            for path in list_course_files(Path(course.folder)):
                target = draft / path.relative_to(course.folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                with suppress(FileNotFoundError):  # the digest shows whether the copy is whole
                    shutil.copyfile(path, target)
            if course_files_digest(draft) != course.files_digest:
                return  # the files have changed since they were read
            (draft / _DIGEST_FILE).write_text(course.files_digest, "ascii")
            copy = self._folder / course.slug
            if copy.exists() and not try_swap_paths(draft, copy):
                shutil.rmtree(copy)
            if draft.exists() and not copy.exists():
                os.rename(draft, copy)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _recorded_digest(copy: Path) -> str:
    try:
        return (copy / _DIGEST_FILE).read_text("ascii")
    except (OSError, ValueError):
        return ""
