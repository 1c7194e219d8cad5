"""Badges: claiming one, and the page, the document and the picture that anybody may see."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, render_template, request

from lms.content.model import Course, Lesson
from lms.learning.badges import artwork, awarding, openbadges
from lms.learning.errors import InvalidName
from lms.learning.learners import learner_store
from lms.learning.progress import learner_progress
from lms.web import clock, page_cache
from lms.web.current_learner import current_learner, current_learner_id
from lms.web.database import session
from lms.web.learning_code_card import qr_square, site_host
from lms.web.next_steps import Step, after_badge, into_lesson
from lms.web.request_context import course_named, issuer, library, settings

bp = Blueprint("badges", __name__)


@bp.after_request
def keep_out_of_search_engines(response: Response) -> Response:
    """Whoever was given the address may look; a name is not to be found by it."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/toi/nhan-huy-hieu/<course>")
@bp.get("/toi/nhan-huy-hieu/<course>/<lesson>")
def offer(course: str, lesson: str | None = None) -> Response:
    return _offer(*_claimed(course, lesson))


@bp.post("/toi/nhan-huy-hieu/<course>")
@bp.post("/toi/nhan-huy-hieu/<course>/<lesson>")
def claim(course: str, lesson: str | None = None) -> Response:
    found_course, found = _claimed(course, lesson)
    learner = current_learner()
    if learner is None:
        return _offer(found_course, found)
    name = request.form.get("ten", "")
    try:
        if learner_store.clean_name(name) != learner.name and name.strip():
            learner_store.rename(session(), learner, name)
    except InvalidName:
        return _offer(found_course, found, typed=name, status=422)
    badge = awarding.claim_badge(
        session(), learner, library(), course, lesson, name=name, issuer=issuer(), now=clock.now()
    )
    return redirect(f"/huy-hieu/{badge.id}", 303)


@bp.get("/huy-hieu/nguoi-trao")
def show_issuer() -> Response:
    return _document(openbadges.issuer_document(issuer()))


@bp.get("/huy-hieu/<badge_id>")
def show(badge_id: str) -> Response:
    badge = awarding.find_badge(session(), badge_id)
    address = f"{settings().public_url}/huy-hieu/{badge.id}"
    response = make_response(
        render_template(
            "badges/badge.html",
            badge=badge,
            course=library().course(badge.course),
            picture=artwork.svg(),
            square=qr_square(address),
            host=site_host(),
            onward=after_badge(badge.course, badge.lesson) if badge.learner_id == current_learner_id() else None,
        )
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/huy-hieu/<badge_id>.json")
def show_document(badge_id: str) -> Response:
    return _document(awarding.find_badge(session(), badge_id).document)


@bp.get("/huy-hieu/<badge_id>.png")
def show_picture(badge_id: str) -> Response:
    badge = awarding.find_badge(session(), badge_id)
    response = Response(awarding.badge_png(badge), mimetype="image/png")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _claimed(course: str, lesson: str | None) -> tuple[Course, Lesson | None]:
    found = course_named(course)
    return found, (found.lesson(lesson) or abort(404)) if lesson else None


def _offer(course: Course, lesson: Lesson | None, *, typed: str = "", status: int = 200) -> Response:
    learner = current_learner()
    learner_id = learner.id if learner else None
    whole = learner_progress.course_progress(session(), learner_id, course)
    row = next((one for one in whole.lessons if lesson and one.lesson.slug == lesson.slug), whole)
    if lesson:
        step = into_lesson(course, lesson, learner_progress.lesson_progress(session(), learner_id, lesson))
    else:
        step = Step(f"/{course.slug}", "Xem còn thiếu gì")
    page = render_template(
        "badges/claim.html",
        course=course,
        lesson=lesson,
        ready=row.claimable,
        held=row.badge_id,
        name=typed or (learner.name if learner else None),
        too_long=bool(typed),
        step=step,
    )
    return page_cache.private(page, status=status)


def _document(document: dict) -> Response:
    response = jsonify(document)
    response.mimetype = "application/ld+json"
    response.headers["Cache-Control"] = "no-cache"
    # Wallets and verifiers read it from their own pages; there is no cookie in what they are told.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
