"""A new course by its name, with a course.md to write over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lms import vietnam_time
from lms.content import file_templates
from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.errors import InvalidCourseFile
from lms.learning.learners.learner_store import clean_line
from lms.learning.workshop.courses import create_course
from lms.learning.workshop.lessons import MAX_TITLE_LENGTH, slug_of_title
from lms.learning.workshop.revision_saving import save_revision
from lms.learning.workshop.sample_texts import COURSE_FROM_SAMPLE
from lms.message_catalog import mark_for_translation


def create_named_course(
    session: Session,
    title: str,
    *,
    slug: str = "",
    ward: str,
    taken: Collection[str],
    by: Account,
    folder: Path,
    now: datetime,
) -> str:
    """Begin a course of a ward, or of the city (""), with a course.md of a sample; returns its slug.

    ``slug`` "": made of the title. ``taken``: the names of the courses in the folder.

    Raises:
        NotAllowed: the account may not write in this ward.
        InvalidCourseFile: title or slug cannot be used.
    """
    permissions.require_permission(by, "author", PermissionTarget(ward))
    title, slug = clean_line(title), slug.strip()
    if len(title) > MAX_TITLE_LENGTH or not (title or slug):
        raise InvalidCourseFile(
            mark_for_translation("Ghi tên khóa, không quá {count} chữ cái."), count=MAX_TITLE_LENGTH
        )
    slug = slug or slug_of_title(title)
    create_course(session, slug, ward=ward, taken=taken, by=by, now=now)
    if title:
        text = file_templates.course_text(title, vietnam_time.to_vietnam_time(now).date())
        save_revision(session, slug, "course.md", text, parent=0, why=COURSE_FROM_SAMPLE, by=by, folder=folder, now=now)
    return slug
