"""Check a course as it would be with changes, before they are published or files are hidden or shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from lms.content.course_reader import CourseResult, read_course_result
from lms.content.hideable_parts import HideablePart, hidden_parts, lesson_folder
from lms.content.library import read_library
from lms.content.overlay import Overlay, overlaid_courses
from lms.content.problems import Problem
from lms.content.translation import UNFINISHED_TRANSLATION
from lms.learning.errors import CourseFileChanged, CourseFilesFaulty, NotFound, NothingToPublish, RevisionNotReviewed
from lms.learning.workshop.file_names import COURSE_FILE, is_text
from lms.learning.workshop.folder_files import has_sound_folder
from lms.learning.workshop.published_revisions import (
    ScheduledFile,
    find_published_revision_numbers,
    find_scheduled_moment,
    read_publication_versions,
    read_published_bodies,
)
from lms.learning.workshop.returning_parts import find_returning_part
from lms.learning.workshop.revision_pictures import find_revision_pictures
from lms.learning.workshop.revision_review import find_file_states
from lms.learning.workshop.revisions import find_revision, read_revision_content
from lms.learning.workshop.scheduled_files import (
    find_moments_of_files,
    find_scheduled_files,
    find_withdrawn_files,
)

_JUST_BEFORE = timedelta(microseconds=1)
Changes = Mapping[str, int | None]  # the number of the revision to publish by path; None: no longer there
Files = Mapping[str, bytes | None]  # what the changed files of a course are, by path; None: no longer there


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
    all_changes = {**returning, **changes}
    files = read_changed_files(session, course, all_changes)
    result = check_course(session, course, files, due_at=due_at, folder=folder, today=today, chosen=changes)
    if _may_concern_others(folder / course, changes, before, shown, result):
        check_all_courses(session, course, files, due_at=due_at, folder=folder, today=today)
    withdrawn = set[ScheduledFile]()
    for part in shown:
        withdrawn |= find_withdrawn_files(session, course, part, but=all_changes, after=due_at)
    check_scheduled(session, course, files, after=due_at, folder=folder, today=today, without=withdrawn)
    return CheckedChanges(
        course,
        all_changes,
        before,
        versions,
        is_seen=result.course is not None and not result.is_draft and bool(result.course.lessons),
        returning=frozenset(returning.keys() - changes.keys()),
        shown=shown,
        is_sound=is_sound,
    )


def read_changed_files(session: Session, course: str, changes: Changes) -> Files:
    """The bytes of what is to be published, once for all checks: somebody may delete a draft meanwhile.

    Raises:
        NotFound: a revision is no more.
    """
    return {
        path: read_revision_content(session, find_revision(session, course, path, number)) if number else None
        for path, number in changes.items()
    }


def _find_returning(
    session: Session, course: str, shown: Iterable[HideablePart], is_sound: bool, *, due_at: datetime, folder: Path
) -> dict[str, int]:
    """The files of hidden parts as they come back."""
    found = [find_returning_part(session, course, part, folder=folder, is_sound=is_sound, now=due_at) for part in shown]
    return {path: number for part in found for path, number in part.numbers.items()}


def _may_concern_others(
    course: Path, changes: Changes, before: Changes, shown: Collection[HideablePart], result: CourseResult
) -> bool:
    """Whether other courses may get errors: there is a page that was not, or a lesson takes the place of another.

    ``result``: the course with the changes. A draft course whose own page is published shows all its lessons.
    """
    is_there = {path: before[path] is not None if path in before else (course / path).is_file() for path in changes}
    if shown or any(is_text(path) and not is_there[path] for path in changes):
        return True
    folders = {lesson_folder(path) for path in changes}
    lessons = (*result.course.lessons, *result.course.drafts) if result.course else ()
    is_course_page = COURSE_FILE in changes
    return any(lesson.former_keys for lesson in lessons if is_course_page or lesson.folder_name in folders)


def check_course(
    session: Session,
    course: str,
    files: Files,
    *,
    due_at: datetime,
    folder: Path,
    today: date,
    chosen: Collection[str] = (),
) -> CourseResult:
    """Check the course as it would be with changed files; returns it.

    ``chosen``: the paths of which translations are to be whole: others wait for their translators.

    Raises:
        CourseFilesFaulty: the checker finds errors in it.
    """
    changed = _with_files(_published_courses(session, at=due_at), course, files)
    with overlaid_courses(folder, changed) as root:
        result = read_course_result(root / course, today=today)
        errors = [] if result.course is not None else _errors(result.problems, root)
        errors += _unfinished_translations(result.problems, root / course, chosen)
    if errors:
        raise CourseFilesFaulty(errors)
    return result


def check_all_courses(
    session: Session, course: str, files: Files, *, due_at: datetime, folder: Path, today: date
) -> None:
    """Check all courses as they would be: they link to each other, and take each other's lessons over.

    Raises:
        CourseFilesFaulty: a course would be held back by errors that are not there without the changed files.
    """
    if errors := _new_errors(session, course, files, at=due_at, folder=folder, today=today):
        raise CourseFilesFaulty(errors)


def check_scheduled(
    session: Session,
    course: str,
    files: Files,
    *,
    after: datetime,
    folder: Path,
    today: date,
    without: Collection[ScheduledFile] = (),
) -> None:
    """Check that what is scheduled for later, of any course, still fits when these files are published before.

    ``without``: files that are to be taken off publications to come.

    Raises:
        CourseFilesFaulty: a course would be held back at a later moment, by errors that are not there without them.
    """
    moments: dict[datetime, list[str]] = {}
    for each in read_publication_versions(session):
        for due_at in find_moments_of_files(session, each, after=after, without=without):
            moments.setdefault(due_at, []).append(each)
    last = max(moments, default=after)
    for due_at in sorted(moments):
        only = moments[due_at] if due_at < last else ()  # all courses once, when everything is due
        errors = _new_errors(session, course, files, at=due_at, folder=folder, today=today, without=without, only=only)
        if errors:
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
    files = find_scheduled_files(session, course, now=now).get(publication_id, ())
    without = {(publication_id, path) for path in files}
    check_scheduled(session, course, {}, after=due_at - _JUST_BEFORE, folder=folder, today=today, without=without)
    return CheckedCancellation(course, publication_id, versions)


def _published_courses(session: Session, *, at: datetime, without: Collection[ScheduledFile] = ()) -> Overlay:
    """What is published of all courses at a moment: they link to each other, and a lesson may have moved."""
    courses = read_publication_versions(session)
    bodies = {each: read_published_bodies(session, each, at=at, without=without) for each in courses}
    return {course: files for course, files in bodies.items() if files}


def _with_files(published: Overlay, course: str, files: Files) -> Overlay:
    return {**published, course: {**published.get(course, {}), **files}} if files else published


def _new_errors(
    session: Session,
    course: str,
    files: Files,
    *,
    at: datetime,
    folder: Path,
    today: date,
    without: Collection[ScheduledFile] = (),
    only: Collection[str] = (),
) -> list[Problem]:
    """The errors by which changed files of a course hold back courses at a moment: all courses, or those named.

    Errors of drafts hold back nothing.
    """
    changed = _with_files(_published_courses(session, at=at, without=without), course, files)
    found = _find_errors(changed, folder=folder, today=today, only=only, of_drafts_too=False)
    if not found:
        return []
    published = _published_courses(session, at=at)
    there = {str(problem) for problem in _find_errors(published, folder=folder, today=today, only=only)}
    return [problem for problem in found if str(problem) not in there]


def _find_errors(
    overlay: Overlay, *, folder: Path, today: date, only: Collection[str], of_drafts_too: bool = True
) -> list[Problem]:
    with overlaid_courses(folder, overlay) as root:
        if only:
            results = [read_course_result(root / each, today=today) for each in only if (root / each).is_dir()]
        else:
            results = [*read_library(root, today=today).by_folder.values()]
        wanted = [each for each in results if of_drafts_too or (each.course is None and not each.is_draft)]
        return [problem for each in wanted for problem in _errors(each.problems, root)]


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
