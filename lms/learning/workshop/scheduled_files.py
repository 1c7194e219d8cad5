"""Files that are still to be published, as what happens before their moment changes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from lms.content.hideable_parts import HideablePart
from lms.learning.store.models import Publication, PublishedFile
from lms.learning.workshop.published_revisions import ScheduledFile, is_scheduled_publication


def find_withdrawn_files(
    session: Session, course: str, part: HideablePart, *, but: Collection[str], after: datetime
) -> set[ScheduledFile]:
    """What ``withdraw_scheduled_files`` would take off."""
    return {
        (publication_id, path)
        for publication_id, paths in find_scheduled_files(session, course, now=after).items()
        for path in _paths_of_part(paths, part, but)
    }


def _paths_of_part(paths: Collection[str], part: HideablePart, but: Collection[str]) -> set[str]:
    return {path for path in paths if part.has(path) and path not in but}


def withdraw_scheduled_files(
    session: Session, course: str, part: HideablePart, *, but: Collection[str], after: datetime, now: datetime
) -> None:
    """Take the files of a part off all publications due later; one of nothing else is cancelled. The course is locked.

    So that no half of what belongs together comes when the part is hidden or shown again before.

    ``but``: paths of files that a later publication overtakes: they stay, to be told as superseded.
    """
    connection = session.connection()
    for publication_id, paths in find_scheduled_files(session, course, now=after).items():
        withdrawn = _paths_of_part(paths, part, but)
        if withdrawn == paths:
            is_meant = Publication.id == publication_id
            connection.execute(update(Publication.__table__).where(is_meant).values(cancelled_at=now))
        elif withdrawn:
            of_publication = (PublishedFile.publication_id == publication_id, PublishedFile.path.in_(sorted(withdrawn)))
            connection.execute(delete(PublishedFile.__table__).where(*of_publication))


def correct_scheduled_files(
    session: Session, course: str, corrected: Mapping[str, tuple[Collection[int], int]], *, now: datetime
) -> bool:
    """Let publications to come have what the folder corrected; returns whether any has. The course is locked.

    ``corrected``: by path the numbers of the revisions with the text that the folder had before, and the new number.
    """
    is_changed = False
    for publication_id, paths in find_scheduled_files(session, course, now=now).items():
        for path in paths & corrected.keys():
            former, number = corrected[path]
            is_meant = (
                PublishedFile.publication_id == publication_id,
                PublishedFile.path == path,
                PublishedFile.number.in_(sorted(former)),
            )
            found = session.connection().execute(update(PublishedFile.__table__).where(*is_meant).values(number=number))
            is_changed = is_changed or found.rowcount > 0
    return is_changed


def find_scheduled_files(session: Session, course: str, *, now: datetime) -> dict[int, set[str]]:
    """The paths of the files of publications to come, by the publication."""
    files: dict[int, set[str]] = {}
    for row in _find_rows(session, course, now=now):
        files.setdefault(row.publication_id, set()).add(row.path)
    return files


def find_moments_of_files(
    session: Session, course: str, *, after: datetime, without: Collection[ScheduledFile] = ()
) -> set[datetime]:
    """When files of a course are to be published after a moment. ``without``: files that are not to count."""
    rows = _find_rows(session, course, now=after)
    return {row.due_at for row in rows if (row.publication_id, row.path) not in without}


def _find_rows(session: Session, course: str, *, now: datetime) -> Sequence[Row[int, str, datetime]]:
    return (
        session.connection()
        .execute(
            select(PublishedFile.publication_id, PublishedFile.path, Publication.due_at)
            .join(Publication, Publication.id == PublishedFile.publication_id)
            .where(
                PublishedFile.course == course,
                Publication.course == course,
                is_scheduled_publication(now),
            )
        )
        .all()
    )
