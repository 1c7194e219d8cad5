"""Publications of a course: which were made, which are still to come, and with which files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lms.content.hideable_parts import HideablePart
from lms.learning.store.models import AccountRow, Publication, PublishedFile
from lms.learning.workshop.file_names import reading_order
from lms.learning.workshop.published_revisions import find_superseded_files, is_scheduled_publication

FILES_OF_PUBLICATIONS = select(
    Publication.id,
    Publication.made_at,
    Publication.due_at,
    Publication.cancelled_at,
    PublishedFile.path,
    PublishedFile.number,
).join(PublishedFile, PublishedFile.publication_id == Publication.id)


@dataclass(frozen=True, slots=True)
class PublicationEntry:
    """One publication of a course. ``superseded``: of a scheduled one, those files that a later one was due before."""

    id: int
    account_name: str  # "": the folder changed, or a command
    made_at: datetime
    due_at: datetime
    cancelled_at: datetime | None
    why: str
    files: Mapping[str, int | None]
    superseded: frozenset[str] = frozenset()

    @property
    def remaining_files(self) -> list[str]:
        """The paths of the files that learners get, or got, with it, in the order of reading."""
        return sorted(self.files.keys() - self.superseded, key=reading_order)

    def is_scheduled(self, now: datetime) -> bool:
        """Whether it is still to come."""
        return self.cancelled_at is None and self.due_at > now and bool(self.remaining_files)


def find_publications(session: Session, course: str, *, now: datetime, limit: int = 20) -> list[PublicationEntry]:
    """The last publications of a course, newest first, and all that are still to come."""
    last = select(Publication.id).where(Publication.course == course).order_by(Publication.id.desc()).limit(limit)
    return _read_entries(session, course, or_(Publication.id.in_(last), is_scheduled_publication(now)))


def find_publication(session: Session, course: str, publication_id: int) -> PublicationEntry | None:
    """One publication of a course, whatever became of it; None: there is none."""
    return next(iter(_read_entries(session, course, Publication.id == publication_id)), None)


def _read_entries(session: Session, course: str, is_meant: ColumnElement[bool]) -> list[PublicationEntry]:
    connection = session.connection()
    rows = connection.execute(
        select(Publication, AccountRow.name.label("account_name"))
        .outerjoin(AccountRow, AccountRow.id == Publication.account_id)
        .where(Publication.course == course, is_meant)
        .order_by(Publication.id.desc())
    ).all()
    files: dict[int, dict[str, int | None]] = {row.id: {} for row in rows}
    since = (PublishedFile.course == course, Publication.course == course, Publication.id >= min(files, default=0))
    found = connection.execute(FILES_OF_PUBLICATIONS.where(*since)).all()
    for row in found:
        if row.id in files:
            files[row.id][row.path] = row.number
    superseded = find_superseded_files(row for row in found if row.cancelled_at is None)
    return [
        PublicationEntry(
            row.id, row.account_name or "", row.made_at, row.due_at, row.cancelled_at, row.why, files[row.id],
            frozenset(path for path in files[row.id] if (row.id, path) in superseded),
        )
        for row in rows
    ]  # fmt: skip


def scheduled_moments(publications: Iterable[PublicationEntry], part: HideablePart, *, now: datetime) -> list[datetime]:
    """When files of a part are still to be published. Hiding the part overtakes that."""
    return sorted(
        {each.due_at for each in publications if each.is_scheduled(now) and any(map(part.has, each.remaining_files))}
    )
