"""Seats: coming in, being added, put out and let in again, raising a hand, and coming back with another cookie."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_facilitator, require_staff
from lms.learning.classroom.practice.seat_progress import settled
from lms.learning.classroom.seats.claims import agree, claim, claimed_number
from lms.learning.classroom.seats.joining import MOST_PEOPLE, clean_seat_name, join, seat_people
from lms.learning.classroom.session.queries import Class, Seat, find_seat_of, read_class, read_seat
from lms.learning.classroom.session.seat_store import COMING_BACK, change, next_seat
from lms.learning.errors import ClassClosed, NotSeated, PutOut
from lms.learning.learners.learner_store import clean_name
from lms.learning.store.models import ClassSeat

__all__ = [
    "MOST_PEOPLE", "add_seat", "agree", "change_seat", "claim", "claimed_number", "clean_seat_name", "helped",
    "helping", "join", "let_in", "put_out", "raise_hand",
]  # fmt: skip


def add_seat(
    session: Session, class_id: str, *, account_id: str, people: int = 1, name: str | None = None, now: datetime
) -> Seat:
    """A seat for people without a phone.

    Raises:
        NotFound, ClassClosed, NotAllowed, ClassFull, InvalidName.
    """
    connection = session.connection()
    _require_open(connection, class_id, account_id)
    said = {"people": seat_people(people), "name": clean_seat_name(name)}
    return next_seat(connection, class_id, said | {"learner_id": None, "added": True}, now)


def change_seat(
    session: Session, class_id: str, number: int, *, account_id: str, people: int, name: str | None, now: datetime
) -> Seat:
    """What the facilitator puts right about a seat: how many people, and the name.

    Raises:
        NotFound, NotAllowed, InvalidName.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    seat = read_seat(connection, class_id, number)
    return change(connection, seat, now, people=seat_people(people), name=clean_seat_name(name))


def put_out(session: Session, class_id: str, number: int, *, account_id: str, now: datetime) -> Seat:
    """Show this phone the door. What was kept of it stays; ``let_in`` takes it back.

    Raises:
        NotFound, NotAllowed.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    seat = read_seat(connection, class_id, number)
    if seat.is_put_out:
        return seat
    return change(connection, seat, now, out=True, swept_at=None, hand_at=None, helping=None)


def let_in(session: Session, class_id: str, number: int, *, account_id: str, now: datetime) -> Seat:
    """
    Raises:
        NotFound, NotAllowed.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    seat = read_seat(connection, class_id, number)
    return change(connection, seat, now, out=False, swept_at=None) if seat.out else seat


def raise_hand(session: Session, *, class_id: str, learner_id: str, up: bool, now: datetime) -> Seat:
    """Her hand up or down. A hand that is up stays up since the first time. A swept seat comes back with it.

    Raises:
        NotSeated, PutOut, ClassClosed.
    """
    connection = session.connection()
    if read_class(connection, class_id).closed:
        raise ClassClosed(class_id)
    seat = find_seat_of(session, class_id, learner_id)
    if seat is None:
        raise NotSeated(class_id)
    if seat.is_put_out:
        raise PutOut(class_id)
    if up == (seat.hand_at is not None) and not seat.out:
        return seat
    said = {"hand_at": now} if up else {"hand_at": None, "helping": None}
    return change(connection, seat, now, **said | COMING_BACK)


def helping(
    session: Session, class_id: str, number: int, *, name: str | None, account_id: str | None = None,
    helper_id: str | None = None, now: datetime,
) -> Seat:  # fmt: skip
    """Say that ``name`` is on the way to this seat; None: nobody is any more.

    Of two at once the second one finds the first one's name, and takes over.

    Raises:
        NotFound, NotAllowed, InvalidName.
    """
    connection = session.connection()
    require_staff(connection, class_id, account_id=account_id, helper_id=helper_id)
    seat = read_seat(connection, class_id, number)
    name = clean_name(name) if name else None
    return seat if seat.helping == name else change(connection, seat, now, helping=name)


def helped(
    session: Session, class_id: str, number: int, *, account_id: str | None = None, helper_id: str | None = None,
    now: datetime,
) -> Seat:  # fmt: skip
    """Somebody was there: the hand is down, and what is counted on this screen, and its minutes, begin anew.

    Raises:
        NotFound, NotAllowed.
    """
    connection = session.connection()
    require_staff(connection, class_id, account_id=account_id, helper_id=helper_id)
    seat = read_seat(connection, class_id, number)
    here = (ClassSeat.class_id == class_id, ClassSeat.number == number)
    before = connection.execute(select(ClassSeat.settled).where(*here)).scalar()
    return change(connection, seat, now, helping=None, hand_at=None, **settled(seat, before, now))


def _require_open(connection: Connection, class_id: str, account_id: str) -> Class:
    require_facilitator(connection, class_id, account_id)
    found = read_class(connection, class_id)
    if found.closed:
        raise ClassClosed(class_id)
    return found
