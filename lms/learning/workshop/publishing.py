"""Publish files of a course together, now or at a moment, if the checker finds no error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from lms.learning.accounts import audit_log
from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged, NotFound
from lms.learning.learners.learner_store import clean_line
from lms.learning.store.models import Publication, PublishedFile, WorkshopFile
from lms.learning.workshop.courses import (
    bump_publication_version,
    lock_all_courses,
    require_reviewer,
    ward_of_course,
)
from lms.learning.workshop.publication_check import (
    CheckedCancellation,
    CheckedChanges,
    require_same,
    require_same_returning,
    require_same_versions,
)
from lms.learning.workshop.publications import FILES_OF_PUBLICATIONS
from lms.learning.workshop.published_revisions import find_superseded_files, is_scheduled_publication
from lms.learning.workshop.revision_review import find_file_states
from lms.learning.workshop.revision_saving import MAX_WHY_LENGTH
from lms.learning.workshop.revisions import find_heads
from lms.learning.workshop.scheduled_files import withdraw_scheduled_files


def publish_files(
    session: Session,
    checked: CheckedChanges,
    *,
    due_at: datetime | None,
    why: str,
    by: Account,
    folder: Path,
    now: datetime,
) -> int:
    """Publish what was checked, all of it or nothing; returns the id of the publication.

    Of a hidden part that it shows again, what is scheduled for later is cancelled.

    ``due_at``: when learners see it; None, or a moment that has passed: now.

    Raises:
        NotAllowed: the account may not publish this course.
        CourseFileChanged: somebody saved or published something of the course since it was checked, or the folder
            changed something of what comes back.
    """
    course, due = checked.course, max(due_at or now, now)
    require_reviewer(session, by, course)
    lock_all_courses(session)
    states = {state.path: state for state in find_file_states(session, course)}
    for path, number in checked.changes.items():
        if path in checked.returning:
            continue
        state = states.get(path)  # None: deleted meanwhile
        if state is None or number != state.latest or state.state not in ("approved", "published"):
            raise CourseFileChanged(f"{course}/{path}")
    require_same(session, checked, due)
    require_same_returning(session, checked, due, folder=folder)
    for part in checked.shown:
        withdraw_scheduled_files(session, course, part, but=checked.changes, after=due, now=now)
    action = "files_scheduled" if due > now else "files_published"
    details = {"name": course, "files": sorted(checked.changes)}
    return publish_checked(session, checked, due, why, by, now, action, details)


def publish_folder_changes(session: Session, checked: CheckedChanges, *, now: datetime) -> int:
    """Publish what changed in the folder, of files that were published here; the course is locked."""
    details = {"name": checked.course, "files": sorted(checked.changes)}
    return publish_checked(session, checked, now, "thư mục đã đổi", None, now, "files_published", details)


def cancel_publication(session: Session, checked: CheckedCancellation, *, by: Account, now: datetime) -> None:
    """Cancel a scheduled publication; one that is due already stays.

    Raises:
        NotAllowed: the account may not publish this course.
        CourseFileChanged: somebody published or scheduled something since it was checked.
        NotFound: the publication was due meanwhile.
    """
    course, publication_id = checked.course, checked.publication_id
    require_reviewer(session, by, course)
    lock_all_courses(session)
    require_same_versions(session, checked)
    is_meant = (Publication.id == publication_id, Publication.course == course)
    cancelled = session.connection().execute(
        update(Publication.__table__).where(*is_meant, is_scheduled_publication(now)).values(cancelled_at=now)
    )
    if not cancelled.rowcount:
        raise NotFound(f"{course} {publication_id}")
    announce_schedule_change(session, course)
    _audit(session, course, "publication_cancelled", by, now, {"name": course})


def announce_schedule_change(session: Session, course: str) -> None:
    """Let files and workers know that something else is scheduled now. The course is locked."""
    _record_published(session, course)
    bump_publication_version(session, course)


def publish_checked(
    session: Session,
    checked: CheckedChanges,
    due: datetime,
    why: str,
    by: Account | None,
    now: datetime,
    action: str,
    details: Mapping[str, object],
) -> int:
    """Publish what was checked, in a locked course; returns the id. The audit log keeps ``action`` and ``details``."""
    connection = session.connection()
    publication_id: int = connection.execute(
        insert(Publication.__table__)
        .values(
            course=checked.course,
            account_id=by.id if by else None,
            made_at=now,
            due_at=due,
            cancelled_at=None,
            why=clean_line(why)[:MAX_WHY_LENGTH],
        )
        .returning(Publication.id)
    ).scalar_one()
    rows = [
        {"publication_id": publication_id, "path": path, "course": checked.course, "number": number}
        for path, number in checked.changes.items()
    ]
    connection.execute(insert(PublishedFile.__table__), rows)
    announce_schedule_change(session, checked.course)
    _audit(session, checked.course, action, by, now, details)
    return publication_id


def _record_published(session: Session, course: str) -> None:
    """Write beside each file which of its revisions was published last, or will be."""
    connection = session.connection()
    rows = connection.execute(
        FILES_OF_PUBLICATIONS.where(
            PublishedFile.course == course, Publication.course == course, Publication.cancelled_at.is_(None)
        ).order_by(Publication.id)
    ).all()
    superseded = find_superseded_files(rows)
    last: dict[str, int | None] = {
        row.path: row.number for row in rows if row.number is not None and (row.id, row.path) not in superseded
    }
    for head in find_heads(session, course):
        if head.published != last.get(head.path):
            of_file = (WorkshopFile.course == course, WorkshopFile.path == head.path)
            connection.execute(update(WorkshopFile.__table__).where(*of_file).values(published=last.get(head.path)))


def _audit(
    session: Session, course: str, action: str, by: Account | None, now: datetime, details: Mapping[str, object]
) -> None:
    ward = ward_of_course(session, course)
    audit_log.record(session, by, action, target_id=course[:32], ward=ward, now=now, details=dict(details))
