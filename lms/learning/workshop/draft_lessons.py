"""Lessons that learners would not see if they were published, because their hieu.md says ``nháp: có``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from lms.content.draft_flag import is_draft_text
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.workshop.file_names import lesson_folder
from lms.learning.workshop.revision_review import FileState
from lms.learning.workshop.revisions import read_latest, read_revision


def find_draft_lessons(session: Session, states: Iterable[FileState], *, folders: Collection[str]) -> list[str]:
    """Those of these lesson folders that stay drafts when what is approved of them is published.

    Only a hieu.md that was saved here tells: one that lies in the folder alone says nothing.
    """
    found: list[str] = []
    for state in states:
        folder = lesson_folder(state.path)
        number = state.latest if state.state == "approved" else state.published
        if not number or folder not in folders or state.path != f"{folder}/hieu.md":
            continue
        if is_draft_text(read_revision(session, state.course, state.path, number).text, state.path):
            found.append(folder)
    return sorted(found)


def is_draft_lesson(session: Session, course: str, lesson: str, *, folder: Path) -> bool:
    """Whether the latest hieu.md of a lesson, by its folder's name, says that it is a draft."""
    path = f"{lesson}/hieu.md"
    try:
        return is_draft_text(read_latest(session, course, path, folder=folder).text, path)
    except (NotFound, InvalidCourseFile):  # a lesson without this part, or one that nobody can read
        return False
