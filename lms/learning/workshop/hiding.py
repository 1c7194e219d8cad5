"""Hide lessons and translations from learners, and show them again. Their texts stay, and go on changing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from lms.content.files_digest import list_course_files
from lms.content.hideable_parts import HideablePart
from lms.learning.accounts import audit_log
from lms.learning.accounts.account import Account
from lms.learning.errors import NotFound
from lms.learning.store.models import HiddenPart
from lms.learning.workshop.courses import (
    add_course_of_folder,
    bump_publication_version,
    lock_all_courses,
    require_reviewer,
    ward_of_course,
)
from lms.learning.workshop.publication_check import check_hidden_parts, require_same
from lms.learning.workshop.published_revisions import (
    find_hidden_parts,
    find_published_revision_numbers,
    read_publication_versions,
)


@dataclass(frozen=True, slots=True)
class CheckedHiding:
    """A part of a course that can be hidden, or shown again. ``versions``: as in ``CheckedChanges``."""

    course: str
    part: HideablePart
    hides: bool
    versions: Mapping[str, int]


def check_hiding(session: Session, course: str, part: HideablePart, *, folder: Path, today: date) -> CheckedHiding:
    """Check all courses as they would be without a lesson, to which others may link, or a translation.

    Raises:
        NotFound: learners see no such part.
        CourseFilesFaulty: the checker finds errors that were not there before.
    """
    versions, hidden = read_publication_versions(session), find_hidden_parts(session)
    in_course = hidden.get(course, [])
    paths = {path.relative_to(folder / course).as_posix() for path in list_course_files(folder / course)}
    paths |= find_published_revision_numbers(session, course).keys()
    if {part, HideablePart(part.lesson)} & {*in_course} or not any(map(part.has, paths)):
        raise NotFound(f"{course}/{part.lesson}")
    check_hidden_parts(session, {**hidden, course: [*in_course, part]}, folder=folder, today=today)
    return CheckedHiding(course, part, True, versions)


def check_showing(session: Session, course: str, part: HideablePart, *, folder: Path, today: date) -> CheckedHiding:
    """Check all courses as they would be with a hidden part, as it is by now.

    Raises:
        NotFound: this part is not hidden.
        CourseFilesFaulty: the checker finds errors that were not there before.
    """
    versions, hidden = read_publication_versions(session), find_hidden_parts(session)
    in_course = hidden.get(course, [])
    if part not in in_course:
        raise NotFound(f"{course}/{part.lesson}")
    left = {**hidden, course: [each for each in in_course if each != part]}
    check_hidden_parts(session, left, folder=folder, today=today)
    return CheckedHiding(course, part, False, versions)


def hide_or_show(session: Session, checked: CheckedHiding, *, by: Account, folder: Path, now: datetime) -> None:
    """Do what was checked.

    Raises:
        NotAllowed: the account may not publish this course.
        CourseFileChanged: somebody published, hid or showed something since it was checked.
    """
    course, part = checked.course, checked.part
    require_reviewer(session, by, course)
    add_course_of_folder(session, course, folder=folder, by=by, now=now)
    lock_all_courses(session)
    require_same(session, course, checked.versions)
    if checked.hides:
        row = {"course": course, "lesson": part.lesson, "language": part.language, "hidden_at": now}
        session.connection().execute(insert(HiddenPart.__table__).values(row))
    else:
        is_meant = (HiddenPart.lesson == part.lesson, HiddenPart.language == part.language)
        session.connection().execute(delete(HiddenPart.__table__).where(HiddenPart.course == course, *is_meant))
    bump_publication_version(session, course)
    name = f"{course}/{part.lesson}" if part.lesson else course
    audit_log.record(
        session,
        by,
        ("translation" if part.language else "lesson") + ("_hidden" if checked.hides else "_shown"),
        target_id=course[:32],
        ward=ward_of_course(session, course),
        now=now,
        details={"name": name} | ({"language": part.language} if part.language else {}),
    )
