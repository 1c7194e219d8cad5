"""The ward that a learner chose, and the offer to remember one, which each phone gets once."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import request

from lms.http.learner_cookie import MAX_AGE_SECONDS
from lms.learning.wards import Ward, find_ward
from lms.web.current_learner import current_learner
from lms.web.request_context import settings

_ASKED_COOKIE = "ward-asked"  # of the phone; says nothing about where it is
AnyResponse = TypeVar("AnyResponse", bound=Any)


def find_remembered_ward() -> Ward | None:
    """The current learner's ward; None if none was chosen, or if it is no longer in the list."""
    learner = current_learner()
    return find_ward(learner.ward) if learner and learner.ward else None


def is_ward_offered() -> bool:
    """Whether this phone has not been offered yet to remember a ward."""
    return settings().cookie_prefix + _ASKED_COOKIE not in request.cookies


def mark_ward_offered(response: AnyResponse) -> AnyResponse:
    """The response, which makes this phone offer nothing again."""
    name, secure = settings().cookie_prefix + _ASKED_COOKIE, settings().https
    response.set_cookie(name, "1", max_age=MAX_AGE_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return response
