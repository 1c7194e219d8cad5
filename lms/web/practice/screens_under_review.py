"""Screens of a practice with a warning for learners, since many phones differ from them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import Flask, current_app

from lms.content.model import Practice
from lms.learning.practice.mismatch_reports import ReportedScreen, screens_under_review
from lms.web import clock
from lms.web.database import session
from lms.web.label_check_dates import all_checked_dates

MAX_AGE_SECONDS = 60  # a class of forty starts within one; the reports of a screen change over weeks


@dataclass(slots=True)
class _Cached:
    screens: frozenset[ReportedScreen] = frozenset()
    until: float = 0.0  # on the monotonic clock


def init_app(app: Flask) -> None:
    app.extensions["screens_under_review"] = _Cached()


def reviewed_screen_ids(course: str, lesson: str, practice: Practice) -> frozenset[str]:
    """The ids of the practice's screens that are under review."""
    cached: _Cached = current_app.extensions["screens_under_review"]
    if time.monotonic() > cached.until:
        cached.screens = screens_under_review(session(), today=clock.today(), checked=all_checked_dates())
        cached.until = time.monotonic() + MAX_AGE_SECONDS
    place = (course, lesson, practice.name, practice.digest)
    return frozenset(
        each.screen
        for each in cached.screens
        if (each.course, each.lesson, each.practice, each.content_digest) == place
    )


def forget_cached_screens() -> None:
    """Make this process ask again: a report was saved."""
    current_app.extensions["screens_under_review"].until = 0.0
