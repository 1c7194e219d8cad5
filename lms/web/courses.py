"""A course and a lesson: what is in them, what is done, where to go on."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    get_template_attribute,
    make_response,
    render_template,
    send_file,
)

from lms.content.links import find_picture
from lms.content.model import Course, Lesson
from lms.learning.progress import learner_progress
from lms.web import clock, learning_code_card, page_cache
from lms.web.database import rollback, session
from lms.web.errors import answer, wants_json
from lms.web.next_steps import Step, into_course, into_lesson
from lms.web.request_context import CourseMended, course_and_lesson, course_named, library

bp = Blueprint("courses", __name__)

PICTURE_AGE = 24 * 60 * 60  # seconds; pictures have no build in their address
MENDED = ("Khóa này đang được sửa", "Bác học khóa khác trước nhé. Sửa xong thì khóa này mở lại ở đúng chỗ này.")
MOST_PROBLEMS = 50  # of a course, on its page


@bp.app_errorhandler(CourseMended)
def tell_mended(error: CourseMended) -> Response:
    """A course that has no good version: to its author what is wrong, to everybody else that it is being mended."""
    rollback()
    shelf, slug = current_app.extensions["shelf"], str(error)
    if not shelf.watched or wants_json():
        return answer(503, MENDED)
    wrong = [problem for problem in shelf.problems_of(slug) if problem.level == "error"]
    page = render_template(
        "courses/mended.html", slug=slug, problems=wrong[:MOST_PROBLEMS], further=len(wrong) - MOST_PROBLEMS
    )
    response = make_response(page, 503)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<course>")
def show_course(course: str) -> Response:
    found = course_named(course)
    page = page_cache.shared_page(("course", found.slug), lambda: _render_course(found))
    return page_cache.answer(page, lambda learner_id: _course_slots(found, learner_id))


@bp.get("/<course>/<lesson>")
def show_lesson(course: str, lesson: str) -> Response:
    found_course, found = course_and_lesson(course, lesson)
    page = page_cache.shared_page(
        ("lesson", found_course.slug, found.slug), lambda: _render_lesson(found_course, found)
    )
    return page_cache.answer(
        page, lambda learner_id: _lesson_slots(found_course, found, learner_id), beside=learning_code_card.phone()
    )


@bp.get("/<course>/images/<path:name>")
def course_picture(course: str, name: str) -> Response:
    return _picture(course_named(course).folder, name)


@bp.get("/<course>/<lesson>/images/<path:name>")
def lesson_picture(course: str, lesson: str, name: str) -> Response:
    return _picture(course_and_lesson(course, lesson)[1].folder, name)


def _picture(folder: str, name: str) -> Response:
    response = send_file(find_picture(Path(folder), name) or abort(404), max_age=PICTURE_AGE)
    # A picture is only ever looked at: opened by itself, an SVG could run what an author pasted into it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _render_course(course: Course) -> str:
    first = course.lessons[0] if course.lessons else None
    step = Step(f"/{course.slug}/{first.slug}", f"Bắt đầu bài {first.number}") if first else None
    # What follows the first heading of course.md is for whoever looks after the course, not for whoever learns.
    opening, heading, rest = course.intro.partition("<h2")
    return render_template(
        "courses/course.html",
        course=course,
        opening=opening.strip(),
        rest=f"{heading}{rest}",
        step=step,
        today=clock.today(),
    )


def _course_slots(course: Course, learner_id: str) -> dict[str, str]:
    found, ahead = learner_progress.course_ahead(session(), learner_id, library(), course)
    marks = get_template_attribute("macros/marks.html", "marks")
    start = get_template_attribute("macros/button.html", "main_link")
    step = into_course(found, ahead)
    return {
        "step": start(step.href, step.words),
        "badge": get_template_attribute("macros/marks.html", "held")(found.badge_id),
        "sum": get_template_attribute("macros/marks.html", "sum_of_marks")(found),
    } | {f"lesson-{one.lesson.slug}": marks(one.lesson, one.earned) for one in found.lessons if one.started}


def _render_lesson(course: Course, lesson: Lesson) -> str:
    return render_template(
        "courses/lesson.html",
        course=course,
        lesson=lesson,
        step=into_lesson(course, lesson, None),
        today=clock.today(),
    )


def _lesson_slots(course: Course, lesson: Lesson, learner_id: str) -> dict[str, str]:
    found = learner_progress.lesson_progress(session(), learner_id, lesson)
    step = into_lesson(course, lesson, found)
    return {
        "beads": get_template_attribute("macros/beads.html", "beads")(lesson, "", found.earned),
        "keepsake": learning_code_card.card(found.earned),
        "step": get_template_attribute("macros/button.html", "main_link")(step.href, step.words),
        "badge": get_template_attribute("macros/marks.html", "held")(found.badge_id),
    }
