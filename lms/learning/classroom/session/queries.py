"""A class and a seat as frozen values, for pages, streams and the other modules of this room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select
from sqlalchemy.orm import Session

from lms.learning.classroom.session.seat_emblems import Picture, picture_of
from lms.learning.classroom.session.state import ClassState
from lms.learning.classroom.session.stream_tokens import Ticket, holder_of
from lms.learning.errors import NotFound
from lms.learning.store.models import ClassRow, ClassSeat


@dataclass(frozen=True, slots=True)
class Class:
    """One meeting as it stands. ``ward`` and ``opened_by`` are what rights are asked about."""

    id: str
    code: str
    ward: str
    course: str
    lesson: str
    place: str  # text
    opened_by: str  # an account's id
    version: int
    state: ClassState
    content_digest: str
    opened_at: datetime
    closed_at: datetime | None
    head_count: int | None
    personal_until: datetime | None

    @property
    def closed(self) -> bool:
        return self.closed_at is not None

    @property
    def level(self) -> int | None:
        """The help level that it has set for all; None when each has her own, as after the end."""
        return None if self.closed else self.state.level


@dataclass(frozen=True, slots=True)
class Seat:
    """One numbered place as it stands. Instants are UTC; ``changed_at`` is in milliseconds since 1970."""

    class_id: str
    number: int
    learner_id: str | None  # None: people without a phone, or forgotten
    added: bool  # by the facilitator, for people without a phone
    people: int  # 1 to 4
    name: str | None  # text
    joined_at: datetime
    out: bool
    claimed_at: datetime | None  # somebody says that this seat is hers, and waits for the facilitator
    hand_at: datetime | None
    helping: str | None  # text: who is on the way
    answered: str  # "<question id>/<round>" of the last answer
    attempt_id: str | None
    screen: str | None  # of the practice
    screen_since: datetime | None
    wrong: int  # on this screen
    hints: int  # on this screen
    last_hint: bool  # on this screen there is no more to hint at
    visits: int  # of this screen
    done: str  # "", "helped" or "alone": the best so far
    last_at: datetime | None  # of the last event of the practice
    witnessed_at: datetime | None  # when a facilitator saw her do it on the real phone
    swept_at: datetime | None  # it is out because it never did anything, and may come back by itself
    version: int
    changed_at: int

    @property
    def is_put_out(self) -> bool:
        """A facilitator has put it out. One that was swept comes back with the first thing that is done in it."""
        return self.out and self.swept_at is None

    @property
    def picture(self) -> Picture:
        return picture_of(self.number)

    @property
    def holder(self) -> int:
        """Whose phone it is, as a ticket says it."""
        return holder_of(self.learner_id)

    @property
    def ticket(self) -> Ticket:
        """For the page of its phone."""
        return Ticket("phone", self.class_id, str(self.number), self.holder)


CLASS_COLUMNS = [ClassRow.__table__.c[field.name] for field in fields(Class)]
SEAT_COLUMNS = [ClassSeat.__table__.c[field.name] for field in fields(Seat)]


def find_class(session: Session, class_id: str) -> Class:
    """The class, open or closed.

    Raises:
        NotFound: there is none with this id.
    """
    return read_class(session.connection(), class_id)


def find_seat(session: Session, class_id: str, number: int) -> Seat:
    """
    Raises:
        NotFound: the class has no such seat.
    """
    return read_seat(session.connection(), class_id, number)


def find_class_and_seat(session: Session, class_id: str, number: int) -> tuple[Class, Seat]:
    """Both at once, for a page that wants both.

    Raises:
        NotFound: there is no such class, or it has no such seat.
    """
    row = session.connection().execute(_CLASS_AND_SEAT, {"class_id": class_id, "number": number}).first()
    if row is None:
        raise NotFound(f"{class_id}/{number}")
    return class_of(row[: len(CLASS_COLUMNS)]), seat_of(row[len(CLASS_COLUMNS) :])


def find_seats(session: Session, class_id: str) -> tuple[Seat, ...]:
    """All seats of a class in their order, those put out among them."""
    rows = session.connection().execute(seats_of(class_id).order_by(ClassSeat.number))
    return tuple(seat_of(row) for row in rows)


def find_seat_of(session: Session, class_id: str, learner_id: str | None) -> Seat | None:
    """The seat of this learner, put out or not; None when she has none."""
    if learner_id is None:
        return None
    row = session.connection().execute(_SEAT_OF, {"class_id": class_id, "learner_id": learner_id}).first()
    return seat_of(row) if row else None


def read_class(connection: Connection, class_id: str, *, lock: bool = False) -> Class:
    """``find_class``; ``lock`` holds the row until the transaction ends, so that commands come one after the other."""
    row = connection.execute(_CLASS_LOCKED if lock else _CLASS, {"class_id": class_id}).first()
    if row is None:
        raise NotFound(class_id)
    return class_of(row)


def read_seat(connection: Connection, class_id: str, number: int) -> Seat:
    """The seat, put out or not.

    Raises:
        NotFound: the class has no such number.
    """
    found = {"class_id": class_id, "number": number}
    row = connection.execute(_SEAT, found).first() if is_number(number) else None
    if row is None:
        raise NotFound(f"{class_id}/{number}")
    return seat_of(row)


def is_number(number: int) -> bool:
    """Whether a seat could have it: the store stumbles over a number of twenty digits instead of finding nothing."""
    return 0 < number < 2**31


def seats_of(class_id: str) -> Select[Any]:
    """The columns that ``seat_of`` wants, of all seats of a class."""
    return select(*SEAT_COLUMNS).where(ClassSeat.class_id == class_id)


def class_of(row: Sequence[Any]) -> Class:
    """From a row of ``CLASS_COLUMNS``."""
    return Class(*row[:_STATE], ClassState.from_json(row[_STATE]), *row[_STATE + 1 :])


def seat_of(row: Sequence[Any]) -> Seat:
    """From a row of ``SEAT_COLUMNS``."""
    return Seat(*row)


# Every page and every tap in a class asks these: built anew each time, they would cost three times what the row does.
_STATE = [column.name for column in CLASS_COLUMNS].index("state")
_CLASS = select(*CLASS_COLUMNS).where(ClassRow.id == bindparam("class_id"))
# Not FOR UPDATE: seats refer to the class, and a new one must not wait for a command.
_CLASS_LOCKED = _CLASS.with_for_update(key_share=True)
_SEAT = select(*SEAT_COLUMNS).where(
    ClassSeat.class_id == bindparam("class_id"), ClassSeat.number == bindparam("number")
)
_SEAT_OF = select(*SEAT_COLUMNS).where(
    ClassSeat.class_id == bindparam("class_id"), ClassSeat.learner_id == bindparam("learner_id")
)
_CLASS_AND_SEAT = (
    select(*CLASS_COLUMNS, *SEAT_COLUMNS)
    .join_from(ClassRow, ClassSeat, ClassSeat.class_id == ClassRow.id)
    .where(ClassRow.id == bindparam("class_id"), ClassSeat.number == bindparam("number"))
)
