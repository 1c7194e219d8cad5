"""Saving revisions: nobody's text is lost, also if two authors began from the same one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from lms.content.files import MAX_BYTES
from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged, InvalidCourseFile, NotFound
from lms.learning.learners.learner_store import clean_line
from lms.learning.store.models import FileRevision, WorkshopFile
from lms.learning.workshop.courses import lock_course, require_author
from lms.learning.workshop.file_contents import content_digest, keep_content
from lms.learning.workshop.file_names import check_file_name, is_text
from lms.learning.workshop.revisions import (
    FileHead,
    Revision,
    Source,
    find_first_revision,
    find_head,
    find_history,
    find_revision,
    normalize_line_ends,
    read_latest,
    read_revision,
    read_revision_content,
    revision_ancestors,
)
from lms.learning.workshop.text_merge import merge_texts
from lms.message_catalog import mark_for_translation

MAX_WHY_LENGTH = 120
BROKEN_LETTERS = mark_for_translation("Trong chữ gửi lên có ký tự hỏng. Bác chép lại rồi lưu.")


@dataclass(frozen=True, slots=True)
class RevisionMerge:
    """Two texts that began from one. ``other``, ``mine``: numbers of the revisions; ``text``: both in one.

    To save what came of it: ``save_revision(…, parent=other, merged=mine)``.
    """

    other: int
    other_author: str
    mine: int
    text: str
    conflicts: int


@dataclass(frozen=True, slots=True)
class SaveResult:
    """``number``: the revision that has the text. ``merge``: somebody else had saved meanwhile, and both are kept."""

    number: int
    merge: RevisionMerge | None = None


def save_revision(
    session: Session,
    course: str,
    path: str,
    text: str,
    *,
    parent: int,
    why: str,
    by: Account,
    folder: Path,
    now: datetime,
    merged: int | None = None,
) -> SaveResult:
    """Keep a text as a revision. ``parent``: the number of the revision that the author began from, 0 for the folder's.

    The same text as the latest one is not kept twice, nor one that is sent again because its answer never came. Errors
    of the course language may be saved: it is a draft.

    Raises:
        NotAllowed: the account may not write this course.
        InvalidCourseFile: this is no text of a course.
        NotFound: there is no such course, or no revision of the number ``parent`` or ``merged``.
    """
    require_author(session, by, course)
    check_file_name(path)
    if not is_text(path):
        raise InvalidCourseFile(mark_for_translation("Đây là tệp hình, không sửa như chữ được."))
    body = _encode(text)
    lock_course(session, course, folder=folder, by=by, now=now)
    head = find_head(session, course, path) or _take_from_folder(session, course, path, folder, now)
    if head is None:
        return SaveResult(_begin_file(session, course, path, body, why=why, by=by, now=now))
    began_from = _find_parent(session, course, path, parent)
    if merged is not None:  # it may have been deleted since, as the text that the author began from
        other = _find_parent(session, course, path, merged)
        merged = other.number if other else None
    digest = content_digest(body)
    contained = revision_ancestors(find_history(session, course, path), head.latest)
    is_latest = digest == find_revision(session, course, path, head.latest).digest
    if is_latest and (merged is None or merged in contained):
        return SaveResult(head.latest)
    if began_from and began_from.number == head.latest:
        number = add_revision(
            session, head, body, parent=began_from.number, merged=merged, why=why, by=by, now=now, becomes_latest=True
        )
        return SaveResult(number)
    own_parent = began_from.number if began_from else None
    number = _find_same(session, head, own_parent, digest, by) or add_revision(
        session, head, body, parent=own_parent, merged=merged, why=why, by=by, now=now, becomes_latest=False
    )
    other, own = read_revision(session, course, path, head.latest), body.decode()
    base = read_revision_content(session, began_from).decode("utf-8", "replace") if began_from else ""
    # Somebody may have gone on from a text that was stored before it was sent again: all of it is in theirs.
    both = merge_texts(own if number in contained else base, own, other.text, other.author_name)
    return SaveResult(number, RevisionMerge(head.latest, other.author_name, number, both.text, both.conflicts))


def restore_revision(
    session: Session, course: str, path: str, number: int, *, latest: int, by: Account, folder: Path, now: datetime
) -> int:
    """Make an earlier content the latest again, as a new revision; returns its number.

    ``latest``: the number that was the latest when the author decided.

    Raises:
        NotAllowed, NotFound: as ``save_revision``.
        CourseFileChanged: somebody saved meanwhile.
    """
    require_author(session, by, course)
    lock_course(session, course, folder=folder, by=by, now=now)
    earlier, head = find_revision(session, course, path, number), find_head(session, course, path)
    if head is None or head.latest != latest:
        raise CourseFileChanged(f"{course}/{path}")
    if earlier.digest == find_revision(session, course, path, latest).digest:
        return latest
    return add_revision(
        session, head, read_revision_content(session, earlier), parent=latest, merged=number,
        why=f"lấy lại bản {number}", by=by, now=now, becomes_latest=True,
    )  # fmt: skip


def add_revision(
    session: Session,
    head: FileHead,
    body: bytes,
    *,
    parent: int | None,
    merged: int | None = None,
    why: str = "",
    by: Account | None,
    author_name: str = "",
    source: Source = "web",
    now: datetime,
    becomes_latest: bool,
) -> int:
    """Add a revision to a file whose course is locked; returns its number."""
    connection = session.connection()
    number, digest = head.last_number + 1, keep_content(session, body)
    of_file = (WorkshopFile.course == head.course, WorkshopFile.path == head.path)
    changed = {"last_number": number} | ({"latest": number} if becomes_latest else {})
    connection.execute(update(WorkshopFile.__table__).where(*of_file).values(changed))
    connection.execute(
        insert(FileRevision.__table__).values(
            course=head.course,
            path=head.path,
            number=number,
            parent=parent,
            merged=merged,
            digest=digest,
            source=source,
            author_id=by.id if by else None,
            author_name=author_name,
            saved_at=now,
            why=clean_line(why)[:MAX_WHY_LENGTH],
        )
    )
    return number


def add_empty_file(session: Session, course: str, path: str) -> FileHead:
    """Add a file without a revision yet; ``add_revision`` follows in the same transaction.

    Of a file that was deleted the numbers go on, so that nobody takes a new revision for an older one.
    """
    connection = session.connection()
    of_file = (WorkshopFile.course == course, WorkshopFile.path == path)
    last_number = connection.scalar(select(WorkshopFile.last_number).where(*of_file))
    if last_number is not None:
        return FileHead(course, path, last_number, latest=0, published=None)
    head = FileHead(course, path, last_number=0, latest=1, published=None)
    connection.execute(insert(WorkshopFile.__table__).values(asdict(head)))
    return head


def _take_from_folder(session: Session, course: str, path: str, folder: Path, now: datetime) -> FileHead | None:
    """Keep what the folder has as the first revision, so that the author's text can be compared with it."""
    try:
        text = read_latest(session, course, path, folder=folder).text
    except NotFound:
        return None
    body = text.encode("utf-8", "replace")
    add_revision(
        session, add_empty_file(session, course, path), body, parent=None, by=None, source="folder", now=now,
        becomes_latest=True,
    )  # fmt: skip
    return find_head(session, course, path)


