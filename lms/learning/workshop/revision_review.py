"""Review: an author says that a revision is ready, and a second person approves of it or returns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, insert, or_, select, tuple_
from sqlalchemy.orm import Session

from lms.learning.accounts.account import Account
from lms.learning.errors import CourseFileChanged, NotFound, ReturnReasonMissing, ReviewerIsAuthor
from lms.learning.learners.learner_store import clean_line
from lms.learning.store.models import AccountRow, FileRevision, RevisionReview, WorkshopFile
from lms.learning.workshop.courses import lock_known_course, require_author, require_reviewer
from lms.learning.workshop.file_names import COURSE_FILE, is_text, reading_order
from lms.learning.workshop.revision_pictures import find_revision_pictures
from lms.learning.workshop.revisions import FileHead, find_head, find_history, revision_ancestors

MAX_NOTE_LENGTH = 300
_FILES_AT_ONCE = 200
Verdict = Literal["submitted", "approved", "returned"]
# "draft": nobody was asked to look at the latest revision.
State = Literal["draft", "submitted", "returned", "approved", "published"]


@dataclass(frozen=True, slots=True)
class FileState:
    """A file that was saved here, and how far its latest revision is."""

    course: str
    path: str
    latest: int
    published: int | None
    state: State
    author_name: str
    saved_at: datetime
    why: str

    @property
    def follows_a_text(self) -> bool:
        """Whether it is a picture that goes along with the text that shows it: looked over, and published first."""
        return self.published is None and not is_text(self.path)


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody said about a revision."""

    number: int
    verdict: Verdict
    account_name: str
    at: datetime
    note: str


def submit_for_review(
    session: Session, course: str, path: str, number: int, *, note: str, by: Account, now: datetime
) -> None:
    """Ask for a second person to look at the latest revision. Asking twice is asking once.

    Raises:
        NotAllowed: the account may not write this course.
        NotFound: there is no such file.
        CourseFileChanged: ``number`` is no longer the latest revision.
    """
    require_author(session, by, course)
    if _lock_latest(session, course, path, number) in ("draft", "returned"):
        _add(session, course, path, number, "submitted", note, by, now)


def approve_revision(
    session: Session, course: str, path: str, number: int, *, note: str, by: Account, now: datetime
) -> None:
    """Approve of the latest revision, so that it may be published; of a text with the pictures that it shows.

    Raises:
        NotAllowed: the account may not look over this course.
        NotFound: there is no such file, or nobody asked for a review of it.
        CourseFileChanged: ``number`` is no longer the latest revision.
        ReviewerIsAuthor: the account wrote something that was saved since the file was published last.
    """
    require_reviewer(session, by, course)
    state = _lock_latest(session, course, path, number)
    if state in ("approved", "published"):
        return
    if by.id in find_authors(session, course, path):
        raise ReviewerIsAuthor(f"{course}/{path}")
    if state != "submitted":
        raise NotFound(f"{course}/{path} {number}")
    _add(session, course, path, number, "approved", note, by, now)
    for picture in find_revision_pictures(session, course, path, number):
        if find_file_state(session, course, picture.path).state not in ("approved", "published"):
            _add(session, course, picture.path, picture.latest, "approved", "", by, now)


def return_revision(
    session: Session, course: str, path: str, number: int, *, note: str, by: Account, now: datetime
) -> None:
    """Give the latest revision back to its author with a note.

    Raises:
        NotAllowed, NotFound, CourseFileChanged: as ``approve_revision``.
        ReturnReasonMissing: the note is empty.
    """
    require_reviewer(session, by, course)
    if not clean_line(note):
        raise ReturnReasonMissing(f"{course}/{path}")
    if _lock_latest(session, course, path, number) in ("submitted", "approved"):
        _add(session, course, path, number, "returned", note, by, now)


def find_authors(session: Session, course: str, path: str) -> set[str]:
    """The ids of the accounts that wrote something of the latest revision since the file was published last.

    Of a text also those who uploaded pictures that it shows.
    """
    head = find_head(session, course, path)
    if head is None:
        return set()
    shown = find_revision_pictures(session, course, path, head.latest)
    return set[str]().union(*(_authors_of(session, each) for each in (head, *shown)))


def _authors_of(session: Session, head: FileHead) -> set[str]:
    history = find_history(session, head.course, head.path)
    known = revision_ancestors(history, head.published) if head.published else set[int]()
    written = revision_ancestors(history, head.latest) - known
    return {each.author_id for each in history if each.number in written and each.author_id}


