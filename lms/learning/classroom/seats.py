"""Seats: coming in, being added, put out and let in again, raising a hand, and coming back with another cookie."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.asking import copy_to
from lms.learning.classroom.membership import require_facilitator, require_staff
from lms.learning.classroom.opening import read_open_class
from lms.learning.classroom.position import settled
from lms.learning.classroom.records import Class, Seat, find_seat_of, read_class, read_seat, stamp
from lms.learning.errors import ClassClosed, ClassFull, NotSeated, PutOut, SeatTaken
from lms.learning.learners import clean_name, touch
from lms.learning.models import ClassSeat

MOST_PEOPLE = 4  # at one phone
MOST_SEATS = 400  # of a class; a hall holds 60, and 200 phones behind one address must get in
_CLAIM_WAITS = timedelta(minutes=10)
_MARKUP = re.compile(r"<[^<>]*>|[<>]")


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
        return _next_seat(connection, found.id, said | {"learner_id": learner_id, "added": False}, now)
    if seat.out:
        raise PutOut(found.id)
    if said["name"] is None:
        del said["name"]
    if any(getattr(seat, field) != value for field, value in said.items()):
        return _change(connection, seat, now, **said)
    return seat


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
    return _next_seat(connection, class_id, said | {"learner_id": None, "added": True}, now)


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
    return _change(connection, seat, now, people=_people(people), name=clean_seat_name(name))


def put_out(session: Session, class_id: str, number: int, *, account_id: str, now: datetime) -> Seat:
    """Show this phone the door. What was kept of it stays; ``let_in`` takes it back.

    Raises:
        NotFound, NotAllowed.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    seat = read_seat(connection, class_id, number)
    return seat if seat.out else _change(connection, seat, now, out=True, hand_at=None, helping=None)


def let_in(session: Session, class_id: str, number: int, *, account_id: str, now: datetime) -> Seat:
    """
    Raises:
        NotFound, NotAllowed.
    """
    connection = session.connection()
    require_facilitator(connection, class_id, account_id)
    seat = read_seat(connection, class_id, number)
    return _change(connection, seat, now, out=False) if seat.out else seat


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
    return _change(connection, seat, now, hand_at=now if up else None, **({} if up else {"helping": None}))


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
    return seat if seat.helping == name else _change(connection, seat, now, helping=name)


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
    return _change(connection, seat, now, helping=None, hand_at=None, **settled(seat, before, now))


def claim(session: Session, *, learner_id: str, code: str, number: int, now: datetime) -> Seat:
    """Say that a seat is hers, whose phone has lost its cookie; the facilitator agrees, or not.

    Raises:
        UnknownCode, ClassClosed, LearnerForgotten.
        NotSeated: there is no such seat.
        SeatTaken: it is out, was added without a phone, or another phone has said the same in the last ten minutes.
    """
    connection = session.connection()
    found = read_open_class(connection, code)
    touch(connection, learner_id, now=now, course=found.course, lesson=found.lesson)
    row = connection.execute(
        select(ClassSeat.claimed_by, ClassSeat.claimed_at, ClassSeat.learner_id, ClassSeat.added, ClassSeat.out)
        .where(ClassSeat.class_id == found.id, ClassSeat.number == number)
        .with_for_update()
    ).first()
    if row is None:
        raise NotSeated(f"{found.id}/{number}")
    seat = read_seat(connection, found.id, number)
    if row.learner_id == learner_id:
        return seat
    waiting = row.claimed_at is not None and row.claimed_at > now - _CLAIM_WAITS
    if row.out or row.added or (waiting and row.claimed_by != learner_id):
        raise SeatTaken(f"{found.id}/{number}")
    if waiting:
        return seat
    _forget_claims(connection, found.id, learner_id, now)
    return _change(connection, seat, now, claimed_by=learner_id, claimed_at=now)


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
    if claimed_by is not None and agreed:
        touch(connection, claimed_by, now=now)  # learners are taken before seats, here as everywhere
    still = connection.execute(whose.with_for_update()).scalar()
    seat = read_seat(connection, class_id, number)
    if claimed_by is None or still != claimed_by:
        return seat
    if not agreed:
        return _change(connection, seat, now, claimed_by=None, claimed_at=None)
    meanwhile = find_seat_of(session, class_id, claimed_by)
    if meanwhile is not None:
        _change(connection, meanwhile, now, learner_id=None, out=True, hand_at=None, helping=None)
    seat = _change(
        connection, seat, now, claimed_by=None, claimed_at=None, learner_id=claimed_by,
        attempt_id=None, screen=None, screen_since=None, wrong=0, hints=0, last_hint=False, visits=0, been={},
        settled=None,
    )  # fmt: skip
    copy_to(session, found, seat, library=library, now=now)
    return seat


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


def _next_seat(connection: Connection, class_id: str, said: dict[str, Any], now: datetime) -> Seat:
    """The next number. Who comes at the same moment asks for the same one: the key lets one have it."""
    last = select(func.coalesce(func.max(ClassSeat.number), 0)).where(ClassSeat.class_id == class_id)
    while (number := connection.execute(last).scalar_one() + 1) <= MOST_SEATS:
        row = _NEW | said | {"class_id": class_id, "number": number, "joined_at": now, "changed_at": stamp(now)}
        if connection.execute(_TAKE[connection.dialect.name], row).scalar() is not None:
            return read_seat(connection, class_id, number)
    raise ClassFull(class_id)


def _change(connection: Connection, seat: Seat, now: datetime, **values: Any) -> Seat:
    """Write some columns of one seat, and let the streams see it. The class's own row is not touched."""
    connection.execute(
        update(ClassSeat.__table__)
        .where(ClassSeat.class_id == seat.class_id, ClassSeat.number == seat.number)
        .values(version=ClassSeat.version + 1, changed_at=stamp(now), **values)
    )
    return read_seat(connection, seat.class_id, seat.number)


def _forget_claims(connection: Connection, class_id: str, learner_id: str, now: datetime) -> None:
    """She can wait for one seat only."""
    connection.execute(
        update(ClassSeat.__table__)
        .where(ClassSeat.class_id == class_id, ClassSeat.claimed_by == learner_id)
        .values(claimed_by=None, claimed_at=None, version=ClassSeat.version + 1, changed_at=stamp(now))
    )


_NEW = {
    "out": False,
    "answered": "",
    "wrong": 0,
    "hints": 0,
    "last_hint": False,
    "visits": 0,
    "been": {},
    "done": "",
    "version": 1,
}
_TAKE = {
    "sqlite": sqlite.insert(ClassSeat.__table__).on_conflict_do_nothing().returning(ClassSeat.number),
    "postgresql": postgresql.insert(ClassSeat.__table__).on_conflict_do_nothing().returning(ClassSeat.number),
}
