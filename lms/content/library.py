"""Read and check a folder of courses; returns a library."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import cast

from lms.content import draft_mark
from lms.content.course_page import RECHECK_AFTER, CoursePage, read_course_page
from lms.content.digest import digest
from lms.content.files import CourseFile, parse_file_name, read_text
from lms.content.files_digest import course_files_digest
from lms.content.folders import (
    CourseFolder,
    LessonFolder,
    absolute_path,
    looks_like_course,
    looks_like_lesson,
    scan_course,
    scan_lesson,
    unknown_file_problem,
    visible_entries,
)
from lms.content.former_lessons import check_moved_once
from lms.content.image_size import cached_sizes, read_size
from lms.content.inline_screen import LessonPractices
from lms.content.links import PICTURE_KINDS, page_url
from lms.content.model import Course, Lesson, Library, Practice, Understand, Use
from lms.content.practice.storyboard import read_practice
from lms.content.problems import Problem, has_errors
from lms.content.sample_text import refuse_sample_text
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use

Content = Understand | Practice | Use | CoursePage

# Two dots before a slash, as an address may spell them: percent signs, entities and backslashes are taken for dots.
_WAY_OUT = re.compile(rb"\.\.[/\\%&]|%2e|&#|&period|\\\.", re.IGNORECASE)


class NothingToCheck(Exception):
    """There is nothing to check at a path; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class CourseResult:
    """The result of reading one course; ``course`` is None if it has an error.

    ``files_digest`` was taken before the files were read. ``is_draft``: nobody but its author misses it.
    """

    course: Course | None
    problems: tuple[Problem, ...]
    files_digest: str = ""
    is_draft: bool = False


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
    return check_moved_once(lesson for course in courses if course is not None for lesson in course.lessons)


def linkable_paths(folder: Path) -> frozenset[tuple[str, ...]]:
    """The parts of every path in ``folder`` that has a page, so that courses may link to it.

    While this set is unchanged, a change in one course cannot break links of another. Empty for an unreadable folder.
    """
    linkable: set[tuple[str, ...]] = set()
    for current, folders, files in os.walk(folder):
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


def read_course_result(folder: Path, *, today: date) -> CourseResult:
    """Read one course for a library."""
    files = course_files_digest(folder)
    with cached_sizes():
        course, problems, is_draft = _read_course(folder, today)
    return CourseResult(course and replace(course, files_digest=files), tuple(problems), files, is_draft)


def read_course(folder: Path, *, today: date) -> tuple[Course | None, list[Problem]]:
    """Read one course. It is None if any of its files, including translations, has an error; but for its drafts."""
    with cached_sizes():
        course, problems, _ = _read_course(folder, today)
    return course, problems


def _read_course(folder: Path, today: date) -> tuple[Course | None, list[Problem], bool]:
    """The course, all problems, and whether the course is a draft as a whole."""
    scan = scan_course(folder)
    page, lessons, problems = read_course_files(scan, today)
    if page is not None and not has_errors(problems):
        return _build_course(folder, page, lessons), problems, page.is_draft
    is_draft = draft_mark.is_draft_file(_course_file(scan))
    unfinished = [lesson.path for lesson in scan.lessons if is_draft or _is_draft_lesson(lesson)]
    binding = [one for one in problems if not any(map(Path(one.path).is_relative_to, unfinished))]
    if page is None or has_errors(binding):
        return None, problems, is_draft
    return _build_course(folder, page, lessons), problems, is_draft


def _is_draft_lesson(lesson: LessonFolder) -> bool:
    return draft_mark.is_draft_file(lesson.source_file("understand"))


def _course_file(scan: CourseFolder) -> Path | None:
    return next((path for file, path in scan.files if file.language is None), None)


def _check_published_course(problems: list[Problem], scan: CourseFolder) -> list[Problem]:
    """The problems of course.md: sample text is an error if learners see the course."""
    if not _has_sample_text(problems) or draft_mark.is_draft_file(_course_file(scan)):
        return problems
    is_published = not all(map(_is_draft_lesson, scan.lessons))
    return refuse_sample_text(problems, "course.md") if is_published else problems


def _check_published_lesson(problems: list[Problem], understand: Path | None) -> list[Problem]:
    """The problems of a lesson or of one of its files: sample text is an error unless hieu.md makes it a draft.

    A draft may link to drafts.
    """
    if not _has_sample_text(problems) and not any(problem.rule == "link-to-draft" for problem in problems):
        return problems
    if draft_mark.is_draft_file(understand):
        return _without_links_to_drafts(problems)
    return refuse_sample_text(problems, "hieu.md")


