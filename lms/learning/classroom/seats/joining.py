"""Join a class: a whole hall that scans the code at once gets its seat numbers in a handful of statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, text, tuple_, update
from sqlalchemy.orm import Session

from lms.learning.classroom.seats.idle_seats import lock_abandoned_numbers, remove_idle_seats_of_full_classes
from lms.learning.classroom.session.queries import ClassSession, find_open_class_sessions_by_code
from lms.learning.classroom.session.seat_store import REACTIVATE, SEAT_COLUMNS, Seat, seat_from_row, update_seat
from lms.learning.errors import ClassFull, ClassNotAdmitting, LearnerForgotten, LearningError, RemovedFromClass
from lms.learning.learners.learner_store import clean_name
from lms.learning.store.locks import upsert_and_lock_learners
from lms.learning.store.models import SeatRow
from lms.learning.store.models.classes import epoch_milliseconds

MAX_PEOPLE_PER_PHONE = 4
MAX_SEAT_NUMBER = 999  # of a class: people say, type and remember three digits
_MARKUP = re.compile(r"<[^<>]*>|[<>]")

_SeatKey = tuple[str, str | None]  # class id, learner id
_SeatResult = Seat | LearningError


@dataclass(frozen=True, slots=True)
class _Join:
    class_session: ClassSession
    learner_id: str
    people: int
    name: str | None
    now: datetime

    @property
    def key(self) -> _SeatKey:
        return self.class_session.id, self.learner_id


def join_class_session(
    session: Session, *, learner_id: str, code: str, people: int = 1, name: str | None = None, now: datetime
) -> Seat:
    """Give the learner the next seat of the class, or the seat they have. Called through the writer.

    Behind a closed door only learners who have a seat get in. Joining again updates ``people`` and, if there is one,
    the name.

    ``people``: how many share this phone, 1 to 4. Several seats may have the same name.

    Raises:
        UnknownClassCode: it is no code, or no class has it.
        ClassClosed: the class is over.
        ClassNotAdmitting: the door is closed, and the learner has no seat.
        RemovedFromClass: the facilitator removed the learner's seat.
        ClassFull: 400 seats are active, and none of them is idle.
        InvalidName: more than 60 characters.
        LearnerForgotten: the learner asked to be forgotten.
    """
    kwargs = {"learner_id": learner_id, "code": code, "people": people, "name": name, "now": now}
    [seat] = join_class_sessions(session, [kwargs])
    if isinstance(seat, LearningError):
        raise seat
    return seat


def join_class_sessions(session: Session, joins: Sequence[Mapping[str, Any]]) -> list[_SeatResult]:
    """``join_class_session`` for many, each as its keyword arguments; an error takes the place of the seat."""
    connection = session.connection()
    attempts = _refuse_where_not_admitting(connection, _parse_join(session, joins))
    valid = [attempt for attempt in attempts if isinstance(attempt, _Join)]
    # Locks the learners until the commit: of two joins of one learner the second finds the seat of the first.
    allowed = upsert_and_lock_learners(connection, [_learner_write(join) for join in valid])
    valid = [join for join in valid if join.learner_id in allowed]
    seats = _find_seats(connection, valid)
    first_joins: dict[_SeatKey, _Join] = {}
    for join in valid:
        if join.key not in seats:
            first_joins.setdefault(join.key, join)
    results: dict[int, _SeatResult] = {}
    for index, attempt in enumerate(attempts):
        if isinstance(attempt, LearningError):
            results[index] = attempt
        elif attempt.learner_id not in allowed:
            results[index] = LearnerForgotten(attempt.learner_id)
    # Before new seats are assigned: that locks idle seats, and a transaction that holds those must wait for no other.
    results |= _rejoin_all(session, attempts, seats, results)
    assigned = assign_seats(connection, [_new_seat(join) for join in first_joins.values()])
    first = {id(join) for join in first_joins.values()}
    results |= {
        index: assigned[attempt.key]
        for index, attempt in enumerate(attempts)
        if isinstance(attempt, _Join)
        and index not in results
        and (id(attempt) in first or isinstance(assigned[attempt.key], LearningError))
    }
    results |= _rejoin_all(session, attempts, assigned, results)
    return [results[index] for index in range(len(attempts))]


def insert_seat(connection: Connection, class_id: str, values: Mapping[str, Any], now: datetime) -> Seat:
    """Insert the class's next seat for people without a phone.

    Raises:
        ClassFull: 400 seats are active, and none of them is idle.
    """
    [seat] = assign_seats(connection, [{**values, "class_id": class_id, "joined_at": now}]).values()
    if isinstance(seat, LearningError):
        raise seat
    return seat


def assign_seats(connection: Connection, joins: Sequence[Mapping[str, Any]]) -> dict[_SeatKey, _SeatResult]:
    """Assign the next seat numbers of these classes in the given order, by class and learner.

    ``joins``: each with ``class_id``, ``learner_id``, ``joined_at``, ``people``, ``name`` and ``added``, for learners
    without a seat in that class. A full class removes an idle seat for each. After number 999 abandoned numbers are
    given again.
    """
    class_ids = sorted({join["class_id"] for join in joins})
    for class_id in class_ids:
        _lock_numbering(connection, class_id)
    rows = connection.execute(_LAST_NUMBERS, {"ids": class_ids}) if class_ids else ()
    last_numbers: dict[str, int] = {row.class_id: row.number for row in rows}
    room = remove_idle_seats_of_full_classes(connection, joins, last_numbers)
    results: dict[_SeatKey, _SeatResult] = {}
    new_rows: list[dict[str, Any]] = []
    without_number: dict[str, list[dict[str, Any]]] = {}  # by class
    for join in joins:
        class_id = join["class_id"]
        if room.get(class_id, 1) <= 0:
            results[class_id, join["learner_id"]] = ClassFull(class_id)
            continue
        if class_id in room:
            room[class_id] -= 1
        row = dict(join) | {"changed_at": epoch_milliseconds(join["joined_at"])}
        if last_numbers.get(class_id, 0) < MAX_SEAT_NUMBER:
            last_numbers[class_id] = last_numbers.get(class_id, 0) + 1
            new_rows.append(_NEW_SEAT | row | {"number": last_numbers[class_id]})
        else:
            without_number.setdefault(class_id, []).append(row)
    if new_rows:
        connection.execute(insert(SeatRow.__table__), new_rows)
    keys = [(row["class_id"], row["number"]) for row in new_rows]
    for class_id, waiting in without_number.items():
        for row, number in zip_longest(waiting, lock_abandoned_numbers(connection, class_id, len(waiting))):
            if number is None:
                results[class_id, row["learner_id"]] = ClassFull(class_id)
            else:
                _reuse_seat(connection, row, number)
                keys.append((class_id, number))
    if keys:
        rows = connection.execute(_SEATS_BY_NUMBER, {"keys": keys})
        for seat in map(seat_from_row, rows):
            results[seat.class_id, seat.learner_id] = seat
    return results


def clean_seat_name(name: str | None) -> str | None:
    """A name that may be shown: one line, no markup, at most 60 characters; None when nothing is left.

    Raises:
        InvalidName: it is longer.
    """
    return clean_name(_MARKUP.sub(" ", name)) if name else None


def limit_people_of_seat(people: int) -> int:
    """How many share a phone, limited to 1 to 4."""
    return min(max(people, 1), MAX_PEOPLE_PER_PHONE)


def _parse_join(session: Session, joins: Sequence[Mapping[str, Any]]) -> list[_Join | LearningError]:
    classes = find_open_class_sessions_by_code(session, {join["code"] for join in joins})
    attempts: list[_Join | LearningError] = []
    for join in joins:
        class_session = classes[join["code"]]
        try:
            name = clean_seat_name(join.get("name"))
        except LearningError as error:
            attempts.append(error)
            continue
        if isinstance(class_session, LearningError):
            attempts.append(class_session)
            continue
        people = limit_people_of_seat(join.get("people", 1))
        attempts.append(_Join(class_session, join["learner_id"], people, name, join["now"]))
    return attempts


def _refuse_where_not_admitting(
    connection: Connection, attempts: Sequence[_Join | LearningError]
) -> list[_Join | LearningError]:
    """Refuse learners without a seat before a row is inserted for them."""
    waiting = [join for join in attempts if isinstance(join, _Join) and join.class_session.state.door_closed]
    seats = _find_seats(connection, waiting)
    refused = {join.key for join in waiting} - seats.keys()
    return [
        ClassNotAdmitting(attempt.class_session.id)
        if isinstance(attempt, _Join) and attempt.key in refused
        else attempt
        for attempt in attempts
    ]


def _rejoin_all(
    session: Session,
    attempts: Sequence[_Join | LearningError],
    seats: Mapping[_SeatKey, _SeatResult],
    results: Mapping[int, _SeatResult],
) -> dict[int, _SeatResult]:
    """Update the ``seats`` of attempts without a result, in lock order; of two joins at one seat the later counts."""
    latest = {key: seat for key, seat in seats.items() if isinstance(seat, Seat)}
    pending = [
        (latest[attempt.key].class_id, latest[attempt.key].number, index, attempt)
        for index, attempt in enumerate(attempts)
        if isinstance(attempt, _Join) and index not in results and attempt.key in latest
    ]
    rejoined: dict[int, _SeatResult] = {}
    for _, _, index, join in sorted(pending, key=lambda item: item[:3]):
        rejoined[index] = seat = _rejoin(session, latest[join.key], join)
        if isinstance(seat, Seat):
            latest[join.key] = seat
    return rejoined


def _rejoin(session: Session, seat: Seat, join: _Join) -> _SeatResult:
    if seat.is_removed_by_facilitator:
        return RemovedFromClass(join.class_session.id)
    values: dict[str, Any] = {"people": join.people} | ({"name": join.name} if join.name else {})
    if seat.removed or any(getattr(seat, field) != value for field, value in values.items()):
        seat = update_seat(session, seat, join.now, **values | REACTIVATE)
    return RemovedFromClass(join.class_session.id) if seat.removed else seat  # the facilitator was faster


def _find_seats(connection: Connection, joins: Iterable[_Join]) -> dict[_SeatKey, Seat]:
    keys = {(join.class_session.id, join.learner_id) for join in joins}
    ids = {"class_ids": sorted({key[0] for key in keys}), "learner_ids": sorted({key[1] for key in keys})}
    rows = connection.execute(_SEATS_OF_LEARNERS, ids) if keys else ()
    return {(seat.class_id, seat.learner_id): seat for seat in map(seat_from_row, rows)}


def _learner_write(join: _Join) -> dict[str, Any]:
    lesson = {"course": join.class_session.course, "lesson": join.class_session.lesson, "stage": None}
    return {"learner_id": join.learner_id, "now": join.now} | lesson


def _new_seat(join: _Join) -> dict[str, Any]:
    values = {"people": join.people, "name": join.name, "added": False}
    return {"class_id": join.class_session.id, "learner_id": join.learner_id, "joined_at": join.now} | values


def _reuse_seat(connection: Connection, row: Mapping[str, Any], number: int) -> None:
    """Give an abandoned number to a newcomer. The new holder ends the streams of the phone that had it."""
    values = {name: value for name, value in row.items() if name != "class_id"}
    connection.execute(
        update(SeatRow.__table__)
        .where(SeatRow.class_id == row["class_id"], SeatRow.number == number)
        .values(values | {"removed": False, "idle_removed_at": None, "version": SeatRow.version + 1})
    )


def _lock_numbering(connection: Connection, class_id: str) -> None:
    """On PostgreSQL, let one transaction at a time number the seats of a class.

    An advisory lock instead of the class's row, which answers share and commands wait for. Callers lock several
    classes in the order of their ids.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_ADVISORY_LOCK, {"kind": _SEAT_NUMBERING, "key": int(class_id[:8], 16) - 2**31})


_SEAT_NUMBERING = 4  # the kind of this advisory lock; migrations have another
_ADVISORY_LOCK = text("SELECT pg_advisory_xact_lock(:kind, :key)")
_NEW_SEAT: dict[str, Any] = {
    "removed": False,
    "answered": "",
    "wrong": 0,
    "hints": 0,
    "last_hint": False,
    "visits": 0,
    "been": {},
    "done": "",
    "version": 1,
}
_LAST_NUMBERS = (
    select(SeatRow.class_id, func.max(SeatRow.number).label("number"))
    .where(SeatRow.class_id.in_(bindparam("ids", expanding=True)))
    .group_by(SeatRow.class_id)
)
_SEATS_BY_NUMBER = select(*SEAT_COLUMNS).where(
    tuple_(SeatRow.class_id, SeatRow.number).in_(bindparam("keys", expanding=True))
)
_SEATS_OF_LEARNERS = select(*SEAT_COLUMNS).where(
    SeatRow.class_id.in_(bindparam("class_ids", expanding=True)),
    SeatRow.learner_id.in_(bindparam("learner_ids", expanding=True)),
)
