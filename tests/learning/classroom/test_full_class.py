"""A full class makes room for newcomers: idle seats go, and after the last number an abandoned one is given again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from lms.learning.classroom.seats import idle_seats, joining, seats
from lms.learning.classroom.session.seat_store import Seat, find_seat, find_seat_of_learner
from lms.learning.errors import ClassFull, LearningError
from lms.learning.learners.learner_store import new_learner_id
from tests.learning.classroom.live_class import LiveClass, account
from tests.learning.classroom.seat_actions import active_numbers, after, fill, rejoin, reload, remove, remove_idle
from tests.learning.sample_courses import LATER, NOW


@pytest.fixture
def small_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """A class of three seats; a real one would only take longer."""
    monkeypatch.setattr(idle_seats, "MAX_ACTIVE_SEATS", 3)
    monkeypatch.setattr(idle_seats, "HALL_SIZE", 2)


in_a_small_class = pytest.mark.usefixtures("small_class")


def join_at_once(live_class: LiveClass, count: int) -> Sequence[Seat | LearningError]:
    joins = [{"code": live_class.code, "now": LATER, "learner_id": new_learner_id()} for _ in range(count)]
    return joining.join_class_sessions(live_class.session, joins)


def test_removing_idle_seats_makes_room_for_new_numbers(live_class: LiveClass, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(idle_seats, "MAX_ACTIVE_SEATS", 2)
    for _ in range(2):
        live_class.join()
    remove_idle(live_class)
    assert [live_class.join(now=LATER).number for _ in range(2)] == [3, 4]


@in_a_small_class
def test_a_newcomer_gets_into_a_class_that_is_full_of_idle_seats(live_class: LiveClass):
    fill(live_class)
    lan = live_class.join(now=after(3))
    assert (lan.number, lan.removed) == (4, False)
    assert active_numbers(live_class) == [2, 3, 4]
    assert find_seat(live_class.session, live_class.id, 1).idle_removed_at == after(3)


@in_a_small_class
def test_the_seat_that_was_idle_longest_makes_room_first(live_class: LiveClass):
    first, *_ = fill(live_class)
    live_class.join(now=after(3))
    rejoin(live_class, first, now=after(4))  # its page is open, so it is asked last from now on
    for second in (5, 6, 7):
        live_class.join(now=after(second))
    assert not reload(live_class, first).removed


@in_a_small_class
def test_a_seat_that_made_room_comes_back_without_removing_another(live_class: LiveClass):
    first, *_ = fill(live_class)
    live_class.join(now=after(3))
    live_class.command(shut=True)
    assert (rejoin(live_class, first).number, rejoin(live_class, first).removed) == (1, False)
    assert active_numbers(live_class) == [1, 2, 3, 4]
    assert live_class.join(first.learner_id, now=LATER).number == 1


@in_a_small_class
def test_one_newcomer_removes_one_seat_even_when_more_came_back_than_fit(live_class: LiveClass):
    for seat in fill(live_class):
        live_class.join(now=after(3))
        rejoin(live_class, seat, now=after(4))
    assert len(active_numbers(live_class)) == 6
    live_class.join(now=after(5))
    assert len(active_numbers(live_class)) == 6


@in_a_small_class
def test_seats_that_did_something_never_make_room(live_class: LiveClass, lesson):
    named, raised, attested = live_class.join(name="Lan"), live_class.join(), live_class.join()
    seats.set_hand_raised(
        live_class.session, class_id=live_class.id, learner_id=raised.learner_id, raised=True, now=NOW
    )
    tasks = [task.id for task in lesson.use.tasks]
    live_class.attest(attested, tasks)
    with pytest.raises(ClassFull):
        live_class.join(now=LATER)
    assert active_numbers(live_class) == [named.number, raised.number, attested.number]


@in_a_small_class
def test_seats_without_a_phone_stay_and_get_room_made_for_them(live_class: LiveClass):
    for _ in range(2):
        seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, now=NOW)
    live_class.join()
    assert seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, now=LATER).number == 4
    assert active_numbers(live_class) == [1, 2, 4]
    with pytest.raises(ClassFull):
        seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, now=LATER)


@in_a_small_class
def test_as_many_get_in_at_once_as_there_are_free_and_idle_seats(live_class: LiveClass):
    fill(live_class, 2)
    live_class.join(name="Lan", now=after(3))
    results = join_at_once(live_class, 5)
    assert [result.number for result in results if isinstance(result, Seat)] == [4, 5]
    assert [type(result) for result in results if not isinstance(result, Seat)] == [ClassFull] * 3
    assert active_numbers(live_class) == [3, 4, 5]


@in_a_small_class
def test_two_full_classes_make_room_independently(live_class: LiveClass):
    other = LiveClass(live_class.session, live_class.library, account(live_class.session, "Hạnh"))
    fill(live_class)
    fill(other)
    [first], [second] = join_at_once(live_class, 1), join_at_once(other, 1)
    assert (first.number, second.number) == (4, 4)
    assert active_numbers(live_class) == active_numbers(other) == [2, 3, 4]


@pytest.fixture
def five_numbers(small_class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MAX_SEAT_NUMBER", 5)


with_five_numbers = pytest.mark.usefixtures("five_numbers")


@with_five_numbers
def test_after_the_last_number_an_abandoned_one_is_given_again(live_class: LiveClass):
    abandoned, *_ = fill(live_class, 5)
    lan = live_class.join(name="Lan", now=after(5))
    assert (lan.number, lan.removed, lan.idle_removed_at, lan.name) == (abandoned.number, False, None, "Lan")
    assert lan.version > 2  # so that the stream of the phone that had it notices the new holder
    assert lan.holder != abandoned.holder
    assert active_numbers(live_class) == [1, 4, 5]


@with_five_numbers
def test_a_phone_that_lost_its_number_gets_another(live_class: LiveClass):
    abandoned, *_ = fill(live_class, 5)
    live_class.join(name="Lan", now=after(5))
    assert find_seat_of_learner(live_class.session, live_class.id, abandoned.learner_id) is None
    assert live_class.join(abandoned.learner_id, name="Hoa", now=after(6)).number == 2


@with_five_numbers
def test_a_phone_that_came_back_keeps_its_number(live_class: LiveClass):
    removed, *_ = fill(live_class, 5)
    rejoin(live_class, removed, now=after(5))
    assert live_class.join(now=after(6)).number == 2


@with_five_numbers
def test_the_class_is_full_when_no_number_is_abandoned(live_class: LiveClass):
    for seat in fill(live_class, 5):
        remove(live_class, seat)
    with pytest.raises(ClassFull):
        live_class.join(now=LATER)


@in_a_small_class
def test_the_desk_is_warned_of_a_flood_of_joins_and_of_a_full_class(live_class: LiveClass):
    assert live_class.desk(NOW)["crowd"] == ""
    fill(live_class)
    assert live_class.desk(after(3))["crowd"] == "new"
    assert live_class.desk(NOW + timedelta(hours=1))["crowd"] == ""  # they joined long ago
    live_class.join(now=after(3))
    assert live_class.desk(after(4))["crowd"] == "full"
    remove_idle(live_class, NOW + timedelta(hours=1))
    assert live_class.desk(NOW + timedelta(hours=1))["crowd"] == ""


@in_a_small_class
def test_a_hall_of_active_learners_is_no_flood(live_class: LiveClass):
    for name in ("Lan", "Hoa", "Minh"):
        live_class.join(name=name)
    assert live_class.desk(NOW)["crowd"] == ""
