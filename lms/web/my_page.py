"""Trang của tôi: the learner's progress and badges, the learning code, shared phones, and deletion."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.http.learner_cookie import learner_key
from lms.learning import wards
from lms.learning.learners import learner_store
from lms.learning.practice import attempts
from lms.learning.progress import learner_progress
from lms.learning.store.models import Learner
from lms.web import clock, learning_code_card, page_cache, remembered_ward
from lms.web.badge_view import badge_title
from lms.web.current_learner import (
    current_learner,
    current_learner_cookie,
    current_learner_id,
    ensure_learner_id,
    set_learner_cookie,
)
from lms.web.database import session
from lms.web.home import RESUMED
from lms.web.lesson_language import course_library_in_page_language
from lms.web.next_steps import next_for_learner
from lms.web.request_context import code_key, library
from lms.web.spaced_review import count_cards_left

bp = Blueprint("me", __name__, url_prefix="/toi")


@dataclass(frozen=True, slots=True)
class OtherLearner:
    """Another learner on this phone. The form sends ``key``, so that no learner id is in the page."""

    key: str
    name: str | None


@bp.get("")
def show_my_page() -> Response:
    return _render_page()


@bp.post("/ten")
def save_learner_name() -> ResponseReturnValue:
    learner_store.rename_learner(session(), _learner_or_404(), request.form.get("ten", ""))
    return redirect("/toi", 303)


@bp.post("/phuong")
def choose_ward() -> ResponseReturnValue:
    """Remember a ward (``phuong``), forget it (""), or, with ``thoi``, remember only that nobody should ask again."""
    slug = request.form.get("phuong", "")
    ward = wards.find_ward_by_slug(slug) if slug else None
    if slug and ward is None:
        abort(404)
    if "thoi" in request.form:
        return remembered_ward.mark_ward_offered(redirect(f"/lich?phuong={slug}", 303))
    if ward or current_learner():
        learner_store.remember_ward(session(), ensure_learner_id(), ward.code if ward else None, now=clock.now())
    return remembered_ward.mark_ward_offered(redirect("/lich" if ward else "/toi#phuong", 303))


@bp.post("/ma-moi")
def replace_code() -> ResponseReturnValue:
    learner_store.replace_learning_code(session(), _learner_or_404())
    return redirect("/toi#ma-hoc", 303)


@bp.get("/vao/<code>")
def confirm_code(code: str) -> Response:
    """Asks before the phone switches to the learner of a scanned code: opening a link must not do that."""
    learner = learner_store.find_learner_by_code(session(), code, secret=code_key())
    return page_cache.no_store_page(render_template("me/confirm_code.html", code=code, learner=learner))


@bp.post("/vao")
def resume_with_code() -> ResponseReturnValue:
    typed = request.form.get("ma", "").strip()
    learner = learner_store.find_learner_by_code(session(), typed, secret=code_key()) if typed else None
    if learner is None:
        return _render_page(refused=True, typed=typed, status=422)
    cookie = current_learner_cookie()
    if current_learner() is None and cookie.current:  # an id without a saved row is not worth keeping in the cookie
        cookie = cookie.without(cookie.current, next_id=learner.id)
    set_learner_cookie(cookie.with_current(learner.id))
    learning_code_card.mark_code_seen()
    return redirect(f"/?{RESUMED}", 303)


@bp.post("/may-chung")
def switch_learner() -> ResponseReturnValue:
    """Switch to a new learner (``nguoi`` "moi") or to another by key. ``ten`` names the current learner first."""
    cookie, key = current_learner_cookie(), request.form.get("nguoi", "moi")
    name = request.form.get("ten", "").strip()
    learner = current_learner()
    if name and learner:
        learner_store.rename_learner(session(), learner, name)
    if key == "moi":
        set_learner_cookie(cookie.with_current(learner_store.new_learner_id()))
    else:
        learner_id = next((each for each in cookie.learner_ids if learner_key(each) == key), None)
        set_learner_cookie(cookie.with_current(learner_id or abort(404)))
    return redirect("/", 303)


@bp.post("/quen")
def forget_current_learner() -> Response:
    """Asks for confirmation, then deletes all the learner's data."""
    learner_id = current_learner_id() or abort(404)
    if request.form.get("chac") != "co":
        return page_cache.no_store_page(render_template("me/forget.html"))
    attempt_ids = attempts.all_attempt_ids_of_learner(session(), learner_id)
    learner_store.forget_learner_id(session(), learner_id, now=clock.now())
    is_shared = len(current_learner_cookie().learner_ids) > 1
    set_learner_cookie(current_learner_cookie().without(learner_id, next_id=learner_store.new_learner_id()))
    page = render_template(
        "me/forgotten.html", is_shared=is_shared, learner_key=learner_key(learner_id), attempt_ids=attempt_ids
    )
    return page_cache.no_store_page(page)


def _render_page(*, refused: bool = False, typed: str = "", status: int = 200) -> Response:
    learner = current_learner()
    page_data = learner_progress.everything_of_learner(
        session(), learner.id if learner else None, course_library_in_page_language(library())
    )
    page = render_template(
        "me/me.html",
        page=page_data,
        badge_titles={badge.id: badge_title(badge) for badge in page_data.badges},
        learner=learner,
        code=learning_code_card.code_card(learner) if learner else None,
        next_link=next_for_learner(page_data.next_activity, page_data.courses, has_badges=bool(page_data.badges)),
        review_count=count_cards_left(learner.id if learner else None, page_data.courses),
        other_learners=_other_learners(),
        ward=remembered_ward.find_remembered_ward(),
        refused=refused,
        typed=typed,
    )
    return page_cache.no_store_page(page, status=status)


def _other_learners() -> list[OtherLearner]:
    current_id = current_learner_id()
    other_ids = [learner_id for learner_id in current_learner_cookie().learner_ids if learner_id != current_id]
    if not other_ids:
        return []
    names = learner_store.learner_names(session(), other_ids)
    return [OtherLearner(learner_key(learner_id), name) for learner_id, name in names]


def _learner_or_404() -> Learner:
    return current_learner() or abort(404)
