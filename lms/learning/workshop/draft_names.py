"""What lessons and courses are called in the latest revisions of their texts, whether published or not."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from lms.content.lesson_name import name_in_text
from lms.learning.store.models import FileContent, FileRevision, WorkshopFile
from lms.learning.workshop.revisions import IS_LATEST_REVISION

_FILES_AT_ONCE = 200


def find_draft_names(session: Session, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The names by course and lesson folder, "" for the course itself; without those that nobody has saved or named."""
    paths = sorted((course, f"{folder}/hieu.md" if folder else "course.md") for course, folder in wanted)
    found: dict[tuple[str, str], str] = {}
    for start in range(0, len(paths), _FILES_AT_ONCE):
        rows = session.connection().execute(
            select(WorkshopFile.course, WorkshopFile.path, FileContent.body)
            .join(FileRevision, IS_LATEST_REVISION)
            .join(FileContent, FileContent.digest == FileRevision.digest)
            .where(tuple_(WorkshopFile.course, WorkshopFile.path).in_(paths[start : start + _FILES_AT_ONCE]))
        )
        for row in rows:
            name = name_in_text(row.body.decode("utf-8", "replace"))
            if name:
                found[row.course, row.path.rpartition("/")[0]] = name
    return found
