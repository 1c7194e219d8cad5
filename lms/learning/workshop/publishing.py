"""Publish files of a course together, now or at a moment, if the checker finds no error."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.orm import Session

from lms.content.course_reader import read_course_result
from lms.content.hideable_parts import HideablePart, hidden_parts
from lms.content.library import read_library
from lms.content.overlay import Overlay, overlaid_courses
from lms.content.problems import Problem
from lms.content.translation import UNFINISHED_TRANSLATION
from lms.learning.accounts import audit_log
from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged, CourseFilesFaulty, NotFound, NothingToPublish, RevisionNotReviewed
from lms.learning.learners.learner_store import clean_line
from lms.learning.store.models import AccountRow, Publication, PublishedFile, WorkshopFile
from lms.learning.workshop.courses import (
    bump_publication_version,
    lock_known_course,
    require_reviewer,
    ward_of_course,
)
from lms.learning.workshop.file_names import reading_order
from lms.learning.workshop.folder_files import has_sound_folder
from lms.learning.workshop.published_revisions import (
    find_published_revision_numbers,
    find_superseded_files,
    read_publication_versions,
    read_published_bodies,
)
from lms.learning.workshop.returning_parts import find_returning_part
from lms.learning.workshop.revision_pictures import find_revision_pictures
from lms.learning.workshop.revision_review import find_file_states
from lms.learning.workshop.revision_saving import MAX_WHY_LENGTH
from lms.learning.workshop.revisions import find_heads, find_revision, read_revision_content

_FILES_OF_PUBLICATIONS = select(
    Publication.id,
    Publication.made_at,
    Publication.due_at,
    Publication.cancelled_at,
    PublishedFile.path,
    PublishedFile.number,
).join(PublishedFile, PublishedFile.publication_id == Publication.id)
Changes = Mapping[str, int | None]  # the number of the revision to publish by path; None: no longer there


@dataclass(frozen=True, slots=True)
class CheckedChanges:
    """What the checker found no error in: the changes, beside the numbers that were published at that time.

    ``is_seen``: learners see the course with them; all of it may be a draft. ``returning``: the paths of those that
    come along, since a part that was hidden is shown again as a whole: ``shown`` are these parts, and ``is_sound`` is
    as ``returning_parts.find_returning_part`` has it.
    """

    course: str
    changes: Changes
    before: Changes
    is_seen: bool = True
    returning: frozenset[str] = frozenset()
    shown: Sequence[HideablePart] = ()
    is_sound: bool = False


@dataclass(frozen=True, slots=True)
class PublicationEntry:
    """One publication of a course. ``superseded``: of a scheduled one, those files that a later one was due before."""

    id: int
    account_name: str  # "": the folder changed, or a command
    made_at: datetime
    due_at: datetime
    cancelled_at: datetime | None
    why: str
    files: Mapping[str, int | None]
    superseded: frozenset[str] = frozenset()

    @property
    def coming(self) -> list[str]:
        """The paths of the files that learners get, or got, with it, in the order of reading."""
        return sorted(self.files.keys() - self.superseded, key=reading_order)

    def is_scheduled(self, now: datetime) -> bool:
        """Whether it is still to come."""
        return self.cancelled_at is None and self.due_at > now and bool(self.coming)


def check_changes(
    session: Session, course: str, paths: Collection[str], *, due_at: datetime, folder: Path, today: date
) -> CheckedChanges:
    """Check the course as it would be with the latest, approved revisions of these files and of the pictures they show.

    A hidden lesson or translation that one of them is of is shown again with them.

    In a session of its own, so that nothing is locked meanwhile: the checker reads a whole course.

    Raises:
        NotFound: a file was never saved here.
        RevisionNotReviewed: no second person approved of a file as it is now.
        NothingToPublish: all are published already as they are.
        CourseFilesFaulty: the checker finds errors.
    """
    states = {state.path: state for state in find_file_states(session, course)}
    if missing := sorted(set(paths) - states.keys()):
        raise NotFound(f"{course}/{missing[0]}")
    pictures = {
        head.path for path in paths for head in find_revision_pictures(session, course, path, states[path].latest)
    }
    paths = {*paths, *pictures}
    if waiting := sorted(path for path in paths if states[path].state not in ("approved", "published")):
        raise RevisionNotReviewed(waiting)
    before = find_published_revision_numbers(session, course, at=due_at)
    wanted = {path: states[path].latest for path in paths}
    changes = {path: number for path, number in wanted.items() if before.get(path) != number}
    if not changes:
        raise NothingToPublish(course)
    hidden = hidden_parts(path for path, number in before.items() if number is None)
    shown = [part for part in hidden if any(map(part.is_shown_with, changes))]
    is_sound = bool(shown) and has_sound_folder(folder / course, today=today)
    returning = _find_returning(session, course, shown, is_sound, due_at=due_at, folder=folder)
    is_seen = check_course(
        session, course, {**returning, **changes}, due_at=due_at, folder=folder, today=today, chosen=changes
    )
    return CheckedChanges(
        course,
        {**returning, **changes},
        before,
        is_seen=is_seen,
        returning=frozenset(returning.keys() - changes.keys()),
        shown=shown,
        is_sound=is_sound,
    )


def _find_returning(
    session: Session, course: str, shown: Iterable[HideablePart], is_sound: bool, *, due_at: datetime, folder: Path
) -> dict[str, int]:
    """The files of hidden parts as they come back."""
    found = [find_returning_part(session, course, part, folder=folder, is_sound=is_sound, now=due_at) for part in shown]
    return {path: number for part in found for path, number in part.numbers.items()}


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

    ``due_at``: when learners see it; None, or a moment that has passed: now.

    Raises:
        NotAllowed: the account may not publish this course.
        CourseFileChanged: somebody saved or published something of the course since it was checked, or the folder
            changed something of what comes back.
    """
    course, due = checked.course, max(due_at or now, now)
    require_reviewer(session, by, course)
    lock_known_course(session, course)
    states = {state.path: state for state in find_file_states(session, course)}
    for path, number in checked.changes.items():
        if path in checked.returning:
            continue
        state = states.get(path)  # None: deleted meanwhile
        if state is None or number != state.latest or state.state not in ("approved", "published"):
            raise CourseFileChanged(f"{course}/{path}")
    require_same(session, checked, due)
    require_same_returning(session, checked, due, folder=folder)
    action = "files_scheduled" if due > now else "files_published"
    details = {"name": course, "files": sorted(checked.changes)}
    return publish_checked(session, checked, due, why, by, now, action, details)


