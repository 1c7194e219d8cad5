"""Writing rows of seats: the next number, and any change, each with its version and stamp."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, null, select, text, tuple_, update

from lms.learning.classroom.records import SEAT_COLUMNS, Seat, read_seat, seat_of
from lms.learning.errors import ClassFull, LearningError
from lms.learning.models import ClassSeat
from lms.learning.models.classes import stamp

MOST_SEATS = 400  # of a class that are not out; a hall holds 60, and 200 phones behind one address must get in
MOST_NUMBERS = 999  # given in a class: three digits are said, typed and remembered


def next_seat(connection: Connection, class_id: str, said: Mapping[str, Any], now: datetime) -> Seat:
    """The class's next number, for one who has no learner's id.

    Raises:
        ClassFull: 400 seats are taken, or all numbers.
    """
    [seat] = take_seats(connection, [{**said, "class_id": class_id, "joined_at": now}]).values()
    if isinstance(seat, LearningError):
        raise seat
    return seat


def take_seats(
    connection: Connection, coming: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, str | None], Seat | LearningError]:
    """The next numbers of these classes, in the order in which people come, by (class, learner).

    Each as ``class_id``, ``learner_id``, ``joined_at``, ``people``, ``name`` and ``added``; none has a seat there yet.
    """
    class_ids = sorted({one["class_id"] for one in coming})
    for class_id in class_ids:
        _hold_numbers(connection, class_id)
    numbers = dict(connection.execute(_LAST, {"ids": class_ids}).all()) if class_ids else {}
    coming_to = Counter(one["class_id"] for one in coming)
    crowded = [one for one in class_ids if numbers.get(one, 0) + coming_to[one] > MOST_SEATS]
    present = dict(connection.execute(_PRESENT, {"ids": crowded}).all()) if crowded else {}
    left = {one: MOST_SEATS - present.get(one, 0) for one in crowded}
    rows: list[dict[str, Any]] = []
    taken: dict[tuple[str, str | None], Seat | LearningError] = {}
    for one in coming:
        class_id, number = one["class_id"], numbers.get(one["class_id"], 0) + 1
        room = left.get(class_id, MOST_SEATS - number + 1)
        if room <= 0 or number > MOST_NUMBERS:
            taken[class_id, one["learner_id"]] = ClassFull(class_id)
            continue
        numbers[class_id], left[class_id] = number, room - 1
        rows.append(_NEW | one | {"number": number, "changed_at": stamp(one["joined_at"])})
    if rows:
        connection.execute(insert(ClassSeat.__table__), rows)
        places = [(row["class_id"], row["number"]) for row in rows]
        for seat in map(seat_of, connection.execute(_BY_NUMBER, {"places": places})):
            taken[seat.class_id, seat.learner_id] = seat
    return taken


def _hold_numbers(connection: Connection, class_id: str) -> None:
    """On PostgreSQL two processes would meet at the same number, and wait for each other when they meet in two classes.

    Not the class's row: answers share it, and commands wait for it. Whoever needs several classes takes them in the
    order of their ids.
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


# What everything done in a seat writes: doing something is coming back. It is said of the row as it stands when it is
# written, so that one which is swept meanwhile comes back, and one which is put out meanwhile stays out.
COMING_BACK = {"out": ClassSeat.out & ClassSeat.swept_at.is_(None), "swept_at": null()}
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
_LAST = (
    select(ClassSeat.class_id, func.max(ClassSeat.number))
    .where(ClassSeat.class_id.in_(bindparam("ids", expanding=True)))
    .group_by(ClassSeat.class_id)
)
_PRESENT = (
    select(ClassSeat.class_id, func.count())
    .where(ClassSeat.class_id.in_(bindparam("ids", expanding=True)), ClassSeat.out.is_(False))
    .group_by(ClassSeat.class_id)
)
_BY_NUMBER = select(*SEAT_COLUMNS).where(
    tuple_(ClassSeat.class_id, ClassSeat.number).in_(bindparam("places", expanding=True))
)
