"""Check a course as it would be with changes, before they are published or files are hidden or shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from lms.content.course_reader import read_course_result
from lms.content.hideable_parts import HideablePart, hidden_parts
from lms.content.library import read_library
from lms.content.overlay import Overlay, overlaid_courses
from lms.content.problems import Problem
from lms.content.translation import UNFINISHED_TRANSLATION
from lms.learning.errors import CourseFileChanged, CourseFilesFaulty, NotFound, NothingToPublish, RevisionNotReviewed
from lms.learning.workshop.folder_files import has_sound_folder
from lms.learning.workshop.published_revisions import (
    find_published_revision_numbers,
    find_scheduled_moment,
    find_scheduled_moments,
    read_publication_versions,
    read_published_bodies,
)
from lms.learning.workshop.returning_parts import find_returning_part
from lms.learning.workshop.revision_pictures import find_revision_pictures
from lms.learning.workshop.revision_review import find_file_states
from lms.learning.workshop.revisions import find_revision, read_revision_content

_JUST_BEFORE = timedelta(microseconds=1)
Changes = Mapping[str, int | None]  # the number of the revision to publish by path; None: no longer there


@dataclass(frozen=True, slots=True)
class CheckedChanges:
    """What the checker found no error in: the changes, beside the numbers that were published at that time.

    ``versions``: the publication version of each course before the check. ``is_seen``: learners see the course with the
    changes; all of it may be a draft. ``returning``: the paths of the changes that come along, since a part that was
    hidden is shown again as a whole: ``shown`` are these parts, and ``is_sound`` is as
    ``returning_parts.find_returning_part`` has it.
    """

    course: str
    changes: Changes
    before: Changes
    versions: Mapping[str, int] = field(default_factory=dict[str, int])
    is_seen: bool = True
    returning: frozenset[str] = frozenset()
    shown: Sequence[HideablePart] = ()
    is_sound: bool = False


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
    versions = read_publication_versions(session)
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
    hidden = hidden_parts(before)
    shown = [part for part in hidden if any(map(part.is_shown_with, changes))]
    is_sound = bool(shown) and has_sound_folder(folder / course, today=today)
    returning = _find_returning(session, course, shown, is_sound, due_at=due_at, folder=folder)
    is_seen = check_course(
        session, course, {**returning, **changes}, due_at=due_at, folder=folder, today=today, chosen=changes
    )
    check_scheduled(session, course, {**returning, **changes}, after=due_at, folder=folder, today=today)
    return CheckedChanges(
        course,
        {**returning, **changes},
        before,
        versions,
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
    published = _published_courses(session, at=due_at)
    changed = _with_changes(session, published, course, changes)
    if others_too:
        is_seen = True
        errors = _new_errors(published, changed, folder=folder, today=today)
    else:
        with overlaid_courses(folder, changed) as root:
            result = read_course_result(root / course, today=today)
            is_seen = result.course is not None and not result.is_draft and bool(result.course.lessons)
            errors = [] if result.course is not None else _errors(result.problems, root)
            errors += _unfinished_translations(result.problems, root / course, chosen)
    if errors:
        raise CourseFilesFaulty(errors)
    return is_seen


def check_scheduled(
    session: Session,
    course: str,
    changes: Changes,
    *,
    after: datetime,
    folder: Path,
    today: date,
    without: int = 0,
) -> None:
    """Check that what is scheduled for later, of any course, still fits when these changes are published before.

    ``without``: the id of a publication that is to be cancelled.

    Raises:
        CourseFilesFaulty: the checker finds errors at a later moment that would not be there without the changes.
    """
    moments = {
        each: find_scheduled_moments(session, each, now=after, without=without)
        for each in read_publication_versions(session)
    }
    last = max((due_at for found in moments.values() for due_at in found), default=after)
    for due_at in sorted({*moments.get(course, ()), last} - {after}):
        published = _published_courses(session, at=due_at)
        changed = _published_courses(session, at=due_at, without=without) if without else published
        changed = _with_changes(session, changed, course, changes)
        only = "" if due_at == last else course  # all courses once, when everything is due
        if errors := _new_errors(published, changed, folder=folder, today=today, only=only):
            raise CourseFilesFaulty(errors, due_at)


@dataclass(frozen=True, slots=True)
class CheckedCancellation:
    """A scheduled publication without which the checker found no new error. ``versions``: as in CheckedChanges."""

    course: str
    publication_id: int
    versions: Mapping[str, int]


def check_cancellation(
    session: Session, course: str, publication_id: int, *, folder: Path, today: date, now: datetime
) -> CheckedCancellation:
    """Check what is scheduled for later without a publication to which it may link.

    Raises:
        NotFound: there is no such publication that is still to come.
        CourseFilesFaulty: the checker finds errors at a later moment.
    """
    versions = read_publication_versions(session)
    due_at = find_scheduled_moment(session, course, publication_id, now=now)
    if due_at is None:
        raise NotFound(f"{course} {publication_id}")
    check_scheduled(
        session, course, {}, after=due_at - _JUST_BEFORE, folder=folder, today=today, without=publication_id
    )
    return CheckedCancellation(course, publication_id, versions)


def _published_courses(session: Session, *, at: datetime, without: int = 0) -> Overlay:
    """What is published of all courses at a moment: they link to each other, and a lesson may have moved."""
    courses = read_publication_versions(session)
    bodies = {each: read_published_bodies(session, each, at=at, without=without) for each in courses}
    return {course: files for course, files in bodies.items() if files}


def _with_changes(session: Session, published: Overlay, course: str, changes: Changes) -> Overlay:
    files = dict(published.get(course, {}))
    for path, number in changes.items():
        files[path] = read_revision_content(session, find_revision(session, course, path, number)) if number else None
    return {**published, course: files}


def _new_errors(published: Overlay, changed: Overlay, *, folder: Path, today: date, only: str = "") -> list[Problem]:
    """The errors that a change makes, of all courses or of one."""
    found = _find_errors(changed, folder=folder, today=today, only=only)
    if not found:
        return []
    there = {str(problem) for problem in _find_errors(published, folder=folder, today=today, only=only)}
    return [problem for problem in found if str(problem) not in there]


def _find_errors(overlay: Overlay, *, folder: Path, today: date, only: str) -> list[Problem]:
    with overlaid_courses(folder, overlay) as root:
        if not only:
            return _errors(read_library(root, today=today).problems, root)
        there = (root / only).is_dir()
        return _errors(read_course_result(root / only, today=today).problems, root) if there else []


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


def require_same_versions(session: Session, checked: CheckedChanges | CheckedCancellation) -> None:
    """Require that nobody published or scheduled anything since it was checked, of any course: they link to each other.

    Raises:
        CourseFileChanged: somebody did.
    """
    if read_publication_versions(session) != checked.versions:
        raise CourseFileChanged(checked.course)


def require_same(session: Session, checked: CheckedChanges, due: datetime) -> None:
    """Require that nothing was published since it was checked, nor was due meanwhile.

    Raises:
        CourseFileChanged: something was.
    """
    require_same_versions(session, checked)
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
