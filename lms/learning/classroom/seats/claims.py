"""Coming back without the cookie: a phone says which seat is hers, and the facilitator agrees with one tap."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.lifecycle.opening import read_open_class
from lms.learning.classroom.questions.answer_transfer import copy_to
from lms.learning.classroom.session.queries import Seat, find_seat_of, is_number, read_class, read_seat
from lms.learning.classroom.session.seat_store import change
from lms.learning.classroom.tasks.attestation import hand_on
from lms.learning.errors import NoSuchSeat, SeatTaken
from lms.learning.store.locks import touch
from lms.learning.store.models import ClassSeat
from lms.learning.store.models.classes import stamp
from lms.learning.store.seat_locks import hold_seats

_CLAIM_WAITS = timedelta(minutes=10)


def claim(session: Session, *, learner_id: str, code: str, number: int, now: datetime) -> Seat:
    """Say that a seat is hers, whose phone has lost its cookie; the facilitator agrees, or not.

    Raises:
        UnknownCode, ClassClosed, LearnerForgotten.
        NoSuchSeat.
        SeatTaken: it is out, was added without a phone, or another phone has said the same in the last ten minutes.
    """
    connection = session.connection()
    found = read_open_class(connection, code)
    if not is_number(number):
        raise NoSuchSeat(f"{found.id}/{number}")
    touch(connection, learner_id, now=now, course=found.course, lesson=found.lesson)
    # With it the seats that she has claimed before: whoever holds several takes them in one order.
    hold_seats(
        connection, ClassSeat.class_id == found.id, (ClassSeat.number == number) | (ClassSeat.claimed_by == learner_id)
    )
    row = connection.execute(
        select(ClassSeat.claimed_by, ClassSeat.claimed_at, ClassSeat.learner_id, ClassSeat.added, ClassSeat.out).where(
            ClassSeat.class_id == found.id, ClassSeat.number == number
        )
    ).first()
    if row is None:
        raise NoSuchSeat(f"{found.id}/{number}")
    seat = read_seat(connection, found.id, number)
    if row.learner_id == learner_id:
        return seat
    waiting = row.claimed_at is not None and row.claimed_at > now - _CLAIM_WAITS
    if row.out or row.added or (waiting and row.claimed_by != learner_id):
        raise SeatTaken(f"{found.id}/{number}")
    if waiting:
        return seat
    _forget_claims(connection, found.id, learner_id, now)
    return change(connection, seat, now, claimed_by=learner_id, claimed_at=now)


def claimed_number(session: Session, class_id: str, learner_id: str | None) -> int | None:
    """The seat that she waits for; None when she waits for none, any more or yet."""
    if learner_id is None:
        return None
    hers = (ClassSeat.class_id == class_id, ClassSeat.claimed_by == learner_id)
    return session.connection().execute(select(ClassSeat.number).where(*hers)).scalar()


def agree(
    session: Session, class_id: str, number: int, *, account_id: str, agreed: bool = True, library: Library,
    now: datetime,
) -> Seat:  # fmt: skip
    """Give the seat to whoever claimed it, or refuse. When nobody claims it, nothing happens.

    She gets the seat, and what it answered in class becomes hers; never the other learner's record, which the lost
    cookie alone opens. A seat that she has taken meanwhile is put out.

    Raises:
        NotFound, NotAllowed.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    found = read_class(connection, class_id)
    whose = select(ClassSeat.claimed_by).where(ClassSeat.class_id == class_id, ClassSeat.number == number)
    claimed_by = connection.execute(whose).scalar()
    written = ClassSeat.number == number
    if claimed_by is not None and agreed:
        touch(connection, claimed_by, now=now)  # learners are taken before seats, here as everywhere
        written |= ClassSeat.learner_id == claimed_by
    hold_seats(connection, ClassSeat.class_id == class_id, written)
    still = connection.execute(whose).scalar()
    seat = read_seat(connection, class_id, number)
    before = seat.learner_id
    if claimed_by is None or still != claimed_by:
        return seat
    if not agreed:
        return change(connection, seat, now, claimed_by=None, claimed_at=None)
    meanwhile = find_seat_of(session, class_id, claimed_by)
    if meanwhile is not None:
        change(connection, meanwhile, now, learner_id=None, out=True, swept_at=None, hand_at=None, helping=None)
    seat = change(
        connection, seat, now, claimed_by=None, claimed_at=None, learner_id=claimed_by,
        attempt_id=None, screen=None, screen_since=None, wrong=0, hints=0, last_hint=False, visits=0, been={},
        settled=None,
    )  # fmt: skip
    copy_to(session, found, seat, library=library, now=now)
    hand_on(connection, found, before, seat, now)
    return seat


def _forget_claims(connection: Connection, class_id: str, learner_id: str, now: datetime) -> None:
    """She can wait for one seat only."""
    connection.execute(
        update(ClassSeat.__table__)
        .where(ClassSeat.class_id == class_id, ClassSeat.claimed_by == learner_id)
        .values(claimed_by=None, claimed_at=None, version=ClassSeat.version + 1, changed_at=stamp(now))
    )
