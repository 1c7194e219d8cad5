"""Seats: coming in, being added, put out and let in again, raising a hand, and coming back with another cookie."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from lms.learning.classroom.claims import agree, claim, claimed_number
from lms.learning.classroom.codes import read_code
from lms.learning.classroom.membership import require_facilitator, require_staff
from lms.learning.classroom.opening import read_open_class
from lms.learning.classroom.position import settled
from lms.learning.classroom.records import Class, Seat, find_seat_of, read_class, read_seat
from lms.learning.classroom.seat_rows import change, next_seat
from lms.learning.errors import ClassClosed, LearningError, NotSeated, PutOut
from lms.learning.learners import clean_name, touch
from lms.learning.models import ClassSeat

MOST_PEOPLE = 4  # at one phone
_MARKUP = re.compile(r"<[^<>]*>|[<>]")


__all__ = [
    "add_seat", "agree", "change_seat", "claim", "claimed_number", "clean_seat_name", "helped", "helping", "join",
    "let_in", "put_out", "raise_hand",
]  # fmt: skip


def join(
    session: Session, *, learner_id: str, code: str, people: int = 1, name: str | None = None, now: datetime
) -> Seat:
    """Give her the next number, or the one she has; late ones get in like everybody. Made for the writer.

    ``people`` use this phone together, 1 to 4. The name may be another's too. Joining again changes both.

    Raises:
        UnknownCode: it is no code, or nobody's.
        ClassClosed: the class is over.
        PutOut: the facilitator put her seat out.
        ClassFull: it has 400 seats.
        InvalidName: more than 60 characters.
        LearnerForgotten: she asked to be forgotten.
    """
    said = {"people": _people(people), "name": clean_seat_name(name)}
    connection = session.connection()
    found = read_open_class(connection, code)
    # Her row is held from here on: of two taps at once the second one finds the seat of the first.
    touch(connection, learner_id, now=now, course=found.course, lesson=found.lesson)
    seat = find_seat_of(session, found.id, learner_id)
    if seat is None:
        return next_seat(connection, found.id, said | {"learner_id": learner_id, "added": False}, now)
    if seat.out:
        raise PutOut(found.id)
    if said["name"] is None:
        del said["name"]
    if any(getattr(seat, field) != value for field, value in said.items()):
        return change(connection, seat, now, **said)
    return seat


def join_all(session: Session, joins: Sequence[Mapping[str, Any]]) -> list[Seat | LearningError]:
    """``join`` for many, each as its keyword arguments; a refusal stands where the seat would.

    Class by class: of two processes neither holds the numbers of a class that the other waits for.
    """
    found: dict[int, Seat | LearningError] = {}
    for place, said in sorted(
        enumerate(joins), key=lambda one: (read_code(one[1]["code"]) or "", one[1]["learner_id"])
    ):
        try:
            found[place] = join(session, **said)
        except LearningError as refusal:
            found[place] = refusal
    return [found[place] for place in range(len(joins))]


def add_seat(
    session: Session, class_id: str, *, account_id: str, people: int = 1, name: str | None = None, now: datetime
) -> Seat:
    """A seat for people without a phone.

    Raises:
        NotFound, ClassClosed, NotAllowed, ClassFull, InvalidName.
    """
    connection = session.connection()
    _require_open(connection, class_id, account_id)
    said = {"people": _people(people), "name": clean_seat_name(name)}
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
    return change(connection, seat, now, people=_people(people), name=clean_seat_name(name))


def put_out(session: Session, class_id: str, number: int, *, account_id: str, now: datetime) -> Seat:
    """Show this phone the door. What was kept of it stays; ``let_in`` takes it back.

    Raises:
        NotFound, NotAllowed.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    seat = read_seat(connection, class_id, number)
    return seat if seat.out else change(connection, seat, now, out=True, hand_at=None, helping=None)


def let_in(session: Session, class_id: str, number: int, *, account_id: str, now: datetime) -> Seat:
    """
    Raises:
        NotFound, NotAllowed.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    seat = read_seat(connection, class_id, number)
    return change(connection, seat, now, out=False) if seat.out else seat


def raise_hand(session: Session, *, class_id: str, learner_id: str, up: bool, now: datetime) -> Seat:
    """Her hand up or down. A hand that is up stays up since the first time.

    Raises:
        NotSeated, PutOut, ClassClosed.
    """
    connection = session.connection()
    if read_class(connection, class_id).closed:
        raise ClassClosed(class_id)
    seat = find_seat_of(session, class_id, learner_id)
    if seat is None:
        raise NotSeated(class_id)
    if seat.out:
        raise PutOut(class_id)
    if up == (seat.hand_at is not None):
        return seat
    return change(connection, seat, now, hand_at=now if up else None, **({} if up else {"helping": None}))


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


def clean_seat_name(name: str | None) -> str | None:
    """A name that may be shown: one line, no markup, at most 60 characters; None when nothing is left.

    Raises:
        InvalidName: it is longer.
    """
    return clean_name(_MARKUP.sub(" ", name)) if name else None


def _people(people: int) -> int:
    return min(max(people, 1), MOST_PEOPLE)


def _require_open(connection: Connection, class_id: str, account_id: str) -> Class:
    require_facilitator(connection, class_id, account_id)
    found = read_class(connection, class_id)
    if found.closed:
        raise ClassClosed(class_id)
    return found
