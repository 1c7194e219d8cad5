"""What follows a class: next meeting and homework for all, notes to the ward's next facilitator and the author."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_account_of_ward, require_facilitator
from lms.learning.classroom.session.queries import ClassSession, find_class_session, update_class_session
from lms.learning.errors import ClassClosed, TooLarge
from lms.learning.learners.learner_store import clean_line
from lms.learning.store.models import ClassSessionRow
from lms.vietnam_time import monday_of, to_vietnam_time

MAX_NEXT_MEETING_LENGTH, MAX_HOMEWORK_LENGTH, MAX_NOTE_LENGTH = 60, 80, 200


@dataclass(frozen=True, slots=True)
class HandoverNote:
    """A note from an earlier class of the ward to whoever opens its next one."""

    class_id: str
    text: str
    course: str
    lesson: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class NoteToAuthor:
    """What a facilitator wrote about a lesson after a class: without the class, its ward and whoever wrote it."""

    week: date  # the Monday of the week of the class
    text: str


def is_follow_up_over(class_session: ClassSession, now: datetime) -> bool:
    """Whether the class's personal data is due for deletion: then nothing more may be typed about it."""
    return class_session.personal_until is not None and class_session.personal_until <= now


def set_follow_up(
    session: Session, class_id: str, *, next_meeting: str, homework: str, account_id: str, now: datetime
) -> None:
    """Save when the class meets again and what to do until then, also after it has closed. "" deletes.

    Raises:
        NotAllowed: the account is no facilitator of this class.
        ClassClosed: its personal data is due for deletion.
        TooLarge: one is longer than 60 or 80 characters.
    """
    values = {"next_meeting": clean_line(next_meeting), "homework": clean_line(homework)}
    for name, most in (("next_meeting", MAX_NEXT_MEETING_LENGTH), ("homework", MAX_HOMEWORK_LENGTH)):
        if len(values[name]) > most:
            raise TooLarge(name)
    _require_may_write(session, class_id, account_id, now)
    update_class_session(session, class_id, **values)


def set_handover_note(session: Session, class_id: str, note: str, *, account_id: str, now: datetime) -> None:
    """Save the note to the next facilitator. "" deletes it.

    Raises:
        NotAllowed: the account is no facilitator of this class.
        ClassClosed: its personal data is due for deletion.
        TooLarge: it is longer than 200 characters.
    """
    _set_note(session, class_id, "handover_note", note, account_id, now)


def set_author_note(session: Session, class_id: str, note: str, *, account_id: str, now: datetime) -> None:
    """Save what the author of the class's present lesson should know about it. "" deletes it.

    Raises:
        NotAllowed: the account is no facilitator of this class.
        ClassClosed: its personal data is due for deletion.
        TooLarge: it is longer than 200 characters.
    """
    _set_note(session, class_id, "author_note", note, account_id, now)


def delete_handover_note(session: Session, class_id: str, *, account_id: str) -> None:
    """Delete a note that has done its work: any account of its ward or of the city may. Repeating it changes nothing.

    Raises:
        NotAllowed: the account is of another ward, or disabled, or no class has this id.
    """
    require_account_of_ward(session, class_id, account_id)
    _update(session, class_id, handover_note="")


def find_notes(session: Session, class_id: str) -> tuple[str, str]:
    """The notes that were written at this class, to the next facilitator and to the author; "" without one."""
    notes = select(ClassSessionRow.handover_note, ClassSessionRow.author_note).where(ClassSessionRow.id == class_id)
    row = session.connection().execute(notes).first()
    return (row.handover_note, row.author_note) if row else ("", "")


def find_author_notes(session: Session, course: str, lesson: str) -> list[NoteToAuthor]:
    """What facilitators wrote about a lesson after closed classes, the latest first. Retention deletes the notes."""
    rows = session.connection().execute(
        select(ClassSessionRow.opened_at, ClassSessionRow.author_note)
        .where(
            ClassSessionRow.course == course,
            ClassSessionRow.lesson == lesson,
            text("author_note != ''"),  # as the partial index has it
            ClassSessionRow.closed_at.is_not(None),
            ClassSessionRow.is_rehearsal.is_(False),
        )
        .order_by(ClassSessionRow.opened_at.desc(), ClassSessionRow.id)
    )
    return [NoteToAuthor(monday_of(to_vietnam_time(row.opened_at).date()), row.author_note) for row in rows]


def find_latest_handover_note(session: Session, *, ward: str) -> HandoverNote | None:
    """The latest note of a closed class of this ward. Retention deletes the notes in time."""
    row = (
        session.connection()
        .execute(
            select(
                ClassSessionRow.id,
                ClassSessionRow.handover_note,
                ClassSessionRow.course,
                ClassSessionRow.lesson,
                ClassSessionRow.opened_at,
            )
            .where(
                ClassSessionRow.ward == ward,
                ClassSessionRow.closed_at.is_not(None),
                ClassSessionRow.handover_note != "",
                ClassSessionRow.is_rehearsal.is_(False),
            )
            .order_by(ClassSessionRow.opened_at.desc(), ClassSessionRow.id)
            .limit(1)
        )
        .first()
    )
    return HandoverNote(*row) if row else None


def _set_note(session: Session, class_id: str, name: str, note: str, account_id: str, now: datetime) -> None:
    line = clean_line(note)
    if len(line) > MAX_NOTE_LENGTH:
        raise TooLarge(name)
    _require_may_write(session, class_id, account_id, now)
    _update(session, class_id, **{name: line})


def _require_may_write(session: Session, class_id: str, account_id: str, now: datetime) -> None:
    require_facilitator(session, class_id, account_id)
    if is_follow_up_over(find_class_session(session, class_id), now):
        raise ClassClosed(class_id)


def _update(session: Session, class_id: str, **values: object) -> None:
    session.connection().execute(update(ClassSessionRow.__table__).where(ClassSessionRow.id == class_id).values(values))
