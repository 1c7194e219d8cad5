"""Read and check one course, its lessons and their files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import cast

from lms.content import draft_flag
from lms.content.course_page import RECHECK_AFTER, CoursePage, read_course_page
from lms.content.digest import digest
from lms.content.files import CourseFile, original_of, parse_file_name, read_text
from lms.content.files_digest import course_files_digest
from lms.content.folders import CourseFolder, LessonFolder, absolute_path, scan_course, visible_entries
from lms.content.former_lessons import report_lesson_moved_twice
from lms.content.image_size import cached_sizes, read_size
from lms.content.inline_screen import LessonPractices
from lms.content.lesson_order import lesson_sort_key
from lms.content.links import PICTURE_KINDS
from lms.content.model import Course, CourseTranslation, Lesson, Practice, Understand, Use
from lms.content.model.library import number_lessons
from lms.content.practice.storyboard import read_practice
from lms.content.problems import Problem, has_errors
from lms.content.sample_text import refuse_sample_text
from lms.content.translation.lesson import original_digest_problems, read_translations, translate_file
from lms.content.translation.understand import with_typed_answers
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use

Content = Understand | Practice | Use | CoursePage


@dataclass(frozen=True, slots=True)
class CourseResult:
    """The result of reading one course; ``course`` is None if it has an error.

    ``files_digest`` was taken before the files were read. ``is_draft``: nobody but its author misses it.
    """

    course: Course | None
    problems: tuple[Problem, ...]
    files_digest: str = ""
    is_draft: bool = False


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
    is_draft = draft_flag.is_draft_file(_course_file(scan))
    unfinished = [lesson.path for lesson in scan.lessons if is_draft or _is_draft_lesson(lesson)]
    binding = [one for one in problems if not any(map(Path(one.path).is_relative_to, unfinished))]
    if page is None or has_errors(binding):
        return None, problems, is_draft
    return _build_course(folder, page, lessons), problems, is_draft


def _is_draft_lesson(lesson: LessonFolder) -> bool:
    return draft_flag.is_draft_file(lesson.source_file("understand"))


def _course_file(scan: CourseFolder) -> Path | None:
    return next((path for file, path in scan.files if file.language is None), None)


def _check_published_course(problems: list[Problem], scan: CourseFolder) -> list[Problem]:
    """The problems of course.md: sample text is an error if learners see the course."""
    if not _has_sample_text(problems) or draft_flag.is_draft_file(_course_file(scan)):
        return problems
    is_published = not all(map(_is_draft_lesson, scan.lessons))
    return refuse_sample_text(problems, "course.md") if is_published else problems


def _check_published_lesson(problems: list[Problem], understand: Path | None) -> list[Problem]:
    """The problems of a lesson or of one of its files: sample text is an error unless hieu.md makes it a draft.

    A draft may link to drafts.
    """
    if not _has_sample_text(problems) and not any(problem.rule == "link-to-draft" for problem in problems):
        return problems
    if draft_flag.is_draft_file(understand):
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
        if file.language is not None:
            in_file = _without_stale_dates(in_file)
        problems.extend(_check_published_course(in_file, scan))
        if file.language is None:
            page, recheck_after = read_page, days
        elif read_page is not None and page is not None:
            problems.extend(original_digest_problems(path, folder / "course.md"))
            translation = CourseTranslation(
                file.language,
                read_page.name,
                read_page.summary,
                read_page.intro,
                read_page.audience,
                read_page.digest,
            )
            page = replace(page, translations=(*page.translations, translation))
    lessons: list[Lesson] = []
    is_draft = page.is_draft if page else draft_flag.is_draft_file(_course_file(scan))
    for lesson_folder in scan.lessons:
        lesson, in_lesson = read_lesson(lesson_folder, folder, today, recheck_after, is_draft=is_draft)
        problems.extend(in_lesson)
        if lesson is not None:
            lessons.append(lesson)
    problems.extend(problem for _, problem in report_lesson_moved_twice(lessons))
    return page, lessons, problems


def _without_stale_dates(problems: Iterable[Problem]) -> list[Problem]:
    """The problems of a translation: the dates of checks on a real phone that count are the original's."""
    return [problem for problem in problems if problem.rule != "stale"]


