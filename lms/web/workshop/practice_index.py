"""The index of all published practices."""

from __future__ import annotations

from flask import Response, abort, render_template

from lms.content.model import Course, Lesson, Practice
from lms.web.accounts.signed_in import current_account, permission_required
from lms.web.page_cache import no_store_page
from lms.web.request_context import course_and_lesson_or_404, library
from lms.web.workshop.blueprint import bp
from lms.web.workshop.recheck import overdue_rows


@bp.get("")
@permission_required("see_workshop")
def show_practices() -> Response:
    return no_store_page(
        render_template(
            "workshop/practices.html", library=library(), account=current_account(), rechecks=overdue_rows()
        )
    )


def practice_or_404(course_slug: str, lesson_slug: str, name: str) -> tuple[Course, Lesson, Practice]:
    """The practice with its course and lesson, or 404."""
    course, lesson = course_and_lesson_or_404(course_slug, lesson_slug)
    return course, lesson, lesson.practice_named(name) or abort(404)


def workshop_path(lesson: Lesson, practice: Practice) -> str:
    """The end of a practice's URLs in the workshop, after the page's own name."""
    return f"{lesson.course}/{lesson.slug}" + (f"/{practice.name}" if practice.name else "")