def publish_folder_changes(session: Session, checked: CheckedChanges, *, now: datetime) -> int:
    """Publish what changed in the folder, of files that were published here; the course is locked."""
    details = {"name": checked.course, "files": sorted(checked.changes)}
    return publish_checked(session, checked, now, "thư mục đã đổi", None, now, "files_published", details)


def cancel_publication(session: Session, course: str, publication_id: int, *, by: Account, now: datetime) -> None:
    """Cancel a scheduled publication; one that is due already stays.

    Raises:
        NotAllowed: the account may not publish this course.
        NotFound: there is no such publication that is still to come.
    """
    require_reviewer(session, by, course)
    lock_known_course(session, course)
    is_meant = (Publication.id == publication_id, Publication.course == course)
    is_scheduled = (Publication.due_at > now, Publication.cancelled_at.is_(None))
    cancelled = session.connection().execute(
        update(Publication.__table__).where(*is_meant, *is_scheduled).values(cancelled_at=now)
    )
    if not cancelled.rowcount:
        raise NotFound(f"{course} {publication_id}")
    record_scheduled_change(session, course)
    _audit(session, course, "publication_cancelled", by, now, {"name": course})


def record_scheduled_change(session: Session, course: str) -> None:
    """Let files and workers know that something else is scheduled now. The course is locked."""
    _record_published(session, course)
    bump_publication_version(session, course)


def find_publications(session: Session, course: str, *, now: datetime, limit: int = 20) -> list[PublicationEntry]:
    """The last publications of a course, newest first, and all that are still to come."""
    connection = session.connection()
    last = select(Publication.id).where(Publication.course == course).order_by(Publication.id.desc()).limit(limit)
    is_scheduled = and_(Publication.due_at > now, Publication.cancelled_at.is_(None))
    rows = connection.execute(
        select(Publication, AccountRow.name.label("account_name"))
        .outerjoin(AccountRow, AccountRow.id == Publication.account_id)
        .where(Publication.course == course, or_(Publication.id.in_(last), is_scheduled))
        .order_by(Publication.id.desc())
    ).all()
    files: dict[int, dict[str, int | None]] = {row.id: {} for row in rows}
    since = (PublishedFile.course == course, Publication.course == course, Publication.id >= min(files, default=0))
    found = connection.execute(_FILES_OF_PUBLICATIONS.where(*since)).all()
    for row in found:
        if row.id in files:
            files[row.id][row.path] = row.number
    superseded = find_superseded_files(row for row in found if row.cancelled_at is None)
    return [
        PublicationEntry(
            row.id, row.account_name or "", row.made_at, row.due_at, row.cancelled_at, row.why, files[row.id],
            frozenset(path for path in files[row.id] if (row.id, path) in superseded),
        )
        for row in rows
    ]  # fmt: skip