def check_course_file(file: CourseFile, path: Path, today: date) -> list[Problem]:
    """All problems of one file of a course."""
    folder = absolute_path(path).parent
    if file.kind == "course":
        return _check_published_course(_read_course_file(path, folder, today)[2], scan_course(folder))
    recheck_after = recheck_period(folder.parent, today)
    is_understand = file.kind == "understand"
    practices: LessonPractices = read_practices(folder, today, recheck_after) if is_understand else {}
    content, problems = _read_stage(file, path, folder, None, today, recheck_after, practices)
    if file.language is not None:
        problems = problems + _compare_with_original(file, path, content, today, recheck_after, practices)
    is_draft = draft_flag.is_draft_file(folder.parent / "course.md")
    return _without_links_to_drafts(problems) if is_draft else _check_published_lesson(problems, folder / "hieu.md")


def _compare_with_original(
    file: CourseFile,
    path: Path,
    content: Content | None,
    today: date,
    recheck_after: int,
    practices: LessonPractices,
) -> list[Problem]:
    """What is wrong with a translation beside its original."""
    original = original_of(path)
    if original is None or not original.is_file():
        return []
    source = replace(file, language=None)
    read = _read_stage(source, original, original.parent, None, today, recheck_after, practices)[0]
    return translate_file(path, content, original, read)[1]


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
        content, in_file = _read_stage(file, path, absolute_path(scan.path), course, today, recheck_after, practices)
        results[path] = content, (_without_stale_dates(in_file) if file.language else in_file)
        if file.kind == "practice" and file.language is None:
            practices[file.name] = cast("Practice | None", results[path][0])
    contents: list[Content] = []
    about_pictures: set[str] = set()
    translations, about_translations = read_translations(
        scan.files, {path: content for path, (content, _) in results.items()}
    )
    for file, path in scan.files:
        content, in_file = results[path]
        problems.extend(_once_for_each_picture(in_file, about_pictures))
        if content is not None and file.language is None:
            contents.append(content)
    problems.extend(about_translations)
    if is_draft:
        problems = _without_links_to_drafts(problems)
    else:
        problems = _check_published_lesson(problems, scan.source_file("understand"))
    understand = next((content for content in contents if isinstance(content, Understand)), None)
    if understand is None or has_errors(problems):
        return None, problems
    for translation in translations:
        if translation.understand is not None:
            understand = with_typed_answers(understand, translation.understand)
    lesson = Lesson(
        course=absolute_path(scan.path).parent.name,
        slug=scan.slug,
        number=scan.number,
        understand=understand,
        practices=tuple(content for content in contents if isinstance(content, Practice)),
        use=next((content for content in contents if isinstance(content, Use)), None),
        folder=str(absolute_path(scan.path)),
        translations=translations,
    )
    return lesson, problems


def _once_for_each_picture(problems: Iterable[Problem], reported: set[str]) -> list[Problem]:
    """Leave out what was said of a picture file before: one file is mended once, wherever it is shown."""
    kept: list[Problem] = []
    for problem in problems:
        if problem.rule in ("picture-broken", "picture-heavy"):
            if problem.message in reported:
                continue
            reported.add(problem.message)
        kept.append(problem)
    return kept


def _build_course(folder: Path, page: CoursePage, lessons: Sequence[Lesson]) -> Course:
    lessons = sorted(lessons, key=lambda each: lesson_sort_key(page.lesson_order, each.slug, each.number))
    drafts = tuple(lesson for lesson in lessons if page.is_draft or lesson.understand.is_draft)
    lessons = number_lessons([lesson for lesson in lessons if lesson not in drafts], drafts, page.lesson_order)
    stages = [part.digest for lesson in lessons for part in (*lesson.files, *lesson.translations)]
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
            *(translation.digest for translation in page.translations),
            *(f"{lesson.number} {lesson.slug}" for lesson in lessons),
            *stages,
            *_picture_sizes(absolute_path(folder)),
        )[:32],
        audience=page.audience,
        app=page.app,
        version=page.version,
        skills=page.skills,
        order=page.order,
        lesson_order=page.lesson_order,
        colours=page.colours,
        drafts=drafts,
        recheck_items=page.recheck_items,
        translations=page.translations,
    )


def _picture_sizes(folder: Path) -> list[str]:
    """All pictures of a course with their sizes: pages contain the sizes, so they are part of the course's digest."""
    paths = sorted(Path(current, name) for current, _, files in os.walk(folder) for name in files)
    pictures = [path for path in paths if path.suffix.lower() in PICTURE_KINDS]
    return [f"{path.relative_to(folder).as_posix()} {read_size(path)}" for path in pictures]