def find_file_states(session: Session, course: str) -> list[FileState]:
    """How far each file of a course is that was saved here, in the order of reading."""
    return _find_states(session, WorkshopFile.course == course)


def find_unpublished_course_page(session: Session, course: str, *, folder: Path) -> FileState | None:
    """The page of a course that exists in the workshop alone and was never published: no lesson can be before it is."""
    if (folder / course / COURSE_FILE).exists():
        return None
    states = _find_states(session, and_(WorkshopFile.course == course, WorkshopFile.path == COURSE_FILE))
    return next((state for state in states if state.published is None), None)


def find_file_state(session: Session, course: str, path: str) -> FileState:
    """How far one file is.

    Raises:
        NotFound: nobody has saved it here.
    """
    found = _find_states(session, and_(WorkshopFile.course == course, WorkshopFile.path == path))
    if not found:
        raise NotFound(f"{course}/{path}")
    return found[0]


def find_open_files(session: Session) -> list[FileState]:
    """The files of all courses whose latest revision is not published; by course, in the order of reading."""
    is_open = or_(WorkshopFile.published.is_(None), WorkshopFile.published != WorkshopFile.latest)
    return [state for state in _find_states(session, is_open) if state.state != "published"]


def find_reviews(session: Session, course: str, path: str) -> list[Review]:
    """What was said about the revisions of a file, oldest first."""
    rows = session.connection().execute(
        select(
            RevisionReview.number,
            RevisionReview.verdict,
            AccountRow.name.label("account_name"),
            RevisionReview.at,
            RevisionReview.note,
        )
        .join(AccountRow, AccountRow.id == RevisionReview.account_id)
        .where(RevisionReview.course == course, RevisionReview.path == path)
        .order_by(RevisionReview.id)
    )
    return [Review(*row) for row in rows]


def _find_states(session: Session, condition: ColumnElement[bool]) -> list[FileState]:
    connection = session.connection()
    heads = select(WorkshopFile.course, WorkshopFile.path, WorkshopFile.latest, WorkshopFile.published)
    published = {
        (row.course, row.path, row.latest): row.published for row in connection.execute(heads.where(condition))
    }
    keys, states = sorted(published), list[FileState]()
    for start in range(0, len(keys), _FILES_AT_ONCE):
        chosen = keys[start : start + _FILES_AT_ONCE]
        states += [_state(row, published[row.course, row.path, row.number]) for row in _find_latest(session, chosen)]
    return sorted(states, key=lambda state: (state.course, reading_order(state.path)))


def _find_latest(session: Session, keys: Sequence[tuple[str, str, int]]) -> Sequence[Any]:
    """The revisions with these keys, each with the last verdict on it."""
    verdict = (
        select(RevisionReview.verdict)
        .where(
            RevisionReview.course == FileRevision.course,
            RevisionReview.path == FileRevision.path,
            RevisionReview.number == FileRevision.number,
        )
        .order_by(RevisionReview.id.desc())
        .limit(1)
        .correlate(FileRevision)
        .scalar_subquery()
    )
    key = (FileRevision.course, FileRevision.path, FileRevision.number)
    found = (
        select(*FileRevision.__table__.c, AccountRow.name.label("account_name"), verdict.label("verdict"))
        .select_from(FileRevision)
        .outerjoin(AccountRow, AccountRow.id == FileRevision.author_id)
        .where(tuple_(*key).in_(keys))
        .order_by(*key)
    )
    return session.connection().execute(found).all()


def _state(row: Any, published: int | None) -> FileState:
    is_as_in_folder = row.source == "folder" and published is None and row.verdict is None
    state: State = row.verdict or "draft"
    if published == row.number or is_as_in_folder:
        state = "published"
    author_name = row.account_name or row.author_name
    return FileState(row.course, row.path, row.number, published, state, author_name, row.saved_at, row.why)


def _lock_latest(session: Session, course: str, path: str, number: int) -> State:
    """Lock the course; the state of the file, whose latest revision has this number."""
    lock_known_course(session, course)
    state = find_file_state(session, course, path)
    if state.latest != number:
        raise CourseFileChanged(f"{course}/{path}")
    return state.state


def _add(
    session: Session, course: str, path: str, number: int, verdict: Verdict, note: str, by: Account, now: datetime
) -> None:
    session.connection().execute(
        insert(RevisionReview.__table__).values(
            course=course,
            path=path,
            number=number,
            verdict=verdict,
            account_id=by.id,
            at=now,
            note=clean_line(note)[:MAX_NOTE_LENGTH],
        )
    )
