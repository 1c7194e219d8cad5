"""Lessons whose folder got another number in the courses folder while they, or a translation of them, were hidden."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lms.content.files_digest import list_course_files
from lms.content.hideable_parts import HideablePart, lesson_folder, lesson_slug


def find_renumbered_folder(course: Path, part: HideablePart) -> str:
    """The folder that the lesson of a hidden part has now; "" if it is the same, or there is no such lesson.

    ``course``: the course in the courses folder.
    """
    if not part.lesson or (course / part.lesson / "hieu.md").is_file():
        return ""
    folders = (lesson_folder(path.relative_to(course).as_posix()) for path in sorted(course.glob("*/hieu.md")))
    return next((folder for folder in folders if lesson_slug(folder) == lesson_slug(part.lesson)), "")


def find_renumbered_files(course: Path, hidden: Iterable[HideablePart]) -> list[str]:
    """The files of hidden parts whose lesson has another number now, by their paths in the course as they are now."""
    found = set[str]()
    for part in hidden:
        if folder := find_renumbered_folder(course, part):
            paths = (path.relative_to(course).as_posix() for path in list_course_files(course / folder))
            found |= {path for path in paths if part.has(path)}
    return sorted(found)
