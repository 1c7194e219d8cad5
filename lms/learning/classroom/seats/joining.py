"""Coming in: a hall that scans the code at once gets its numbers in a handful of statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from lms.learning.classroom.lifecycle.opening import read_open_classes
from lms.learning.classroom.session.queries import SEAT_COLUMNS, Class, Seat, seat_of
from lms.learning.classroom.session.seat_store import COMING_BACK, change, take_seats
from lms.learning.errors import DoorShut, LearnerForgotten, LearningError, PutOut
from lms.learning.learners.learner_store import clean_name
from lms.learning.store.locks import touch_all
from lms.learning.store.models import ClassSeat

MOST_PEOPLE = 4  # at one phone
_MARKUP = re.compile(r"<[^<>]*>|[<>]")


@dataclass(frozen=True, slots=True)
class _Coming:
    klass: Class
    learner_id: str
    people: int
    name: str | None
    now: datetime

    @property
    def key(self) -> tuple[str, str]:
        return self.klass.id, self.learner_id


def join(
    session: Session, *, learner_id: str, code: str, people: int = 1, name: str | None = None, now: datetime
) -> Seat:
    """Give her the next number, or the one she has; late ones get in like everybody. Made for the writer.

    Behind a shut door whoever has a seat finds it again, and nobody gets a new one.

    ``people`` use this phone together, 1 to 4. The name may be another's too. Joining again changes both.

    Raises:
        UnknownCode: it is no code, or nobody's.
        ClassClosed: the class is over.
        DoorShut: it lets nobody new in for now.
        PutOut: the facilitator put her seat out.
        ClassFull: it has 400 seats that are taken, and at each somebody did something.
        InvalidName: more than 60 characters.
        LearnerForgotten: she asked to be forgotten.
    """
    said = {"learner_id": learner_id, "code": code, "people": people, "name": name, "now": now}
    [seat] = join_all(session, [said])
    if isinstance(seat, LearningError):
        raise seat
    return seat


def join_all(session: Session, joins: Sequence[Mapping[str, Any]]) -> list[Seat | LearningError]:
    """``join`` for many, each as its keyword arguments; a refusal stands where the seat would."""
    connection = session.connection()
    found = _turned_away(connection, _read(connection, joins))
    coming = [one for one in found if isinstance(one, _Coming)]
    # Their rows are held from here on: of two taps at once the second one finds the seat of the first.
    welcome = touch_all(connection, [_touch(one) for one in coming])
    coming = [one for one in coming if one.learner_id in welcome]
    seats = _seats_of(connection, coming)
    new: dict[tuple[str, str], _Coming] = {}
    for one in coming:
        if one.key not in seats:
            new.setdefault(one.key, one)
    results: dict[int, Seat | LearningError] = {
        place: one if isinstance(one, LearningError) else LearnerForgotten(one.learner_id)
        for place, one in enumerate(found)
        if isinstance(one, LearningError) or one.learner_id not in welcome
    }
    # Who has a seat comes first: whoever holds an empty one that makes room waits for nobody's any more.
    results |= _all_again(connection, found, seats, results)
    taken = take_seats(connection, [_row(one) for one in new.values()])
    first = {id(one) for one in new.values()}
    results |= {
        place: taken[one.key]
        for place, one in enumerate(found)
        if place not in results and (id(one) in first or isinstance(taken[one.key], LearningError))
    }
    results |= _all_again(connection, found, taken, results)
    return [results[place] for place in range(len(found))]


def _all_again(
    connection: Connection,
    found: Sequence[_Coming | LearningError],
    seats: Mapping[tuple[str, str], Seat | LearningError],
    results: Mapping[int, Seat | LearningError],
) -> dict[int, Seat | LearningError]:
    """``_again`` for those of ``found`` who have one of these ``seats`` and no result yet, by their places.

    In one order for everybody, as whoever holds several rows; of two taps at one seat the later one counts.
    """
    latest = dict(seats)
    taps = [(place, one) for place, one in enumerate(found) if place not in results and one.key in seats]
    taps.sort(key=lambda tap: (seats[tap[1].key].class_id, seats[tap[1].key].number, tap[0]))
    told: dict[int, Seat | LearningError] = {}
    for place, one in taps:
        told[place] = seat = _again(connection, latest[one.key], one)
        if isinstance(seat, Seat):
            latest[one.key] = seat
    return told


def clean_seat_name(name: str | None) -> str | None:
    """A name that may be shown: one line, no markup, at most 60 characters; None when nothing is left.

    Raises:
        InvalidName: it is longer.
    """
    return clean_name(_MARKUP.sub(" ", name)) if name else None


def seat_people(people: int) -> int:
    """How many share a phone as it is kept: 1 to 4, whatever was said."""
    return min(max(people, 1), MOST_PEOPLE)


def _read(connection: Connection, joins: Sequence[Mapping[str, Any]]) -> list[_Coming | LearningError]:
    classes = read_open_classes(connection, {said["code"] for said in joins})
    found: list[_Coming | LearningError] = []
    for said in joins:
        try:
            name = clean_seat_name(said.get("name"))
        except LearningError as refusal:
            found.append(refusal)
            continue
        klass, people = classes[said["code"]], seat_people(said.get("people", 1))
        if isinstance(klass, LearningError):
            found.append(klass)
            continue
        found.append(_Coming(klass, said["learner_id"], people, name, said["now"]))
    return found


def _turned_away(connection: Connection, found: Sequence[_Coming | LearningError]) -> list[_Coming | LearningError]:
    """The same, with a refusal for whoever stands at a shut door without a seat. No row is made of her by that."""
    knocking = [one for one in found if _is_at_a_shut_door(one)]
    seated = _seats_of(connection, knocking) if knocking else {}
    return [DoorShut(one.klass.id) if _is_at_a_shut_door(one) and one.key not in seated else one for one in found]


def _is_at_a_shut_door(one: _Coming | LearningError) -> bool:
    return isinstance(one, _Coming) and one.klass.state.shut


def _touch(one: _Coming) -> dict[str, Any]:
    place = {"course": one.klass.course, "lesson": one.klass.lesson, "stage": None}
    return {"learner_id": one.learner_id, "now": one.now} | place


def _row(one: _Coming) -> dict[str, Any]:
    said = {"people": one.people, "name": one.name, "added": False}
    return {"class_id": one.klass.id, "learner_id": one.learner_id, "joined_at": one.now} | said


def _seats_of(connection: Connection, coming: Iterable[_Coming]) -> dict[tuple[str, str], Seat]:
    keys = {one.key for one in coming}
    asked = {"class_ids": sorted({key[0] for key in keys}), "learner_ids": sorted({key[1] for key in keys})}
    rows = map(seat_of, connection.execute(_SEATS, asked)) if keys else ()
    return {(seat.class_id, seat.learner_id): seat for seat in rows}


def _again(connection: Connection, seat: Seat, one: _Coming) -> Seat | LearningError:
    if seat.is_put_out:
        return PutOut(one.klass.id)
    said = {"people": one.people} | ({"name": one.name} if one.name else {})
    if seat.out or any(getattr(seat, field) != value for field, value in said.items()):
        seat = change(connection, seat, one.now, **said | COMING_BACK)
    return PutOut(one.klass.id) if seat.out else seat  # put out meanwhile


_SEATS = select(*SEAT_COLUMNS).where(
    ClassSeat.class_id.in_(bindparam("class_ids", expanding=True)),
    ClassSeat.learner_id.in_(bindparam("learner_ids", expanding=True)),
)
