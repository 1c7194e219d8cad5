"""Writing rows of seats: the next number, and any change, each with its version and stamp."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.learning.classroom.records import Seat, read_seat
from lms.learning.errors import ClassFull
from lms.learning.models import ClassSeat
from lms.learning.models.classes import stamp

MOST_SEATS = 400  # of a class; a hall holds 60, and 200 phones behind one address must get in


def next_seat(connection: Connection, class_id: str, said: dict[str, Any], now: datetime) -> Seat:
    """The next number. Whoever else wants one in this class waits until this transaction is over."""
    _hold_numbers(connection, class_id)
    last = select(func.coalesce(func.max(ClassSeat.number), 0)).where(ClassSeat.class_id == class_id)
    while (number := connection.execute(last).scalar_one() + 1) <= MOST_SEATS:
        row = _NEW | said | {"class_id": class_id, "number": number, "joined_at": now, "changed_at": stamp(now)}
        if connection.execute(_TAKE[connection.dialect.name], row).scalar() is not None:
            return read_seat(connection, class_id, number)
    raise ClassFull(class_id)


def _hold_numbers(connection: Connection, class_id: str) -> None:
    """On PostgreSQL two processes would meet at the same number, and wait for each other when they meet in two classes.

    Not the class's row: answers share it, and commands wait for it. Whoever needs several classes takes them in the
    order of their codes.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLD, {"kind": _NUMBERS, "place": int(class_id[:8], 16) - 2**31})


def change(connection: Connection, seat: Seat, now: datetime, **values: Any) -> Seat:
    """Write some columns of one seat, and let the streams see it. The class's own row is not touched."""
    connection.execute(
        update(ClassSeat.__table__)
        .where(ClassSeat.class_id == seat.class_id, ClassSeat.number == seat.number)
        .values(version=ClassSeat.version + 1, changed_at=stamp(now), **values)
    )
    return read_seat(connection, seat.class_id, seat.number)


_NUMBERS = 4  # the kind of our advisory locks, beside the one of migrations
_HOLD = text("SELECT pg_advisory_xact_lock(:kind, :place)")
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
