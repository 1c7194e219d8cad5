"""Check a course as it would be with changes, before they are published or files are hidden or shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
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
    find_published_revision_numbers,
    read_publication_versions,
    read_published_bodies,
)
from lms.learning.workshop.returning_parts import find_returning_part
from lms.learning.workshop.revision_pictures import find_revision_pictures
from lms.learning.workshop.revision_review import find_file_states
from lms.learning.workshop.revisions import find_revision, read_revision_content

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
    session: Session, course: str, paths: Collection[str], *, folder: Path, today: date, now: datetime
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
    before = find_published_revision_numbers(session, course, at=now)
    wanted = {path: states[path].latest for path in paths}
    changes = {path: number for path, number in wanted.items() if before.get(path) != number}
    if not changes:
        raise NothingToPublish(course)
    hidden = hidden_parts(before)
    shown = [part for part in hidden if any(map(part.is_shown_with, changes))]
    is_sound = bool(shown) and has_sound_folder(folder / course, today=today)
    returning = _find_returning(session, course, shown, is_sound, folder=folder, now=now)
    all_changes = {**returning, **changes}
    files = read_changed_files(session, course, all_changes)
    result = check_course(session, course, files, folder=folder, today=today, now=now, chosen=changes)
    if _may_concern_others(folder / course, changes, before, shown, result):
        check_all_courses(session, course, files, folder=folder, today=today, now=now)
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
    session: Session, course: str, shown: Iterable[HideablePart], is_sound: bool, *, folder: Path, now: datetime
) -> dict[str, int]:
    """The files of hidden parts as they come back."""
    found = [find_returning_part(session, course, part, folder=folder, is_sound=is_sound, now=now) for part in shown]
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
    folder: Path,
    today: date,
    now: datetime,
    chosen: Collection[str] = (),
) -> CourseResult:
    """Check the course as it would be with changed files; returns it.

    ``chosen``: the paths of which translations are to be whole: others wait for their translators.

    Raises:
        CourseFilesFaulty: the checker finds errors in it.
    """
    changed = _with_files(_published_courses(session, now=now), course, files)
    with overlaid_courses(folder, changed) as root:
        result = read_course_result(root / course, today=today)
        errors = [] if result.course is not None else _errors(result.problems, root)
        errors += _unfinished_translations(result.problems, root / course, chosen)
    if errors:
        raise CourseFilesFaulty(errors)
    return result


def check_all_courses(session: Session, course: str, files: Files, *, folder: Path, today: date, now: datetime) -> None:
    """Check all courses as they would be: they link to each other, and take each other's lessons over.

    Errors that are there without the changed files do not count, nor do those of drafts, which hold back nothing.

    Raises:
        CourseFilesFaulty: a course would be held back by new errors.
    """
    published = _published_courses(session, now=now)
    found = _find_errors(_with_files(published, course, files), folder=folder, today=today, of_drafts_too=False)
    there = {str(problem) for problem in _find_errors(published, folder=folder, today=today)} if found else ()
    if errors := [problem for problem in found if str(problem) not in there]:
        raise CourseFilesFaulty(errors)


def _published_courses(session: Session, *, now: datetime) -> Overlay:
    """What is published of all courses: they link to each other, and a lesson may have moved."""
    courses = read_publication_versions(session)
    bodies = {each: read_published_bodies(session, each, at=now) for each in courses}
    return {course: files for course, files in bodies.items() if files}


def _with_files(published: Overlay, course: str, files: Files) -> Overlay:
    return {**published, course: {**published.get(course, {}), **files}} if files else published


def _find_errors(overlay: Overlay, *, folder: Path, today: date, of_drafts_too: bool = True) -> list[Problem]:
    with overlaid_courses(folder, overlay) as root:
        results = read_library(root, today=today).by_folder.values()
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


def require_same(session: Session, checked: CheckedChanges) -> None:
    """Require that nobody published anything since it was checked, of any course: they link to each other.

    Raises:
        CourseFileChanged: somebody did.
    """
    if read_publication_versions(session) != checked.versions:
        raise CourseFileChanged(checked.course)


def require_same_returning(session: Session, checked: CheckedChanges, *, folder: Path, now: datetime) -> None:
    """Require that what comes back is what was checked: a worker may have taken a change of the folder since.

    Raises:
        CourseFileChanged: it is not.
    """
    found = _find_returning(session, checked.course, checked.shown, checked.is_sound, folder=folder, now=now)
    chosen = {path: number for path, number in checked.changes.items() if path not in checked.returning}
    if {**found, **chosen} != checked.changes:
        raise CourseFileChanged(checked.course)
