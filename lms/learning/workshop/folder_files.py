"""Files of the courses folder as the workshop keeps them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lms.content.course_reader import read_course_result
from lms.learning.workshop.file_names import is_text
from lms.learning.workshop.revisions import normalize_line_ends


def read_folder_file(course: Path, path: str) -> bytes | None:
    """A file of a course's folder as the workshop keeps it; None if the folder lacks it, or it leads elsewhere."""
    file = course / path
    try:
        if not file.is_file() or not file.resolve().is_relative_to(course.resolve()):
            return None
        body = file.read_bytes()
        return normalize_line_ends(body.decode("utf-8")).encode() if is_text(path) else body
    except (OSError, UnicodeDecodeError):
        return None


def has_sound_folder(course: Path, *, today: date) -> bool:
    """Whether the courses folder has the course, and the checker finds no error in it. It reads the whole course."""
    return course.is_dir() and read_course_result(course, today=today).course is not None
