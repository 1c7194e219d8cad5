"""The history of all courses, to be written elsewhere, and one from elsewhere, to be kept here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lms.content.files import MAX_BYTES
from lms.learning.accounts.permissions import CITY
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.learners.learner_store import clean_line
from lms.learning.workshop.courses import insert_course, lock_course, lock_known_course, wards_of_courses
from lms.learning.workshop.file_contents import content_digest
from lms.learning.workshop.file_names import check_course_name, check_file_name, is_text
from lms.learning.workshop.revision_saving import MAX_WHY_LENGTH, add_empty_file, add_revision
from lms.learning.workshop.revisions import (
    find_head,
    find_heads,
    find_history,
    normalize_line_ends,
    read_revision_content,
    revision_ancestors,
)

MAX_AUTHOR_LENGTH = 80


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """A file as somebody left it. ``author_name`` "": unknown, or a folder."""

    course: str
    path: str
    body: bytes
    author_name: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class ImportedHistoryCounts:
    """How many revisions are new, how many were known, and of how many files the latest one stayed another."""

    new: int
    known: int
    beside: int


def read_library_history(session: Session) -> list[LibraryChange]:
    """What led to the latest revision of each file that was saved here, oldest first."""
    changes: list[tuple[datetime, int, LibraryChange]] = []
    for course in wards_of_courses(session):
        for head in find_heads(session, course):
            history = find_history(session, course, head.path)
            led = revision_ancestors(history, head.latest)
            changes += [
                (
                    each.saved_at,
                    each.number,
                    LibraryChange(
                        course,
                        head.path,
                        read_revision_content(session, each),
                        each.author_name,
                        each.saved_at,
                        each.why,
                    ),
                )
                for each in history
                if each.number in led
            ]
    return [change for _, _, change in sorted(changes, key=lambda entry: entry[:2])]


def is_course_file(course: str, path: str) -> bool:
    """Whether a course may have a file there."""
    try:
        check_course_name(course)
        check_file_name(path)
    except InvalidCourseFile:
        return False
    return True


def import_library_history(
    session: Session, changes: Sequence[LibraryChange], *, folder: Path, now: datetime
) -> ImportedHistoryCounts:
    """Keep a history from elsewhere, of which every content is kept once; nothing of it is published.

    Where the workshop has gone on by itself, the history stands beside its latest revision, to be merged.

    Raises:
        InvalidCourseFile: a file cannot be kept.
    """
    by_file: dict[tuple[str, str], list[LibraryChange]] = {}
    for change in changes:
        by_file.setdefault((change.course, change.path), []).append(change)
    new, beside = 0, 0
    for course in sorted({course for course, _ in by_file}):
        try:
            lock_course(session, course, folder=folder, by=None, now=now)
        except NotFound:
            insert_course(session, course, CITY, None, now)
            lock_known_course(session, course)
    for (course, path), of_file in sorted(by_file.items()):
        added, is_latest = _take_file(session, course, path, of_file)
        new += added
        beside += bool(added) and not is_latest
    return ImportedHistoryCounts(new, len(changes) - new, beside)


def _take_file(session: Session, course: str, path: str, changes: Sequence[LibraryChange]) -> tuple[int, bool]:
    """How many revisions were added, and whether the last one is the latest."""
    head = find_head(session, course, path)
    known = {each.digest: each.number for each in find_history(session, course, path)[::-1]}
    current: int | None = None
    added = 0
    for change in changes:
        body = _checked_body(change)
        number = known.get(content_digest(body))
        if number is None:
            becomes_latest = head is None or head.latest == current
            number = add_revision(
                session, head or add_empty_file(session, course, path), body,
                parent=current, why=change.why[:MAX_WHY_LENGTH],
                by=None, author_name=clean_line(change.author_name)[:MAX_AUTHOR_LENGTH], now=change.at,
                becomes_latest=becomes_latest,
            )  # fmt: skip
            known[content_digest(body)] = number
            head = find_head(session, course, path)
            added += 1
        current = number
    return added, head is not None and head.latest == current


def _checked_body(change: LibraryChange) -> bytes:
    if not is_text(change.path):
        return change.body
    file = f"{change.course}/{change.path}"
    if len(change.body) > MAX_BYTES:
        raise InvalidCourseFile("{file} lớn hơn {kilobytes} KB.", file=file, kilobytes=MAX_BYTES // 1000)
    try:
        return normalize_line_ends(change.body.decode("utf-8")).encode()
    except UnicodeDecodeError as error:
        raise InvalidCourseFile("{file} không phải văn bản UTF-8.", file=file) from error
