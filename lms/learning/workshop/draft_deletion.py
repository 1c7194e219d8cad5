"""Drafts that nobody but authors has ever seen are deleted, with all their revisions: lessons, and single files."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lms.content.files import CourseFile, parse_file_name
from lms.learning.accounts.account import Account
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.store.models import FileRevision, PublishedFile, RevisionReview, WorkshopFile
from lms.learning.workshop.courses import lock_course, require_author
from lms.learning.workshop.file_contents import delete_unused_contents
from lms.learning.workshop.file_names import lesson_folder
from lms.learning.workshop.lessons import find_lessons
from lms.learning.workshop.revisions import find_head, find_heads
from lms.message_catalog import mark_for_translation

_NEEDED = (CourseFile("course"), CourseFile("understand"))  # without these there is no course, and no lesson


def delete_draft_lesson(
    session: Session, course: str, lesson: str, *, by: Account, folder: Path, now: datetime
) -> None:
    """Delete a lesson that was never published and is in no folder, with all its revisions.

    Raises:
        NotAllowed: the account may not write this course.
        NotFound: there is no such lesson.
        InvalidCourseFile: learners may have seen it: it can be hidden instead.
    """
    require_author(session, by, course)
    lock_course(session, course, folder=folder, by=by, now=now)
    entry = next((each for each in find_lessons(session, course, folder=folder) if each.folder == lesson), None)
    if entry is None:
        raise NotFound(f"{course}/{lesson}")
    if not entry.can_be_deleted:
        raise InvalidCourseFile(
            mark_for_translation(
                "Bài này từng đăng, hoặc có trong thư mục khóa học, nên không xóa. Bác ẩn bài ở trang đăng."
            )
        )
    paths = [head.path for head in find_heads(session, course) if lesson_folder(head.path) == lesson]
    _delete_files(session, course, paths)


def can_delete_file(session: Session, course: str, path: str, *, folder: Path) -> bool:
    """Whether a text is a draft that its lesson can do without, as a translation: saved here alone, never published."""
    file = parse_file_name(PurePosixPath(path).name)
    if file is None or file in _NEEDED or (folder / course / path).exists():
        return False
    published = select(PublishedFile.path).where(PublishedFile.course == course, PublishedFile.path == path).limit(1)
    return find_head(session, course, path) is not None and session.connection().execute(published).first() is None


def delete_draft_file(session: Session, course: str, path: str, *, by: Account, folder: Path, now: datetime) -> None:
    """Delete one text for which ``can_delete_file``, with all its revisions.

    Raises:
        NotAllowed: the account may not write this course.
        NotFound: nobody has saved such a file here, or it is to stay.
    """
    require_author(session, by, course)
    lock_course(session, course, folder=folder, by=by, now=now)
    if not can_delete_file(session, course, path, folder=folder):
        raise NotFound(f"{course}/{path}")
    _delete_files(session, course, [path])


def _delete_files(session: Session, course: str, paths: Collection[str]) -> None:
    """Delete files of a locked course."""
    connection = session.connection()
    of_files = FileRevision.course == course, FileRevision.path.in_(paths)
    digests = set(connection.scalars(select(FileRevision.digest).where(*of_files)))
    for table in (RevisionReview, FileRevision):
        connection.execute(delete(table).where(table.course == course, table.path.in_(paths)))
    of_heads = WorkshopFile.course == course, WorkshopFile.path.in_(paths)
    connection.execute(update(WorkshopFile.__table__).where(*of_heads).values(latest=0))
    delete_unused_contents(session, digests)
