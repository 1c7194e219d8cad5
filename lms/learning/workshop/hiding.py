"""Lessons and their translations that are taken off the air, and come back as they were. Their texts stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.files import parse_file_name
from lms.content.files_digest import list_course_files
from lms.learning.accounts.account import Account
from lms.learning.errors import NotFound
from lms.learning.store.models import Publication, PublishedFile
from lms.learning.workshop.courses import lock_course, lock_known_course, require_reviewer
from lms.learning.workshop.file_names import lesson_folder
from lms.learning.workshop.published_revisions import find_published_revision_numbers
from lms.learning.workshop.publishing import CheckedChanges, check_course, publish_checked, require_same
from lms.learning.workshop.revision_saving import add_empty_file, add_revision
from lms.learning.workshop.revisions import find_first_revision, find_head, find_heads


@dataclass(frozen=True, slots=True, order=True)
class HideablePart:
    """A lesson by its folder, or with a language its translation; with "" for the folder that of the course's page."""

    lesson: str
    language: str = ""

    def has(self, path: str) -> bool:
        """Whether a file of the course, by its path in it, belongs to the part."""
        if self.lesson != lesson_folder(path):
            return False
        return _language(path) == self.language if self.language else bool(self.lesson)


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
    changes = dict.fromkeys(filter(part.has, sorted(there)), None)
    if not changes:
        raise NotFound(f"{course}/{part.lesson}")
    check_course(session, course, changes, due_at=now, folder=folder, today=today, others_too=not part.language)
    return CheckedChanges(course, changes, before)


def check_showing(
    session: Session, course: str, part: HideablePart, *, folder: Path, today: date, now: datetime
) -> CheckedChanges:
    """Check a course as it would be with a hidden part as it was before.

    Raises:
        NotFound: this part is not hidden.
        CourseFilesFaulty: the checker finds errors.
    """
    before = find_published_revision_numbers(session, course, at=now)
    hidden = _find_hidden_paths(session, course, part, before, now=now)
    heads = {head.path: head for head in find_heads(session, course)}
    changes = {path: heads[path].published or find_first_revision(session, course, path).number for path in hidden}
    if not changes:
        raise NotFound(f"{course}/{part.lesson}")
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
        if find_head(session, course, path) is None:  # keep what the folder has, so that it can come back
            body = (folder / course / path).read_bytes()
            head = add_empty_file(session, course, path)
            add_revision(session, head, body, parent=None, by=None, source="folder", now=now, becomes_latest=True)
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
    hidden = [path for path, number in numbers.items() if number is None]
    lessons = {lesson_folder(path) for path in hidden if lesson_folder(path) and path.endswith("/hieu.md")}
    translated = {HideablePart(lesson_folder(path), _language(path)) for path in hidden if _language(path)}
    return sorted({*map(HideablePart, lessons), *(part for part in translated if part.lesson not in lessons)})


def _find_hidden_paths(
    session: Session, course: str, part: HideablePart, numbers: Mapping[str, int | None], *, now: datetime
) -> list[str]:
    """The files that come back with the part: of a lesson those that went with it, not a translation hidden before."""
    hidden = [path for path, number in numbers.items() if number is None and part.has(path)]
    if part.language or not hidden:
        return hidden
    rows = session.connection().execute(
        select(PublishedFile.path, PublishedFile.publication_id)
        .join(Publication, Publication.id == PublishedFile.publication_id)
        .where(
            PublishedFile.course == course,
            PublishedFile.path.in_(hidden),
            Publication.due_at <= now,
            Publication.cancelled_at.is_(None),
        )
        .order_by(Publication.id)
    )
    hidden_by: dict[str, int] = {row.path: row.publication_id for row in rows}
    return [path for path in hidden if hidden_by[path] == hidden_by.get(f"{part.lesson}/hieu.md")]


def _language(path: str) -> str:
    """The language of a translation, "" of every other file."""
    file = parse_file_name(PurePosixPath(path).name)
    return file.language or "" if file else ""


def _details(course: str, part: HideablePart) -> Mapping[str, object]:
    name = f"{course}/{part.lesson}" if part.lesson else course
    return {"name": name} | ({"language": part.language} if part.language else {})
