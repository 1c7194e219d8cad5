"""The calendar that people read: Vietnam's, wherever the machine stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))  # no daylight saving


def today() -> date:
    """What a course's freshness is counted by."""
    return datetime.now(VIETNAM).date()
