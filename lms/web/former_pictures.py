"""Pictures of lessons as classes under way began with them, which the published lesson no longer has."""

from __future__ import annotations

from pathlib import Path

from lms.content.links import PICTURE_KINDS, find_picture
from lms.content.model import Lesson
from lms.learning.workshop.former_editions import read_last_published_picture
from lms.web import clock
from lms.web.database import session
from lms.web.request_context import library, settings


def find_former_picture(course: str, lesson: str, name: str) -> Path | bytes | None:
    """A picture by the slugs and the name in its URL: its file, or its bytes; None if no class needs it or has it."""
    former = [edition for key, edition in library().former.items() if key[:2] == (course, lesson)]
    editions = {each.folder_name: each for _, each in former}.values()
    return next((found for each in editions if (found := _find_in(course, each, name)) is not None), None)


def _find_in(course: str, lesson: Lesson, name: str) -> Path | bytes | None:
    for folder in (Path(lesson.folder), settings().courses_dir / course / lesson.folder_name):
        if path := find_picture(folder, name):
            return path
    if Path(name).suffix.lower() not in PICTURE_KINDS:
        return None
    paths = (f"{lesson.folder_name}/images/{name}", f"{lesson.folder_name}/{name}")
    return read_last_published_picture(session(), course, paths, now=clock.now())
