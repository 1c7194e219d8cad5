"""Check a course as it would be with changes, before they are published or a part is hidden or shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from lms.content.course_reader import CourseResult, read_course_result
from lms.content.hideable_parts import lesson_folder
from lms.content.library import read_library
from lms.content.overlay import HiddenParts, Overlay, overlaid_courses
from lms.content.problems import Problem
from lms.content.translation import UNFINISHED_TRANSLATION
from lms.learning.errors import CourseFileChanged, CourseFilesFaulty, NotFound, NothingToPublish, RevisionNotReviewed
from lms.learning.workshop.file_names import COURSE_FILE, is_text
from lms.learning.workshop.published_revisions import (
    find_hidden_parts,
    find_published_revision_numbers,
    read_publication_versions,
    read_published_bodies,
)
from lms.learning.workshop.revision_pictures import find_revision_pictures
from lms.learning.workshop.revision_review import find_file_states
from lms.learning.workshop.revisions import find_revision, read_revision_content

Changes = Mapping[str, int]  # the number of the revision to publish, by path


@dataclass(frozen=True, slots=True)
class CheckedChanges:
    """What the checker found no error in.

    ``versions``: the publication version of each course before the check. ``is_seen``: learners see the course with the
    changes; all of it may be a draft.
    """

    course: str
    changes: Changes
    versions: Mapping[str, int] = field(default_factory=dict[str, int])
    is_seen: bool = True


def check_changes(
    session: Session, course: str, paths: Collection[str], *, folder: Path, today: date
) -> CheckedChanges:
    """Check the course as it would be with the latest, approved revisions of these files and of the pictures they show.

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
    before = find_published_revision_numbers(session, course)
    wanted = {path: states[path].latest for path in paths}
    changes = {path: number for path, number in wanted.items() if before.get(path) != number}
    if not changes:
        raise NothingToPublish(course)
    files = _read_files(session, course, changes)
    hidden = find_hidden_parts(session)
    published = _published_courses(session)
    changed = {**published, course: {**published.get(course, {}), **files}}
    result = check_course(course, changed, hidden, chosen=changes, folder=folder, today=today)
    if _may_concern_others(folder / course, changes, before, result):
        require_no_new_errors((published, hidden), (changed, hidden), folder=folder, today=today)
    is_seen = result.course is not None and not result.is_draft and bool(result.course.lessons)
    return CheckedChanges(course, changes, versions, is_seen)


def _read_files(session: Session, course: str, changes: Changes) -> dict[str, bytes]:
    """The bytes of what is to be published, once for all checks: somebody may delete a draft meanwhile.

    Raises:
        NotFound: a revision is no more.
    """
    return {
        path: read_revision_content(session, find_revision(session, course, path, number))
        for path, number in changes.items()
    }


def _may_concern_others(course: Path, changes: Changes, before: Changes, result: CourseResult) -> bool:
    """Whether other courses may get errors: there is a page that was not, or a lesson takes the place of another.

    ``result``: the course with the changes. A draft course whose own page is published shows all its lessons.
    """
    if any(is_text(path) and path not in before and not (course / path).is_file() for path in changes):
        return True
    folders = {lesson_folder(path) for path in changes}
    lessons = (*result.course.lessons, *result.course.drafts) if result.course else ()
    is_course_page = COURSE_FILE in changes
    return any(lesson.former_keys for lesson in lessons if is_course_page or lesson.folder_name in folders)


def check_course(
    course: str, overlay: Overlay, hidden: HiddenParts, *, chosen: Collection[str], folder: Path, today: date
) -> CourseResult:
    """Check the course as it would be; returns it.

    ``chosen``: the paths of which translations are to be whole: others wait for their translators.

    Raises:
        CourseFilesFaulty: the checker finds errors in it.
    """
    with overlaid_courses(folder, overlay, hidden) as root:
        result = read_course_result(root / course, today=today)
        errors = [] if result.course is not None else _errors(result.problems, root)
        errors += _unfinished_translations(result.problems, root / course, chosen)
    if errors:
        raise CourseFilesFaulty(errors)
    return result


def check_hidden_parts(session: Session, hidden: HiddenParts, *, folder: Path, today: date) -> None:
    """Check all courses as they would be if these parts of them were hidden, and no others.

    Raises:
        CourseFilesFaulty: a course would be held back by errors that are not there now.
    """
    published = _published_courses(session)
    before = find_hidden_parts(session)
    require_no_new_errors((published, before), (published, hidden), folder=folder, today=today)


def require_no_new_errors(
    before: tuple[Overlay, HiddenParts], after: tuple[Overlay, HiddenParts], *, folder: Path, today: date
) -> None:
    """Check all courses: they link to each other, and take each other's lessons over.

    Errors that are there before do not count, nor do those of drafts, which hold back nothing.

    Raises:
        CourseFilesFaulty: a course would be held back by new errors.
    """
    found = _find_errors(*after, folder=folder, today=today, of_drafts_too=False)
    there = {str(problem) for problem in _find_errors(*before, folder=folder, today=today)} if found else ()
    if errors := [problem for problem in found if str(problem) not in there]:
        raise CourseFilesFaulty(errors)


def _published_courses(session: Session) -> Overlay:
    """What is published of all courses: they link to each other, and a lesson may have moved."""
    bodies = {each: read_published_bodies(session, each) for each in read_publication_versions(session)}
    return {course: files for course, files in bodies.items() if files}


def _find_errors(
    overlay: Overlay, hidden: HiddenParts, *, folder: Path, today: date, of_drafts_too: bool = True
) -> list[Problem]:
    with overlaid_courses(folder, overlay, hidden) as root:
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


def require_same(session: Session, course: str, versions: Mapping[str, int]) -> None:
    """Require that nobody published or hid anything since the check, of any course: they link to each other.

    Raises:
        CourseFileChanged: somebody did.
    """
    if read_publication_versions(session) != versions:
        raise CourseFileChanged(course)
