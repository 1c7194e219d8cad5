"""The one place where the web asks for the time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))  # no daylight saving


def now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date on a Vietnamese calendar: what people read, and what a course's freshness is counted by."""
    return vietnamese(now()).date()


def vietnamese(moment: datetime) -> datetime:
    """The same moment as a clock in Vietnam shows it; a naive one, as SQLite gives it back, is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(VIETNAM)
