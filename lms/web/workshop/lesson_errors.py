"""What keeps a file and its lesson from being published, told before somebody sends, approves or publishes it."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.file_check import FileCheck
from lms.content.problems import Problem
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.workshop.file_names import lesson_folder
from lms.learning.workshop.revisions import read_latest
from lms.web.database import session
from lms.web.language import translate, translate_number
from lms.web.request_context import settings
from lms.web.workshop.draft import Draft

MAX_SHOWN = 10
MAX_LINES = 6


@dataclass(frozen=True, slots=True)
class LessonErrors:
    """How many errors there are, and the first ``MAX_SHOWN`` of them with paths in the course.

    ``are_of_course_page``: they are of the page of a course, not of a lesson.
    """

    count: int
    shown: tuple[Problem, ...]
    are_of_course_page: bool = False


def find_lesson_errors(course: str, path: str) -> LessonErrors:
    """The errors of the latest text of a file and of the files beside it in its lesson; none of a file that is gone."""
    try:
        latest = read_latest(session(), course, path, folder=settings().courses_dir)
    except (InvalidCourseFile, NotFound):
        return LessonErrors(0, ())
    errors = errors_of(Draft(course, path, latest.text, latest.number).check())
    return LessonErrors(len(errors), errors[:MAX_SHOWN], are_of_course_page=not lesson_folder(path))


def errors_of(found: FileCheck) -> tuple[Problem, ...]:
    """The errors of a file, then those elsewhere in its lesson."""
    return tuple(problem for problem in (*found.problems, *found.elsewhere) if problem.level == "error")


def found_sentence(found: FileCheck) -> str:
    """What stands beside the button that checks: "2 lỗi: dòng 11, 19"."""
    errors = [problem.line for problem in found.problems if problem.level == "error"]
    others = [problem.line for problem in found.problems if problem.level != "error"]
    parts: list[str] = []
    if errors:
        count = translate_number("{count} lỗi", "{count} lỗi", len(errors)).format(count=len(errors))
        parts.append(f"{count}: {_lines(errors)}")
    if others:
        count = translate_number("{count} cảnh báo", "{count} cảnh báo", len(others)).format(count=len(others))
        parts.append(f"{count}: {_lines(others)}")
    if found.elsewhere:
        places = translate_number(
            "{count} chỗ ở tệp khác của bài", "{count} chỗ ở tệp khác của bài", len(found.elsewhere)
        )
        parts.append(places.format(count=len(found.elsewhere)))
    return "; ".join(parts) or translate("Không có lỗi nào.")


def _lines(lines: list[int]) -> str:
    each = sorted(set(lines))
    shown = ", ".join(map(str, each[:MAX_LINES])) + (", …" if len(each) > MAX_LINES else "")
    return translate("dòng {lines}").format(lines=shown)
