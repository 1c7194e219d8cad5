"""The current time and date for the web. Tests patch ``now`` and ``today``."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lms.vietnam_time import to_vietnam_time


def now() -> datetime:
    """The current time in UTC, timezone-aware."""
    return datetime.now(UTC)


def today() -> date:
    """The current date in Vietnam."""
    return to_vietnam_time(now()).date()
