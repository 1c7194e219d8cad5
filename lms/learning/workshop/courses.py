"""Courses of the workshop: whose they are, and the lock of whoever writes something of one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.store.models import WorkshopCourse, WorkshopFile
from lms.learning.store.upsert import Upsert
from lms.learning.workshop.file_names import check_course_name, lesson_folder
from lms.message_catalog import mark_for_translation

_INSERT_COURSE = Upsert(WorkshopCourse)


def ward_of_course(session: Session, course: str) -> str:
    """Whose authors may write the course; "" is the city, as of all courses that are in the folder alone."""
    ward = session.connection().execute(select(WorkshopCourse.ward).where(WorkshopCourse.course == course)).scalar()
    return CITY if ward is None else ward


def wards_of_courses(session: Session) -> dict[str, str]:
    """The wards of the courses that the workshop knows, by course."""
    rows = session.connection().execute(select(WorkshopCourse.course, WorkshopCourse.ward))
    return {row.course: row.ward for row in rows}


def lesson_folders_of_courses(session: Session) -> dict[str, set[str]]:
    """The folders of the lessons that have a hieu.md saved here, by course."""
    saved = select(WorkshopFile.course, WorkshopFile.path).where(
        WorkshopFile.path.like("%/hieu.md"), WorkshopFile.latest > 0
    )
    found: dict[str, set[str]] = {}
    for row in session.connection().execute(saved):
        found.setdefault(row.course, set()).add(lesson_folder(row.path))
    return found


def require_author(session: Session, by: Account, course: str) -> None:
    """Check that the account may write this course.

    Raises:
        NotAllowed: it may not.
    """
    permissions.require_permission(by, "author", PermissionTarget(ward_of_course(session, course)))


def require_reviewer(session: Session, by: Account, course: str) -> None:
    """Check that the account may look over and publish this course.

    Raises:
        NotAllowed: it may not.
    """
    permissions.require_permission(by, "publish_courses", PermissionTarget(ward_of_course(session, course)))


def create_course(
    session: Session, course: str, *, ward: str, taken: Collection[str], by: Account, now: datetime
) -> None:
    """Begin a course of a ward, or of the city (""). It has no files yet.

    ``taken``: the names of the courses in the folder.

    Raises:
        NotAllowed: the account may not write in this ward.
        InvalidCourseFile: the name cannot be used.
    """
    permissions.require_permission(by, "author", PermissionTarget(ward))
    check_course_name(course)
    if course in taken or course in wards_of_courses(session):
        raise InvalidCourseFile(mark_for_translation("Đã có khóa học “{course}”. Chọn tên khác."), course=course)
    insert_course(session, course, ward, by, now)


def lock_course(session: Session, course: str, *, folder: Path, by: Account | None, now: datetime) -> None:
    """Lock the row of a course until the end of the transaction; one that is in the folder gets it now.

    Raises:
        InvalidCourseFile: this can be no course.
        NotFound: there is no such course.
    """
    check_course_name(course)
    if not _lock(session, course):
        add_course_of_folder(session, course, folder=folder, by=by, now=now)
        _lock(session, course)


def add_course_of_folder(session: Session, course: str, *, folder: Path, by: Account | None, now: datetime) -> None:
    """Add the row of a course that is in the folder, if there is none.

    Raises:
        InvalidCourseFile: this can be no course.
        NotFound: there is no such course.
    """
    check_course_name(course)
    if course in wards_of_courses(session):
        return
    if not (folder / course).is_dir():
        raise NotFound(course)
    insert_course(session, course, CITY, by, now)


def lock_known_course(session: Session, course: str) -> None:
    """Lock the row of a course that has one.

    Raises:
        NotFound: nothing of this course was saved here.
    """
    if not _lock(session, course):
        raise NotFound(course)


def lock_all_courses(session: Session) -> None:
    """Lock the rows of all courses until the end of the transaction: courses link to each other, so what was checked
    for one holds only while nobody publishes in another.

    In the order of their names, and before any other row of a course.
    """
    rows = select(WorkshopCourse.course).order_by(WorkshopCourse.course).with_for_update()
    session.connection().execute(rows).all()


def bump_publication_version(session: Session, course: str) -> None:
    """Let all workers see that something else is published now."""
    session.connection().execute(
        update(WorkshopCourse.__table__)
        .where(WorkshopCourse.course == course)
        .values(publication_version=WorkshopCourse.publication_version + 1)
    )


def _lock(session: Session, course: str) -> bool:
    locked = select(WorkshopCourse.course).where(WorkshopCourse.course == course).with_for_update()
    return session.connection().execute(locked).scalar() is not None


def insert_course(session: Session, course: str, ward: str, by: Account | None, now: datetime) -> None:
    """Add the row of a course, if there is none."""
    row = {"course": course, "ward": ward, "created_by": by.id if by else None, "created_at": now}
    _INSERT_COURSE.execute(session.connection(), row | {"publication_version": 0})
