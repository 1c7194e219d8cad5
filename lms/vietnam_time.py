"""The time zone of Vietnam, whatever that of the server."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))  # no daylight saving


def today() -> date:
    """The current date in Vietnam, which decides whether a course is out of date."""
    return datetime.now(VIETNAM).date()
