"""The courses that people learn from. Each process of the tests reads them once: that takes a second, and nobody can
write to what was read."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from lms.content.library import LibraryResult, read_library
from lms.content.model import Library

COURSES = Path(__file__).parents[1] / "courses"


@cache
def reading() -> LibraryResult:
    return read_library(COURSES, today=datetime.now(UTC).date())


def library() -> Library:
    return reading().library
