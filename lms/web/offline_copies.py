"""Headers of pages that a phone may keep for the time without a network."""

from __future__ import annotations

from flask import Response, request

from lms.assets import load_assets
from lms.content.model import Course
from lms.http.learner_cookie import learner_key
from lms.web.current_learner import current_learner_id
from lms.web.request_context import is_preview, library

NOBODY = "none"  # the key of a phone without a learner
VERSION_LENGTH = 12


def allow_offline_copy(response: Response, course: Course | None = None) -> Response:
    """Let the service worker keep this page for the present learner; not a draft.

    ``course``: the course of the page, if its URL does not name it.
    """
    if is_preview():
        return response
    learner_id = current_learner_id()
    response.headers["Learner-Key"] = learner_key(learner_id) if learner_id else NOBODY
    response.headers["Page-Version"] = page_version(
        course or library().course((request.view_args or {}).get("course_slug", ""))
    )
    return response


def page_version(course: Course | None) -> str:
    """The version of a page: of the static files that it loads, and of its course, or of all courses."""
    digest = course.digest if course else library().digest
    return f"{load_assets().build}-{digest[:VERSION_LENGTH]}"
