"""The current learner of a request: the learner cookie, and the row it refers to."""

from __future__ import annotations

from flask import Flask, Response, g, request

from lms.config import Settings
from lms.http.learner_cookie import LearnerCookie, read_cookie_header, set_cookie_header
from lms.learning.learners import learner_store
from lms.learning.store.models import Learner
from lms.web.database import session
from lms.web.request_context import settings


def init_app(app: Flask, settings: Settings) -> None:
    @app.after_request
    def send_learner_cookie(response: Response) -> Response:
        changed = g.pop("changed_learner_cookie", None)
        if changed is not None:
            response.headers.add("Set-Cookie", set_cookie_header(settings, changed))
        return response


def current_learner_cookie() -> LearnerCookie:
    """The browser's learner cookie; an empty one if there is none that was signed here."""
    if "learner_cookie" not in g:
        g.learner_cookie = read_cookie_header(settings(), request.headers.get("Cookie"))
    return g.learner_cookie


def set_learner_cookie(cookie: LearnerCookie) -> None:
    """Use this cookie for the rest of the request, and send it with the response."""
    g.learner_cookie = g.changed_learner_cookie = cookie
    g.pop("learner", None)


def current_learner_id() -> str | None:
    return current_learner_cookie().current


def current_learner() -> Learner | None:
    """The current learner's row; None if nothing was saved yet, or if the learner asked to be forgotten."""
    if "learner" not in g:
        learner_id = current_learner_id()
        g.learner = learner_store.find_learner(session(), learner_id) if learner_id else None
    return g.learner


def ensure_learner_id() -> str:
    """The id to save something for, a new one if there is none; the cookie's 400 days start again."""
    learner_id = current_learner_id() or learner_store.new_learner_id()
    set_learner_cookie(current_learner_cookie().with_current(learner_id))
    return learner_id


def replace_forgotten_learner() -> str:
    """A new id after the current learner was forgotten on another phone; the others on this phone stay."""
    learner_id = learner_store.new_learner_id()
    set_learner_cookie(current_learner_cookie().replace_current(learner_id))
    return learner_id
