"""Lessons and their translations that are taken off the air, and come back as they were. Their texts stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lms.content.files_digest import list_course_files
from lms.content.hideable_parts import HideablePart, hidden_parts
from lms.learning.accounts.account import Account
from lms.learning.errors import NotFound
from lms.learning.store.models import Publication, PublishedFile
from lms.learning.workshop.courses import lock_course, lock_known_course, require_reviewer
from lms.learning.workshop.folder_changes import keep_folder_text
from lms.learning.workshop.published_revisions import find_published_revision_numbers
from lms.learning.workshop.publishing import CheckedChanges, check_course, publish_checked, require_same
from lms.learning.workshop.revisions import Revision, find_history


def check_hiding(
    session: Session, course: str, part: HideablePart, *, folder: Path, today: date, now: datetime
) -> CheckedChanges:
    """Check all courses as they would be without a lesson, to which others may link, or a course without a translation.

    Raises:
        NotFound: there is no such part on the air.
        CourseFilesFaulty: the checker finds errors that were not there before.
    """
    before = find_published_revision_numbers(session, course, at=now)
    in_folder = (path.relative_to(folder / course).as_posix() for path in list_course_files(folder / course))
    there = {path for path in in_folder if path not in before} | {path for path in before if before[path] is not None}
    hidden = hidden_parts(path for path, number in before.items() if number is None)
    on_air = (path for path in sorted(there) if not any(each.has(path) for each in hidden))
    changes = dict.fromkeys(filter(part.has, on_air), None)
    if not changes:
        raise NotFound(f"{course}/{part.lesson}")
    check_course(session, course, changes, due_at=now, folder=folder, today=today, others_too=not part.language)
    return CheckedChanges(course, changes, before)


def check_showing(
    session: Session, course: str, part: HideablePart, *, folder: Path, today: date, now: datetime
) -> CheckedChanges:
    """Check a course as it would be with a hidden part as learners read it before.

    Raises:
        NotFound: this part is not hidden.
        CourseFilesFaulty: the checker finds errors.
    """
    before = find_published_revision_numbers(session, course, at=now)
    if part not in hidden_parts(path for path, number in before.items() if number is None):
        raise NotFound(f"{course}/{part.lesson}")
    changes = _numbers_before_hiding(session, course, part, now=now)
    check_course(session, course, changes, due_at=now, folder=folder, today=today)
    return CheckedChanges(course, changes, before)


def hide_part(
    session: Session, checked: CheckedChanges, part: HideablePart, *, by: Account, folder: Path, now: datetime
) -> int:
    """Take a part off the air. Its texts stay, and ``show_part`` brings it back. Returns the id of the publication.

    Raises:
        NotAllowed, CourseFileChanged: as ``publishing.publish_files``.
    """
    course = checked.course
    require_reviewer(session, by, course)
    lock_course(session, course, folder=folder, by=by, now=now)
    require_same(session, checked, now)
    for path in checked.changes:
        if path not in checked.before:  # learners read it from the folder: keep that, so that it can come back
            keep_folder_text(session, course, path, folder=folder, now=now)
    why, action = ("ẩn bản dịch", "translation_hidden") if part.language else ("ẩn bài", "lesson_hidden")
    return publish_checked(session, checked, now, why, by, now, action, _details(course, part))


def show_part(session: Session, checked: CheckedChanges, part: HideablePart, *, by: Account, now: datetime) -> int:
    """Bring a hidden part back as it was. Returns the id of the publication.

    Raises:
        NotAllowed, CourseFileChanged: as ``publishing.publish_files``.
    """
    require_reviewer(session, by, checked.course)
    lock_known_course(session, checked.course)
    require_same(session, checked, now)
    why, action = ("hiện lại bản dịch", "translation_shown") if part.language else ("hiện lại bài", "lesson_shown")
    return publish_checked(session, checked, now, why, by, now, action, _details(checked.course, part))


def find_hidden_parts(session: Session, course: str, *, now: datetime) -> list[HideablePart]:
    """The lessons that are hidden now, and the translations of the others and of the course's page that are."""
    numbers = find_published_revision_numbers(session, course, at=now)
    return hidden_parts(path for path, number in numbers.items() if number is None)


def _numbers_before_hiding(session: Session, course: str, part: HideablePart, *, now: datetime) -> Mapping[str, int]:
    """The revisions that learners read before a part was hidden, by path.

    Of a lesson the files that went with it, not those of a translation that was hidden before.
    """
    rows = session.connection().execute(
        select(PublishedFile.path, PublishedFile.number, PublishedFile.publication_id, Publication.due_at)
        .join(Publication, Publication.id == PublishedFile.publication_id)
        .where(
            PublishedFile.course == course,
            Publication.course == course,
            Publication.due_at <= now,
            Publication.cancelled_at.is_(None),
        )
        .order_by(Publication.id)
    )
    published: dict[str, list[Row[str, int | None, int, datetime]]] = {}
    for row in rows:
        if part.has(row.path):
            published.setdefault(row.path, []).append(row)
    hidden = {path: found for path, found in published.items() if found[-1].number is None}
    if not part.language:
        hidden_by = hidden[f"{part.lesson}/hieu.md"][-1].publication_id
        hidden = {path: found for path, found in hidden.items() if found[-1].publication_id == hidden_by}
    return {
        path: _number_at(found, hidden_at=found[-1].due_at)
        or _folder_revision(find_history(session, course, path), at=found[-1].due_at).number
        for path, found in hidden.items()
    }


def _number_at(published: Sequence[Row[str, int | None, int, datetime]], *, hidden_at: datetime) -> int | None:
    """What of a file's publications was on the air before it was hidden, not what was scheduled then."""
    numbers = [row.number for row in published if row.number is not None and row.due_at <= hidden_at]
    return numbers[-1] if numbers else None


def _folder_revision(history: Sequence[Revision], *, at: datetime) -> Revision:
    """What the folder had of a file at a moment, by its history, newest first."""
    of_folder = (each for each in history if each.source == "folder" and each.saved_at <= at)
    return next(of_folder, history[-1])


def _details(course: str, part: HideablePart) -> Mapping[str, object]:
    name = f"{course}/{part.lesson}" if part.lesson else course
    return {"name": name} | ({"language": part.language} if part.language else {})
