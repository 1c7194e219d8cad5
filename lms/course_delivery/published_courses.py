"""The courses folder with the files that were published in the workshop, written into the data folder.

published-courses/courses/vneid -> /srv/courses/vneid          a course without published files or hidden parts
published-courses/courses/etax -> ../versions/etax-3f2a9c1b    one with some
published-courses/versions/etax-3f2a9c1b/                      its files; .files-digest tells that they are whole

All workers of a host share it. A course changes in one step, as its link does.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from lms.content.files_digest import course_files_digest
from lms.content.folders import visible_entries
from lms.content.hideable_parts import HideablePart
from lms.content.overlay import HiddenParts, write_overlaid_course
from lms.course_delivery.file_lock import try_lock

FOLDER_NAME = "published-courses"  # in the data folder
LOCK_SECONDS = 30.0  # that one worker waits for another
_DIGEST_FILE = ".files-digest"
_DRAFT = ".draft-"
_LOCK_POLL_SECONDS = 0.02
_LAYOUT = "4"  # changes when the same files are to give another folder: those of an earlier release are written again

PublishedDigests = Mapping[str, Mapping[str, str]]  # by course and path
ReadBodies = Callable[[set[str]], Mapping[str, bytes]]  # by digest


class PublishedCourses:
    """The folder of one host. ``base``: the courses folder."""

    def __init__(self, base: Path, folder: Path) -> None:
        self._base, self._folder = base, folder
        self._versions = folder / "versions"
        self._known_whole = set[str]()
        self.courses = folder / "courses"

    @contextmanager
    def locked(self) -> Generator[None]:
        """Be the only worker of this host that changes the folder.

        Raises:
            TimeoutError: another one does not come to its end.
            OSError: the data folder cannot be written.
        """
        self._versions.mkdir(mode=0o700, parents=True, exist_ok=True)
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            with try_lock(self._folder / "lock") as is_held:
                if is_held:
                    yield
                    return
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._folder} is locked")
            time.sleep(_LOCK_POLL_SECONDS)

    def update(self, published: PublishedDigests, hidden: HiddenParts, read_bodies: ReadBodies) -> Path:
        """Bring the folder to what is published; returns where the courses are to be read. Needs the lock.

        Raises:
            OSError: the disk does not take it; each course is as it was, or as it is to be.
        """
        changed = published.keys() | hidden.keys()
        if not changed:
            shutil.rmtree(self.courses, ignore_errors=True)
            return self._base
        self.courses.mkdir(exist_ok=True)
        targets = {
            course: self._version(course, published.get(course, {}), hidden.get(course, ()), read_bodies)
            for course in changed
        }
        for path in self._base_courses():
            targets.setdefault(path.name, Path(os.path.abspath(path)))
        for course, target in targets.items():
            self._link(course, target)
        for path in self.courses.iterdir():
            if path.name not in targets:
                _remove(path)
        self._delete_old({target.name for target in targets.values()})
        return self.courses

    def _base_courses(self) -> list[Path]:
        try:
            return [path for path in visible_entries(self._base) if path.is_dir()]
        except FileNotFoundError:  # all courses are written in the workshop
            return []

    def _version(
        self, course: str, files: Mapping[str, str], hidden: Collection[HideablePart], read_bodies: ReadBodies
    ) -> Path:
        """The folder of a course with its published files and without its hidden parts, written if it is not there."""
        listed = "".join(f"{path}\0{digest}\n" for path, digest in sorted(files.items()))
        listed += "".join(f"{part.lesson}\0{part.language}\n" for part in sorted(hidden))
        base = course_files_digest(self._base / course)
        key = hashlib.sha256(f"{_LAYOUT}\n{base}\n{listed}".encode()).hexdigest()
        name = f"{course}-{key[:16]}"
        version = self._versions / name
        if name in self._known_whole or _is_whole(version):
            self._known_whole.add(name)
            return version
        draft = self._versions / f"{_DRAFT}{secrets.token_hex(4)}"
        try:
            bodies = read_bodies(set(files.values()))
            changed = {path: bodies[digest] for path, digest in files.items()}
            draft.mkdir()
            write_overlaid_course(self._base / course, changed, draft, hidden)
            (draft / _DIGEST_FILE).write_text(course_files_digest(draft), "ascii")
            shutil.rmtree(version, ignore_errors=True)  # one that a power cut left
            os.rename(draft, version)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return version

    def _link(self, course: str, target: Path) -> None:
        link = self.courses / course
        # Relative to a version, so that the data folder can be moved.
        words = os.path.relpath(target, self.courses) if target.parent == self._versions else str(target)
        if link.is_symlink() and os.readlink(link) == words:
            return
        draft = self.courses / f"{_DRAFT}{secrets.token_hex(4)}"
        try:
            os.symlink(words, draft, target_is_directory=True)
        except OSError:  # no links here: a copy, with a moment between the old and the new one
            shutil.copytree(target, draft)
            if link.exists():
                _remove(link)
        os.replace(draft, link)

    def _delete_old(self, used: set[str]) -> None:
        """Delete versions that no course is linked to, and what killed processes left."""
        for path in self._versions.iterdir():
            if path.name not in used:
                self._known_whole.discard(path.name)
                shutil.rmtree(path, ignore_errors=True)


def _is_whole(version: Path) -> bool:
    try:
        return (version / _DIGEST_FILE).read_text("ascii") == course_files_digest(version)
    except (OSError, ValueError):
        return False


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path)
