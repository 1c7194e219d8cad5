"""Reads of revisions: the latest text of a file, an earlier one, and the history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from lms.content.files import read_text
from lms.learning.errors import InvalidCourseFile, NotFound
from lms.learning.store.models import AccountRow, FileContent, FileRevision, WorkshopFile
from lms.learning.workshop.file_names import check_course_name, check_file_name, is_text
from lms.message_catalog import mark_for_translation

Source = Literal["web", "folder"]
IS_LATEST_REVISION = and_(  # of the row in WorkshopFile
    FileRevision.course == WorkshopFile.course,
    FileRevision.path == WorkshopFile.path,
    FileRevision.number == WorkshopFile.latest,
)


@dataclass(frozen=True, slots=True)
class FileText:
    """A text as a revision has it. ``number`` 0: only the folder has it. ``author_name`` "": unknown, or a folder."""

    course: str
    path: str
    number: int
    text: str
    author_name: str = ""
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What is known of a revision besides its content."""

    course: str
    path: str
    number: int
    parent: int | None
    merged: int | None
    digest: str
    source: Source
    author_id: str | None
    author_name: str
    saved_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class FileHead:
    """Which revision of a file is the latest, and which was published last (None: none)."""

    course: str
    path: str
    last_number: int
    latest: int
    published: int | None


def read_latest(session: Session, course: str, path: str, *, folder: Path) -> FileText:
    """The text that the next author begins from: the latest revision, or what the folder has.

    Raises:
        InvalidCourseFile: the name is none of a text, or the file in the folder cannot be read.
        NotFound: there is no such file.
    """
    check_course_name(course)
    check_file_name(path)
    if not is_text(path):
        raise InvalidCourseFile(mark_for_translation("Đây là tệp hình, không sửa như chữ được."))
    head = find_head(session, course, path)
    if head is not None:
        return read_revision(session, course, path, head.latest)
    in_folder = folder / course / path
    if not in_folder.is_file():
        raise NotFound(f"{course}/{path}")
    text, problems = read_text(in_folder, folder / course)
    if text is None:
        raise InvalidCourseFile(problems[0].message)
    return FileText(course, path, 0, normalize_line_ends(text))


def read_revision(session: Session, course: str, path: str, number: int) -> FileText:
    """The text of one revision.

    Raises:
        NotFound: there is none of this number, or it is a picture.
    """
    revision = find_revision(session, course, path, number)
    if not is_text(path):
        raise NotFound(f"{course}/{path}")
    text = read_revision_content(session, revision).decode("utf-8", "replace")
    return FileText(course, path, number, text, revision.author_name, revision.saved_at)


def find_revision(session: Session, course: str, path: str, number: int) -> Revision:
    """One revision.

    Raises:
        NotFound: there is none of this number.
    """
    found = _find(session, *_of_file(course, path), FileRevision.number == number)
    if not found:
        raise NotFound(f"{course}/{path} {number}")
    return found[0]


def find_first_revision(session: Session, course: str, path: str) -> Revision:
    """The oldest revision of a file: number 1, or a later one if the file was deleted once and begun again.

    Raises:
        NotFound: nobody has saved the file here.
    """
    numbers = select(func.min(FileRevision.number)).where(*_of_file(course, path))
    return find_revision(session, course, path, session.connection().execute(numbers).scalar_one() or 0)


def find_history(session: Session, course: str, path: str) -> list[Revision]:
    """The revisions of a file, newest first; none if nobody has saved it here."""
    return _find(session, *_of_file(course, path))[::-1]


def read_revision_content(session: Session, revision: Revision) -> bytes:
    """The bytes of a revision."""
    return (
        session.connection().execute(select(FileContent.body).where(FileContent.digest == revision.digest)).scalar_one()
    )


def latest_files(session: Session, course: str, *, pictures_of: str | None = None) -> dict[str, bytes]:
    """The latest revisions of a course's files by path; of those only that somebody has saved here.

    ``pictures_of``: the folder of the only lesson whose pictures are wanted beside all texts.
    """
    wanted: ColumnElement[bool] = true()
    if pictures_of is not None:
        wanted = WorkshopFile.path.like("%.md") | WorkshopFile.path.startswith(f"{pictures_of}/")
    rows = session.connection().execute(
        select(WorkshopFile.path, FileContent.body)
        .join(FileRevision, IS_LATEST_REVISION)
        .join(FileContent, FileContent.digest == FileRevision.digest)
        .where(WorkshopFile.course == course, wanted)
    )
    return {row.path: row.body for row in rows}


def find_head(session: Session, course: str, path: str) -> FileHead | None:
    """Where the revisions of a file are; None if nobody has saved it here."""
    rows = _find_heads(session, WorkshopFile.course == course, WorkshopFile.path == path)
    return rows[0] if rows else None


def find_heads(session: Session, course: str) -> list[FileHead]:
    """Of all files of a course that somebody has saved here, by path."""
    return _find_heads(session, WorkshopFile.course == course)


def find_unmerged(history: Collection[Revision], latest: int) -> list[Revision]:
    """The revisions that somebody saved beside the latest one, and nobody has merged since; oldest first."""
    merged = revision_ancestors(history, latest)
    texts = {revision.digest for revision in history if revision.number in merged}
    left = [each for each in history if each.number not in merged and each.digest not in texts]
    followed = {revision.parent for revision in left} | {revision.merged for revision in left}
    return sorted((each for each in left if each.number not in followed), key=lambda each: each.number)


def revision_ancestors(history: Collection[Revision], number: int) -> set[int]:
    """The numbers of a revision and of all that it was made of."""
    by_number = {revision.number: revision for revision in history}
    found, to_see = set[int](), [number]
    while to_see:
        revision = by_number.get(to_see.pop())
        if revision is not None and revision.number not in found:
            found.add(revision.number)
            to_see += [one for one in (revision.parent, revision.merged) if one is not None]
    return found


def follows_folder(history: Collection[Revision], latest: Revision) -> bool:
    """Whether the workshop has nothing that the courses folder had not. ``history``: newest first."""
    of_folder = next((each for each in history if each.source == "folder"), None)
    return of_folder is not None and of_folder.digest == latest.digest


def normalize_line_ends(text: str) -> str:
    """The text as the workshop keeps it: without a byte order mark, lines ending alike."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _of_file(course: str, path: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return FileRevision.course == course, FileRevision.path == path


def _find(session: Session, *conditions: ColumnElement[bool]) -> list[Revision]:
    rows = session.connection().execute(
        select(*FileRevision.__table__.c, AccountRow.name.label("account_name"))
        .select_from(FileRevision)
        .outerjoin(AccountRow, AccountRow.id == FileRevision.author_id)
        .where(*conditions)
        .order_by(FileRevision.course, FileRevision.path, FileRevision.number)
    )
    return [_from_row(row) for row in rows]


def _from_row(row: Any) -> Revision:
    values = {name: getattr(row, name) for name in Revision.__dataclass_fields__}
    return Revision(**values | {"author_name": row.account_name or row.author_name})


def _find_heads(session: Session, *conditions: ColumnElement[bool]) -> list[FileHead]:
    columns = [getattr(WorkshopFile, name) for name in FileHead.__dataclass_fields__]
    rows = session.connection().execute(
        select(*columns).where(*conditions, WorkshopFile.latest > 0).order_by(WorkshopFile.path)
    )
    return [FileHead(*row) for row in rows]
