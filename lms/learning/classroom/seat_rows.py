"""Writing rows of seats: the next number, and any change, each with its version and stamp."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.learning.classroom.records import Seat, read_seat, stamp
from lms.learning.errors import ClassFull
from lms.learning.models import ClassSeat

MOST_SEATS = 400  # of a class; a hall holds 60, and 200 phones behind one address must get in


def next_seat(connection: Connection, class_id: str, said: dict[str, Any], now: datetime) -> Seat:
    """The next number. Who comes at the same moment asks for the same one: the key lets one have it."""
    last = select(func.coalesce(func.max(ClassSeat.number), 0)).where(ClassSeat.class_id == class_id)
    while (number := connection.execute(last).scalar_one() + 1) <= MOST_SEATS:
        row = _NEW | said | {"class_id": class_id, "number": number, "joined_at": now, "changed_at": stamp(now)}
        if connection.execute(_TAKE[connection.dialect.name], row).scalar() is not None:
            return read_seat(connection, class_id, number)
    raise ClassFull(class_id)


def change(connection: Connection, seat: Seat, now: datetime, **values: Any) -> Seat:
    """Write some columns of one seat, and let the streams see it. The class's own row is not touched."""
    connection.execute(
        update(ClassSeat.__table__)
        .where(ClassSeat.class_id == seat.class_id, ClassSeat.number == seat.number)
        .values(version=ClassSeat.version + 1, changed_at=stamp(now), **values)
    )
    return read_seat(connection, seat.class_id, seat.number)


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
