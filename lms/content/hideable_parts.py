"""Parts of a course that can be hidden as a whole: a lesson, or a translation of a lesson or the course's page.

What is hidden is the part, not the files that it had then: a file that comes later is hidden with it, and so is the
lesson when its folder gets another number.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from lms.content.files import parse_file_name
from lms.content.links import LESSON_FOLDER


@dataclass(frozen=True, slots=True, order=True)
class HideablePart:
    """A lesson by its slug, or with a language its translation; with "" for the lesson that of the course's page."""

    lesson: str
    language: str = ""

    def has(self, path: str) -> bool:
        """Whether a file of the course, by its path in it, belongs to the part, whatever the lesson's number."""
        if lesson_slug(lesson_folder(path)) != self.lesson:
            return False
        return _language(path) == self.language if self.language else bool(self.lesson)


def lesson_folder(path: str) -> str:
    """The name of the lesson's folder that a file is in; "" for a file of the course itself."""
    first, slash, _ = path.partition("/")
    return first if slash and LESSON_FOLDER.match(first) else ""


def lesson_slug(folder: str) -> str:
    """What a lesson is called in its address, by the name of its folder: that without its number; "" if it is none."""
    match = LESSON_FOLDER.match(folder)
    return match["slug"] if match else ""


def _language(path: str) -> str:
    """The language of a translation, "" of every other file."""
    file = parse_file_name(PurePosixPath(path).name)
    return file.language or "" if file else ""
