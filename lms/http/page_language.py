"""The cookie with the language that a phone chose for its pages, for Flask and the ASGI endpoints."""

from __future__ import annotations

from lms.config import Settings
from lms.http.learner_cookie import find_cookie
from lms.message_catalog import LANGUAGE_NAMES, SOURCE_LANGUAGE

COOKIE_NAME = "language"  # the name, behind ``settings.cookie_prefix``


def read_chosen_language(settings: Settings, header: str | None) -> str:
    """The language in a request's ``Cookie`` header; Vietnamese if none is there, or one that no page has."""
    chosen = find_cookie(header or "", settings.cookie_prefix + COOKIE_NAME)
    return chosen if chosen in LANGUAGE_NAMES else SOURCE_LANGUAGE
