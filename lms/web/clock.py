"""The current time and date for the web, and dates in Vietnamese words. Tests patch ``now`` and ``today``."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lms.vietnam_time import VIETNAM


def now() -> datetime:
    """The current time in UTC, timezone-aware."""
    return datetime.now(UTC)


def today() -> date:
    """The current date in Vietnam."""
    return to_vietnam_time(now()).date()


def day_in_words(day: date | datetime | str) -> str:
    """The date of a day, a time or a text like YYYY-MM-DD in words: "25 tháng 11 năm 2026"."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    elif isinstance(day, datetime):
        day = to_vietnam_time(day)
    return f"{day.day} tháng {day.month} năm {day.year}"


def moment_in_words(moment: datetime) -> str:
    """The Vietnamese local time and date of a moment: "9 giờ 05, ngày 25 tháng 11 năm 2026"."""
    local = to_vietnam_time(moment)
    return f"{local.hour} giờ {local.minute:02}, ngày {day_in_words(moment)}"


def to_vietnam_time(moment: datetime) -> datetime:
    """The time in Vietnam's time zone; a naive one, as SQLite returns it, is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(VIETNAM)
