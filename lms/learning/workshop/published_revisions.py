"""What is published: which revisions of which files, now and at an earlier moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.hideable_parts import HideablePart
from lms.learning.store.models import FileContent, FileRevision, HiddenPart, Publication, PublishedFile, WorkshopCourse


@dataclass(frozen=True, slots=True)
class PublishedRevisions:
    """What a worker has read. ``digests``: by course and path; ``hidden``: by course."""

    versions: Mapping[str, int]
    digests: Mapping[str, Mapping[str, str]]
    hidden: Mapping[str, Sequence[HideablePart]]


def read_publication_versions(session: Session) -> dict[str, int]:
    """A number for each course of which something was published or hidden; it changes each time."""
    rows = session.connection().execute(
        select(WorkshopCourse.course, WorkshopCourse.publication_version).where(WorkshopCourse.publication_version > 0)
    )
    return {row.course: row.publication_version for row in rows}


def read_published_revisions(session: Session) -> PublishedRevisions:
    """The revisions that learners are to see now, and what they are not to see."""
    # Read the versions before the rows, so that a publication in between is read twice and never missed.
    versions = read_publication_versions(session)
    digests: dict[str, dict[str, str]] = {}
    for course in versions:
        if numbers := find_published_revision_numbers(session, course):
            digests[course] = _find_digests(session, course, numbers)
    return PublishedRevisions(versions, digests, find_hidden_parts(session))


def find_hidden_parts(session: Session) -> dict[str, list[HideablePart]]:
    """What is hidden of each course of which something is."""
    rows = session.connection().execute(select(HiddenPart.course, HiddenPart.lesson, HiddenPart.language))
    found: dict[str, list[HideablePart]] = {}
    for row in sorted(rows):
        found.setdefault(row.course, []).append(HideablePart(row.lesson, row.language))
    return found


def find_published_revision_numbers(session: Session, course: str, *, at: datetime | None = None) -> dict[str, int]:
    """The numbers of the revisions that are published, or were at a moment, by path; also of hidden files."""
    is_meant = [PublishedFile.course == course, Publication.course == course]
    if at is not None:
        is_meant.append(Publication.made_at <= at)
    rows = session.connection().execute(
        select(PublishedFile.path, PublishedFile.number)
        .join(Publication, Publication.id == PublishedFile.publication_id)
        .where(*is_meant)
        .order_by(Publication.id)
    )
    return {row.path: row.number for row in rows}


def read_contents_by_digest(session: Session, digests: Collection[str]) -> dict[str, bytes]:
    """The bytes of files by their digest."""
    rows = session.connection().execute(
        select(FileContent.digest, FileContent.body).where(FileContent.digest.in_(sorted(digests)))
    )
    return {row.digest: row.body for row in rows}


def read_published_bodies(session: Session, course: str, *, at: datetime | None = None) -> dict[str, bytes]:
    """The bytes of a course's published files, or of those that were at a moment, by path; also of hidden ones."""
    digests = _find_digests(session, course, find_published_revision_numbers(session, course, at=at))
    bodies = read_contents_by_digest(session, set(digests.values()))
    return {path: bodies[digest] for path, digest in digests.items()}


def _find_digests(session: Session, course: str, numbers: Mapping[str, int]) -> dict[str, str]:
    rows = session.connection().execute(
        select(FileRevision.path, FileRevision.number, FileRevision.digest).where(
            FileRevision.course == course, FileRevision.path.in_(sorted(numbers))
        )
    )
    return {row.path: row.digest for row in rows if numbers[row.path] == row.number}
