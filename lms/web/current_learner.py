"""Who is learning on this phone: the pass in the cookie, and the row it points to."""

from __future__ import annotations

from flask import Flask, Response, g, request

from lms.config import Settings
from lms.http.learner_cookie import COOKIE, MAX_AGE, Pass, read_pass, sign_pass
from lms.learning.learners import learner_store
from lms.learning.store.models import Learner
from lms.web.database import session
from lms.web.request_context import settings


def install(app: Flask, settings: Settings) -> None:
    @app.after_request
    def send_pass(response: Response) -> Response:
        changed = g.pop("pass_to_send", None)
        if changed is not None:
            response.set_cookie(
                cookie_name(settings),
                sign_pass(settings.secret_key, changed),
                max_age=MAX_AGE,
                secure=settings.https,
                httponly=True,
                samesite="Lax",
                path="/",
            )
        return response


def cookie_name(settings: Settings) -> str:
    return settings.cookie_prefix + COOKIE


def current_pass() -> Pass:
    """The phone's pass; an empty one when there is no cookie, or none that we signed."""
    if "learner_pass" not in g:
        text = request.cookies.get(cookie_name(settings()), "")
        g.learner_pass = (read_pass(settings().secret_key, text) if text else None) or Pass()
    return g.learner_pass


def change_pass(new: Pass) -> None:
    """From now on this phone belongs to these learners; the response says so."""
    g.learner_pass = g.pass_to_send = new
    g.pop("learner", None)


def current_learner_id() -> str | None:
    return current_pass().current


def current_learner() -> Learner | None:
    """The present learner's row; None when nothing is kept of her yet, or when she asked to be forgotten."""
    if "learner" not in g:
        learner_id = current_learner_id()
        g.learner = learner_store.find_learner(session(), learner_id) if learner_id else None
    return g.learner


def learner_id_to_keep() -> str:
    """The id to keep something under, new where there is none yet; the cookie's 400 days begin again."""
    learner_id = current_learner_id() or learner_store.new_learner_id()
    change_pass(current_pass().with_current(learner_id))
    return learner_id


def begin_anew() -> str:
    """An id for whoever goes on after "quên tôi" on another phone; the others who share this one stay."""
    known, learner_id = current_pass(), learner_store.new_learner_id()
    others = known.without(known.current, next_id=learner_id) if known.current else known
    change_pass(others.with_current(learner_id))
    return learner_id
