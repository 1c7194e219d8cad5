"""Which courses of the workshop, and which of their lessons, somebody looks for by a part of their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lms.content.fuzzy_matching import strip_diacritics
from lms.learning.workshop.courses import lesson_folders_of_courses
from lms.web.database import session
from lms.web.request_context import catalog
from lms.web.workshop.display_names import find_course_and_lesson_names

MAX_QUERY_LENGTH = 60  # code points


@dataclass(frozen=True, slots=True)
class FoundLesson:
    """A lesson whose name has what was typed. ``folder``: as "02-kich-hoat"."""

    folder: str
    name: str

    @property
    def slug(self) -> str:
        return self.folder.partition("-")[2]


def find_courses(query: str, slugs: Iterable[str]) -> dict[str, list[FoundLesson]]:
    """Of these courses those that have all words of ``query`` in their name, or in that of a lesson; by slug.

    Neither case nor tone marks count. The lessons that have them come along.
    """
    words, folders = _plain(query).split(), _lesson_folders()
    wanted = [(slug, folder) for slug in slugs for folder in ("", *sorted(folders.get(slug, ())))]
    found: dict[str, list[FoundLesson]] = {}
    names = find_course_and_lesson_names(wanted)
    for slug, folder in wanted:
        name = names[slug, folder]
        typed = _plain(f"{name} {folder or slug}")
        if all(word in typed for word in words):
            lessons = found.setdefault(slug, [])
            lessons += [FoundLesson(folder, name)] if folder else []
    return found


def _lesson_folders() -> dict[str, set[str]]:
    """The folders of all lessons, published or saved here, by course."""
    folders = lesson_folders_of_courses(session())
    for course in (*catalog().library.courses, *catalog().library.drafts):
        folders.setdefault(course.slug, set()).update(each.folder_name for each in (*course.lessons, *course.drafts))
    return folders


def _plain(text: str) -> str:
    return strip_diacritics(text).casefold()