def _begin_file(session: Session, course: str, path: str, body: bytes, *, why: str, by: Account, now: datetime) -> int:
    head = add_empty_file(session, course, path)
    return add_revision(session, head, body, parent=None, why=why, by=by, now=now, becomes_latest=True)


def _find_parent(session: Session, course: str, path: str, number: int) -> Revision | None:
    """The revision that an author began from; with number 0 that of the folder, or None: from nothing.

    From nothing also if somebody deleted the file meanwhile, and another text was begun.
    """
    first = find_first_revision(session, course, path)
    if number:
        return find_revision(session, course, path, number) if number >= first.number else None
    return first if first.source == "folder" else None


def _find_same(session: Session, head: FileHead, parent: int | None, digest: str, by: Account) -> int | None:
    """The number of the same text by the same author from the same parent, as after a double tap."""
    same = (FileRevision.parent == parent, FileRevision.digest == digest, FileRevision.author_id == by.id)
    return (
        session.connection()
        .execute(
            select(FileRevision.number).where(FileRevision.course == head.course, FileRevision.path == head.path, *same)
        )
        .scalars()
        .first()
    )


def _encode(text: str) -> bytes:
    try:
        body = normalize_line_ends(text).encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidCourseFile(BROKEN_LETTERS) from error
    if b"\0" in body:
        raise InvalidCourseFile(BROKEN_LETTERS)
    if len(body) > MAX_BYTES:
        raise InvalidCourseFile(
            mark_for_translation("Tệp này lớn hơn {kilobytes} KB. Bác tách bài ra rồi lưu."),
            kilobytes=MAX_BYTES // 1000,
        )
    return body