def _without_links_to_drafts(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.rule != "link-to-draft"]


def _has_sample_text(problems: Iterable[Problem]) -> bool:
    return any(problem.rule == "sample-left" for problem in problems)


def read_course_files(scan: CourseFolder, today: date) -> tuple[CoursePage | None, list[Lesson], list[Problem]]:
    """The page and the lessons of a course that have no error of their own, and all problems."""
    folder = scan.path
    problems = list(scan.problems)
    page: CoursePage | None = None
    recheck_after = RECHECK_AFTER
    for file, path in scan.files:
        read_page, days, in_file = _read_course_file(path, absolute_path(folder), today)
        problems.extend(_check_published_course(in_file, scan))
        if file.language is None:
            page, recheck_after = read_page, days
    lessons: list[Lesson] = []
    is_draft = page.is_draft if page else draft_mark.is_draft_file(_course_file(scan))
    for lesson_folder in scan.lessons:
        lesson, in_lesson = read_lesson(lesson_folder, folder, today, recheck_after, is_draft=is_draft)
        problems.extend(in_lesson)
        if lesson is not None:
            lessons.append(lesson)
    problems.extend(problem for _, problem in check_moved_once(lessons))
    return page, lessons, problems


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
        is_draft = draft_mark.is_draft_file(course / "course.md")
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
    results = [read_course(child, today=today) for child in folders]
    clashes = [problem for _, problem in _moved_twice(course for course, _ in results)]
    return [problem for _, problems in results for problem in problems] + clashes


def _check_file(path: Path, today: date) -> list[Problem]:
    file = parse_file_name(path.name)
    if file is None:
        try:
            inner = visible_entries(absolute_path(path).parent)
        except OSError:
            inner = []
        return [unknown_file_problem(path, inner, "course.md", "hieu.md", "lam.md", "dung.md")]
    folder = absolute_path(path).parent
    if file.kind == "course":
        return _check_published_course(_read_course_file(path, folder, today)[2], scan_course(folder))
    recheck_after = recheck_period(folder.parent, today)
    is_understand = file.kind == "understand"
    practices: LessonPractices = read_practices(folder, today, recheck_after) if is_understand else {}
    problems = _read_stage(file, path, folder, None, today, recheck_after, practices)[1]
    is_draft = draft_mark.is_draft_file(folder.parent / "course.md")
    return _without_links_to_drafts(problems) if is_draft else _check_published_lesson(problems, folder / "hieu.md")


def read_practices(folder: Path, today: date, recheck_after: int) -> LessonPractices:
    """The practices of a lesson's folder, without their problems, for a check of hieu.md alone."""
    files = [(file, path) for path in visible_entries(folder) if (file := parse_file_name(path.name))]
    return {
        file.name: cast("Practice | None", _read_stage(file, path, folder, None, today, recheck_after, {})[0])
        for file, path in files
        if file.kind == "practice" and file.language is None
    }


def recheck_period(folder: Path, today: date) -> int:
    """The recheck period, in days, of the course in ``folder``."""
    path = folder / "course.md"
    return _read_course_file(path, folder, today)[1] if path.is_file() else RECHECK_AFTER


def _read_course_file(path: Path, folder: Path, today: date) -> tuple[CoursePage | None, int, list[Problem]]:
    text, problems = read_text(path, folder)
    if text is None:
        return None, RECHECK_AFTER, problems
    page, recheck_after, in_text = read_course_page(text, str(path), folder=folder, today=today)
    return (None if problems else page), recheck_after, problems + _without_damaged_lines(in_text, problems)


def _read_stage(
    file: CourseFile,
    path: Path,
    folder: Path,
    boundary: Path | None,
    today: date,
    recheck_after: int,
    practices: LessonPractices,
) -> tuple[Content | None, list[Problem]]:
    """Read one file of a lesson in ``folder``. Symbolic links must not lead out of ``boundary``.

    ``practices`` are the lesson's, for the screens that hieu.md shows.
    """
    text, problems = read_text(path, boundary)
    if text is None:
        return None, problems
    content: Content | None
    if file.kind == "understand":
        content, in_text = read_understand(text, str(path), folder=folder, practices=practices)
    elif file.kind == "use":
        content, in_text = read_use(text, str(path), folder=folder)
    else:
        content, in_text = read_practice(
            text, str(path), name=file.name, folder=folder, today=today, recheck_after=recheck_after
        )
    return (None if problems else content), problems + _without_damaged_lines(in_text, problems)


