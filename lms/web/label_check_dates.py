"""When courses were last compared with real phones: the date in their file or of the checks, the later one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from lms.content.model import Course, Practice
from lms.learning.real_phone_checks.label_checks import label_check_dates
from lms.learning.store.database import read_sessions
from lms.web import clock
from lms.web.request_context import catalog, library

MAX_AGE_SECONDS = 60  # checks that another worker has saved are seen within it


@dataclass(slots=True)
class _Cached:
    dates: Mapping[str, date] = field(default_factory=dict[str, date])
    until: float = 0.0  # on the monotonic clock
    library_digest: str = ""


def init_app(app: Flask) -> None:
    app.extensions["label_check_dates"] = _Cached()
    app.jinja_env.globals.update(checked_on=course_checked_on, stale_since=overdue_check_date)


def label_check_dates_of_courses() -> Mapping[str, date]:
    """By course the date of its checks. Without a database it stays as it was: such pages are served all the same."""
    cached: _Cached = current_app.extensions["label_check_dates"]
    published = catalog().library
    if time.monotonic() > cached.until or cached.library_digest != published.digest:
        cached.until = time.monotonic() + MAX_AGE_SECONDS  # first, so that no second request waits for a database away
        cached.library_digest = published.digest
        items = {course.slug: [item.key for item in course.recheck_items] for course in published.courses}
        engine = current_app.extensions["sqlalchemy"].engine
        try:
            with read_sessions(engine)() as session:
                cached.dates = label_check_dates(session, items)
        except SQLAlchemyError:
            pass
    return cached.dates


def course_checked_on(course: Course) -> date:
    """The day of the last check against the real app."""
    return max(course.checked, label_check_dates_of_courses().get(course.slug, date.min))


def overdue_check_date(course: Course, practice: Practice | None = None) -> date | None:
    """``checked_on``, or for a practice with a date of its own that one, if the check is overdue; else None."""
    return course.stale_since(clock.today(), practice, seen=label_check_dates_of_courses().get(course.slug))


def all_checked_dates() -> dict[str, date]:
    """By course the day of its last check."""
    return {course.slug: course_checked_on(course) for course in library().courses}


def forget_cached_dates() -> None:
    """Make this process ask again: checks were saved."""
    current_app.extensions["label_check_dates"].until = 0.0
