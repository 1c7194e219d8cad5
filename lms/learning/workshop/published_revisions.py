"""What is published: which revisions of which files, now and at the next scheduled moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from lms.content.hideable_parts import hidden_parts
from lms.learning.store.models import FileContent, FileRevision, Publication, PublishedFile, WorkshopCourse

ScheduledFile = tuple[int, str]  # the id of a publication that is still to come, and the path of a file in its course


@dataclass(frozen=True, slots=True)
class PublishedRevisions:
    """What a worker has read. ``digests``: by course and path, None for a file that is no longer there.

    ``next_due``: when the next scheduled publication is due; None: nothing is scheduled.
    """

    versions: Mapping[str, int]
    digests: Mapping[str, Mapping[str, str | None]]
    next_due: datetime | None


def read_publication_versions(session: Session) -> dict[str, int]:
    """A number for each course of which something was published; it changes with every publication."""
    rows = session.connection().execute(
        select(WorkshopCourse.course, WorkshopCourse.publication_version).where(WorkshopCourse.publication_version > 0)
    )
    return {row.course: row.publication_version for row in rows}


def read_published_revisions(session: Session, *, now: datetime) -> PublishedRevisions:
    """The revisions that learners are to see now."""
    # Read the versions before the rows, so that a publication in between is read twice and never missed.
    versions = read_publication_versions(session)
    digests: dict[str, dict[str, str | None]] = {}
    due: list[datetime] = []
    for course in versions:
        numbers = find_published_revision_numbers(session, course, at=now)
        if numbers:
            digests[course] = _find_digests(session, course, numbers)
        due += find_scheduled_moments(session, course, now=now)
    return PublishedRevisions(versions, digests, min(due, default=None))


def find_published_revision_numbers(
    session: Session, course: str, *, at: datetime, without: Collection[ScheduledFile] = ()
) -> dict[str, int | None]:
    """The numbers of the revisions that are published at a moment, by path in the order of publishing; None: the file
    is hidden with its part.

    Without the files that were hidden and did not come back with their part: of those the folder decides again.
    ``without``: files that are not to count, by the id of their publication and their path.
    """
    rows = session.connection().execute(
        select(PublishedFile.publication_id, PublishedFile.path, PublishedFile.number)
        .join(Publication, Publication.id == PublishedFile.publication_id)
        .where(
            PublishedFile.course == course,
            Publication.course == course,
            Publication.due_at <= at,
            Publication.cancelled_at.is_(None),
        )
        .order_by(Publication.id)
    )
    numbers: dict[str, int | None] = {}
    for row in rows:  # later ones replace earlier ones, and stand behind them
        if (row.publication_id, row.path) not in without:
            numbers.pop(row.path, None)
            numbers[row.path] = row.number
    hidden = hidden_parts(numbers)
    return {
        path: number for path, number in numbers.items() if number is not None or any(part.has(path) for part in hidden)
    }


def find_superseded_files(rows: Iterable[Any]) -> set[tuple[int, str]]:
    """Which files of which publications learners never see: scheduled ones that are superseded before their moment.

    ``rows``: files of one course's publications that were not cancelled, with ``id``, ``made_at`` and ``due_at`` of the
    publication and their ``path``. The result has ids and paths.
    """
    earliest: dict[str, datetime] = {}  # by path: when the first of the later publications is due
    found = set[tuple[int, str]]()
    for row in sorted(rows, key=lambda row: row.id, reverse=True):
        overtaking = earliest.get(row.path)
        if overtaking is not None and row.made_at < row.due_at and overtaking <= row.due_at:
            found.add((row.id, row.path))
        earliest[row.path] = min(overtaking or row.due_at, row.due_at)
    return found


def is_scheduled_publication(now: datetime) -> ColumnElement[bool]:
    """Whether a publication is still to come, for a query."""
    return and_(Publication.due_at > now, Publication.cancelled_at.is_(None))


def find_scheduled_moments(session: Session, course: str, *, now: datetime) -> list[datetime]:
    """When publications of a course are due that are not yet."""
    is_meant = (Publication.course == course, is_scheduled_publication(now))
    return list(session.connection().scalars(select(Publication.due_at).where(*is_meant)))


def find_scheduled_moment(session: Session, course: str, publication_id: int, *, now: datetime) -> datetime | None:
    """When a publication of a course is due; None: there is none that is still to come."""
    is_meant = (Publication.id == publication_id, Publication.course == course)
    return session.connection().scalar(select(Publication.due_at).where(*is_meant, is_scheduled_publication(now)))


def read_contents_by_digest(session: Session, digests: Collection[str]) -> dict[str, bytes]:
    """The bytes of files by their digest."""
    rows = session.connection().execute(
        select(FileContent.digest, FileContent.body).where(FileContent.digest.in_(sorted(digests)))
    )
    return {row.digest: row.body for row in rows}


def read_published_bodies(
    session: Session, course: str, *, at: datetime, without: Collection[ScheduledFile] = ()
) -> dict[str, bytes | None]:
    """The bytes of a course's published files at a moment, by path; None: the file is no longer there.

    ``without``: as in ``find_published_revision_numbers``.
    """
    numbers = find_published_revision_numbers(session, course, at=at, without=without)
    digests = _find_digests(session, course, numbers)
    bodies = read_contents_by_digest(session, {digest for digest in digests.values() if digest})
    return {path: bodies[digest] if digest else None for path, digest in digests.items()}


def _find_digests(session: Session, course: str, numbers: Mapping[str, int | None]) -> dict[str, str | None]:
    rows = session.connection().execute(
        select(FileRevision.path, FileRevision.number, FileRevision.digest).where(
            FileRevision.course == course, FileRevision.path.in_(sorted(numbers))
        )
    )
    digests = {(row.path, row.number): row.digest for row in rows}
    return {path: digests[path, number] if number else None for path, number in numbers.items()}