def scheduled_moments(publications: Iterable[PublicationEntry], part: HideablePart, *, now: datetime) -> list[datetime]:
    """When files of a part are still to be published. Hiding the part overtakes that."""
    return sorted({each.due_at for each in publications if each.is_scheduled(now) and any(map(part.has, each.coming))})


def check_course(
    session: Session,
    course: str,
    changes: Changes,
    *,
    due_at: datetime,
    folder: Path,
    today: date,
    chosen: Collection[str] = (),
    others_too: bool = False,
) -> bool:
    """Check the course as it would be; returns whether learners see it then.

    ``chosen``: the paths of which translations are to be whole: others wait for their translators. ``others_too``:
    check all other courses as well.

    Raises:
        CourseFilesFaulty: the checker finds errors in it.
    """
    files = read_published_bodies(session, course, at=due_at)
    for path, number in changes.items():
        files[path] = read_revision_content(session, find_revision(session, course, path, number)) if number else None
    overlay: Overlay = {**_hidden_elsewhere(session, course, at=due_at), course: files}
    with overlaid_courses(folder, overlay) as root:
        is_seen = True
        if others_too:
            now_there = {str(problem) for problem in _errors(read_library(folder, today=today).problems, folder)}
            found = _errors(read_library(root, today=today).problems, root)
            errors = [problem for problem in found if str(problem) not in now_there]
        else:
            result = read_course_result(root / course, today=today)
            is_seen = result.course is not None and not result.is_draft and bool(result.course.lessons)
            errors = [] if result.course is not None else _errors(result.problems, root)
            errors += _unfinished_translations(result.problems, root / course, chosen)
    if errors:
        raise CourseFilesFaulty(errors)
    return is_seen


def _hidden_elsewhere(session: Session, course: str, *, at: datetime) -> Overlay:
    """The files of other courses that are hidden: a lesson may have moved from there."""
    others = read_publication_versions(session).keys() - {course}
    numbers = {other: find_published_revision_numbers(session, other, at=at) for other in others}
    hidden = {
        other: {path: None for path, number in files.items() if number is None} for other, files in numbers.items()
    }
    return {other: files for other, files in hidden.items() if files}


def _unfinished_translations(problems: Iterable[Problem], course: Path, chosen: Collection[str]) -> list[Problem]:
    """Why translations among the chosen paths would not be shown. Others wait for their translators."""
    found = [problem for problem in problems if problem.rule in UNFINISHED_TRANSLATION]
    relative = [replace(problem, path=Path(problem.path).relative_to(course).as_posix()) for problem in found]
    return [replace(one, path=f"{course.name}/{one.path}") for one in relative if one.path in chosen]


def _errors(problems: Iterable[Problem], root: Path) -> list[Problem]:
    """The errors, with paths as the workshop has them: course and file."""

    return [
        replace(problem, path=Path(problem.path).relative_to(root).as_posix())
        for problem in problems
        if problem.level == "error"
    ]


def require_same(session: Session, checked: CheckedChanges, due: datetime) -> None:
    """Require that nothing of the course was published since it was checked.

    Raises:
        CourseFileChanged: something was.
    """
    if find_published_revision_numbers(session, checked.course, at=due) != checked.before:
        raise CourseFileChanged(checked.course)


def require_same_returning(session: Session, checked: CheckedChanges, due: datetime, *, folder: Path) -> None:
    """Require that what comes back is what was checked: a worker may have taken a change of the folder since.

    Raises:
        CourseFileChanged: it is not.
    """
    found = _find_returning(session, checked.course, checked.shown, checked.is_sound, due_at=due, folder=folder)
    chosen = {path: number for path, number in checked.changes.items() if path not in checked.returning}
    if {**found, **chosen} != checked.changes:
        raise CourseFileChanged(checked.course)


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
    record_scheduled_change(session, checked.course)
    _audit(session, checked.course, action, by, now, details)
    return publication_id


def _record_published(session: Session, course: str) -> None:
    """Write beside each file which of its revisions was published last, or will be."""
    connection = session.connection()
    rows = connection.execute(
        _FILES_OF_PUBLICATIONS.where(
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
