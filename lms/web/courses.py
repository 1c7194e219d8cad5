"""The pages of courses and lessons, and their pictures."""

from __future__ import annotations

import hashlib
import io
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
from flask.typing import ResponseReturnValue

from lms.content.catalog import Catalog
from lms.content.links import find_picture
from lms.content.model import Course, Lesson
from lms.http.error_responses import error_text
from lms.http.errors import CourseUnavailable
from lms.http.learner_cookie import learner_key
from lms.learning.progress.lesson_progress import lesson_progress
from lms.learning.progress.next_activity import course_with_next_activity
from lms.web import clock, learning_code_card, page_cache
from lms.web.course_pictures import reduced_picture
from lms.web.database import rollback, session
from lms.web.errors import error_response, wants_json
from lms.web.former_pictures import find_former_picture
from lms.web.language import announce_missing_translation, translate, use_chosen_language
from lms.web.lesson_language import in_page_language, translated_or_404, understand_of
from lms.web.next_steps import NextLink, next_in_course, next_in_lesson
from lms.web.request_context import (
    course_and_lesson_or_404,
    course_or_404,
    library,
    settings,
    unavailable_lessons,
    visible_drafts,
)

bp = Blueprint("courses", __name__)

PICTURE_MAX_AGE = 24 * 60 * 60  # seconds; pictures have no build in their address
MAX_PROBLEMS = 50  # of a course, on its page


@bp.app_errorhandler(CourseUnavailable)
def show_unavailable_course(error: CourseUnavailable) -> ResponseReturnValue:
    """A course or lesson without a good version. Authors see its errors, everybody else that it is being mended."""
    rollback()
    catalog: Catalog = current_app.extensions["catalog"]
    if not catalog.authoring or wants_json():
        return error_response(error_text(error))
    errors = catalog.errors(error.course, error.lesson)
    page = render_template(
        "courses/unavailable.html",
        course=error.course,
        lesson=error.lesson,
        problems=errors[:MAX_PROBLEMS],
        further=len(errors) - MAX_PROBLEMS,
    )
    response = make_response(page, 503)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<course_slug>")
def show_course(course_slug: str) -> Response:
    course = course_or_404(course_slug)
    use_chosen_language()
    course = in_page_language(course)
    announce_missing_translation(course)
    return page_cache.respond(course_page(course), lambda learner_id: _personal_course_fragments(course, learner_id))


@bp.get("/<course_slug>/<lesson_slug>")
def show_lesson(course_slug: str, lesson_slug: str) -> Response:
    course, lesson = translated_or_404(course_slug, lesson_slug, understand_of)
    return page_cache.respond(
        lesson_page(course, lesson),
        lambda learner_id: _personal_lesson_fragments(course, lesson, learner_id),
        cache_key=learning_code_card.cache_key,
    )


@bp.get("/<course_slug>/images/<path:name>")
def show_course_picture(course_slug: str, name: str) -> Response:
    return _picture_response(find_picture(Path(course_or_404(course_slug).folder), name) or abort(404), name)


@bp.get("/<course_slug>/<lesson_slug>/images/<path:name>")
def show_lesson_picture(course_slug: str, lesson_slug: str, name: str) -> Response:
    """Also one that only a class still shows, which began with the lesson before it was changed or hidden."""
    lesson = library().lesson(course_slug, lesson_slug)
    picture = find_picture(Path(lesson.folder), name) if lesson else None
    picture = picture or find_former_picture(course_slug, lesson_slug, name)
    if picture is None:
        merged = course_and_lesson_or_404(course_slug, lesson_slug)[1]
        picture = find_picture(Path(merged.folder), name) or abort(404)
    return _picture_response(picture, name)


def course_page(course: Course) -> page_cache.SharedPage:
    return page_cache.shared_page(("course", course.slug), lambda: _render_course(course))


def lesson_page(course: Course, lesson: Lesson) -> page_cache.SharedPage:
    return page_cache.shared_page(("lesson", course.slug, lesson.slug), lambda: _render_lesson(course, lesson))


def _picture_response(picture: Path | bytes, name: str) -> Response:
    reduced = reduced_picture(picture, settings().data_dir) if isinstance(picture, Path) else None
    if reduced:
        content = io.BytesIO(reduced.content)
        response = send_file(content, reduced.media_type, etag=reduced.digest, max_age=PICTURE_MAX_AGE)
    elif isinstance(picture, Path):
        response = send_file(picture, max_age=PICTURE_MAX_AGE)
    else:
        etag = hashlib.sha256(picture).hexdigest()[:32]
        response = send_file(io.BytesIO(picture), download_name=name, etag=etag, max_age=PICTURE_MAX_AGE)
    # An SVG opened by itself could run scripts that an author pasted into it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _render_course(course: Course) -> str:
    # in another language the first that is translated into it
    first = next((each for each in course.lessons if each.understand.language), next(iter(course.lessons), None))
    next_link = (
        NextLink(f"/{course.slug}/{first.slug}", translate("Bắt đầu bài {number}").format(number=first.number))
        if first
        else None
    )
    # What follows the first heading of course.md is for those who maintain the course.
    opening, heading, rest = course.intro.partition("<h2")
    return render_template(
        "courses/course.html",
        course=course,
        opening=opening.strip(),
        rest=f"{heading}{rest}",
        next_link=next_link,
        drafts=visible_drafts(course.slug),
        unavailable_lessons=unavailable_lessons(course.slug),
        today=clock.today(),
    )


def _personal_course_fragments(course: Course, learner_id: str) -> dict[str, str]:
    progress, activity = course_with_next_activity(session(), learner_id, library(), course)
    marks = get_template_attribute("macros/marks.html", "marks")
    main_link = get_template_attribute("macros/button.html", "main_link")
    next_link = next_in_course(progress, activity)
    return {
        "next-link": main_link(next_link.href, next_link.label),
        "badge": get_template_attribute("macros/marks.html", "badge_link")(progress.badge_id),
        "course-progress": get_template_attribute("macros/marks.html", "course_progress_bar")(progress),
    } | {f"lesson-{row.lesson.slug}": marks(row.lesson, row.earned) for row in progress.lessons if row.started}


def _render_lesson(course: Course, lesson: Lesson) -> str:
    return render_template(
        "courses/lesson.html",
        course=course,
        lesson=lesson,
        next_link=next_in_lesson(course, lesson, None),
        today=clock.today(),
    )


def _personal_lesson_fragments(course: Course, lesson: Lesson, learner_id: str) -> dict[str, str]:
    progress = lesson_progress(session(), learner_id, lesson)
    next_link = next_in_lesson(course, lesson, progress)
    return {
        "learner": learner_key(learner_id),
        "stage-nav": get_template_attribute("macros/stage_nav.html", "stage_nav")(lesson, "", progress.earned),
        "code-card": learning_code_card.card_after_first_mark(progress.earned),
        "next-link": get_template_attribute("macros/button.html", "main_link")(next_link.href, next_link.label),
        "badge": get_template_attribute("macros/marks.html", "badge_link")(progress.badge_id),
    }
