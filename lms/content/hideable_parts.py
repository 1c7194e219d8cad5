"""Parts of a course that can be hidden as a whole: a lesson, or a translation of a lesson or the course's page.

What is hidden is the part, not the files that it had then: a file that comes later is hidden with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from lms.content.files import parse_file_name
from lms.content.links import LESSON_FOLDER


@dataclass(frozen=True, slots=True, order=True)
class HideablePart:
    """A lesson by its folder, or with a language its translation; with "" for the folder that of the course's page."""

    lesson: str
    language: str = ""

    def has(self, path: str) -> bool:
        """Whether a file of the course, by its path in it, belongs to the part."""
        if self.lesson != lesson_folder(path):
            return False
        return _language(path) == self.language if self.language else bool(self.lesson)

    def is_shown_with(self, path: str) -> bool:
        """Whether it is shown again when this file is published: a lesson is not for the sake of a translation."""
        return self.has(path) and _language(path) == self.language


def hidden_parts(removed: Iterable[str]) -> list[HideablePart]:
    """The parts that are hidden if these files were removed, by their paths in the course: lessons without their first
    file, and translations of the other lessons and of the course's page of which any file is.
    """
    paths = list(removed)
    lessons = {lesson_folder(path) for path in paths if lesson_folder(path) and path.endswith("/hieu.md")}
    translations = {HideablePart(lesson_folder(path), _language(path)) for path in paths if _language(path)}
    return sorted({*map(HideablePart, lessons), *(part for part in translations if part.lesson not in lessons)})


def lesson_folder(path: str) -> str:
    """The name of the lesson's folder that a file is in; "" for a file of the course itself."""
    first, slash, _ = path.partition("/")
    return first if slash and LESSON_FOLDER.match(first) else ""


def _language(path: str) -> str:
    """The language of a translation, "" of every other file."""
    file = parse_file_name(PurePosixPath(path).name)
    return file.language or "" if file else ""
