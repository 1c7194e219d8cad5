"""The courses that people learn from. Each process of the tests reads them once: that takes a second, and nobody can
write to what was read."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from lms.content.library import LibraryResult, read_library
from lms.content.model import Library
from lms.content.parsed_courses import FILE_NAME, ParsedCourses
from lms.vietnam_time import today

COURSES = Path(__file__).parents[1] / "courses"
_DAY = today()


def reading() -> LibraryResult:
    return _read(COURSES)


def library() -> Library:
    return reading().library


@cache
def parsed_courses_file(secret_key: str, courses: Path = COURSES) -> Path:
    """What a site with this secret key keeps of ``courses`` at its first start. It is copied and never written to."""
    folder = Path(tempfile.mkdtemp(prefix="lms-parsed-courses-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ParsedCourses(folder / FILE_NAME, secret_key, courses).keep(_read(courses).by_folder, _DAY)
    return folder / FILE_NAME


@cache
def _read(courses: Path) -> LibraryResult:
    return read_library(courses, today=_DAY)
