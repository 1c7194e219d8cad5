"""What is published: which revisions of which files, now and at an earlier moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.hideable_parts import hidden_parts
from lms.learning.store.models import FileContent, FileRevision, Publication, PublishedFile, WorkshopCourse


@dataclass(frozen=True, slots=True)
class PublishedRevisions:
    """What a worker has read. ``digests``: by course and path, None for a file that is no longer there."""

    versions: Mapping[str, int]
    digests: Mapping[str, Mapping[str, str | None]]


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
    for course in versions:
        numbers = find_published_revision_numbers(session, course, at=now)
        if numbers:
            digests[course] = _find_digests(session, course, numbers)
    return PublishedRevisions(versions, digests)


def find_published_revision_numbers(session: Session, course: str, *, at: datetime) -> dict[str, int | None]:
    """The numbers of the revisions that are published at a moment, by path in the order of publishing; None: the file
    is hidden with its part.

    Without the files that were hidden and did not come back with their part: of those the folder decides again.
    """
    rows = session.connection().execute(
        select(PublishedFile.path, PublishedFile.number)
        .join(Publication, Publication.id == PublishedFile.publication_id)
        .where(PublishedFile.course == course, Publication.course == course, Publication.made_at <= at)
        .order_by(Publication.id)
    )
    numbers: dict[str, int | None] = {}
    for row in rows:  # later ones replace earlier ones, and stand behind them
        numbers.pop(row.path, None)
        numbers[row.path] = row.number
    hidden = hidden_parts(numbers)
    return {
        path: number for path, number in numbers.items() if number is not None or any(part.has(path) for part in hidden)
    }


def read_contents_by_digest(session: Session, digests: Collection[str]) -> dict[str, bytes]:
    """The bytes of files by their digest."""
    rows = session.connection().execute(
        select(FileContent.digest, FileContent.body).where(FileContent.digest.in_(sorted(digests)))
    )
    return {row.digest: row.body for row in rows}


def read_published_bodies(session: Session, course: str, *, at: datetime) -> dict[str, bytes | None]:
    """The bytes of a course's published files at a moment, by path; None: the file is no longer there."""
    numbers = find_published_revision_numbers(session, course, at=at)
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
