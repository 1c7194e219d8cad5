"""Hide lessons and translations from learners, and show them again. Their texts stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lms.content.files_digest import list_course_files
from lms.content.hideable_parts import HideablePart, hidden_parts
from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged, NotFound
from lms.learning.workshop.courses import add_course_of_folder, lock_all_courses, require_reviewer
from lms.learning.workshop.folder_changes import keep_folder_text
from lms.learning.workshop.folder_files import has_sound_folder
from lms.learning.workshop.publication_check import (
    Changes,
    CheckedChanges,
    check_all_courses,
    check_course,
    read_changed_files,
    require_same,
    require_same_returning,
)
from lms.learning.workshop.published_revisions import find_published_revision_numbers, read_publication_versions
from lms.learning.workshop.publishing import publish_checked
from lms.learning.workshop.returning_parts import find_returning_part


def check_hiding(
    session: Session, course: str, part: HideablePart, *, folder: Path, today: date, now: datetime
) -> CheckedChanges:
    """Check all courses as they would be without a lesson, to which others may link, or a course without a translation.

    Raises:
        NotFound: learners see no such part.
        CourseFilesFaulty: the checker finds errors that were not there before.
    """
    versions = read_publication_versions(session)
    before = find_published_revision_numbers(session, course, at=now)
    changes = dict.fromkeys(_visible_files(folder / course, part, before), None)
    if not changes:
        raise NotFound(f"{course}/{part.lesson}")
    files = read_changed_files(session, course, changes)
    check = check_course if part.language else check_all_courses
    check(session, course, files, folder=folder, today=today, now=now)
    return CheckedChanges(course, changes, before, versions)


def _visible_files(course: Path, part: HideablePart, before: Changes) -> list[str]:
    """The paths of a part's files that learners see, from the courses folder or as published."""
    in_folder = (path.relative_to(course).as_posix() for path in list_course_files(course))
    there = {path for path in in_folder if path not in before} | {path for path in before if before[path] is not None}
    hidden = hidden_parts(before)
    return [path for path in sorted(there) if part.has(path) and not any(each.has(path) for each in hidden)]


def check_showing(
    session: Session, course: str, part: HideablePart, *, folder: Path, today: date, now: datetime
) -> CheckedChanges:
    """Check a course as it would be with a hidden part as ``find_returning_part`` says.

    A lesson comes back also while its translation is behind; a translation only if learners will see it.

    Raises:
        NotFound: this part is not hidden.
        CourseFileChanged: what the folder has of it was not taken yet.
        CourseFilesFaulty: the checker finds errors.
    """
    versions = read_publication_versions(session)
    before = find_published_revision_numbers(session, course, at=now)
    if part not in hidden_parts(before):
        raise NotFound(f"{course}/{part.lesson}")
    is_sound = has_sound_folder(folder / course, today=today)
    changes = find_returning_part(session, course, part, folder=folder, is_sound=is_sound, now=now).numbers
    if not changes:  # the folder renumbered it a moment ago, and nobody has taken that yet
        raise CourseFileChanged(f"{course}/{part.lesson}")
    chosen = changes if part.language else ()
    files = read_changed_files(session, course, changes)
    check_course(session, course, files, folder=folder, today=today, now=now, chosen=chosen)
    if not part.language:
        check_all_courses(session, course, files, folder=folder, today=today, now=now)
    return CheckedChanges(
        course, changes, before, versions, returning=frozenset(changes), shown=(part,), is_sound=is_sound
    )


def hide_part(
    session: Session, checked: CheckedChanges, part: HideablePart, *, by: Account, folder: Path, now: datetime
) -> None:
    """Hide a part from learners. Its texts stay, and ``show_part`` shows it again.

    Raises:
        NotAllowed, CourseFileChanged: as ``publishing.publish_files``.
    """
    course = checked.course
    require_reviewer(session, by, course)
    add_course_of_folder(session, course, folder=folder, by=by, now=now)
    lock_all_courses(session)
    require_same(session, checked)
    if _visible_files(folder / course, part, checked.before) != list(checked.changes):
        raise CourseFileChanged(course)
    for path in checked.changes:
        if path not in checked.before:  # learners read it from the folder: keep that, so that it can come back
            try:
                keep_folder_text(session, course, path, folder=folder, now=now)
            except OSError as gone:
                raise CourseFileChanged(f"{course}/{path}") from gone
    why, action = ("ẩn bản dịch", "translation_hidden") if part.language else ("ẩn bài", "lesson_hidden")
    publish_checked(session, checked, why, by, now, action, _details(course, part))


def show_part(
    session: Session, checked: CheckedChanges, part: HideablePart, *, by: Account, folder: Path, now: datetime
) -> None:
    """Bring a hidden part back, as ``check_showing`` said.

    Raises:
        NotAllowed, CourseFileChanged: as ``publishing.publish_files``.
    """
    require_reviewer(session, by, checked.course)
    lock_all_courses(session)
    require_same(session, checked)
    require_same_returning(session, checked, folder=folder, now=now)
    why, action = ("hiện lại bản dịch", "translation_shown") if part.language else ("hiện lại bài", "lesson_shown")
    publish_checked(session, checked, why, by, now, action, _details(checked.course, part))


def _details(course: str, part: HideablePart) -> Mapping[str, object]:
    name = f"{course}/{part.lesson}" if part.lesson else course
    return {"name": name} | ({"language": part.language} if part.language else {})
