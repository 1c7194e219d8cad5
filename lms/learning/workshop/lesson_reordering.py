"""The order of a course's lessons, which is a part of its course.md: changed, looked over and published with it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lms.content.lesson_order import write_lesson_order
from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged, InvalidCourseFile, NotFound
from lms.learning.workshop.courses import lock_course, require_author
from lms.learning.workshop.file_names import COURSE_FILE
from lms.learning.workshop.lessons import LessonEntry, find_lessons
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.revisions import read_latest
from lms.message_catalog import mark_for_translation

NO_PAGE = mark_for_translation("Khóa này chưa có trang khóa. Bác viết và lưu trang ấy rồi đổi thứ tự.")
NO_FRONT_MATTER = mark_for_translation("Trang khóa thiếu phần đầu giữa hai dòng ---. Bác sửa trang ấy rồi đổi thứ tự.")


def move_lesson(
    session: Session,
    course: str,
    lesson: str,
    *,
    up: bool,
    latest: int,
    by: Account,
    folder: Path,
    now: datetime,
) -> int:
    """Let a lesson, given by its folder, change places with the one before or after it; returns course.md's revision.

    The first one stays first, and the last one last. ``latest``: the number of the revision of course.md that the
    author saw, 0 for the folder's.

    Raises:
        NotAllowed: the account may not write this course.
        NotFound: there is no such lesson or course.
        InvalidCourseFile: the course.md is missing, or has no front matter.
        CourseFileChanged: somebody saved course.md meanwhile.
    """
    require_author(session, by, course)
    lock_course(session, course, folder=folder, by=by, now=now)
    lessons = find_lessons(session, course, folder=folder)
    place = next((number for number, each in enumerate(lessons) if each.folder == lesson), None)
    if place is None:
        raise NotFound(f"{course}/{lesson}")
    try:
        page = read_latest(session, course, COURSE_FILE, folder=folder)
    except NotFound as error:
        raise InvalidCourseFile(NO_PAGE) from error
    if page.number != latest:
        raise CourseFileChanged(f"{course}/{COURSE_FILE}")
    other = place - 1 if up else place + 1
    if not 0 <= other < len(lessons):
        return page.number
    text = write_lesson_order(page.text, _slugs(lessons, place, other))
    if text is None:
        raise InvalidCourseFile(NO_FRONT_MATTER)
    why = f"đổi thứ tự: {lessons[place].slug} {'lên' if up else 'xuống'}"
    return save_revision(
        session, course, COURSE_FILE, text, parent=page.number, why=why, by=by, folder=folder, now=now
    ).number  # fmt: skip


def _slugs(lessons: list[LessonEntry], place: int, other: int) -> list[str]:
    slugs = [each.slug for each in lessons]
    slugs[place], slugs[other] = slugs[other], slugs[place]
    return slugs
