"""Parts of a course that can be hidden as a whole: a lesson, or a translation of a lesson or the course's page.

What is hidden is the part, not the files that it had then: a file that comes later is hidden with it, and so is the
lesson when its folder gets another number.
"""

from __future__ import annotations

from collections.abc import Mapping
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
        """Whether a file of the course, by its path in it, belongs to the part, whatever the lesson's number."""
        slug = lesson_slug(self.lesson)
        if slug != lesson_slug(lesson_folder(path)) or bool(slug) != bool(self.lesson):
            return False
        return _language(path) == self.language if self.language else bool(self.lesson)

    def is_same_as(self, other: HideablePart) -> bool:
        """Whether both are one part, whatever the lesson's number."""
        return self.key == other.key

    def is_shown_with(self, path: str) -> bool:
        """Whether it is shown again when this file is published: a lesson is not for the sake of a translation."""
        return self.has(path) and _language(path) == self.language

    @property
    def key(self) -> tuple[str, str]:
        """What stays when the lesson gets another number."""
        return lesson_slug(self.lesson), self.language


def hidden_parts(published: Mapping[str, object]) -> list[HideablePart]:
    """The parts that are hidden by what is published of a course, by path in the course; None: the file was removed.

    Lessons without their first file, and translations of the other lessons and of the course's page without any of
    theirs. What was removed of a part that is published under another number counts no more. One that was removed
    under several numbers is told with the last of the mapping.
    """
    removed: dict[tuple[str, str], HideablePart] = {}
    in_folders: dict[tuple[str, str], set[str]] = {}
    for path, file in published.items():
        part = HideablePart(lesson_folder(path), _language(path))
        if not part.language and not (part.lesson and path.endswith("/hieu.md")):
            continue
        if file is None:
            removed[part.key] = part
        else:
            in_folders.setdefault(part.key, set()).add(part.lesson)
    hidden = [part for key, part in removed.items() if in_folders.get(key, set()) <= {part.lesson}]
    lessons = {lesson_slug(part.lesson) for part in hidden if not part.language}
    return sorted(part for part in hidden if not part.language or lesson_slug(part.lesson) not in lessons)


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
