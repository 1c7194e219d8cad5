"""Every practice that is on the air, with the ways to look at it."""

from __future__ import annotations

from flask import Response, abort, render_template

from lms.content.model import Course, Lesson, Practice
from lms.web.accounts.signed_in import current_account, duty
from lms.web.page_cache import private
from lms.web.request_context import course_and_lesson, library
from lms.web.workshop.blueprint import bp


@bp.get("")
@duty("see_workshop")
def show_practices() -> Response:
    return private(render_template("workshop/practices.html", library=library(), account=current_account()))


def practice_at(course: str, lesson: str, name: str) -> tuple[Course, Lesson, Practice]:
    """The practice with its course and lesson, or 404."""
    found_course, found = course_and_lesson(course, lesson)
    return found_course, found, found.practice_named(name) or abort(404)


def path_to(lesson: Lesson, practice: Practice) -> str:
    """What follows the page's own name in an address of the workshop."""
    return f"{lesson.course}/{lesson.slug}" + (f"/{practice.name}" if practice.name else "")
