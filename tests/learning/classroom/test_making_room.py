"""A full class makes room by itself: who came late gets in, who was only a join may come back, all others stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from lms.learning.classroom.seats import idle_seat_removal, join_flood, seats
from lms.learning.classroom.seats.joining import join_all
from lms.learning.classroom.session import seat_store
from lms.learning.classroom.session.queries import Seat, find_seat, find_seat_of, find_seats
from lms.learning.classroom.tasks.attestation import witness
from lms.learning.errors import ClassFull, LearningError
from lms.learning.learners.learner_store import new_learner_id
from tests.learning.classroom.room import Room, account
from tests.learning.school import LATER, NOW


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hall of three; the figures of a real one only take longer."""
    monkeypatch.setattr(seat_store, "MOST_SEATS", 3)
    monkeypatch.setattr(join_flood, "MOST_SEATS", 3)
    monkeypatch.setattr(join_flood, "A_HALL", 2)


def after(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def fill(room: Room, count: int = 3) -> list[Seat]:
    """A stranger joins that often, a second each."""
    return [room.join(now=after(second)) for second in range(count)]


def inside(room: Room) -> list[int]:
    return [one.number for one in find_seats(room.session, room.id) if not one.out]


def back(room: Room, seat: Seat, now: datetime = LATER) -> Seat:
    return idle_seat_removal.come_back(room.session, room.id, seat.learner_id, now=now)


def test_whoever_comes_late_gets_in_where_seats_were_only_taken(room: Room):
    fill(room)
    lan = room.join(now=after(3))
    assert (lan.number, lan.out) == (4, False)
    assert inside(room) == [2, 3, 4]
    assert find_seat(room.session, room.id, 1).swept_at == after(3)


def test_the_seat_that_was_silent_longest_makes_room_first(room: Room):
    first, *_ = fill(room)
    room.join(now=after(3))
    back(room, first, now=after(4))  # her page is open: she is asked last from now on
    for second in (5, 6, 7):
        room.join(now=after(second))
    assert not find_seat(room.session, room.id, first.number).out


def test_whoever_made_room_comes_back_to_her_number_and_nobody_goes_for_it(room: Room):
    first, *_ = fill(room)
    room.join(now=after(3))
    room.say(shut=True)
    assert (back(room, first).number, back(room, first).out) == (1, False)
    assert inside(room) == [1, 2, 3, 4]
    assert room.join(first.learner_id, now=LATER).number == 1


def test_one_seat_is_freed_for_one_who_comes_even_when_more_came_back_than_fit(room: Room):
    for seat in fill(room):
        room.join(now=after(3))
        back(room, seat, now=after(4))
    assert len(inside(room)) == 6
    room.join(now=after(5))
    assert len(inside(room)) == 6


def test_nobody_who_did_anything_makes_room(room: Room, lesson):
    named, raised, seen = room.join(name="Lan"), room.join(), room.join()
    seats.raise_hand(room.session, class_id=room.id, learner_id=raised.learner_id, up=True, now=NOW)
    tasks = [task.id for task in lesson.use.tasks]
    witness(room.session, room.id, seen.number, account_id=room.minh, use=lesson.use, task_ids=tasks, now=NOW)
    with pytest.raises(ClassFull):
        room.join(now=LATER)
    assert inside(room) == [named.number, raised.number, seen.number]


def test_seats_of_people_without_a_phone_stay_and_find_room(room: Room):
    for _ in range(2):
        seats.add_seat(room.session, room.id, account_id=room.minh, now=NOW)
    room.join()
    assert seats.add_seat(room.session, room.id, account_id=room.minh, now=LATER).number == 4
    assert inside(room) == [1, 2, 4]
    with pytest.raises(ClassFull):
        seats.add_seat(room.session, room.id, account_id=room.minh, now=LATER)


def test_many_who_come_at_once_find_as_much_room_as_there_is(room: Room):
    fill(room, 2)
    room.join(name="Lan", now=after(3))
    got = come(room, 5)
    assert [one.number for one in got if isinstance(one, Seat)] == [4, 5]
    assert [type(one) for one in got if not isinstance(one, Seat)] == [ClassFull] * 3
    assert inside(room) == [3, 4, 5]


def test_two_full_classes_make_room_apart(room: Room):
    other = Room(room.session, room.library, account(room.session, "Hạnh"))
    fill(room)
    fill(other)
    [one], [two] = come(room, 1), come(other, 1)
    assert (one.number, two.number) == (4, 4)
    assert inside(room) == inside(other) == [2, 3, 4]


def come(room: Room, count: int) -> Sequence[Seat | LearningError]:
    said: dict[str, Any] = {"code": room.code, "now": LATER}
    return join_all(room.session, [said | {"learner_id": new_learner_id()} for _ in range(count)])


# --- after the last number -------------------------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat_store, "MOST_NUMBERS", 5)


def test_after_the_last_number_one_that_was_left_is_given_again(room: Room, few):
    gone, *_ = fill(room, 5)
    lan = room.join(name="Lan", now=after(5))
    assert (lan.number, lan.out, lan.swept_at, lan.name) == (gone.number, False, None, "Lan")
    assert lan.version > 2  # the streams of the phone that had it see another holder
    assert lan.holder != gone.holder
    assert inside(room) == [1, 4, 5]


def test_whoever_lost_her_number_so_gets_another_one(room: Room, few):
    gone, *_ = fill(room, 5)
    room.join(name="Lan", now=after(5))
    assert find_seat_of(room.session, room.id, gone.learner_id) is None
    assert room.join(gone.learner_id, name="Hoa", now=after(6)).number == 2


def test_a_number_whose_holder_came_back_stays_hers(room: Room, few):
    gone, *_ = fill(room, 5)
    back(room, gone, now=after(5))
    assert room.join(now=after(6)).number == 2


def test_where_every_number_is_somebodys_the_class_is_full(room: Room, few):
    for seat in fill(room, 5):
        seats.put_out(room.session, room.id, seat.number, account_id=room.minh, now=LATER)
    with pytest.raises(ClassFull):
        room.join(now=LATER)


# --- what the desk is told -------------------------------------------------------------------------------------------


def test_the_desk_is_told_of_a_burst_and_of_room_that_is_made(room: Room):
    assert room.desk(NOW)["crowd"] == ""
    fill(room)
    assert room.desk(after(3))["crowd"] == "new"
    assert room.desk(NOW + timedelta(hours=1))["crowd"] == ""  # they have been here for long
    room.join(now=after(3))
    assert room.desk(after(4))["crowd"] == "full"
    idle_seat_removal.sweep(room.session, room.id, account_id=room.minh, now=NOW + timedelta(hours=1))
    assert room.desk(NOW + timedelta(hours=1))["crowd"] == ""


def test_a_hall_that_does_something_is_no_burst(room: Room):
    for name in ("Lan", "Hoa", "Minh"):
        room.join(name=name)
    assert room.desk(NOW)["crowd"] == ""
