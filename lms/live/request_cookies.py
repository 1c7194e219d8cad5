"""The learners of the browser that sent a request, read from its cookie once for the limits and for the write."""

from __future__ import annotations

from lms.config import Settings
from lms.http.learner_cookie import LearnerCookie, read_cookie_header
from lms.live.responses import Scope, find_header

_LEARNER_COOKIE = "lms.learner_cookie"  # key in a scope


def read_learner_cookie(settings: Settings, scope: Scope) -> LearnerCookie:
    """The learner cookie of the request; an empty one if there is none that was signed here."""
    cookie: LearnerCookie | None = scope.get(_LEARNER_COOKIE)
    if cookie is None:
        cookie = scope[_LEARNER_COOKIE] = read_cookie_header(settings, find_header(scope, b"cookie"))
    return cookie
