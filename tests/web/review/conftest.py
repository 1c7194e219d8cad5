"""Fixtures of the reviews: their course, and the day on which a phone looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.web.review_course import write_review_course

FINISHED = date(2026, 11, 25)


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_review_course


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], date]:
    """Makes it so many days after the lesson was finished."""

    def set_day(days: int) -> date:
        day = FINISHED + timedelta(days=days)
        monkeypatch.setattr("lms.web.clock.today", lambda: day)
        monkeypatch.setattr("lms.web.clock.now", lambda: datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
        return day

    set_day(0)
    return set_day
