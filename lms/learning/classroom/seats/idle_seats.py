"""Idle seats: seats that have done nothing but join, and how they make room for newcomers.

A stranger who guesses a class code can take hundreds of seats in a minute. So a full class removes one idle seat for
each newcomer, and the facilitator can close the door and remove all idle seats at once.

The server does not know which phones have their page open, because any worker may hold their streams. A seat removed
as idle therefore comes back by itself: an open page rejoins at once, a sleeping phone when it wakes, and every action
at a seat reactivates it (``REACTIVATE``). What stays removed was nobody's. More seats may come back than a class holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update
from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_open_class_session
from lms.learning.classroom.session.queries import ClassSession, find_class_session
from lms.learning.classroom.session.seat_store import REACTIVATE, Seat, find_seat_of_learner, update_seat
from lms.learning.errors import ClassClosed, NoSeatInClass, RemovedFromClass
from lms.learning.store.models import SeatRow
from lms.learning.store.models.classes import epoch_milliseconds

MAX_ACTIVE_SEATS = 400  # of a class; a hall holds 60, and 200 phones behind one IP address must get in
JOIN_GRACE = timedelta(minutes=2)  # a learner who is still looking for their glasses has done nothing either
HALL_SIZE = 60  # phones: more idle ones than this, joined within FLOOD_WINDOW, are probably not people
FLOOD_WINDOW = timedelta(minutes=10)

JoinFlood = Literal["", "new", "full"]


def is_idle(seat: Seat) -> bool:
    """Whether a phone's seat has done nothing but join; for a removed seat, whether it has not since."""
    if seat.added or seat.learner_id is None or seat.answered or seat.done or seat.name is not None:
        return False
    return all(getattr(seat, name) is None for name in _SET_BY_ACTIONS)


def detect_join_flood(seats: Sequence[Seat], now: datetime) -> JoinFlood:
    """What the facilitator is warned of, from all seats of a class.

    "full": each newcomer takes the place of an idle seat. "new": more idle seats joined in the last minutes than a
    hall has phones.
    """
    if len(seats) <= HALL_SIZE:
        return ""
    active = [seat for seat in seats if not seat.removed]
    if len(active) >= MAX_ACTIVE_SEATS and any(seat.idle_removed_at is not None for seat in seats):
        return "full"
    new = sum(seat.joined_at > now - FLOOD_WINDOW and is_idle(seat) for seat in active)
    return "new" if new > HALL_SIZE else ""


def count_idle_seats(session: Session, class_session: ClassSession, *, now: datetime) -> int:
    """How many seats ``remove_idle_seats`` would remove now."""
    statement = select(func.count()).select_from(SeatRow).where(*_removable_seat_conditions(class_session, now))
    return session.connection().execute(statement).scalar_one()


def remove_idle_seats(session: Session, class_id: str, *, account_id: str, now: datetime) -> int:
    """Remove all idle seats of a class; returns how many.

    While the door is open, seats with a name and seats that joined less than two minutes ago stay. Once the
    facilitator has closed it against strangers, they are removed too. Seats without a phone always stay.

    Raises:
        NotFound, NotAllowed, ClassClosed.
    """
    class_session = require_open_class_session(session, class_id, account_id)
    connection = session.connection()
    lock = (
        select(SeatRow.number)
        .where(*_removable_seat_conditions(class_session, now))
        .order_by(SeatRow.number)
        .with_for_update()
    )
    return _remove_seats(connection, class_id, connection.scalars(lock).all(), now)


def reactivate_idle_seat(session: Session, class_id: str, learner_id: str | None, *, now: datetime) -> Seat:
    """Reactivate a seat that was removed as idle, also behind a closed door. An active seat stays as it is.

    Raises:
        ClassClosed: the class is over.
        NoSeatInClass: the learner never had a seat.
        RemovedFromClass: the facilitator removed it.
    """
    if find_class_session(session, class_id).is_closed:
        raise ClassClosed(class_id)
    seat = find_seat_of_learner(session, class_id, learner_id)
    if seat is None:
        raise NoSeatInClass(class_id)
    if seat.removed and not seat.is_removed_by_facilitator:
        seat = update_seat(session, seat, now, **REACTIVATE)
    if seat.removed:
        raise RemovedFromClass(class_id)
    return seat


