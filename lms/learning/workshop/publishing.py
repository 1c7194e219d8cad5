"""Publish files of a course together, if the checker finds no error."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from lms.learning.accounts import audit_log
from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged
from lms.learning.learners.learner_store import clean_line
from lms.learning.store.models import Publication, PublishedFile, WorkshopFile
from lms.learning.workshop.courses import (
    bump_publication_version,
    lock_all_courses,
    require_reviewer,
    ward_of_course,
)
from lms.learning.workshop.publication_check import CheckedChanges, require_same
from lms.learning.workshop.revision_review import find_file_states
from lms.learning.workshop.revision_saving import MAX_WHY_LENGTH


def publish_files(session: Session, checked: CheckedChanges, *, why: str, by: Account, now: datetime) -> None:
    """Publish what was checked, all of it or nothing.

    Raises:
        NotAllowed: the account may not publish this course.
        CourseFileChanged: somebody saved or published something of the course since it was checked.
    """
    course = checked.course
    require_reviewer(session, by, course)
    lock_all_courses(session)
    states = {state.path: state for state in find_file_states(session, course)}
    for path, number in checked.changes.items():
        state = states.get(path)  # None: deleted meanwhile
        if state is None or number != state.latest or state.state not in ("approved", "published"):
            raise CourseFileChanged(f"{course}/{path}")
    require_same(session, course, checked.versions)
    _publish(session, checked, why, by, now)


def publish_folder_changes(session: Session, checked: CheckedChanges, *, now: datetime) -> None:
    """Publish what changed in the folder, of files that were published here; the course is locked."""
    _publish(session, checked, "thư mục đã đổi", None, now)


def _publish(session: Session, checked: CheckedChanges, why: str, by: Account | None, now: datetime) -> None:
    """Publish what was checked, in a locked course."""
    connection = session.connection()
    publication_id: int = connection.execute(
        insert(Publication.__table__)
        .values(
            course=checked.course,
            account_id=by.id if by else None,
            made_at=now,
            why=clean_line(why)[:MAX_WHY_LENGTH],
        )
        .returning(Publication.id)
    ).scalar_one()
    rows = [
        {"publication_id": publication_id, "path": path, "course": checked.course, "number": number}
        for path, number in checked.changes.items()
    ]
    connection.execute(insert(PublishedFile.__table__), rows)
    for row in rows:
        of_file = (WorkshopFile.course == checked.course, WorkshopFile.path == row["path"])
        connection.execute(update(WorkshopFile.__table__).where(*of_file).values(published=row["number"]))
    bump_publication_version(session, checked.course)
    ward = ward_of_course(session, checked.course)
    details = {"name": checked.course, "files": sorted(checked.changes)}
    target = checked.course[:32]
    audit_log.record(session, by, "files_published", target_id=target, ward=ward, now=now, details=details)
