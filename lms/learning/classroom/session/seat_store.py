"""Writing rows of seats: the next number, and any change, each with its version and stamp."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, null, select, text, tuple_, update

from lms.learning.classroom.session.idle_seats import free_numbers, make_room
from lms.learning.classroom.session.queries import SEAT_COLUMNS, Seat, read_seat, seat_of
from lms.learning.errors import ClassFull, LearningError
from lms.learning.store.models import ClassSeat
from lms.learning.store.models.classes import stamp

MOST_SEATS = 400  # of a class that are not out; a hall holds 60, and 200 phones behind one address must get in
MOST_NUMBERS = 999  # given in a class: three digits are said, typed and remembered


def next_seat(connection: Connection, class_id: str, said: Mapping[str, Any], now: datetime) -> Seat:
    """The class's next number, for one who has no learner's id.

    Raises:
        ClassFull: 400 seats are taken, and at each somebody did something.
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
    In a full class an empty seat makes room for each who comes, and after the last number one that was left is given
    again.
    """
    class_ids = sorted({one["class_id"] for one in coming})
    for class_id in class_ids:
        _hold_numbers(connection, class_id)
    last = dict(connection.execute(_LAST, {"ids": class_ids}).all()) if class_ids else {}
    room = _room(connection, coming, last)
    rows: list[dict[str, Any]] = []
    late: dict[str, list[dict[str, Any]]] = {}  # those for whom no number is left, by class
    taken: dict[tuple[str, str | None], Seat | LearningError] = {}
    for one in coming:
        class_id = one["class_id"]
        if room.get(class_id, 1) <= 0:
            taken[class_id, one["learner_id"]] = ClassFull(class_id)
            continue
        if class_id in room:
            room[class_id] -= 1
        row = dict(one) | {"changed_at": stamp(one["joined_at"])}
        if last.get(class_id, 0) < MOST_NUMBERS:
            last[class_id] = last.get(class_id, 0) + 1
            rows.append(_NEW | row | {"number": last[class_id]})
        else:
            late.setdefault(class_id, []).append(row)
    if rows:
        connection.execute(insert(ClassSeat.__table__), rows)
    for class_id, theirs in late.items():
        numbers = free_numbers(connection, class_id, len(theirs))
        for row, number in zip_longest(theirs, numbers):
            if number is None:
                taken[class_id, row["learner_id"]] = ClassFull(class_id)
            else:
                rows.append(row | {"number": number})
                _take_over(connection, rows[-1])
    if rows:
        places = [(row["class_id"], row["number"]) for row in rows]
        for seat in map(seat_of, connection.execute(_BY_NUMBER, {"places": places})):
            taken[seat.class_id, seat.learner_id] = seat
    return taken


def _room(connection: Connection, coming: Sequence[Mapping[str, Any]], last: Mapping[str, int]) -> dict[str, int]:
    """How many may still come into the classes that could be full. Of all others no seat is counted."""
    coming_to = Counter(one["class_id"] for one in coming)
    crowded = [one for one in coming_to if last.get(one, 0) + coming_to[one] > MOST_SEATS]
    if not crowded:
        return {}
    present = dict(connection.execute(_PRESENT, {"ids": crowded}).all())
    # One that came back may be one too many; she costs nobody else her seat.
    left = {one: max(MOST_SEATS - present.get(one, 0), 0) for one in crowded}
    wanted = {one: coming_to[one] - left[one] for one in crowded if coming_to[one] > left[one]}
    freed = make_room(connection, wanted, max(one["joined_at"] for one in coming))
    return {one: left[one] + freed.get(one, 0) for one in crowded}


def _take_over(connection: Connection, row: Mapping[str, Any]) -> None:
    """A number that nobody came back to. Its old holder's streams end with its version, as when a claim was granted."""
    here = (ClassSeat.class_id == row["class_id"], ClassSeat.number == row["number"])
    values = {name: value for name, value in row.items() if name not in ("class_id", "number")}
    connection.execute(
        update(ClassSeat.__table__)
        .where(*here)
        .values(values | {"out": False, "swept_at": None, "version": ClassSeat.version + 1})
    )


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
