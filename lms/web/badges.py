"""Badges: the claim form, and the public page, document and picture of a badge."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Course, Lesson
from lms.learning.badges import awarding, openbadges
from lms.learning.errors import InvalidName, NumberInName
from lms.learning.learners import learner_store
from lms.learning.progress.course_progress import course_progress
from lms.learning.progress.lesson_progress import lesson_progress
from lms.web import clock, page_cache
from lms.web.badge_view import build_badge_view
from lms.web.current_learner import current_learner, current_learner_id
from lms.web.database import session
from lms.web.language import translate
from lms.web.lesson_language import in_page_language
from lms.web.next_steps import NextLink, next_after_badge, next_in_lesson
from lms.web.request_context import course_and_lesson_or_404, course_or_404, issuer, library

bp = Blueprint("badges", __name__)


@bp.after_request
def add_noindex_header(response: Response) -> Response:
    """A badge is for whoever has its link: search engines must not find a learner's name."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/toi/nhan-huy-hieu/<course_slug>")
@bp.get("/toi/nhan-huy-hieu/<course_slug>/<lesson_slug>")
def show_claim_form(course_slug: str, lesson_slug: str | None = None) -> Response:
    return _claim_form(*_course_and_lesson(course_slug, lesson_slug))


@bp.post("/toi/nhan-huy-hieu/<course_slug>")
@bp.post("/toi/nhan-huy-hieu/<course_slug>/<lesson_slug>")
def claim_badge(course_slug: str, lesson_slug: str | None = None) -> ResponseReturnValue:
    course, lesson = _course_and_lesson(course_slug, lesson_slug)
    learner = current_learner()
    if learner is None:
        return _claim_form(course, lesson)
    name = request.form.get("ten", "")
    try:
        badge_name = learner_store.clean_badge_name(name)
        if badge_name and badge_name != learner.name:
            learner_store.rename_learner(session(), learner, badge_name)
    except InvalidName as error:
        return _claim_form(course, lesson, typed=name, refused=error)
    badge = awarding.award_badge(
        session(), learner, library(), course_slug, lesson_slug, name=name, issuer=issuer(), now=clock.now()
    )
    return redirect(f"/huy-hieu/{badge.id}", 303)


@bp.get("/huy-hieu/nguoi-trao")
def show_issuer() -> Response:
    return _json_ld(openbadges.issuer_document(issuer(), awarding.all_published_keys(session().connection(), issuer())))


@bp.get("/huy-hieu/<badge_id>")
def show_badge(badge_id: str) -> Response:
    badge = awarding.find_badge(session(), badge_id)
    is_own = badge.learner_id == current_learner_id()
    course = library().course(badge.course)
    course = in_page_language(course) if course else None
    response = make_response(
        render_template(
            "badges/badge.html",
            certificate=build_badge_view(badge, course),
            next_link=next_after_badge(badge.course, badge.lesson) if is_own else None,
        )
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/huy-hieu/<badge_id>.json")
def show_badge_document(badge_id: str) -> Response:
    return _json_ld(awarding.find_signed_credential(session(), badge_id))


@bp.get("/huy-hieu/<badge_id>.png")
def show_badge_picture(badge_id: str) -> Response:
    picture = awarding.badge_png(awarding.find_badge(session(), badge_id))
    response = Response(picture, mimetype="image/png")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _course_and_lesson(course_slug: str, lesson_slug: str | None) -> tuple[Course, Lesson | None]:
    return course_and_lesson_or_404(course_slug, lesson_slug) if lesson_slug else (course_or_404(course_slug), None)


def _claim_form(
    course: Course, lesson: Lesson | None, *, typed: str = "", refused: InvalidName | None = None
) -> Response:
    course = in_page_language(course)
    lesson = course.lesson(lesson.slug) if lesson else None
    learner = current_learner()
    learner_id = learner.id if learner else None
    progress = course_progress(session(), learner_id, course)
    row = next((row for row in progress.lessons if lesson and row.lesson.slug == lesson.slug), progress)
    if lesson:
        next_link = next_in_lesson(course, lesson, lesson_progress(session(), learner_id, lesson))
    else:
        next_link = NextLink(f"/{course.slug}", translate("Xem còn thiếu gì"))
    page = render_template(
        "badges/claim.html",
        course=course,
        lesson=lesson,
        is_claimable=row.claimable,
        badge_id=row.badge_id,
        name=typed or (learner.name if learner else None),
        refused="number" if isinstance(refused, NumberInName) else "long" if refused else None,
        next_link=next_link,
    )
    return page_cache.no_store_page(page, status=422 if refused else 200)


def _json_ld(document: dict[str, Any]) -> Response:
    response = jsonify(document)
    response.mimetype = "application/ld+json"
    response.headers["Cache-Control"] = "no-cache"
    # Wallets and verifiers fetch it from their own pages; the response does not depend on cookies.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
