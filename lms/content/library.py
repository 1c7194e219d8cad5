"""Read and check a folder of courses; returns a library."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from lms.content import draft_flag
from lms.content.course_reader import (
    CourseResult,
    check_course_file,
    read_course,
    read_course_result,
    read_lesson,
    recheck_period,
)
from lms.content.digest import digest
from lms.content.files import parse_file_name
from lms.content.folders import (
    absolute_path,
    looks_like_course,
    looks_like_lesson,
    scan_lesson,
    unknown_file_problem,
    visible_entries,
)
from lms.content.former_lessons import report_lesson_moved_twice
from lms.content.links import page_url
from lms.content.model import Course, Lesson, Library
from lms.content.problems import Problem

# Two dots before a slash, as an address may spell them: percent signs, entities and backslashes are taken for dots.
_WAY_OUT = re.compile(rb"\.\.[/\\%&]|%2e|&#|&period|\\\.", re.IGNORECASE)


class NothingToCheck(Exception):
    """There is nothing to check at a path; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class LibraryResult:
    """The result of reading a folder of courses.

    ``unavailable`` are slugs of courses with errors and no earlier good version. ``by_folder`` has the result of each
    course by its folder's name.
    """

    library: Library
    problems: tuple[Problem, ...]
    unavailable: tuple[str, ...]
    by_folder: Mapping[str, CourseResult] = field(default_factory=dict[str, CourseResult])


def read_library(
    folder: Path, *, today: date, previous: Library | None = None, unchanged: Mapping[str, CourseResult] | None = None
) -> LibraryResult:
    """Read all courses of ``folder``. A course with errors keeps its version in ``previous``.

    ``unchanged`` are earlier results by folder name; these courses are not read again. If the folder cannot be read,
    the result is the previous library and a problem, not an exception.
    """
    try:
        folders = [path for path in visible_entries(folder) if path.is_dir()]
    except OSError:
        problem = Problem(str(folder), 1, 1, "error", "unreadable", "Không mở được thư mục các khóa học.")
        return LibraryResult(previous or Library(), (problem,), ())
    by_folder: dict[str, CourseResult] = {}
    for path in folders:
        result = (unchanged or {}).get(path.name)
        if result is None:
            result = read_course_result(path, today=today)
        by_folder[path.name] = result
    for lesson, problem in _moved_twice(result.course for result in by_folder.values()):
        found = by_folder[lesson.course]
        by_folder[lesson.course] = replace(found, course=None, problems=(*found.problems, problem))
    readable: list[Course] = []
    unavailable: list[str] = []
    for name, result in by_folder.items():
        course = result.course or (previous.course_or_draft(name) if previous else None)
        if course is not None:
            readable.append(course)
        elif not result.is_draft:
            unavailable.append(name)
    readable.sort(key=lambda course: (course.order is None, course.order or 0, course.slug))
    courses = tuple(course for course in readable if course.lessons)
    drafts = tuple(course for course in readable if not course.lessons)
    library = Library(courses, digest(*(f"{course.slug} {course.digest}" for course in courses))[:32], drafts)
    problems = tuple(problem for result in by_folder.values() for problem in result.problems)
    return LibraryResult(library, problems, tuple(unavailable), by_folder)


def _moved_twice(courses: Iterable[Course | None]) -> list[tuple[Lesson, Problem]]:
    """An error, with its lesson, where lessons of two courses name the same former lesson."""
    return report_lesson_moved_twice(lesson for course in courses if course is not None for lesson in course.lessons)


def linkable_paths(folder: Path) -> frozenset[tuple[str, ...]]:
    """The parts of every path in ``folder`` that has a page, so that courses may link to it.

    While this set is unchanged, a change in one course cannot break links of another. Empty for an unreadable folder.
    """
    linkable: set[tuple[str, ...]] = set()
    for current, folders, files in os.walk(folder, followlinks=True):  # no deeper than lessons, so no ring is endless
        parts = Path(current).relative_to(folder).parts
        paths = [(*parts, name) for name in (*folders, *files) if not name.startswith(".")]
        linkable.update(child for child in paths if page_url(child))
        if len(parts) > 1:  # inside a lesson's folder nothing deeper has a page
            folders.clear()
    return frozenset(linkable)


def may_link_to_other_courses(course: Path) -> bool:
    """Whether a course may have links to other courses, whose pages come and go; True as well where it is uncertain."""
    for path in course.rglob("*.md"):
        try:
            if _WAY_OUT.search(path.read_bytes()):
                return True
        except OSError:
            return True
    return False


def check_path(path: Path, *, today: date) -> list[Problem]:
    """All problems of a courses folder, a course, a lesson or a file, in the order of the files.

    Raises:
        NothingToCheck: there is nothing at ``path``, or it belongs to no course.
    """
    if not path.exists():
        raise NothingToCheck(f"Không thấy “{path}”; bác xem lại đường dẫn.")
    if not path.is_dir():
        return _check_file(path, today)
    if looks_like_course(path):
        return read_course(path, today=today)[1]
    if looks_like_lesson(path):
        scan = scan_lesson(path)
        course = absolute_path(path).parent
        if not (course / "course.md").exists():  # a draft outside a course has no URL yet
            scan.problems = [problem for problem in scan.problems if problem.rule != "lesson-folder"]
        is_draft = draft_flag.is_draft_file(course / "course.md")
        return read_lesson(scan, path, today, recheck_period(course, today), is_draft=is_draft)[1]
    try:
        folders = [child for child in visible_entries(path) if child.is_dir()]
    except OSError as error:
        raise NothingToCheck(f"Không mở được “{path}”; bác xem lại quyền đọc của thư mục.") from error
    if not folders:
        raise NothingToCheck(f"Trong “{path}” không có khóa học nào.")
    if not any(map(looks_like_course, folders)):
        child = next((child for child in folders if next(child.glob("*/course.md"), None)), None)
        if child is not None:
            raise NothingToCheck(f"Trong “{path}” không có khóa học nào. Có phải bác muốn gõ '{child}'?")
    results = [read_course_result(child, today=today) for child in folders]
    clashes = [problem for _, problem in _moved_twice(result.course for result in results)]
    return [problem for result in results for problem in result.problems] + clashes


def _check_file(path: Path, today: date) -> list[Problem]:
    file = parse_file_name(path.name)
    if file is None:
        try:
            inner = visible_entries(absolute_path(path).parent)
        except OSError:
            inner = []
        return [unknown_file_problem(path, inner, "course.md", "hieu.md", "lam.md", "dung.md")]
    return check_course_file(file, path, today)