def remove_idle_seats_of_full_classes(
    connection: Connection, joins: Sequence[Mapping[str, Any]], last_numbers: Mapping[str, int]
) -> dict[str, int]:
    """Remove idle seats of full classes for those who join; returns how many may join, by class id.

    ``joins``: each with ``class_id`` and ``joined_at``. ``last_numbers``: the highest seat number of each class.
    Classes that cannot be full are left out of the result, without counting their seats.
    """
    joining = Counter(join["class_id"] for join in joins)
    crowded = [class_id for class_id in joining if last_numbers.get(class_id, 0) + joining[class_id] > MAX_ACTIVE_SEATS]
    if not crowded:
        return {}
    active = {row.class_id: row.seats for row in connection.execute(_ACTIVE_SEATS, {"ids": crowded})}
    now = max(join["joined_at"] for join in joins)
    room: dict[str, int] = {}
    for class_id in sorted(crowded):
        # Rejoined seats may exceed the limit: then a newcomer still needs only one seat for itself.
        free = max(MAX_ACTIVE_SEATS - active.get(class_id, 0), 0)
        wanted = max(joining[class_id] - free, 0)
        room[class_id] = free + _remove_longest_idle(connection, class_id, wanted, now)
    return room


def lock_abandoned_numbers(connection: Connection, class_id: str, count: int) -> Sequence[int]:
    """Lock up to ``count`` seats that were removed as idle and never came back, the longest removed first.

    Returns their numbers, which the caller gives to newcomers once a class has used up all numbers.
    """
    return connection.scalars(_ABANDONED, {"class_id": class_id, "count": count}).all()


def _remove_longest_idle(connection: Connection, class_id: str, count: int, now: datetime) -> int:
    """Remove the longest idle seats, skipping rows that another transaction has locked: those seats are in use."""
    if not count:
        return 0
    numbers = connection.scalars(_LONGEST_IDLE, {"class_id": class_id, "count": count}).all()
    return _remove_seats(connection, class_id, numbers, now)


def _remove_seats(connection: Connection, class_id: str, numbers: Sequence[int], now: datetime) -> int:
    """Remove seats whose rows are locked."""
    if numbers:
        connection.execute(
            update(SeatRow.__table__)
            .where(SeatRow.class_id == class_id, SeatRow.number.in_(numbers))
            .values(removed=True, idle_removed_at=now, version=SeatRow.version + 1, changed_at=epoch_milliseconds(now))
        )
    return len(numbers)


def _removable_seat_conditions(class_session: ClassSession, now: datetime) -> tuple[ColumnElement[bool], ...]:
    active = (SeatRow.class_id == class_session.id, SeatRow.removed.is_(False))
    if class_session.state.door_closed:
        return (*active, *_NEVER_ACTED)
    return (*active, *_IDLE, SeatRow.joined_at < now - JOIN_GRACE)


_SET_BY_ACTIONS = (
    "claimed_at", "hand_raised_at", "helper_name", "lost_at_step", "attempt_id", "last_at", "attested_at",
)  # fmt: skip
_NEVER_ACTED = (
    SeatRow.added.is_(False),
    SeatRow.learner_id.is_not(None),  # the seat of a forgotten learner did something once, and stays counted
    SeatRow.answered == "",
    SeatRow.done == "",
    *(getattr(SeatRow, name).is_(None) for name in _SET_BY_ACTIONS),
)
_IDLE = (*_NEVER_ACTED, SeatRow.name.is_(None))  # as ``is_idle``
_LONGEST_IDLE = (
    select(SeatRow.number)
    .where(SeatRow.class_id == bindparam("class_id"), SeatRow.removed.is_(False), *_IDLE)
    # Version 1 is the join itself. A higher version means that the seat came back once, so it is removed last.
    .order_by(SeatRow.version > 1, SeatRow.changed_at, SeatRow.number)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_ABANDONED = (
    select(SeatRow.number)
    .where(SeatRow.class_id == bindparam("class_id"), SeatRow.idle_removed_at.is_not(None), *_IDLE)
    .order_by(SeatRow.idle_removed_at, SeatRow.number)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)
_ACTIVE_SEATS = (
    select(SeatRow.class_id, func.count().label("seats"))
    .where(SeatRow.class_id.in_(bindparam("ids", expanding=True)), SeatRow.removed.is_(False))
    .group_by(SeatRow.class_id)
)
