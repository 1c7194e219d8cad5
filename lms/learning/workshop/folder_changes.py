"""Changes of the courses folder, by git or an editor, become revisions of the files that the workshop knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.learning.store.models import FileRevision
from lms.learning.workshop.courses import lock_known_course
from lms.learning.workshop.file_contents import content_digest
from lms.learning.workshop.folder_files import read_folder_file
from lms.learning.workshop.publication_check import CheckedChanges
from lms.learning.workshop.published_revisions import find_published_revision_numbers
from lms.learning.workshop.publishing import publish_folder_changes
from lms.learning.workshop.revision_saving import add_revision
from lms.learning.workshop.revisions import FileHead, Revision, find_heads, find_history, follows_folder


def import_folder_changes(session: Session, course: str, *, folder: Path, now: datetime) -> list[str]:
    """Keep what the folder has of a course's files where that is new; returns their paths. The course has no errors.

    It becomes the latest revision where the workshop had nothing newer than the folder, and is published where the
    file was published here. Else it stands beside the latest one, to be merged, and what is published stays.

    Raises:
        NotFound: nothing of this course was saved here.
    """
    lock_known_course(session, course)
    taken: list[str] = []
    to_publish: dict[str, int] = {}
    published_numbers = find_published_revision_numbers(session, course)
    for head in find_heads(session, course):
        body = read_folder_file(folder / course, head.path)
        history = find_history(session, course, head.path)
        if body is None or _is_known(body, history):
            continue
        by_number = {each.number: each for each in history}
        follows = follows_folder(history, by_number[head.latest])
        number = _add(session, head, body, by_number, history, follows=follows, now=now)
        taken.append(head.path)
        published = by_number.get(published_numbers.get(head.path) or 0)
        if follows and published is not None and published.digest == by_number[head.latest].digest:
            to_publish[head.path] = number
    if to_publish:
        publish_folder_changes(session, CheckedChanges(course, to_publish), now=now)
    return taken


def has_folder_changes(session: Session, course: str, *, folder: Path) -> bool:
    """Whether ``import_folder_changes`` would find something. It only reads."""
    known = _folder_digests(session, course)
    for head in find_heads(session, course):
        body = read_folder_file(folder / course, head.path)
        if body is not None and content_digest(body) not in known.get(head.path, ()):
            return True
    return False


def _folder_digests(session: Session, course: str) -> dict[str, set[str]]:
    """What the folder has had, by path: one query, where the histories of all files would be many rows."""
    of_folder = select(FileRevision.path, FileRevision.digest).where(
        FileRevision.course == course, FileRevision.source == "folder"
    )
    found: dict[str, set[str]] = {}
    for row in session.connection().execute(of_folder):
        found.setdefault(row.path, set()).add(row.digest)
    return found


def _is_known(body: bytes, history: Sequence[Revision]) -> bool:
    return content_digest(body) in {each.digest for each in history if each.source == "folder"}


def _add(
    session: Session,
    head: FileHead,
    body: bytes,
    by_number: dict[int, Revision],
    history: Sequence[Revision],
    *,
    follows: bool,
    now: datetime,
) -> int:
    is_latest_text = content_digest(body) == by_number[head.latest].digest
    of_folder = next((each.number for each in history if each.source == "folder"), None)
    parent = head.latest if follows or is_latest_text else of_folder
    return add_revision(session, head, body, parent=parent, by=None, source="folder", now=now, becomes_latest=follows)
