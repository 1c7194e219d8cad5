"""The index of the workshop: courses and lessons with their state, and all published practices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, abort, render_template

from lms.content.model import Course, Lesson, Practice
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import CITY, Subject
from lms.learning.workshop.courses import wards_of_courses
from lms.learning.workshop.file_names import lesson_folder
from lms.learning.workshop.review import FileState, State, find_open_files
from lms.web.accounts.signed_in import current_account, permission_required
from lms.web.database import session
from lms.web.page_cache import no_store_page
from lms.web.request_context import catalog, course_and_lesson_or_404, library
from lms.web.workshop.blueprint import bp
from lms.web.workshop.recheck import overdue_rows
from lms.web.workshop.wording import ERROR_STATE, STATE_NAMES

# Of several files: the one that needs most.
_FIRST_STATES: tuple[State, ...] = ("returned", "draft", "submitted", "approved")


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course with the states of its lessons by folder, and the files that are saved here and not published."""

    slug: str
    name: str
    course: Course | None
    states: dict[str, str]
    open_files: tuple[FileState, ...]
    may_write: bool


@bp.get("")
@permission_required("see_workshop")
def show_practices() -> Response:
    return render_index()


def render_index(*, error: str = "", typed: str = "") -> Response:
    """The page; with what was typed and an error, if no course of this name can begin."""
    files, account = find_open_files(session()), current_account()
    page = render_template(
        "workshop/practices.html",
        rows=_course_rows(files),
        waiting=sum(file.state == "submitted" for file in files),
        state_names=STATE_NAMES,
        account=account,
        rechecks=overdue_rows(),
        may_begin=account is not None and permissions.may(account, "author", Subject(account.ward)),
        error=error,
        typed=typed,
    )
    return no_store_page(page, status=422 if error else 200)


def _course_rows(files: Iterable[FileState]) -> list[CourseRow]:
    by_course: dict[str, list[FileState]] = {}
    for file in files:
        if file.follows_a_text:
            continue
        by_course.setdefault(file.course, []).append(file)
    wards, account = wards_of_courses(session()), current_account()
    published = {course.slug: course for course in library()}
    slugs = [*published, *sorted({*by_course, *wards} - published.keys())]
    rows = [
        CourseRow(
            slug,
            published[slug].name if slug in published else slug,
            published.get(slug),
            _lesson_states(slug, by_course.get(slug, []), published.get(slug)),
            tuple(by_course.get(slug, ())),
            permissions.may(account, "author", Subject(wards.get(slug, CITY))),
        )
        for slug in slugs
    ]
    return sorted(rows, key=lambda row: not row.may_write)  # what the account writes stands first


def _lesson_states(slug: str, files: Iterable[FileState], course: Course | None) -> dict[str, str]:
    """By the lesson's folder, or its slug where the catalog finds errors."""
    states = {folder_name(lesson): STATE_NAMES["published"] for lesson in (course.lessons if course else ())}
    found: dict[str, set[State]] = {}
    for file in files:
        found.setdefault(lesson_folder(file.path), set()).add(file.state)
    for folder, of_files in found.items():
        states[folder] = next(STATE_NAMES[each] for each in _FIRST_STATES if each in of_files)
    for lesson in course.lessons if course else ():
        if catalog().errors(slug, lesson.slug):
            states[folder_name(lesson)] = ERROR_STATE
    return states


def folder_name(lesson: Lesson) -> str:
    """The name of the lesson's folder, like "02-kich-hoat"."""
    return lesson.folder.replace("\\", "/").rpartition("/")[2]


def practice_or_404(course_slug: str, lesson_slug: str, name: str) -> tuple[Course, Lesson, Practice]:
    """The practice with its course and lesson, or 404."""
    course, lesson = course_and_lesson_or_404(course_slug, lesson_slug)
    return course, lesson, lesson.practice_named(name) or abort(404)


def workshop_path(lesson: Lesson, practice: Practice) -> str:
    """The end of a practice's URLs in the workshop, after the page's own name."""
    return f"{lesson.course}/{lesson.slug}" + (f"/{practice.name}" if practice.name else "")