def _without_damaged_lines(problems: Sequence[Problem], damaged: Sequence[Problem]) -> list[Problem]:
    """Drop problems in lines with invalid bytes: they would be about the spelling of a damaged word."""
    lines = {problem.line for problem in damaged}
    return [problem for problem in problems if problem.line not in lines]


def read_lesson(
    scan: LessonFolder, course: Path, today: date, recheck_after: int, *, is_draft: bool
) -> tuple[Lesson | None, list[Problem]]:
    """Read one lesson; it is None if any of its files has an error.

    ``is_draft``: the course is a draft as a whole, so that unfinished text is no error.
    """
    problems = list(scan.problems)
    results: dict[Path, tuple[Content | None, list[Problem]]] = {}
    practices: dict[str, Practice | None] = {}
    # hieu.md shows screens of the practices, so they are read first; problems stay in the order of the files.
    for file, path in sorted(scan.files, key=lambda pair: pair[0].kind != "practice"):
        results[path] = _read_stage(file, path, absolute_path(scan.path), course, today, recheck_after, practices)
        if file.kind == "practice" and file.language is None:
            practices[file.name] = cast("Practice | None", results[path][0])
    contents: list[Content] = []
    about_pictures: set[str] = set()
    for file, path in scan.files:
        content, in_file = results[path]
        problems.extend(_once_for_each_picture(in_file, about_pictures))
        if content is not None and file.language is None:
            contents.append(content)
    if is_draft:
        problems = _without_links_to_drafts(problems)
    else:
        problems = _check_published_lesson(problems, scan.source_file("understand"))
    understand = next((content for content in contents if isinstance(content, Understand)), None)
    if understand is None or has_errors(problems):
        return None, problems
    lesson = Lesson(
        course=absolute_path(scan.path).parent.name,
        slug=scan.slug,
        number=scan.number,
        understand=understand,
        practices=tuple(content for content in contents if isinstance(content, Practice)),
        use=next((content for content in contents if isinstance(content, Use)), None),
        folder=str(absolute_path(scan.path)),
    )
    return lesson, problems


def _once_for_each_picture(problems: Iterable[Problem], reported: set[str]) -> list[Problem]:
    """Without what was said of a picture file before: one file is mended once, wherever it is shown."""
    kept: list[Problem] = []
    for problem in problems:
        if problem.rule in ("picture-broken", "picture-heavy"):
            if problem.message in reported:
                continue
            reported.add(problem.message)
        kept.append(problem)
    return kept


def _build_course(folder: Path, page: CoursePage, lessons: Sequence[Lesson]) -> Course:
    drafts = tuple(lesson for lesson in lessons if page.is_draft or lesson.understand.is_draft)
    lessons = [
        replace(lesson, number=lesson.number - sum(draft.number < lesson.number for draft in drafts))
        for lesson in lessons
        if lesson not in drafts
    ]
    stages = [part.digest for lesson in lessons for part in lesson.files]
    return Course(
        slug=absolute_path(folder).name,
        name=page.name,
        summary=page.summary,
        checked=page.checked,
        sources=page.sources,
        recheck_after=page.recheck_after,
        lessons=tuple(lessons),
        intro=page.intro,
        folder=str(absolute_path(folder)),
        digest=digest(
            page.digest,
            *(f"{lesson.number} {lesson.slug}" for lesson in lessons),
            *stages,
            *_picture_sizes(absolute_path(folder)),
        )[:32],
        audience=page.audience,
        app=page.app,
        version=page.version,
        skills=page.skills,
        order=page.order,
        colours=page.colours,
        drafts=drafts,
    )


def _picture_sizes(folder: Path) -> list[str]:
    """All pictures of a course with their sizes: pages contain the sizes, so they are part of the course's digest."""
    paths = sorted(Path(current, name) for current, _, files in os.walk(folder) for name in files)
    pictures = [path for path in paths if path.suffix.lower() in PICTURE_KINDS]
    return [f"{path.relative_to(folder).as_posix()} {read_size(path)}" for path in pictures]
