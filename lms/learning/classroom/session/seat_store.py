"""Read and update seats: one phone, or people without a phone, in one class.

A seat is active or removed. The facilitator removes a seat for good, until the facilitator readmits it. An idle seat,
one that has done nothing but join, may be removed to make room (``idle_removed_at``); whatever its phone does next
reactivates it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, null, select, update
from sqlalchemy.orm import Session

from lms.content.model import Mode
from lms.learning.classroom.session.seat_emblems import Emblem, emblem_of
from lms.learning.classroom.session.stream_tokens import StreamToken, holder_digest
from lms.learning.errors import NotFound
from lms.learning.store.models import SeatRow
from lms.learning.store.models.classes import epoch_milliseconds


@dataclass(frozen=True, slots=True)
class Seat:
    """One numbered seat. Datetimes are UTC."""

    class_id: str
    number: int
    learner_id: str | None  # None: no phone, or the learner asked to be forgotten
    added: bool  # by the facilitator, for people without a phone
    people: int  # 1 to 4
    name: str | None  # text
    joined_at: datetime
    removed: bool
    claimed_at: datetime | None  # another phone says that this seat is its own, and waits for the facilitator
    hand_raised_at: datetime | None
    helper_name: str | None  # text: who is on the way
    lost_at_step: str | None  # key of the step that the learner cannot follow; another step means nothing any more
    answered: str  # the last answer, as ``question_round_key``
    attempt_id: str | None
    screen: str | None  # of the practice
    screen_since: datetime | None
    wrong: int  # on this screen
    hints: int  # on this screen
    last_hint: bool  # this screen has no more hints to give
    visits: int  # of this screen
    done: str  # "", "helped" or "alone": the best result so far
    last_at: datetime | None  # of the last event of the practice
    attested_at: datetime | None  # when a facilitator saw the tasks done on the real phone
    idle_removed_at: datetime | None  # removed because it was idle; it may come back by itself
    version: int
    changed_at: int  # milliseconds since 1970

    @property
    def is_removed_by_facilitator(self) -> bool:
        """Whether only the facilitator can readmit it."""
        return self.removed and self.idle_removed_at is None

    def has_finished(self, mode: Mode) -> bool:
        """Whether its people have done the practice in this mode of the class.

        A guided attempt does not count once the class practises alone. Class-seat.js says the same.
        """
        return self.done == "alone" or (self.done != "" and mode == Mode.FOLLOW)

    @property
    def emblem(self) -> Emblem:
        return emblem_of(self.number)

    @property
    def holder(self) -> int:
        """Who has the seat, as stream tokens say it."""
        return holder_digest(self.learner_id)

    @property
    def stream_token(self) -> StreamToken:
        """The token for the page of this seat's phone."""
        return StreamToken("phone", self.class_id, str(self.number), self.holder)


SEAT_COLUMNS = [SeatRow.__table__.c[field.name] for field in fields(Seat)]


def find_seat(session: Session, class_id: str, number: int) -> Seat:
    """The seat with this number, active or removed.

    Raises:
        NotFound: the class has no such seat.
    """
    key = {"class_id": class_id, "number": number}
    row = session.connection().execute(_SEAT, key).first() if is_valid_seat_number(number) else None
    if row is None:
        raise NotFound(f"{class_id}/{number}")
    return seat_from_row(row)


def find_seats(session: Session, class_id: str) -> tuple[Seat, ...]:
    """All seats of a class by number, removed ones included."""
    rows = session.connection().execute(_SEATS, {"class_id": class_id})
    return tuple(map(seat_from_row, rows))


def find_seat_of_learner(session: Session, class_id: str, learner_id: str | None) -> Seat | None:
    """The learner's seat, active or removed; None without one."""
    if learner_id is None:
        return None
    key = {"class_id": class_id, "learner_id": learner_id}
    row = session.connection().execute(_SEAT_OF_LEARNER, key).first()
    return seat_from_row(row) if row else None


def update_seat(session: Session, seat: Seat, now: datetime, **values: Any) -> Seat:
    """Update some columns of one seat, with its version and time stamp, by which the streams notice the change."""
    session.connection().execute(
        update(SeatRow.__table__)
        .where(SeatRow.class_id == seat.class_id, SeatRow.number == seat.number)
        .values(version=SeatRow.version + 1, changed_at=epoch_milliseconds(now), **values)
    )
    return find_seat(session, seat.class_id, seat.number)


def is_valid_seat_number(number: int) -> bool:
    """Whether the number fits the column: PostgreSQL raises an error for larger ones instead of finding nothing."""
    return 0 < number < 2**31


def seat_from_row(row: Sequence[Any]) -> Seat:
    """Build a seat from a row of ``SEAT_COLUMNS``."""
    return Seat(*row)


# Values that every action at a seat writes. They are SQL expressions over the row as it is at the moment of the update:
# a seat that was removed as idle in the meantime comes back, one that the facilitator removed stays removed.
REACTIVATE = {"removed": SeatRow.removed & SeatRow.idle_removed_at.is_(None), "idle_removed_at": null()}
_SEAT = select(*SEAT_COLUMNS).where(SeatRow.class_id == bindparam("class_id"), SeatRow.number == bindparam("number"))
_SEATS = select(*SEAT_COLUMNS).where(SeatRow.class_id == bindparam("class_id")).order_by(SeatRow.number)
_SEAT_OF_LEARNER = select(*SEAT_COLUMNS).where(
    SeatRow.class_id == bindparam("class_id"), SeatRow.learner_id == bindparam("learner_id")
)
