"""Craft advice about what lies at a path: a folder of courses, a course, a lesson or a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from lms.content.authoring_advice.course_advice import LessonAdvice, advise_course
from lms.content.course_page import RECHECK_AFTER
from lms.content.course_reader import read_course_files, read_lesson
from lms.content.files import parse_file_name, read_text
from lms.content.folders import (
    absolute_path,
    looks_like_course,
    looks_like_lesson,
    scan_course,
    scan_lesson,
    visible_entries,
)
from lms.content.image_size import cached_sizes
from lms.content.model import Lesson
from lms.content.problems import Problem
from lms.content.source import normalize_source


def advise_path(path: Path, *, today: date) -> list[LessonAdvice]:
    """Craft advice about what ``check_path`` checks, lesson by lesson. A lesson with an error is left out.

    Some advice about a lesson compares it with its neighbours, so the whole course is read for it.
    """
    if looks_like_course(path):
        return _advise_course(path, today)
    if not path.is_dir() or looks_like_lesson(path):
        return _advise_in_course(path, today)
    courses = [child for child in visible_entries(path) if child.is_dir()]
    return [advice for child in courses for advice in _advise_course(child, today)]


def _advise_course(folder: Path, today: date) -> list[LessonAdvice]:
    with cached_sizes():
        scan = scan_course(folder)
        _, lessons, _ = read_course_files(scan, today)
    page = next((str(path) for file, path in scan.files if file.language is None), None)
    return _advise_lessons(folder, page, lessons, today)


def _advise_in_course(path: Path, today: date) -> list[LessonAdvice]:
    """Advice about one lesson or file, among the lessons of its course."""
    file = parse_file_name(path.name) if path.is_file() else None
    if path.is_file() and file is None:
        return []
    folder = path if file is None else path.parent
    course = absolute_path(folder) if file is not None and file.kind == "course" else absolute_path(folder).parent
    if (course / "course.md").is_file():
        advice = _advise_course(course, today)
    else:  # a draft outside a course
        lesson, _ = read_lesson(scan_lesson(folder), folder, today, RECHECK_AFTER, is_draft=True)
        advice = _advise_lessons(folder, None, [lesson] if lesson else [], today)
    return [
        replace(
            result,
            advice=_in_file(result.advice, folder, file and path.name),
            answered=_in_file(result.answered, folder, file and path.name),
        )
        for result in advice
        if absolute_path(Path(result.folder)) == absolute_path(folder)
    ]


def _in_file(problems: Sequence[Problem], folder: Path, name: str | None) -> tuple[Problem, ...]:
    """The problems in one file of a folder, or in all; with paths below the folder as it was given."""
    named = [(Path(problem.path).name, problem) for problem in problems]
    return tuple(replace(problem, path=str(folder / found)) for found, problem in named if name in (None, found))


def _advise_lessons(folder: Path, page: str | None, lessons: Sequence[Lesson], today: date) -> list[LessonAdvice]:
    paths = [page] if page else []
    for lesson in lessons:
        paths += [part.path for part in (lesson.understand, *lesson.practices, lesson.use) if part is not None]
    sources = {path: normalize_source(read_text(Path(path))[0] or "", path)[0] for path in paths}
    return advise_course(str(folder), page, lessons, sources, today)
