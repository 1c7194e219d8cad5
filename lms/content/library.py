"""All courses of a folder: read, checked, and put together into a library."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lms.content.course import RECHECK_AFTER, CoursePage, read_course_page
from lms.content.files import CourseFile, file_of, read_text
from lms.content.folders import (
    LessonFolder,
    entries,
    looks_like_course,
    looks_like_lesson,
    placed,
    survey_course,
    survey_lesson,
)
from lms.content.fuzzy_words import nearest
from lms.content.image_size import each_read_once, size_of
from lms.content.lesson import read_understand
from lms.content.links import PICTURE_KINDS, page_of
from lms.content.model import Course, Lesson, Library, Practice, Understand, Use
from lms.content.practice.storyboard import read_practice
from lms.content.problems import Problem, has_errors
from lms.content.questions.ids import digest
from lms.content.use_stage import read_use

Content = Understand | Practice | Use | CoursePage


class NothingToCheck(Exception):
    """A path names nothing that can be checked; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class CourseReading:
    """What reading one course gave; ``course`` is None where it has an error."""

    course: Course | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a folder gave. ``left_out``: slugs of courses with errors that no earlier version stands in for.

    ``each``: by the name of its folder, what was read of each course.
    """

    library: Library
    problems: tuple[Problem, ...]
    left_out: tuple[str, ...]
    each: Mapping[str, CourseReading] = field(default_factory=dict)


def read_library(
    folder: Path, *, today: date, previous: Library | None = None, kept: Mapping[str, CourseReading] | None = None
) -> Reading:
    """Read every course of ``folder``. One with an error keeps the version that ``previous`` has of it.

    ``kept``: courses that are as they were read before, by the names of their folders; they are not read again. A
    folder that cannot be read gives the previous library and a problem, never an exception.
    """
    try:
        folders = [path for path in entries(folder) if path.is_dir()]
    except OSError:
        problem = Problem(str(folder), 1, 1, "error", "unreadable", "Không mở được thư mục các khóa học.")
        return Reading(previous or Library(), (problem,), ())
    each: dict[str, CourseReading] = {}
    courses: list[Course] = []
    left_out: list[str] = []
    for path in folders:
        found = (kept or {}).get(path.name)
        if found is None:
            course, problems = read_course(path, today=today)
            found = CourseReading(course, tuple(problems))
        each[path.name] = found
        course = found.course or (previous.course(path.name) if previous else None)
        if course is None:
            left_out.append(path.name)
        else:
            courses.append(course)
    courses.sort(key=lambda course: (course.order is None, course.order or 0, course.slug))
    library = Library(tuple(courses), digest(*(f"{course.slug} {course.digest}" for course in courses))[:32])
    problems_of_all = tuple(problem for found in each.values() for problem in found.problems)
    return Reading(library, problems_of_all, tuple(left_out), each)


def linked_places(folder: Path) -> frozenset[tuple[str, ...]]:
    """What of ``folder`` the courses may link to in each other: the parts of every path that has a page.

    As long as it stays the same, a change in one course says nothing about another. Empty for an unreadable folder.
    """
    found = set()
    for here, folders, files in os.walk(folder):
        parts = Path(here).relative_to(folder).parts
        seen = [(*parts, name) for name in (*folders, *files) if not name.startswith(".")]
        found.update(inner for inner in seen if page_of(inner))
        if len(parts) > 1:  # a lesson's folder: what is deeper has no page
            folders.clear()
    return frozenset(found)


def read_course(folder: Path, *, today: date) -> tuple[Course | None, list[Problem]]:
    """Read one course. It is None when anything in it, a translation included, has an error."""
    with each_read_once():
        return _read_course(folder, today)


def _read_course(folder: Path, today: date) -> tuple[Course | None, list[Problem]]:
    survey = survey_course(folder)
    problems = list(survey.problems)
    page: CoursePage | None = None
    recheck_after = RECHECK_AFTER
    for file, path in survey.files:
        read, days, found = _read_course_file(path, placed(folder), today)
        problems.extend(found)
        if file.language is None:
            page, recheck_after = read, days
    lessons = []
    for lesson_folder in survey.lessons:
        lesson, found = _read_lesson(lesson_folder, folder, today, recheck_after)
        problems.extend(found)
        lessons.append(lesson)
    if page is None or has_errors(problems):
        return None, problems
    course = _course(folder, page, tuple(lesson for lesson in lessons if lesson is not None))
    return course, problems


def check_path(path: Path, *, today: date) -> list[Problem]:
    """Every problem of a folder of courses, a course, a lesson or a file, in the order of the files.

    Raises:
        NothingToCheck: there is nothing at ``path``, or nothing of a course.
    """
    if not path.exists():
        raise NothingToCheck(f"Không thấy “{path}”; bác xem lại đường dẫn.")
    if not path.is_dir():
        return _check_file(path, today)
    if looks_like_course(path):
        return read_course(path, today=today)[1]
    if looks_like_lesson(path):
        survey = survey_lesson(path)
        if not (placed(path).parent / "course.md").exists():  # a draft outside a course has no address yet
            survey.problems = [problem for problem in survey.problems if problem.rule != "lesson-folder"]
        return _read_lesson(survey, path, today, _recheck_after(placed(path).parent, today))[1]
    try:
        folders = [inner for inner in entries(path) if inner.is_dir()]
    except OSError as error:
        raise NothingToCheck(f"Không mở được “{path}”; bác xem lại quyền đọc của thư mục.") from error
    if not folders:
        raise NothingToCheck(f"Trong “{path}” không có khóa học nào.")
    if not any(map(looks_like_course, folders)):
        inner = next((inner for inner in folders if next(inner.glob("*/course.md"), None)), None)
        if inner is not None:
            raise NothingToCheck(f"Trong “{path}” không có khóa học nào. Có phải bác muốn gõ '{inner}'?")
    return [problem for inner in folders for problem in read_course(inner, today=today)[1]]


def _check_file(path: Path, today: date) -> list[Problem]:
    file = file_of(path.name)
    if file is None:
        meant = nearest(path.name, ["course.md", "hieu.md", "lam.md", "dung.md"])
        message = f"Đổi tên tệp “{path.name}”; có phải bác muốn đặt là {meant}?"
        return [Problem(str(path), 1, 1, "error", "unknown-file", message, meant)]
    folder = placed(path).parent
    if file.kind == "course":
        return _read_course_file(path, folder, today)[2]
    return _read_stage(file, path, folder, None, today, _recheck_after(folder.parent, today))[1]


def _recheck_after(folder: Path, today: date) -> int:
    """The days of the course that a lesson alone belongs to."""
    path = folder / "course.md"
    return _read_course_file(path, folder, today)[1] if path.is_file() else RECHECK_AFTER


def _read_course_file(path: Path, folder: Path, today: date) -> tuple[CoursePage | None, int, list[Problem]]:
    text, problems = read_text(path, folder)
    if text is None:
        return None, RECHECK_AFTER, problems
    page, recheck_after, found = read_course_page(text, str(path), folder=folder, today=today)
    return (None if problems else page), recheck_after, problems + _besides(problems, found)


def _read_stage(
    file: CourseFile, path: Path, folder: Path, inside: Path | None, today: date, recheck_after: int
) -> tuple[Content | None, list[Problem]]:
    """Read a file of a lesson. ``folder`` is the lesson's, ``inside`` what links must not lead out of."""
    text, problems = read_text(path, inside)
    if text is None:
        return None, problems
    content: Content | None
    if file.kind == "understand":
        content, found = read_understand(text, str(path), folder=folder)
    elif file.kind == "use":
        content, found = read_use(text, str(path), folder=folder)
    else:
        content, found = read_practice(
            text, str(path), name=file.name, folder=folder, today=today, recheck_after=recheck_after
        )
    return (None if problems else content), problems + _besides(problems, found)


