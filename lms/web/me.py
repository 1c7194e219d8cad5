"""Trang của tôi: what I did, my learning code, who else uses this phone, and being forgotten."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request

from lms.learning.learners import learner_store
from lms.learning.progress import learner_progress
from lms.learning.store.models import Learner
from lms.web import clock, learning_code_card, page_cache
from lms.web.current_learner import change_pass, current_learner, current_learner_id, current_pass
from lms.web.database import session
from lms.web.next_steps import Step, claiming, resuming
from lms.web.request_context import library, settings

bp = Blueprint("me", __name__, url_prefix="/toi")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody else who uses this phone. ``key`` is what the form sends: her id stays out of the page."""

    key: str
    name: str | None


@bp.get("")
def show() -> Response:
    return _page()


@bp.post("/ten")
def keep_name() -> Response:
    learner_store.rename(session(), _me(), request.form.get("ten", ""))
    return redirect("/toi", 303)


@bp.post("/ma-moi")
def take_new_code() -> Response:
    learner_store.replace_code(session(), _me())
    return redirect("/toi#ma-hoc", 303)


@bp.get("/vao/<code>")
def offer_to_go_on(code: str) -> Response:
    """Whoever scanned the square decides here: a link alone must not change who this phone belongs to."""
    known = learner_store.by_code(session(), code, secret=settings().secret_key)
    return page_cache.private(render_template("me/go_on.html", code=code, known=known))


@bp.post("/vao")
def go_on() -> Response:
    typed = request.form.get("ma", "").strip()
    known = learner_store.by_code(session(), typed, secret=settings().secret_key) if typed else None
    if known is None:
        return _page(refused=True, typed=typed, status=422)
    current, before = current_learner(), current_pass()
    if current is None and before.current:  # nothing was kept for whoever sat here: she leaves no empty place behind
        before = before.without(before.current, next_id=known.id)
    change_pass(before.with_current(known.id))
    return redirect("/", 303)


@bp.post("/may-chung")
def change_person() -> Response:
    """``nguoi``: "moi" for somebody new, else a person's key. A name given on the way is the present person's."""
    known, wanted = current_pass(), request.form.get("nguoi", "moi")
    name = request.form.get("ten", "").strip()
    if name and current_learner():
        learner_store.rename(session(), current_learner(), name)
    if wanted == "moi":
        change_pass(known.with_current(learner_store.new_learner_id()))
    else:
        found = next((one for one in known.learner_ids if _key(one) == wanted), None)
        change_pass(known.with_current(found or abort(404)))
    return redirect("/", 303)


@bp.post("/quen")
def forget() -> Response:
    """Asks once more first; then nothing is left but an id that says nothing."""
    learner_id = current_learner_id() or abort(404)
    if request.form.get("chac") != "co":
        return page_cache.private(render_template("me/forget.html"))
    learner_store.forget_id(session(), learner_id, now=clock.now())
    change_pass(current_pass().without(learner_id, next_id=learner_store.new_learner_id()))
    return page_cache.private(render_template("me/forgotten.html"))


def _page(*, refused: bool = False, typed: str = "", status: int = 200) -> Response:
    learner = current_learner()
    found = learner_progress.my_page(session(), learner.id if learner else None, library())
    page = render_template(
        "me/me.html",
        page=found,
        learner=learner,
        code=learning_code_card.code_card(learner) if learner else None,
        step=_step(found),
        people=_others(),
        refused=refused,
        typed=typed,
    )
    return page_cache.private(page, status=status)


def _step(found: learner_progress.MyPage) -> Step:
    """The same as home's."""
    if found.ahead.badge:
        return claiming(found.ahead.badge)
    if found.resume:
        return resuming(found.resume)
    first = next((one.course for one in found.courses if one.course.lessons), None)
    if first is None or found.badges:
        return Step("/", "Về trang đầu")
    return Step(f"/{first.slug}/{first.lessons[0].slug}", "Bắt đầu học")


def _others() -> list[Person]:
    present = current_learner_id()
    others = [one for one in current_pass().learner_ids if one != present]
    return [Person(_key(one), name) for one, name in learner_store.names(session(), others)] if others else []


def _me() -> Learner:
    return current_learner() or abort(404)


def _key(learner_id: str) -> str:
    return hashlib.sha256(learner_id.encode()).hexdigest()[:12]
