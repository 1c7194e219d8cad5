"""Open a class session, take it over from a colleague, reopen it after a mistaken close, and set its head count."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Mode
from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.access.projectors import move_projectors_to_class
from lms.learning.classroom.lifecycle.command_handler import CommandResult
from lms.learning.classroom.session.class_codes import new_class_code
from lms.learning.classroom.session.queries import (
    CLOSED_DISPLAY_TIME,
    ClassSession,
    find_class_session,
    update_class_session,
)
from lms.learning.classroom.session.state import ClassState
from lms.learning.errors import ClassClosed, NotAllowed, TooLarge
from lms.learning.learners.learner_store import clean_line
from lms.learning.store.models import AccountRow, ClassFacilitator, ClassSessionRow
from lms.learning.store.upsert import Upsert

MAX_PLACE_LENGTH = 80
MAX_HEAD_COUNT = 2000
CODE_COOLDOWN = timedelta(days=30)  # before the code of a closed class is used again: old printouts lie about
REOPEN_WINDOW = CLOSED_DISPLAY_TIME  # afterwards people have gone home
_DOUBLE_TAP = timedelta(seconds=30)
_CODE_ATTEMPTS = 20


def open_class_session(
    session: Session, *, account_id: str, ward: str, lesson: Lesson, place: str = "", mode: Mode = Mode.FOLLOW,
    is_rehearsal: bool = False, now: datetime,
) -> ClassSession:  # fmt: skip
    """Open a class with a code that no other open class has. A double tap opens one class.

    The projectors of a class that the account closed a moment ago go on with this one.

    ``ward``: the account's ward, or the one that an account of the city chose. ``place``: the venue, as typed.
    ``mode``: of the practice in class. ``is_rehearsal``: the class counts nowhere, see ``rehearsals``.

    Raises:
        TooLarge: the place has more than 80 characters.
        NotAllowed: there is no such account, or it is disabled.
    """
    venue = clean_line(place)
    if len(venue) > MAX_PLACE_LENGTH:
        raise TooLarge("place")
    connection = session.connection()
    _lock_account(connection, account_id)
    unused_class_id = connection.execute(
        select(ClassSessionRow.id).where(
            ClassSessionRow.opened_by == account_id,
            ClassSessionRow.course == lesson.course,
            ClassSessionRow.lesson == lesson.slug,
            ClassSessionRow.content_digest == lesson.digest,  # not of before a publication
            ClassSessionRow.is_rehearsal.is_(is_rehearsal),
            ClassSessionRow.version == 1,  # nothing has happened in it
            ClassSessionRow.closed_at.is_(None),
            ClassSessionRow.opened_at > now - _DOUBLE_TAP,
        )
    ).scalar()
    if unused_class_id is not None:
        return find_class_session(session, unused_class_id)
    class_id = secrets.token_hex(16)
    values = {
        "id": class_id,
        "ward": ward,
        "course": lesson.course,
        "lesson": lesson.slug,
        "venue": venue,
        "opened_by": account_id,
        "version": 1,
        "state": ClassState(mode=mode).as_json(),
        "content_digest": lesson.digest,
        "opened_at": now,
        "is_rehearsal": is_rehearsal,
    }
    _insert_with_code(connection, values, now)
    _ADD_FACILITATOR.execute(connection, {"class_id": class_id, "account_id": account_id, "since": now})
    move_projectors_to_class(session, class_id, account_id=account_id, now=now)
    return find_class_session(session, class_id)


def take_over_class_session(session: Session, class_id: str, *, account_id: str, now: datetime) -> ClassSession:
    """Make an account of the class's ward, or of the city, one of its facilitators. Repeating it changes nothing.

    Raises:
        NotFound: no class has this id.
        ClassClosed: the class is over.
        NotAllowed: the account is of another ward, or disabled.
    """
    class_session = find_class_session(session, class_id)
    if class_session.is_closed:
        raise ClassClosed(class_id)
    connection = session.connection()
    account = connection.execute(
        select(AccountRow.ward).where(AccountRow.id == account_id, AccountRow.disabled_at.is_(None))
    ).first()
    if account is None or account.ward not in ("", class_session.ward):
        raise NotAllowed("steer_class")
    _ADD_FACILITATOR.execute(connection, {"class_id": class_id, "account_id": account_id, "since": now})
    return class_session


def can_reopen(class_session: ClassSession, now: datetime) -> bool:
    """Whether a closed class can still be reopened."""
    return class_session.closed_at is not None and now < class_session.closed_at + REOPEN_WINDOW


def reopen_class_session(session: Session, class_id: str, *, account_id: str, now: datetime) -> CommandResult:
    """Reopen a class that was closed by mistake, at the step where it was. An open class stays as it is.

    The Wi-Fi and the helpers' QR code, which closing deleted, have to be set again.

    Raises:
        NotFound: no class has this id.
        NotAllowed: the account is no facilitator of it.
        ClassClosed: it was closed more than 15 minutes ago.
    """
    require_facilitator(session, class_id, account_id)
    before = find_class_session(session, class_id, lock=True)
    if not before.is_closed:
        return CommandResult(before, changed=False)
    if not can_reopen(before, now):
        raise ClassClosed(class_id)
    update_class_session(session, class_id, closed_at=None, personal_until=None)
    return CommandResult(find_class_session(session, class_id), changed=True)


def set_venue(session: Session, class_id: str, place: str, *, account_id: str) -> None:
    """Change the venue of a class, also after it.

    Raises:
        NotAllowed: the account is no facilitator of this class.
        TooLarge: the place has more than 80 characters.
    """
    venue = clean_line(place)
    if len(venue) > MAX_PLACE_LENGTH:
        raise TooLarge("place")
    require_facilitator(session, class_id, account_id)
    update_class_session(session, class_id, venue=venue)


def set_head_count(session: Session, class_id: str, count: int | None, *, account_id: str) -> None:
    """Save how many people the facilitator counted in the room, also after the class. None deletes the count.

    Raises:
        NotAllowed: the account is no facilitator of this class.
        TooLarge: the count is negative or over 2000.
    """
    if count is not None and not 0 <= count <= MAX_HEAD_COUNT:
        raise TooLarge("head_count")
    require_facilitator(session, class_id, account_id)
    update_class_session(session, class_id, head_count=count)


def _lock_account(connection: Connection, account_id: str) -> None:
    """Lock the account's row, so that the second of two simultaneous taps finds the class of the first."""
    account = select(AccountRow.id).where(AccountRow.id == account_id, AccountRow.disabled_at.is_(None))
    if connection.execute(account.with_for_update(key_share=True)).first() is None:
        raise NotAllowed("open_class")


def _insert_with_code(connection: Connection, values: dict[str, Any], now: datetime) -> None:
    """Insert the class with a random free code. If two classes draw the same code, the unique index rejects one, and it
    draws again."""
    for _ in range(_CODE_ATTEMPTS):
        code = new_class_code()
        is_recent = or_(ClassSessionRow.closed_at.is_(None), ClassSessionRow.closed_at > now - CODE_COOLDOWN)
        if connection.execute(select(ClassSessionRow.id).where(ClassSessionRow.code == code, is_recent)).first():
            continue
        try:
            with connection.begin_nested():
                connection.execute(insert(ClassSessionRow.__table__), values | {"code": code})
            return
        except IntegrityError:
            continue
    raise RuntimeError("no free class code")


_ADD_FACILITATOR = Upsert(ClassFacilitator)