def _besides(damaged: Sequence[Problem], found: Sequence[Problem]) -> list[Problem]:
    """What was found in lines other than the damaged ones: what is left of a word says nothing about its spelling."""
    lines = {problem.line for problem in damaged}
    return [problem for problem in found if problem.line not in lines]


def _read_lesson(
    survey: LessonFolder, course: Path, today: date, recheck_after: int
) -> tuple[Lesson | None, list[Problem]]:
    problems = list(survey.problems)
    contents: list[Content] = []
    for file, path in survey.files:
        content, found = _read_stage(file, path, placed(survey.path), course, today, recheck_after)
        problems.extend(found)
        if content is not None and file.language is None:
            contents.append(content)
    understand = next((content for content in contents if isinstance(content, Understand)), None)
    if understand is None or has_errors(problems):
        return None, problems
    lesson = Lesson(
        course=placed(survey.path).parent.name,
        slug=survey.slug,
        number=survey.number,
        understand=understand,
        practices=tuple(content for content in contents if isinstance(content, Practice)),
        use=next((content for content in contents if isinstance(content, Use)), None),
        folder=str(placed(survey.path)),
    )
    return lesson, problems


def _course(folder: Path, page: CoursePage, lessons: Sequence[Lesson]) -> Course:
    stages = [
        part.digest
        for lesson in lessons
        for part in (lesson.understand, *lesson.practices, lesson.use)
        if part is not None
    ]
    return Course(
        slug=placed(folder).name,
        name=page.name,
        summary=page.summary,
        checked=page.checked,
        sources=page.sources,
        recheck_after=page.recheck_after,
        lessons=tuple(lessons),
        intro=page.intro,
        folder=str(placed(folder)),
        digest=digest(
            page.digest, *(f"{lesson.number} {lesson.slug}" for lesson in lessons), *stages, *_pictures(placed(folder))
        )[:32],
        audience=page.audience,
        app=page.app,
        version=page.version,
        skills=page.skills,
        order=page.order,
        colours=page.colours,
    )


def _pictures(folder: Path) -> list[str]:
    """Every picture of a course with its size, which the pages tell: one that changes makes them new ones."""
    paths = sorted(Path(here, name) for here, _, files in os.walk(folder) for name in files)
    pictures = [path for path in paths if path.suffix.lower() in PICTURE_KINDS]
    return [f"{path.relative_to(folder).as_posix()} {size_of(path)}" for path in pictures]
