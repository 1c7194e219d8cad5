"""The one place where the web asks for the time."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lms.vietnam_time import VIETNAM


def now() -> datetime:
    """The present moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date on a Vietnamese calendar: what people read, and what a course's freshness is counted by."""
    return vietnamese(now()).date()


def day_in_words(day: date | datetime | str) -> str:
    """The date as people say it, of a day, of a moment, or of YYYY-MM-DD: "25 tháng 11 năm 2026"."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    elif isinstance(day, datetime):
        day = vietnamese(day)
    return f"{day.day} tháng {day.month} năm {day.year}"


def vietnamese(moment: datetime) -> datetime:
    """The same moment as a clock in Vietnam shows it; a naive one, as SQLite gives it back, is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(VIETNAM)
